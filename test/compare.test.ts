// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { beforeEach, describe, expect, it } from 'vitest';
import { importAdvisories } from '../src/advisories/mirror/import.ts';
import { compareReports } from '../src/compare.ts';
import type { Rename } from '../src/model/comparison.ts';
import type { Report } from '../src/model/report.ts';
import { gitRenames } from '../src/platform/git.ts';
import { jsonReporter } from '../src/reports/json.ts';
import { parseReport } from '../src/reports/read.ts';
import { sarifDocument } from '../src/reports/sarif/build.ts';
import { scan } from '../src/scan.ts';
import { tempTree, writeTree } from './support/temp-tree.ts';

/** Put together here, so that this repository holds nothing that looks like a secret. */
const TOKEN = ['ghp_', 'x9Kd3Lm7Qr2Ts5Vw8Yz1Bc4Df6Gh0Jk5Np7R'].join('');
const CLOCK = { now: () => new Date('2026-06-02T00:00:00Z'), documentTime: () => new Date(0) };
const RULES = [
  ['B602', /run\(/],
  ['B101', /assert/],
  ['B307', /eval\(/],
] as const;

function lock(version: string): string {
  const packages = {
    '': { name: 'app', dependencies: { left: '1', right: '1' } },
    'node_modules/left': { version, resolved: `https://registry.npmjs.org/left/-/left-${version}.tgz` },
    'node_modules/right': {
      version: '1.0.0',
      resolved: 'https://registry.npmjs.org/right/-/right-1.0.0.tgz',
    },
  };
  return JSON.stringify({ name: 'app', lockfileVersion: 3, packages }, undefined, 2);
}

function advisory(id: string, name: string, fields: object = {}): object {
  const ranges = [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '2.0.0' }] }];
  const affected = [{ package: { ecosystem: 'npm', name }, ranges }];
  return { id, modified: '2026-06-01T00:00:00Z', published: '2026-05-01T00:00:00Z', affected, ...fields };
}

const LEFT = advisory('GHSA-left-left-left', 'left');
const RIGHT = advisory('GHSA-righ-righ-righ', 'right');
/** Published before the other, so that it becomes the anchor. */
const LATE = advisory('CVE-2026-1', 'right', {
  modified: '2026-06-01T12:00:00Z',
  published: '2026-04-01T00:00:00Z',
  aliases: ['GHSA-righ-righ-righ'],
});

const FILES = {
  'package.json': '{"name": "app", "dependencies": {"left": "1", "right": "1"}}',
  'package-lock.json': lock('1.0.0'),
  'app/moved.py': 'import os\n\n\nrun(one)\n\n\nassert one\n',
  'app/stays.py': `import os\nrun(two)\nx = 1\n\n\n\neval(two)\n\n\n\n\n\n\ntoken = "${TOKEN}"\n`,
};

function pythonFiles(root: string): { path: string; lines: string[] }[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.py'))
    .sort()
    .map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n') }));
}

/** What Bandit and gitleaks would report of the tree, in their formats. */
function reportsOf(root: string, tools: string): { bandit: string; gitleaks: string } {
  const results = pythonFiles(root).flatMap(({ path, lines }) =>
    lines.flatMap((text, i) =>
      RULES.filter(([, pattern]) => pattern.test(text)).map(([test_id]) => ({
        filename: path,
        test_id,
        issue_text: `${test_id} was found.`,
        issue_severity: 'HIGH',
        issue_confidence: 'HIGH',
        line_number: i + 1,
      })),
    ),
  );
  const metrics = Object.fromEntries(pythonFiles(root).map(({ path }) => [path, {}]));
  const leaks = pythonFiles(root).flatMap(({ path, lines }) =>
    lines.flatMap((text, i) =>
      text.includes(TOKEN)
        ? [{ RuleID: 'github-pat', Secret: TOKEN, File: path, StartLine: i + 1, Fingerprint: 'x' }]
        : [],
    ),
  );
  const files = { bandit: join(tools, 'bandit.json'), gitleaks: join(tools, 'gitleaks.json') };
  writeFileSync(files.bandit, JSON.stringify({ results, errors: [], metrics, generated_at: '' }));
  writeFileSync(files.gitleaks, JSON.stringify(leaks));
  return files;
}

let root: string;
let tools: string;

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', ['-C', root, ...identity, ...args], { encoding: 'utf8' }).trim();
}

async function scanTree(records: object[], broken?: 'bandit' | 'gitleaks'): Promise<Report> {
  const [folder, db] = [tempTree({}), tempTree({})];
  for (const [i, record] of records.entries())
    writeFileSync(join(folder, `${i}.json`), JSON.stringify(record));
  await importAdvisories({ dbDir: db, inputs: [folder], now: CLOCK.now() });
  const files = reportsOf(root, tools);
  if (broken !== undefined) writeFileSync(files[broken], '');
  const reports = Object.entries(files).map(([tool, path]) => ({ tool, path }));
  return await scan({ root, db, advisories: 'mirror', reports, clock: CLOCK });
}

const reread = (report: Report) =>
  parseReport([...jsonReporter.render(report, { columns: 80, color: false })].join(''), 'earlier.json');

/** Each finding as `RULE FILE:LINE STATE`. */
function told({ findings, comparison }: Report): string[] {
  const tell = (finding: Report['findings'][number], state: string | undefined) =>
    `${finding.ruleId} ${finding.locations[0]?.uri}:${finding.locations[0]?.startLine} ${state}`;
  return [
    ...findings.map((finding) => tell(finding, finding.baselineState)),
    ...(comparison?.absent ?? []).map((finding) => tell(finding, finding.baselineState)),
    ...(comparison?.unknown ?? []).map(({ finding, cause }) => tell(finding, cause)),
  ].sort();
}

describe('a tree that is scanned, changed and scanned again', () => {
  let earlier: Report;
  let renames: Rename[];

  beforeEach(async () => {
    [root, tools] = [tempTree(FILES), tempTree({})];
    git('init', '-q');
    git('add', '-A');
    git('commit', '-q', '-m', 'one');
    earlier = await scanTree([LEFT, RIGHT]);

    const stays = FILES['app/stays.py'].replace('run(two)', '# now\n# with\n# comments\nrun(two)');
    mkdirSync(join(root, 'lib'));
    renameSync(join(root, 'app/moved.py'), join(root, 'lib/here.py'));
    writeTree(root, {
      'app/stays.py': `${stays.replace('eval(two)', 'two()')}\nassert three\n`,
      'package-lock.json': lock('1.5.0'),
    });
    git('add', '-A');
    git('commit', '-q', '-m', 'two');
    renames = await gitRenames('HEAD~1', 'HEAD', { root, toolPath: process.env.PATH ?? '' });
  });

  it('has the states that a person would give', async () => {
    const current = await scanTree([LEFT, RIGHT, LATE]);
    const compared = compareReports(reread(earlier), current, { renames });
    expect(told(compared)).toEqual([
      'B101 app/stays.py:19 new',
      'B101 lib/here.py:7 unchanged',
      'B307 app/stays.py:7 absent',
      'B602 app/stays.py:5 unchanged',
      'B602 lib/here.py:4 unchanged',
      'CVE-2026-1 package-lock.json:16 updated',
      'GHSA-left-left-left package-lock.json:12 updated',
      'github-pat app/stays.py:17 unchanged',
    ]);
    expect(compared.comparison?.earlier).toEqual({ evaluatedAt: '2026-06-02T00:00:00.000Z' });
    expect(compared.verdict).toEqual(current.verdict);
    expect(told(compareReports(reread(earlier), current))).toEqual(told(compared));
  });

  it('compared with itself is unchanged', () => {
    const compared = compareReports(reread(earlier), earlier, { renames: [] });
    expect(compared.findings.map(({ baselineState }) => baselineState)).toEqual(
      earlier.findings.map(() => 'unchanged'),
    );
    expect([compared.comparison?.absent, compared.comparison?.unknown]).toEqual([[], []]);
  });

  it('has nothing fixed of a tool that failed, until that works again', async () => {
    const failed = compareReports(reread(earlier), await scanTree([LEFT, RIGHT], 'bandit'), { renames });
    expect(told(failed).filter((line) => line.startsWith('B'))).toEqual([
      'B101 app/moved.py:7 tool-incomplete',
      'B307 app/stays.py:7 tool-incomplete',
      'B602 app/moved.py:4 tool-incomplete',
      'B602 app/stays.py:2 tool-incomplete',
    ]);
    const again = compareReports(reread(failed), await scanTree([LEFT, RIGHT]), { renames });
    expect(told(again).filter((line) => line.startsWith('B'))).toEqual([
      'B101 app/stays.py:19 new',
      'B101 lib/here.py:7 unchanged',
      'B307 app/stays.py:7 absent',
      'B602 app/stays.py:5 unchanged',
      'B602 lib/here.py:4 unchanged',
    ]);
  });

  it('has the states in SARIF, and what is gone in the archive alone', async () => {
    const compared = compareReports(reread(earlier), await scanTree([LEFT, RIGHT, LATE], 'gitleaks'), {
      renames,
    });
    const log = (profile: 'github' | 'archive') =>
      JSON.parse([...sarifDocument(compared, { profile }).chunks()].join('')) as Log;
    const results = (profile: 'github' | 'archive') =>
      log(profile)
        .runs.flatMap(({ results: own = [], tool }) =>
          own.map(
            ({ ruleId, baselineState, level }) => `${tool.driver.name} ${ruleId} ${baselineState} ${level}`,
          ),
        )
        .sort();
    const kept = [
      'Bandit B101 new note',
      'Bandit B101 unchanged note',
      'Bandit B602 unchanged error',
      'Bandit B602 unchanged error',
      'plimsoll CVE-2026-1 updated warning',
      'plimsoll GHSA-left-left-left updated warning',
    ];
    expect(results('github')).toEqual(kept);
    expect(results('archive')).toEqual([...kept, 'Bandit B307 absent none'].sort());
    const notes = log('archive').runs.flatMap(({ invocations = [] }) =>
      invocations.flatMap(({ toolExecutionNotifications: each = [] }) => each),
    );
    expect(notes.filter(({ descriptor }) => descriptor?.id === 'comparison-unknown')).toMatchObject([
      {
        level: 'warning',
        message: { text: expect.stringContaining('1 of the earlier findings may still be there') },
      },
    ]);
    expect(JSON.stringify(log('github'))).not.toContain('comparison-unknown');
    expect(JSON.stringify([compared, log('archive')])).not.toContain(TOKEN);
  });
});

describe('what was left out of a scan', () => {
  it('is unknown, whether by a glob, by paths or by the word of the caller', async () => {
    [root, tools] = [tempTree(FILES), tempTree({})];
    const earlier = await scanTree([LEFT, RIGHT]);
    const nothing = { ...earlier, findings: [] };
    const states = (current: Report, excludes?: (path: string) => boolean) =>
      told(compareReports(earlier, current, excludes === undefined ? {} : { excludes })).map((line) =>
        line.split(' ').slice(1).join(' '),
      );
    const withOptions = (fields: object) => ({
      ...nothing,
      verdict: { ...nothing.verdict, options: { ...nothing.verdict.options, ...fields } },
    });
    expect(states(nothing).every((line) => line.endsWith('absent'))).toBe(true);
    const excluded = states(withOptions({ exclude: ['app/**'] }));
    expect(
      excluded.filter((line) => line.startsWith('app/')).every((line) => line.endsWith('not-read')),
    ).toBe(true);
    const ignored = { base: 'services', globs: ['services/app'] };
    expect(states({ ...nothing, verdict: { ...nothing.verdict, ignored } })).toEqual(excluded);
    expect(states(nothing, (path) => path.startsWith('app/'))).toEqual(excluded);
    const scanned = await scan({ root, paths: ['app'], advisories: 'bundled', clock: CLOCK });
    expect(scanned.verdict.options.paths).toEqual(['app']);
    const packages = states(scanned).filter((line) => line.startsWith('package-lock.json'));
    expect(packages).toHaveLength(2);
    expect(packages.every((line) => line.endsWith('not-read'))).toBe(true);
  });

  it('by a policy is told in the report', async () => {
    const reason = 'generated';
    root = tempTree({ ...FILES, 'plimsoll.yaml': `coverage: {ignore: [{path: app, reason: ${reason}}]}\n` });
    tools = tempTree({});
    const { verdict } = await scan({ root, advisories: 'bundled', clock: CLOCK });
    expect(verdict.ignored).toEqual({ base: '.', globs: ['app'] });
  });

  it('is all where there is nothing to scan', async () => {
    [root, tools] = [tempTree(FILES), tempTree({})];
    const earlier = await scanTree([LEFT, RIGHT]);
    const empty = await scan({ root: tempTree({}), advisories: 'bundled', clock: CLOCK });
    const { comparison } = compareReports(earlier, empty);
    expect(comparison?.absent).toEqual([]);
    expect(comparison?.unknown).toHaveLength(earlier.findings.length);
  });

  it('cannot be told of another scan root', async () => {
    root = tempTree({});
    const report = await scan({ root, advisories: 'bundled', clock: CLOCK });
    const other = { ...report, subject: { path: 'services/api' } };
    expect(() => compareReports(report, other)).toThrow(
      'expected two reports of one scan root, got . and services/api',
    );
  });
});
