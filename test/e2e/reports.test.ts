// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { AZURE_ENVIRONMENT } from '../support/azure-environment.ts';
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

const SSL = { VulnerabilityID: 'CVE-1', PkgName: 'ssl', InstalledVersion: '1.0', Severity: 'HIGH' };
const KEY = { RuleID: 'k', Severity: 'HIGH', Title: 'Key', StartLine: 1, EndLine: 1, Match: '***' };

function trivyReport(ArtifactName: string, ArtifactType: string, Results: readonly object[]): string {
  return JSON.stringify({ SchemaVersion: 2, ArtifactName, ArtifactType, Results });
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
    const of = (type: string) => {
      const content = trivyReport('alpine:3', type, [
        { Target: '/etc/key', Class: 'secret', Secrets: [KEY] },
      ]);
      return scan(tree({ 'trivy.json': content }), '--import', 'trivy.json');
    };
    expect(of('filesystem').report.coverage).toMatchObject([{ plugin: 'trivy', status: 'partial' }]);
    const { report, status } = of('container_image');
    expect(status).toBe(1);
    expect(report.coverage).toMatchObject([{ plugin: 'trivy', status: 'succeeded' }]);
    expect(report.findings[0]?.locations).toMatchObject([{ uri: 'alpine/etc/key', outside: true }]);
  });

  it('of two images are told apart, also where a file of one has the name of a file of the tree', () => {
    const image = (ArtifactName: string) =>
      trivyReport(ArtifactName, 'container_image', [
        { Target: `${ArtifactName} (debian 12.5)`, Type: 'debian', Vulnerabilities: [SSL] },
        { Target: 'Node.js', Type: 'node-pkg', Vulnerabilities: [{ ...SSL, PkgPath: 'app/lodash.json' }] },
        { Target: '/app/a.py', Secrets: [KEY] },
      ]);
    const cwd = tree({ '1.json': image('acme/one:1.0'), '2.json': image('acme/two:2.0') });
    const args = ['1.json', '1.json', '2.json'].flatMap((file) => ['--import', file]);
    const { report } = scan(cwd, ...args);
    const placesOf = ({ findings }: Report) =>
      findings
        .map(({ ruleId, locations }) => `${ruleId} ${locations[0]?.uri} ${locations[0]?.outside}`)
        .sort();
    expect(placesOf(report)).toEqual([
      'CVE-1 acme/one true',
      'CVE-1 acme/one/app/lodash.json true',
      'CVE-1 acme/two true',
      'CVE-1 acme/two/app/lodash.json true',
      'k acme/one/app/a.py true',
      'k acme/two/app/a.py true',
    ]);
    const [first] = report.findings.filter(({ ruleId }) => ruleId === 'CVE-1');
    expect(first?.message).toBe('ssl 1.0 in acme/one (acme/one:1.0) is affected by CVE-1, trivy reports.');
    expect(first?.sources).toEqual([{ tool: 'trivy', ruleId: 'CVE-1', severity: 'HIGH' }]);
    expect(
      scan(cwd, ...args.toReversed().flatMap((arg) => (arg === '--import' ? [] : ['--import', arg]))).report
        .findings,
    ).toEqual(report.findings);
    const next = tree({ '1.json': image('acme/one:1.1@sha256:00ff') });
    const fingerprintsOf = ({ findings }: Report) => findings.map(({ fingerprint }) => fingerprint).sort();
    expect(fingerprintsOf(scan(next, '--import', '1.json').report)).toEqual(
      fingerprintsOf(scan(cwd, '--import', '1.json').report),
    );
  });

  it('are rated by the advisory, and by the word of the tool where it has no vector', () => {
    const CVSS = { nvd: { V3Vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L' } };
    const rated = ['CRITICAL', 'LOW', 'UNKNOWN'].map((Severity) => ({
      ...SSL,
      ...{ VulnerabilityID: `CVE-${Severity}`, Severity },
    }));
    const Vulnerabilities = [...rated, { ...SSL, VulnerabilityID: 'CVE-V', Severity: 'CRITICAL', CVSS }];
    const image = trivyReport('a', 'container_image', [{ Target: 'a (debian 12)', Vulnerabilities }]);
    const { report } = scan(tree({ 'trivy.json': image }), '--import', 'trivy.json');
    expect(
      report.findings.map(({ ruleId, severity, scoreSource }) => [ruleId, severity, scoreSource]),
    ).toEqual([
      ['CVE-CRITICAL', 'critical', 'severity of trivy'],
      ['CVE-V', 'medium', `${CVSS.nvd.V3Vector} (CVE-V)`],
      ['CVE-LOW', 'low', 'severity of trivy'],
      ['CVE-UNKNOWN', 'unscored', undefined],
    ]);
  });

  it('tells the target without directories and credentials of the machine', () => {
    const targets = ['/home/alice/private/repo', 'https://user:hunter2hunter2@git.example/acme'].map(
      (name) => {
        const results = [{ Target: 'app/a.py', Class: 'config' }];
        const cwd = tree({ 'trivy.json': trivyReport(name, 'filesystem', results) });
        return scan(cwd, '--import', 'trivy.json').report.scanners?.[0]?.target;
      },
    );
    expect(targets).toEqual(['…/private/repo', expect.stringContaining('git.example/acme')]);
    expect(targets.join()).not.toContain('hunter2');
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

  it('is written for other readers, and says what they have no room for', () => {
    const results = Array.from({ length: 5200 }, (_, i) => ({
      ruleId: 'R',
      level: i < 100 ? 'note' : 'error',
      message: { text: `message ${i}` },
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: 'app.py' }, region: { startLine: 1, startColumn: 1 } },
        },
      ],
    }));
    const log = { version: '2.1.0', runs: [{ tool: { driver: { name: 'T' } }, results }] };
    const cwd = tree({ 'app.py': 'x = 1\n', 'many.sarif': JSON.stringify(log) });
    const write = (profile: string) => {
      const out = join(cwd, 'u.sarif');
      const args = ['sarif', 'many.sarif', '--profile', profile, '-o', out];
      const { status, stderr } = plimsoll(args, { cwd, env: AZURE_ENVIRONMENT });
      return { status, stderr, runs: runsOf(out) };
    };
    const split = write('ghes');
    expect(split).toMatchObject({ status: 0, stderr: '' });
    expect(split.runs.map((run) => run.split(' ')[0])).toEqual([
      'plimsoll/t/root/',
      'plimsoll/t/root/2/',
      'plimsoll/t/root/3/',
    ]);
    const cut = write('azure');
    expect(cut.stderr).toBe(
      'SARIF for Azure DevOps: T: 200 results are left out (200 high): azure keeps 5000 in a run and takes one run of a tool\n',
    );
    expect(cut.status).toBe(0);
    expect(cut.runs).toEqual([expect.stringMatching(/^azuredevops\/pipeline\/build\/example\/.* 5000$/)]);
  });
});
