// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../src/model/inventory.ts';
import { runScanners } from '../../src/scanners/run.ts';
import { tempTree } from '../support/temp-tree.ts';

const NOTHING = { projects: [], components: [] } as unknown as Inventory;
const LOG = ['[misconfig] Misconfiguration', '[secret] Secret', '[license] License']
  .map((name) => `2026-01-01T00:00:00Z\tINFO\t${name} scanning is enabled\n`)
  .join('');
const ERROR = '2026-01-01T00:00:00Z\tERROR\t';

interface Fake {
  readonly version?: string;
  readonly results?: readonly unknown[];
  readonly raw?: string;
  readonly log?: string;
  readonly exitCode?: number;
  /** Text in the program file. */
  readonly mark?: string;
}

/** A program that answers as Trivy does, and writes down how it was called. */
async function runFake({ version = '0.76.0', results, raw, log = LOG, exitCode = 0, mark = '' }: Fake) {
  const report = {
    SchemaVersion: 2,
    ArtifactName: '.',
    ...(results === undefined ? {} : { Results: results }),
  };
  const base = tempTree({ 'calls.txt': '', 'tree/Dockerfile': 'FROM a:1\n', 'tree/a.txt': '', 'bin/x': '' });
  const script = `#!${process.execPath}
// ${mark}
const args = process.argv.slice(2);
require('fs').appendFileSync(${JSON.stringify(join(base, 'calls.txt'))}, JSON.stringify([args, process.env, process.cwd()]) + '\\n');
const isVersion = args[0] === '--version';
process.stdout.write(isVersion ? 'Version: ${version}\\n' : ${JSON.stringify(raw ?? JSON.stringify(report))});
if (!isVersion) process.stderr.write(${JSON.stringify(log)});
process.exitCode = isVersion ? 0 : ${exitCode};
`;
  const bin = tempTree({ trivy: script });
  const { chmodSync } = await import('node:fs');
  chmodSync(join(bin, 'trivy'), 0o755);
  const answer = await runScanners({
    wanted: [{ id: 'trivy', required: false, asked: true }],
    root: join(base, 'tree'),
    inventory: NOTHING,
    path: bin,
  });
  const calls = readFileSync(join(base, 'calls.txt'), 'utf8').split('\n').filter(Boolean);
  return { ...answer, calls: calls.map((line) => JSON.parse(line) as [string[], NodeJS.ProcessEnv, string]) };
}

const READ = { Target: 'Dockerfile', Class: 'config', MisconfSummary: { Successes: 1 } };

describe('a run of Trivy', () => {
  it('gets our configuration, no program, no network and nothing of this environment', async () => {
    const { calls, coverage } = await runFake({ results: [READ] });
    const [args = [], env = {}, cwd = ''] = calls[1] ?? [];
    for (const option of [
      '--offline-scan',
      '--skip-check-update',
      '--disable-telemetry',
      '--skip-version-check',
    ])
      expect(args).toContain(option);
    for (const option of ['--config', '--ignorefile'])
      expect(args[args.indexOf(option) + 1]).toMatch(/plimsoll-run-[^/]+\/empty\.yaml$/);
    expect(args[args.indexOf('--secret-config') + 1]).toBe('');
    expect(env.PATH).toBe(cwd);
    expect([env.HTTP_PROXY, env.HTTPS_PROXY]).toEqual(['http://127.0.0.1:9', 'http://127.0.0.1:9']);
    expect(Object.keys(env).filter((name) => /TRIVY|TOKEN|KEY/.test(name))).toEqual([]);
    expect(coverage).toMatchObject([{ status: 'succeeded', processed: 1 }]);
  });

  it('with a malicious version in its program file is not even asked for its version', async () => {
    const mark = `-X github.com/aquasecurity/trivy/pkg/version/app.ver=0.69.4'`;
    const { coverage, calls } = await runFake({ mark, version: '0.70.0' });
    expect(calls).toEqual([]);
    expect(coverage).toMatchObject([
      { status: 'failed', errors: [{ message: expect.stringContaining('CVE-2026-33634') }] },
    ]);
  });

  it.each(['0.69.4', '0.69.5', '0.69.6'])('with the malicious version %s is refused', async (version) => {
    const { coverage, reports, calls } = await runFake({ version });
    expect(reports).toEqual([]);
    expect(calls).toHaveLength(1);
    expect(coverage).toMatchObject([
      { status: 'failed', errors: [{ message: expect.stringContaining('CVE-2026-33634') }] },
    ]);
  });

  it.each<[string, Fake, RegExp]>([
    ['ends badly', { exitCode: 1, log: `${LOG}FATAL\tunknown flag` }, /exit status 1 and no report: FATAL/],
    ['prints nothing', { raw: '' }, /exit status 0 and no report/],
    ['prints another shape', { raw: '[]' }, /no report/],
    [
      'does not say that it looked for secrets',
      { log: LOG.replace('Secret', 'secrets?') },
      /no word of secret scanning/,
    ],
  ])('that %s has failed', async (_, fake, message) => {
    const { coverage } = await runFake({ results: [READ], ...fake });
    expect(coverage).toMatchObject([
      { status: 'failed', errors: [{ message: expect.stringMatching(message) }] },
    ]);
  });

  it('that does not name a Dockerfile has not read it', async () => {
    const { coverage, reports } = await runFake({});
    expect(reports[0]?.gaps).toEqual([{ path: 'Dockerfile', message: 'Trivy did not read it' }]);
    expect(coverage).toMatchObject([{ status: 'partial', expected: 1, processed: 0, required: true }]);
  });

  it.each([
    ['a file outside of what is looked at', `${ERROR}[x] Failed\tfile_path="node_modules/a.tf"\n`, []],
    ['checks that are built in', `${ERROR}[misconfig] Falling back to embedded checks\terr="x"\n`, []],
    [
      'a module elsewhere',
      `${ERROR}[t] Failed to load module\tloc="a.txt:1-2" err="failed to download"\n`,
      [],
    ],
    [
      'a module that is not in the tree',
      `${ERROR}[t] Failed to load module\tloc="a.txt:1-2" err="read dir: file does not exist"\n`,
      [{ path: 'a.txt', message: 'Trivy says: [t] Failed to load module' }],
    ],
    [
      'a file that it could not parse, twice',
      `${ERROR}[t] Error parsing file\tfile_path="a.txt" cause="password = 1"\n`.repeat(2),
      [{ path: 'a.txt', message: 'Trivy says: [t] Error parsing file' }],
    ],
    ['something else', `${ERROR}[t] No space left\n`, [{ message: 'Trivy says: [t] No space left' }]],
  ])('whose log speaks of %s', async (_, lines, gaps) => {
    const { reports } = await runFake({ results: [READ], log: LOG + lines });
    expect(reports[0]?.gaps).toEqual(gaps);
  });

  it('whose report cannot be read in part has gaps, also where it names no file', async () => {
    const { reports, coverage } = await runFake({ results: [READ, 7] });
    expect(reports[0]?.gaps).toEqual([{ message: expect.stringContaining('Results[1] cannot be read') }]);
    expect(coverage).toMatchObject([{ status: 'partial' }]);
    expect((await runFake({ results: [7] })).reports[0]?.gaps).toHaveLength(2);
  });

  it('is not believed on files that nobody named', async () => {
    const Secrets = [{ RuleID: 'github-pat', Severity: 'HIGH', StartLine: 1, Match: '***' }];
    const { reports } = await runFake({
      results: [READ, { Target: '../outside.txt', Secrets }, { Target: 'a.txt', Secrets }],
    });
    expect(reports[0]?.hits).toMatchObject([{ place: { path: 'a.txt' } }]);
  });
});
