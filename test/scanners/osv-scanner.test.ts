// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importAdvisories } from '../../src/advisories/mirror/import.ts';
import type { Report } from '../../src/model/report.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { scan } from '../../src/scan.ts';
import { zip } from '../advisories/mirror/support.ts';
import { JUDGED_AT, waveOf, writeBucket, writeProject } from '../support/mirror-tree.ts';
import { tempTree } from '../support/temp-tree.ts';

const RECORD = waveOf('first', 0).at(-1);
const FOUND = [{ package: { name: 'left', version: '1.0.0', ecosystem: 'npm' }, vulnerabilities: [RECORD] }];

interface Fake {
  /** What `--version` says. */
  readonly version?: string;
  /** What it answers, given the path of the lock. */
  readonly answer?: (lock: string) => unknown;
  readonly exitCode?: number;
  readonly raw?: string;
}

/** A program that answers as osv-scanner does, and writes down how it was called. */
async function scanWith(
  fake: Fake | undefined,
  options: Partial<Parameters<typeof scan>[0]> = {},
  policy = '',
): Promise<Report & { calls: string }> {
  const root = tempTree({ 'calls.txt': '' });
  const project = join(root, 'project');
  writeProject(project);
  if (policy !== '') writeFileSync(join(project, 'plimsoll.yaml'), policy);
  writeFileSync(join(project, 'osv-scanner.toml'), '[[PackageOverrides]]\nignore = true\n');
  const bin = join(root, 'bin');
  mkdirSync(bin);
  const { version = '2.5.0', answer = () => [], exitCode = 0, raw } = fake ?? {};
  const results = answer(join(project, 'package-lock.json'));
  const stdout = raw ?? JSON.stringify({ results });
  const script = `#!${process.execPath}
const args = process.argv.slice(2);
require('fs').appendFileSync(${JSON.stringify(join(root, 'calls.txt'))}, JSON.stringify([args, process.env, process.cwd()]) + '\\n');
process.stdout.write(args[0] === '--version' ? 'osv-scanner version: ${version}\\n' : ${JSON.stringify(stdout)});
process.stderr.write('last words');
process.exitCode = args[0] === '--version' ? 0 : ${exitCode};
`;
  if (fake) writeFileSync(join(bin, 'osv-scanner'), script, { mode: 0o755 });
  const db = join(root, 'db');
  writeBucket(join(root, 'bucket'), waveOf('first', 0), (records) =>
    zip(records.map((each) => ({ name: `${each.id}.json`, data: JSON.stringify(each) }))),
  );
  const inputs = ['npm', 'PyPI'].map((name) => join(root, 'bucket', name, 'all.zip'));
  await importAdvisories({ dbDir: db, inputs, now: new Date(JUDGED_AT) });
  const clock = systemClock({ now: new Date(JUDGED_AT) });
  const report = await scan({
    root: project,
    db,
    advisories: 'mirror',
    clock,
    run: ['osv-scanner'],
    toolPath: bin,
    ...options,
  });
  const { readFileSync } = await import('node:fs');
  return { ...report, calls: readFileSync(join(root, 'calls.txt'), 'utf8') };
}

const results = (packages: unknown) => (path: string) => [{ source: { path, type: 'lockfile' }, packages }];
const rowsOf = ({ coverage }: Report) => coverage.filter(({ plugin }) => plugin === 'osv-scanner');

describe('osv-scanner', () => {
  it('that finds the same is a second source, and stands in the report', async () => {
    const report = await scanWith({ answer: results(FOUND), exitCode: 1 });
    expect(report.findings[0]?.sources).toEqual([
      { tool: 'plimsoll', ruleId: 'GHSA-first' },
      { tool: 'osv-scanner', version: '2.5.0', ruleId: 'GHSA-first' },
    ]);
    expect(report.scanners).toEqual([
      {
        id: 'osv-scanner',
        name: 'OSV-Scanner',
        version: '2.5.0',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
    expect(rowsOf(report)).toMatchObject([
      { target: 'package-lock.json', status: 'succeeded', expected: 1, processed: 1 },
    ]);
  });

  it('gets our configuration, our records and nothing of this environment', async () => {
    const { calls } = await scanWith({ answer: results(FOUND) });
    const [args, env, cwd] = JSON.parse(calls.trim().split('\n')[1] ?? '');
    expect(args).toContain('--offline');
    expect(args[args.indexOf('--config') + 1]).toMatch(/plimsoll-run-[^/]+\/osv-scanner\.toml$/);
    expect(args[args.indexOf('-L') + 1]).toMatch(/^package-lock\.json:\/.*\/project\/package-lock\.json$/);
    expect(Object.keys(env).sort()).toEqual(['HOME', 'LANG', 'PATH', 'TMPDIR', 'XDG_CACHE_HOME']);
    expect(cwd).not.toContain('/project');
  });

  it('that finds more adds a finding of its own, and the difference is told', async () => {
    const more = {
      ...RECORD,
      id: 'GHSA-more',
      aliases: ['CVE-2026-7'],
      database_specific: { severity: 'HIGH' },
    };
    const report = await scanWith({ answer: results([{ ...FOUND[0], vulnerabilities: [RECORD, more] }]) });
    expect(report.findings.find(({ ruleId }) => ruleId === 'GHSA-more')).toMatchObject({
      severity: 'high',
      confidence: 'medium',
      sources: [{ tool: 'osv-scanner', version: '2.5.0', ruleId: 'GHSA-more' }],
      message: expect.stringContaining("osv-scanner reports; plimsoll's own matching does not say so"),
    });
    expect(report.rules.map(({ id }) => id)).toContain('GHSA-more');
    expect(rowsOf(report)).toContainEqual(
      expect.objectContaining({ cause: 'disagreement', required: false }),
    );
  });

  it('that finds less does not take a finding away', async () => {
    const report = await scanWith({
      answer: results([{ package: { name: 'left', version: '1.0.0', ecosystem: 'npm' } }]),
    });
    expect(report.findings.map(({ ruleId }) => ruleId)).toContain('GHSA-first');
    expect(rowsOf(report)[0]?.errors[0]?.message).toContain('which osv-scanner does not report');
  });

  it.each<[string, Fake, RegExp]>([
    ['says nothing', { raw: '', exitCode: 127 }, /exit status 127 and no report: last words/],
    ['breaks off', { raw: '{"results": [' }, /no report/],
    [
      'speaks of a file that nobody named',
      { answer: () => [{ source: { path: '/etc/passwd' }, packages: [] }] },
      /got one on a file that it was not given/,
    ],
    [
      'gives a record without an id',
      { answer: results([{ ...FOUND[0], vulnerabilities: [{}] }]) },
      /got one that cannot be read: left: vulnerabilities/,
    ],
    ['has another version text', { version: 'unknown' }, /expected the version of osv-scanner/],
  ])('that %s makes the verdict incomplete', async (_, fake, message) => {
    const report = await scanWith(fake, {}, 'advisories:\n  unscored: ignore\n');
    expect(report.verdict).toMatchObject({ result: 'incomplete', exitCode: 3 });
    expect(rowsOf(report)).toMatchObject([
      { status: 'failed', cause: 'tool-failed', errors: [{ message: expect.stringMatching(message) }] },
    ]);
  });

  it('that reads nothing has no proof of work', async () => {
    const policy = 'advisories:\n  unscored: ignore\nscanners:\n  osv-scanner:\n    required: true\n';
    const report = await scanWith({ answer: () => [] }, { run: [] }, policy);
    expect(report.verdict.exitCode).toBe(3);
    expect(rowsOf(report)).toMatchObject([{ status: 'partial', expected: 1, processed: 0, required: true }]);
  });

  it('that is not there is named with the way to install it', async () => {
    const report = await scanWith(undefined, {}, 'advisories:\n  unscored: ignore\n');
    expect(report.verdict.exitCode).toBe(3);
    expect(rowsOf(report)[0]?.errors[0]?.message).toContain('go install github.com/google/osv-scanner');
  });

  it('that a policy names and does not require is only mentioned where it is missing', async () => {
    const policy = 'advisories:\n  unscored: ignore\nscanners:\n  osv-scanner:\n    required: false\n';
    const report = await scanWith(undefined, { run: [] }, policy);
    expect(report.verdict.exitCode).toBe(0);
    expect(rowsOf(report)).toMatchObject([{ status: 'failed', cause: 'tool-missing', required: false }]);
  });

  it('offline without a mirror is not run, and that is told', async () => {
    const report = await scanWith({ answer: results(FOUND) }, { advisories: 'bundled' });
    expect(report.calls).toBe('');
    expect(rowsOf(report)).toMatchObject([
      { status: 'failed', required: true, errors: [{ message: /a mirror whose records/ }] },
    ]);
  });

  it('of another version than the policy pins is not used', async () => {
    const policy =
      "advisories:\n  unscored: ignore\nscanners:\n  osv-scanner:\n    required: true\n    version: '2.4.0'\n";
    const report = await scanWith({ answer: results(FOUND) }, {}, policy);
    expect(rowsOf(report)[0]?.errors[0]?.message).toBe('expected osv-scanner 2.4.0, got 2.5.0');
    expect(report.scanners).toBeUndefined();
  });

  it('is one of those that can be run', async () => {
    const report = await scanWith(undefined, { run: ['nmap'] }, 'advisories:\n  unscored: ignore\n');
    expect(report.coverage.find(({ plugin }) => plugin === 'nmap')?.errors[0]?.message).toMatch(
      /\((?:[\w-]+, )*osv-scanner(?:, [\w-]+)*\), got nmap/,
    );
  });
});
