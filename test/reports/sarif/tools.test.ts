// SPDX-License-Identifier: Apache-2.0
import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import type { Coverage } from '../../../src/model/coverage.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { Report } from '../../../src/model/report.ts';
import type { Decision } from '../../../src/model/verdict.ts';
import { sarifDocument } from '../../../src/reports/sarif/build.ts';
import { ruleOf } from '../../support/many-findings.ts';
import { sampleReport } from '../../support/sample-report.ts';
import { archive, complete, render, written } from './support.ts';

describe('the runs of other tools', () => {
  const FINGERPRINTS = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(64));

  /** A report with a secret of gitleaks, one of detect-secrets, code of Bandit, and a suppressed one. */
  function withTools(coverage: Partial<Coverage>[] = []): Report {
    const report = complete(sampleReport());
    const found = [
      toolFinding('secret', 'gitleaks', 'jwt', FINGERPRINTS[0]!, [['trivy', 'jwt-token']]),
      toolFinding('secret', 'detect-secrets', 'Keyword', FINGERPRINTS[1]!),
      toolFinding('code', 'bandit', 'B602', FINGERPRINTS[2]!),
      toolFinding('code', 'bandit', 'B101', FINGERPRINTS[3]!),
    ];
    const decisions = found.map(
      ({ fingerprint }, i): Decision => ({
        fingerprint,
        outcome: i === 3 ? 'suppressed' : 'fail',
        policy: { uri: 'plimsoll.yaml', line: 1, key: 'secrets.fail' },
        ...(i === 3
          ? { suppression: { kind: 'external', reason: 'looked at', location: { uri: 'a.py' } } }
          : {}),
      }),
    );
    const scanners = ['bandit', 'detect-secrets', 'gitleaks'].map((id) => ({
      id,
      name: id,
      version: '1.2.3',
    }));
    return {
      ...report,
      scanners,
      coverage: [...report.coverage, ...coverage.map((row) => ({ ...ROW, ...row }) as Coverage)],
      rules: [...report.rules, ...found.map((finding) => ruleOf(finding, 'high'))],
      findings: [...report.findings, ...found],
      verdict: { ...report.verdict, decisions: [...report.verdict.decisions, ...decisions] },
    };
  }

  const idsOf = (log: Log) => log.runs.map(({ automationDetails }) => automationDetails?.id);

  it('are one per tool, with its own rules, results and category', () => {
    const log = render(withTools());
    expect(idsOf(log)).toEqual([
      'plimsoll/dependencies/root/',
      'plimsoll/bandit/root/',
      'plimsoll/detect-secrets/root/',
      'plimsoll/gitleaks/root/',
    ]);
    const [, bandit, , gitleaks] = log.runs;
    expect(bandit?.tool.driver).toMatchObject({ name: 'bandit', semanticVersion: '1.2.3' });
    expect(bandit?.results?.map(({ ruleId }) => ruleId)).toEqual(['B602']);
    expect(bandit?.results?.[0]?.partialFingerprints?.primaryLocationLineHash).toBe('abc:1');
    expect(
      bandit?.tool.driver.rules?.map(({ id, properties }) => [id, properties?.['security-severity']]),
    ).toEqual([['B602', '8.0']]);
    expect(gitleaks?.results?.[0]?.properties).toMatchObject({ alsoReportedBy: ['trivy:jwt-token'] });
  });

  it('that found nothing are empty, which closes their alerts', () => {
    const report = withTools();
    const scanners = [...report.scanners!, { id: 'trivy', name: 'Trivy' }];
    expect(render({ ...report, scanners }).runs.at(-1)).toMatchObject({
      automationDetails: { id: 'plimsoll/trivy/root/' },
      results: [],
    });
  });

  it.each([
    ['failed', { plugin: 'bandit', status: 'failed', cause: 'tool-failed' }, ['bandit']],
    ['read a part', { plugin: 'bandit', status: 'partial', cause: 'tool-failed' }, ['bandit']],
    ['disagrees', { plugin: 'bandit', status: 'partial', cause: 'disagreement' }, []],
    [
      'was not there',
      { plugin: 'trufflehog', status: 'failed', cause: 'tool-missing' },
      ['detect-secrets', 'trufflehog'],
    ],
    [
      'would own what another has',
      { plugin: 'gitleaks', status: 'failed', cause: 'tool-failed' },
      ['detect-secrets', 'gitleaks'],
    ],
  ] as const)('of a tool that %s are withheld from GitHub, and said in the archive', (_, row, withheld) => {
    const report = withTools([row]);
    expect(sarifDocument(report, { profile: 'github' }).withheld.map(({ id }) => id)).toEqual(withheld);
    const left = idsOf(render(report)).map((id) => id?.split('/')[1] ?? '');
    expect(left.filter((id) => (withheld as readonly string[]).includes(id))).toEqual([]);
    const failed = archive(report).runs.filter(
      ({ invocations }) => invocations?.[0]?.executionSuccessful === false,
    );
    const expected = row.cause === 'disagreement' ? [] : [`plimsoll/${row.plugin}/root/`];
    expect(failed.map(({ automationDetails }) => automationDetails?.id)).toEqual(expected);
  });

  it('of reports are withheld where one is not read that may be theirs', () => {
    const unread = { plugin: 'import', status: 'failed', cause: 'report-unreadable' } as const;
    const report = withTools([unread]);
    const withheld = (scanners: Report['scanners'] & {}) =>
      sarifDocument({ ...report, scanners }, { profile: 'github' }).withheld.map(({ id }) => id);
    const ran = report.scanners!;
    // What detect-secrets has may be what the report of gitleaks has.
    expect(withheld(ran)).toEqual(['detect-secrets', 'import']);
    const imported = ran.map((each) => (each.id === 'bandit' ? { ...each, report: 'bandit.json' } : each));
    expect(withheld(imported)).toEqual(['bandit', 'detect-secrets', 'import']);
  });

  it('have what is suppressed in the archive alone, with its reason', () => {
    const [, bandit] = archive(withTools()).runs;
    expect(bandit?.results?.map(({ ruleId, suppressions }) => [ruleId, suppressions])).toEqual([
      ['B602', undefined],
      ['B101', [{ kind: 'external', status: 'accepted', justification: 'looked at' }]],
    ]);
  });

  it('of plimsoll itself are withheld where its own scan is not complete', () => {
    const [run, ...others] = written(sampleReport(), 'github').runs;
    expect([run?.automationDetails?.id, others]).toEqual(['plimsoll/status/root/', []]);
    expect(sarifDocument(sampleReport(), { profile: 'github' }).withheld.map(({ id }) => id)).toEqual([
      'dependencies',
    ]);
  });

  it('lead to the sites of tools that are known', () => {
    const report = withTools();
    const scanners = [...report.scanners!, { id: 'of-somebody', name: 'Of somebody' }];
    const drivers = render({ ...report, scanners }).runs.map(({ tool }) => tool.driver);
    expect(drivers.map(({ name, informationUri }) => [name, informationUri])).toEqual([
      ['plimsoll', 'https://github.com/plimsoll-dev/plimsoll'],
      ['bandit', 'https://bandit.readthedocs.io/'],
      ['detect-secrets', 'https://github.com/Yelp/detect-secrets'],
      ['gitleaks', 'https://github.com/gitleaks/gitleaks'],
      ['Of somebody', undefined],
    ]);
  });

  it('say of a secret to revoke it first, and then to take it out', () => {
    const gitleaks = render(withTools()).runs.at(-1)?.tool.driver.rules?.[0];
    for (const help of [gitleaks?.help?.text, gitleaks?.help?.markdown])
      expect(help).toMatch(/First revoke .*Then take it out/);
    const bandit = render(withTools()).runs[1]?.tool.driver.rules?.[0];
    expect(bandit?.help?.text).not.toContain('revoke');
  });

  it('write 9.0 as 9.1, and the true score in the message', () => {
    const report = withTools();
    const findings = report.findings.map((finding, i) => (i === 1 ? { ...finding, score: 9 } : finding));
    const [own] = render({ ...report, findings }).runs;
    expect(own?.tool.driver.rules?.map(({ properties }) => properties?.['security-severity'])).toContain(
      '9.1',
    );
    expect(JSON.stringify(own?.results)).toContain('The score is 9.0.');
  });

  it('have the score that a tool gives its rule, and are as precise as the surest of its findings', () => {
    const report = withTools();
    const rate = (score: number | undefined, ...confidences: Finding['confidence'][]) => {
      const [bandit] = report.findings.filter(({ ruleId }) => ruleId === 'B602');
      const more = confidences.map((confidence, i) => {
        const fingerprint = `${i}`.repeat(64);
        return { ...bandit!, ...(score === undefined ? {} : { score }), confidence, fingerprint };
      });
      const findings = [...report.findings.filter((each) => each !== bandit), ...more];
      const decisions = findings.map(({ fingerprint }) => ({
        ...{ fingerprint, outcome: 'fail' as const },
        policy: { uri: 'plimsoll.yaml', line: 1, key: 'code.fail' },
      }));
      const [, run] = render({ ...report, findings, verdict: { ...report.verdict, decisions } }).runs;
      const rules = run?.tool.driver.rules?.filter(({ id }) => id === 'B602') ?? [];
      return rules.map(({ properties }) => [properties?.['security-severity'], properties?.precision]);
    };
    expect(rate(undefined, 'low')).toEqual([['8.0', 'low']]);
    expect(rate(7.3, 'low', 'medium')).toEqual([['7.3', 'medium']]);
    expect(rate(7.3, 'medium', 'low')).toEqual([['7.3', 'medium']]);
    expect(rate(9, 'high')).toEqual([['9.1', 'high']]);
  });

  it('have no score for what is unscored, which is a warning where it fails', () => {
    const report = withTools();
    const findings = report.findings.map((each) =>
      each.ruleId === 'B602' ? { ...each, severity: 'unscored' as const } : each,
    );
    const rules = report.rules.map((each) =>
      each.id === 'B602' ? { ...each, defaultSeverity: 'unscored' as const } : each,
    );
    const [, bandit] = render({ ...report, findings, rules }).runs;
    expect(bandit?.results).toMatchObject([{ level: 'warning', properties: { outcome: 'fail' } }]);
    expect(bandit?.tool.driver.rules).toMatchObject([{ defaultConfiguration: { level: 'warning' } }]);
    expect(bandit?.tool.driver.rules?.[0]?.properties).not.toHaveProperty('security-severity');
  });

  it('place what is in no file of the tree outside of it', () => {
    const report = withTools();
    const findings = report.findings.map((finding) =>
      finding.ruleId === 'B602'
        ? { ...finding, locations: [{ uri: '…/a b/c:1', outside: true as const }] }
        : finding,
    );
    const place = render({ ...report, findings }).runs[1]?.results?.[0]?.locations?.[0]?.physicalLocation;
    expect(place?.artifactLocation).toEqual({ uri: 'outside/a%20b/c_1' });
  });

  const ROW = {
    target: '.',
    unit: 'files',
    expected: 1,
    processed: 0,
    required: true,
    errors: [{ message: 'm' }],
  };

  function toolFinding(
    kind: 'secret' | 'code',
    tool: string,
    ruleId: string,
    fingerprint: string,
    others: readonly (readonly [string, string])[] = [],
  ): Finding {
    return {
      fingerprint,
      ruleId,
      kind,
      severity: 'high',
      confidence: 'high',
      title: `about ${ruleId}`,
      message: 'a message',
      tip: 'a tip',
      aliases: [],
      cwes: [],
      locations: [{ uri: 'a.py', startLine: 3 }],
      sources: [[tool, ruleId] as const, ...others].map(([name, id]) => ({ tool: name, ruleId: id })),
      ...(kind === 'code' ? { lineHash: 'abc:1' } : {}),
      detail: kind === 'code' ? { kind } : { kind, detector: ruleId, mask: '***' },
    };
  }
});
