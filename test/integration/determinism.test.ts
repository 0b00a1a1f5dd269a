// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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
  return Object.fromEntries(paths.map((path, i) => [FILES[i], digest(readFileSync(path, 'utf8'))]));
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
    ['reversed', 1],
    ['reversed', 8],
    ['rotated', 8],
  ] as const)('with directories read %s and %i at once', async (order, concurrency) => {
    const readDirectory = async (path: string) => {
      const entries = await readdir(path, { withFileTypes: true });
      return order === 'reversed' ? entries.reverse() : [...entries.slice(1), ...entries.slice(0, 1)];
    };
    const report = await scan({
      root,
      advisories: 'bundled',
      subject: { path: '.' },
      walk: { concurrency, readDirectory },
    });
    expect(digests(report)).toEqual(golden);
  });
});

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
