// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { REPORTERS } from '../../src/reports/index.ts';
import { renderCycloneDx } from '../../src/sbom/cyclonedx.ts';
import { scan } from '../../src/scan.ts';
import { plimsoll, STOREFRONT } from '../support/program.ts';

const EPOCH = '1700000000';
const TOOLS =
  process.env.PLIMSOLL_TOOLS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'plimsoll-ci');
const FILES = ['report.json', 'report.sarif', 'report.md', 'sbom.cdx.json'] as const;
/** Committed, so that a change of any output is seen; PLIMSOLL_UPDATE_GOLDEN=1 writes it anew. */
const GOLDEN = join(STOREFRONT, 'golden.json');
const scratch = mkdtempSync(join(tmpdir(), 'plimsoll-golden-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A checkout of the storefront: a repository whose root is the scan root. */
function checkout(name: string): string {
  const root = join(scratch, name);
  cpSync(STOREFRONT, root, { recursive: true });
  mkdirSync(join(root, '.git'));
  return root;
}

function run(root: string, node?: string, env: Record<string, string> = {}): Record<string, string> {
  const out = mkdtempSync(join(scratch, 'out-'));
  const paths = FILES.map((file) => join(out, file));
  const outputs = paths.flatMap((path) => ['-o', path]);
  const { status, stderr } = plimsoll(['scan', root, '--advisories', 'bundled', ...outputs], {
    env: { SOURCE_DATE_EPOCH: EPOCH, ...env },
    ...(node === undefined ? {} : { node }),
  });
  expect(status, stderr).toBe(1);
  const sums = paths.map((path, i) => [FILES[i] ?? '', digest(readFileSync(path, 'utf8'))] as const);
  const sbom = plimsoll(['sbom', root], {
    env: { SOURCE_DATE_EPOCH: EPOCH, ...env },
    ...(node === undefined ? {} : { node }),
  });
  expect(sbom.status, sbom.stderr).toBe(0);
  return { ...Object.fromEntries(sums), sbom: digest(sbom.stdout) };
}

/** `evaluatedAt` is the one value that may differ. */
function digest(text: string): string {
  const steady = text.replace(/"evaluatedAt": "[^"]*"/, '"evaluatedAt": ""');
  return createHash('sha256').update(steady).digest('hex');
}

function otherNode(major: number): string {
  const folder = readdirSync(TOOLS).find((name) => name.startsWith(`node-${major}.`));
  if (folder === undefined) throw new Error(`expected Node ${major} below ${TOOLS}; run .ci/tools`);
  return join(TOOLS, folder, 'node_modules', 'node', 'bin', 'node');
}

describe('the same input gives the same bytes', () => {
  const root = checkout('golden');
  const golden = run(root);

  it('as committed', () => {
    if (process.env.PLIMSOLL_UPDATE_GOLDEN) writeFileSync(GOLDEN, `${JSON.stringify(golden, null, 2)}\n`);
    expect(golden).toEqual(JSON.parse(readFileSync(GOLDEN, 'utf8')));
  });

  it('again', () => {
    expect(run(root)).toEqual(golden);
  });

  it.each([22, 24])('under Node %i', (major) => {
    expect(run(root, otherNode(major))).toEqual(golden);
  });

  it('in a Turkish locale', () => {
    expect(run(root, undefined, { LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' })).toEqual(golden);
  });

  it('in Tokyo', () => {
    expect(run(root, undefined, { TZ: 'Asia/Tokyo' })).toEqual(golden);
  });

  it('from another checkout', () => {
    expect(run(checkout('another place'))).toEqual(golden);
  });

  it.each([
    [1, 1],
    [2, 8],
    [3, 8],
    [4, 1],
  ])('with directories in the order of shuffle %i, read %i at once', async (seed, concurrency) => {
    const random = prand(seed);
    const readDirectory = async (path: string) =>
      shuffled(await readdir(path, { withFileTypes: true }), random);
    const report = await scan({
      root,
      advisories: 'bundled',
      subject: { path: '.' },
      walk: { concurrency, readDirectory },
    });
    const { sbom: _, ...reports } = golden;
    expect(digests(report)).toEqual(reports);
  });
});

/** A small generator with a seed, so that a failure can be had again (mulberry32). */
function prand(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function digests(report: Report): Record<string, string> {
  const render = (format: string) => {
    const reporter = REPORTERS.find((candidate) => candidate.format === format);
    return digest([...(reporter?.render(report, { columns: 80, color: false }) ?? [])].join(''));
  };
  const timestamp = new Date(Number(EPOCH) * 1000);
  return {
    'report.json': render('json'),
    'report.sarif': render('sarif'),
    'report.md': render('markdown'),
    'sbom.cdx.json': digest([...renderCycloneDx({ ...report, timestamp })].join('')),
  };
}
