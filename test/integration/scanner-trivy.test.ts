// SPDX-License-Identifier: Apache-2.0
// The real Trivy on a planted tree, through our runner: it finds what is there, reads all of it, and neither asks nor
// obeys anybody else.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Inventory } from '../../src/model/inventory.ts';
import type { ToolHit } from '../../src/model/tool-report.ts';
import { runScanners } from '../../src/scanners/run.ts';
import { expectFound } from '../support/asserted.ts';
import { REPO_ROOT } from '../support/shared-data.ts';
import { toolDirectory } from '../support/tools.ts';
import { tracedTool } from '../support/traced-tool.ts';

const NOTHING = { projects: [], components: [] } as unknown as Inventory;
let folder: string;
let tree: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-trivy-'));
  tree = join(folder, 'tree');
  cpSync(join(REPO_ROOT, 'fixtures', 'planted', 'trivy'), tree, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function runOn(root: string, path = toolDirectory('trivy'), excludes?: (path: string) => boolean) {
  return await runScanners({
    wanted: [{ id: 'trivy', required: false, asked: true }],
    root,
    inventory: NOTHING,
    path,
    ...(excludes ? { excludes } : {}),
  });
}

/** `RULE PATH:LINES`, and the licence of a package. */
function lineOf(hit: ToolHit): string {
  if (hit.kind === 'vulnerability') return `${hit.record.id} ${hit.path}`;
  const { path, startLine, endLine } = hit.place;
  const lines = startLine === undefined ? '' : `:${startLine}${endLine === startLine ? '' : `-${endLine}`}`;
  const name = hit.kind === 'license' ? ` ${hit.package} ${hit.license}` : '';
  return `${hit.ruleId} ${path}${lines}${name}`;
}

describe('Trivy itself', { timeout: 120_000 }, () => {
  it('finds what was planted, each at its line, whatever the tree says of its configuration', async () => {
    const { reports, coverage, runs } = await runOn(tree);
    expect(runs).toMatchObject([{ id: 'trivy', version: '0.76.0' }]);
    expect(reports).toHaveLength(1);
    expectFound(runs, (reports[0]?.hits ?? []).map(lineOf).sort(), EXPECTED);
    expect(coverage).toMatchObject([{ status: 'succeeded', errors: [], unit: 'files' }]);
    expect(reports[0]?.files).toEqual(expect.arrayContaining(['Dockerfile', 'infra/bucket.tf']));
    // What it masks is all that is known of a secret.
    expect(JSON.stringify(reports)).not.toMatch(/ghp_[a-z0-9]/);
    expect(reports[0]?.hits.filter(({ kind }) => kind === 'secret')).toMatchObject([
      { clue: { masked: `GITHUB_TOKEN = "${'*'.repeat(40)}"` } },
      { clue: { masked: `comment: "${'*'.repeat(40)}"` } },
    ]);
  });

  it('is read in the files that are not excluded alone', async () => {
    const { reports } = await runOn(tree, undefined, (path) => path === 'app' || path.startsWith('app/'));
    expect(reports[0]?.hits.map(lineOf)).not.toContain('github-pat app/settings.py:2');
    expect(reports[0]?.hits).toHaveLength(EXPECTED.length - 1);
  });

  it('is believed where it found nothing, since its log shows that it looked', async () => {
    const clean = treeOf('clean', { 'README.txt': 'nothing to see\n' });
    const { reports, coverage } = await runOn(clean);
    expect(reports).toMatchObject([{ hits: [], gaps: [] }]);
    expect(coverage).toMatchObject([{ status: 'succeeded' }]);
  });

  it('that could not parse a file says so in its log alone, with exit status 0: gaps', async () => {
    const faulty = treeOf('faulty', {
      'good/Dockerfile': 'FROM debian:12\nUSER me\nHEALTHCHECK CMD true\n',
      'bad/Dockerfile': 'FROM\nBOGUS password=training-secret\n',
      'a.tf': 'resource "x" {\n',
      'b.tf': 'module "gone" {\n  source = "./gone"\n}\n',
    });
    const { reports, coverage } = await runOn(faulty);
    expect(reports[0]?.gaps).toEqual(
      expect.arrayContaining([
        { path: 'bad/Dockerfile', message: 'Trivy says: [dockerfile scanner] Failed to parse file' },
        { path: 'a.tf', message: 'Trivy says: [terraform parser] Error parsing file' },
        { path: 'b.tf', message: expect.stringMatching(/^Trivy says: .* Failed to load module/) },
      ]),
    );
    expect(reports[0]?.gaps).toHaveLength(3);
    expect(JSON.stringify(coverage)).not.toContain('training-secret');
    expect(coverage).toMatchObject([
      { status: 'partial', cause: 'tool-failed', required: true, processed: 1 },
    ]);
  });

  it('starts no program and asks nobody, though the tree names modules elsewhere', async () => {
    const sources = [
      'git::https://example.org/a.git',
      'git::ssh://git@example.org/a.git',
      'hg::http://example.org/a.hg',
      'terraform-aws-modules/vpc/aws',
      'http://169.254.169.254/a.zip',
      's3::https://s3-eu-west-1.amazonaws.com/b/a.zip',
      'gcs::https://www.googleapis.com/storage/v1/b/o.zip',
    ];
    const modules = sources.map((source, n) => `module "m${n}" {\n  source = "${source}"\n}\n`).join('');
    const hungry = treeOf('hungry', { 'a.tf': modules });
    const { path, log } = tracedTool('trivy');
    const { coverage } = await runOn(hungry, path);
    expect(coverage).toMatchObject([{ status: 'succeeded' }]);
    const calls = readFileSync(log, 'utf8').split('\n');
    // The first one starts Trivy itself, each time.
    expect(
      calls.filter((line) => line.includes('execve(')).map((line) => /\("([^"]+)"/.exec(line)?.[1]),
    ).toEqual([join(toolDirectory('trivy'), 'trivy')]);
    const addresses = calls.flatMap(
      (line) => /connect\(.*?, \{(sa_family=AF_INET.*?)\}/.exec(line)?.[1] ?? [],
    );
    expect([...new Set(addresses)]).toEqual([
      'sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")',
    ]);
  });
});

function treeOf(name: string, files: Readonly<Record<string, string>>): string {
  const root = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const EXPECTED = [
  ...['0086', '0087', '0089', '0090', '0091'].map((id) => `AWS-${id} infra/bucket.tf:1-4`),
  'AWS-0092 infra/bucket.tf:3',
  ...['0093', '0094'].map((id) => `AWS-${id} infra/bucket.tf:1-4`),
  'AWS-0107 infra/bucket.tf:12',
  'AWS-0132 infra/bucket.tf:1-4',
  'DS-0001 Dockerfile:1',
  'DS-0002 Dockerfile:3',
  'DS-0005 Dockerfile:2',
  'DS-0026 Dockerfile',
  'github-pat app/settings.py:2',
  'github-pat trivy-secret.yaml:4',
  'license-notice package-lock.json right MIT',
  'license-restricted package-lock.json left GPL-3.0-only',
];
