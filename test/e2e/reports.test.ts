// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { type ProgramRun, plimsoll } from '../support/program.ts';
import { tempTree } from '../support/temp-tree.ts';
import { banditReport, banditResult, gitleaksReport } from '../support/tool-reports.ts';

const PASSWORD = 'hunter2hunter2';
const SOURCE = `import subprocess\npassword = "${PASSWORD}"\nsubprocess.call("ls", shell=True)\n`;

const BANDIT = banditReport([
  banditResult('B602', 3, 'call with shell=True'),
  banditResult('B105', 2, `Possible hardcoded password: '${PASSWORD}'`),
]);

function tree(files: Record<string, string> = {}): string {
  return tempTree({
    'app/a.py': SOURCE,
    'bandit.json': BANDIT,
    'leaks.json': gitleaksReport(PASSWORD),
    ...files,
  });
}

function scan(cwd: string, ...args: string[]): ProgramRun & { report: Report } {
  const run = plimsoll(['scan', ...args, '--json'], { cwd });
  return { ...run, report: JSON.parse(run.stdout) };
}

const idsOf = ({ findings }: Report) => findings.map(({ ruleId }) => ruleId).sort();
const runsOf = (path: string) =>
  (JSON.parse(readFileSync(path, 'utf8')) as Log).runs.map(
    ({ automationDetails, results }) => `${automationDetails?.id} ${results?.length}`,
  );

describe('scan --import', () => {
  it('judges what the reports say, in a tree without a manifest too', () => {
    const { status, report } = scan(tree(), '--import', 'bandit.json', '--import', 'gitleaks=leaks.json');
    expect(status).toBe(1);
    expect(idsOf(report)).toEqual(['B105', 'B602', 'generic-api-key']);
    expect(report.scanners).toEqual([
      { id: 'bandit', name: 'Bandit', report: 'bandit.json' },
      { id: 'gitleaks', name: 'gitleaks', report: 'leaks.json' },
    ]);
  });

  it('passes where the tools found nothing, and says that nothing was imported unasked', () => {
    const clean = tree({ 'bandit.json': banditReport([]), 'leaks.json': '[]' });
    expect(scan(clean, '--import', 'bandit.json', '--import', 'gitleaks=leaks.json').status).toBe(0);
    expect(scan(tree()).report.findings).toEqual([]);
  });

  it.each([
    ['truncated', '{"results": ['],
    ['empty', ''],
    ['null', 'null'],
    ['a list of nothing', '[]'],
    ['of another tool', gitleaksReport(PASSWORD)],
  ])('that is %s leaves the verdict incomplete, with the name of the file', (_, content) => {
    const { status, report } = scan(tree({ 'bandit.json': content }), '--import', 'bandit=bandit.json');
    expect(status).toBe(3);
    expect(report.verdict.incomplete.map(({ coverage }) => [coverage.target, coverage.cause])).toEqual([
      ['bandit.json', 'report-unreadable'],
    ]);
  });

  it('that speaks of another tree is a part', () => {
    const other = banditReport(
      [banditResult('B101', 1, 'assert', '/w/else/where.py')],
      ['/w/else/where.py', 'app/a.py'],
    );
    const { report, status } = scan(tree({ 'bandit.json': other }), '--import', 'bandit.json');
    expect(status).toBe(3);
    expect(report.coverage.find(({ plugin }) => plugin === 'bandit')).toMatchObject({ status: 'partial' });
    expect(report.findings[0]?.locations).toEqual([
      { uri: '…/else/where.py', outside: true, startLine: 1, endLine: 1 },
    ]);
  });

  it('may have results without a place, which are of the whole tree', () => {
    const runs = [{ tool: { driver: { name: 'X' } }, results: [{ ruleId: 'R', message: { text: 'm' } }] }];
    const { report } = scan(
      tree({ 'x.sarif': JSON.stringify({ version: '2.1.0', runs }) }),
      ...['--import', 'x.sarif'],
    );
    expect(report.coverage).toMatchObject([{ plugin: 'x', status: 'succeeded' }]);
    expect(report.findings).toMatchObject([{ ruleId: 'R', locations: [{ uri: '?', outside: true }] }]);
  });

  it('of an image names files that need not be in the tree', () => {
    const of = (ArtifactType: string) => {
      const Secrets = [
        { RuleID: 'k', Severity: 'HIGH', Title: 'Key', StartLine: 1, EndLine: 1, Match: '***' },
      ];
      const Results = [{ Target: '/etc/key', Class: 'secret', Secrets }];
      const content = JSON.stringify({ SchemaVersion: 2, ArtifactName: 'alpine:3', ArtifactType, Results });
      return scan(tree({ 'trivy.json': content }), '--import', 'trivy.json');
    };
    expect(of('filesystem').report.coverage).toMatchObject([{ plugin: 'trivy', status: 'partial' }]);
    const { report, status } = of('container_image');
    expect(status).toBe(1);
    expect(report.coverage).toMatchObject([{ plugin: 'trivy', status: 'succeeded' }]);
    expect(report.findings[0]?.locations).toMatchObject([{ uri: '…/etc/key', outside: true }]);
  });

  it("accepted in the source stay, accepted in the tool's records are suppressed", () => {
    const result = (kind: string, startLine: number) => ({
      ruleId: kind,
      level: 'error',
      message: { text: 'm' },
      suppressions: [{ kind }],
      locations: [{ physicalLocation: { artifactLocation: { uri: 'app/a.py' }, region: { startLine } } }],
    });
    const log = {
      version: '2.1.0',
      runs: [{ tool: { driver: { name: 'X' } }, results: [result('inSource', 1), result('external', 2)] }],
    };
    const { report } = scan(tree({ 'x.sarif': JSON.stringify(log) }), '--import', 'x.sarif');
    const outcomes = report.findings.map((finding, i) => [
      finding.ruleId,
      report.verdict.decisions[i]?.outcome,
    ]);
    expect(Object.fromEntries(outcomes)).toEqual({ inSource: 'fail', external: 'suppressed' });
  });

  it('gives the same bytes whatever the order of the reports', () => {
    const cwd = tree();
    const once = ['--import', 'bandit.json', '--import', 'gitleaks=leaks.json'];
    const args = ['--now', '2026-11-28T00:00:00Z'];
    const [a, b] = [once, [...once.slice(2), ...once.slice(0, 2)]].map(
      (order) => scan(cwd, ...order, ...args).report,
    );
    expect(a?.findings).toEqual(b?.findings);
    expect(a?.rules).toEqual(b?.rules);
  });
});

describe('SARIF', () => {
  it('has a run per tool, and none of a tool whose report is not read', () => {
    const cwd = tree();
    const out = join(cwd, 'out.sarif');
    plimsoll(['scan', '--import', 'bandit.json', '--import', 'gitleaks=leaks.json', '-o', out], { cwd });
    expect(runsOf(out)).toEqual([
      'plimsoll/dependencies/root/ 0',
      'plimsoll/bandit/root/ 2',
      'plimsoll/gitleaks/root/ 1',
    ]);
    const bad = tree({ 'leaks.json': '' });
    const again = join(bad, 'out.sarif');
    const { stderr } = plimsoll(
      ['scan', '--import', 'bandit.json', '--import', 'gitleaks=leaks.json', '-o', again],
      { cwd: bad },
    );
    expect(runsOf(again)).toEqual(['plimsoll/dependencies/root/ 0', 'plimsoll/bandit/root/ 2']);
    expect(stderr).toContain('no run of gitleaks, so its alerts stay as they are');
  });

  it('is made of reports alone by the command of its name', () => {
    const cwd = tree();
    const out = join(cwd, 'u.sarif');
    expect(plimsoll(['sarif', 'bandit.json', 'gitleaks=leaks.json', '-o', out], { cwd })).toMatchObject({
      status: 0,
      stdout: '',
    });
    expect(runsOf(out)).toEqual(['plimsoll/bandit/root/ 2', 'plimsoll/gitleaks/root/ 1']);
    expect(plimsoll(['sarif', 'bandit.json', 'nothing.json', '-o', out], { cwd }).status).toBe(3);
    expect(plimsoll(['sarif', 'gitleaks='], { cwd }).status).toBe(2);
  });
});
