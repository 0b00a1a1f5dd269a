// SPDX-License-Identifier: Apache-2.0
import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import type { Coverage } from '../../../src/model/coverage.ts';
import type { Finding, Rule } from '../../../src/model/finding.ts';
import type { Report } from '../../../src/model/report.ts';
import type { Decision } from '../../../src/model/verdict.ts';
import { visible } from '../../../src/reports/encode.ts';
import { sarifDocument, sarifReporter } from '../../../src/reports/sarif/build.ts';
import { sarifCategory } from '../../../src/reports/sarif/category.ts';
import { lintSarif } from '../../../src/reports/sarif/lint.ts';
import type { SarifProfile } from '../../../src/reports/sarif/profiles.ts';
import { HOSTILE_TEXTS } from '../../support/hostile.ts';
import { sampleReport } from '../../support/sample-report.ts';

/** As if nothing had been left unread. */
function complete(report: Report): Report {
  return { ...report, verdict: { ...report.verdict, incomplete: [] } };
}

function render(report: Report): Log {
  const chunks = sarifReporter.render(complete(report), { columns: 80, color: false });
  return JSON.parse([...chunks].join('')) as Log;
}

function archive(report: Report): Log {
  return written(report, 'archive');
}

/** As it is, with what is left unread. */
function written(report: Report, profile: SarifProfile): Log {
  return JSON.parse([...sarifDocument(report, { profile }).chunks()].join('')) as Log;
}

describe('sarif', () => {
  it('looks as recorded', async () => {
    const text = [...sarifReporter.render(complete(sampleReport()), { columns: 80, color: false })].join('');
    await expect(text).toMatchFileSnapshot('__snapshots__/report.sarif.json');
  });

  it('has one run of the category plimsoll/dependencies/<target>/', () => {
    expect(render(sampleReport()).runs.map((run) => run.automationDetails?.id)).toEqual([
      'plimsoll/dependencies/root/',
    ]);
  });

  it.each([
    [undefined, 'root'],
    ['.', 'root'],
    ['services/api', 'services-api'],
    ['services-api', 'services-api-9050bd42'],
    ['services/2', 'services-2-e5aa5dda'],
    ['services/My API', 'services-my-api-66e91136'],
    ['root', 'root-4813494d'],
    ['日本', 'cf2abf0c'],
  ])('folds the target %j to %s', (path, slug) => {
    const subject = path === undefined ? {} : { path };
    expect(sarifCategory(subject, 'dependencies')).toBe(`plimsoll/dependencies/${slug}/`);
  });

  it('gives different targets different categories, whatever GitHub folds', () => {
    const targets = [
      '.',
      'root',
      'a/b',
      'a-b',
      'a_b',
      'A/b',
      'a b',
      '日本',
      '東京',
      'ä',
      'a',
      'a/2',
      'a/2/2',
    ];
    const folded = targets.flatMap((path) =>
      [1, 2, 20].map((part) =>
        sarifCategory({ path }, 'dependencies', part)
          .toUpperCase()
          .replace(/[^A-Z0-9]/g, '_'),
      ),
    );
    expect(new Set(folded).size).toBe(3 * targets.length);
  });

  it('has one result per fingerprint, and none for a suppressed finding', () => {
    const report = sampleReport();
    const [, shown, ...others] = report.findings;
    const twice = {
      ...report,
      findings: [...report.findings, shown!],
      verdict: { ...report.verdict, decisions: [...report.verdict.decisions, report.verdict.decisions[1]!] },
    };
    const results = render(twice).runs[0]?.results ?? [];
    expect(results.map((result) => result.partialFingerprints?.['plimsoll/v1'])).toEqual(
      [shown!, ...others].map((finding) => finding.fingerprint),
    );
  });

  it('puts 16 digits of the fingerprint and :1 where GitHub looks, and the whole beside it', () => {
    for (const result of render(sampleReport()).runs[0]?.results ?? []) {
      const whole = result.partialFingerprints?.['plimsoll/v1'];
      expect(whole).toMatch(/^[0-9a-f]{64}$/);
      expect(result.partialFingerprints?.primaryLocationLineHash).toBe(`${whole?.slice(0, 16)}:1`);
    }
  });

  it('gives every rule what GitHub requires, and a score as a numeric string', () => {
    for (const rule of render(sampleReport()).runs[0]?.tool.driver.rules ?? []) {
      expect(rule.shortDescription?.text && rule.fullDescription?.text && rule.help?.text).toBeTruthy();
      const score: unknown = rule.properties?.['security-severity'];
      if (rule.id === 'PYSEC-1') expect(score).toBe('7.5');
      else expect(score).toBeUndefined();
      expect(rule.properties?.tags?.length ?? 0).toBeLessThanOrEqual(10);
    }
  });

  it('places a result relative to the repository, below the scan root', () => {
    const report = { ...sampleReport({ path: 'a b/poetry.lock' }), subject: { path: 'services/api' } };
    const [result] = render(report).runs[0]?.results ?? [];
    expect(result?.locations?.[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'services/api/a%20b/poetry.lock', uriBaseId: '%SRCROOT%' },
      region: { startLine: 12, endLine: 12 },
    });
  });

  it('says that the run was not complete, and why', () => {
    const [invocation] = archive(sampleReport()).runs[0]?.invocations ?? [];
    expect(invocation?.executionSuccessful).toBe(false);
    expect(invocation?.toolExecutionNotifications?.map(({ level }) => level)).toEqual(['error', 'warning']);
  });

  it.each(HOSTILE_TEXTS)('keeps %j as text', (text) => {
    const log = render(sampleReport({ name: text, version: text, text }));
    const result = log.runs[0]?.results?.[0];
    const read = result?.message.text
      ?.replaceAll('{{', '{')
      .replaceAll('}}', '}')
      .replace(/\\([\\[\]])/g, '$1');
    expect(read).toContain(visible(text).trim());
    // An embedded link needs a bracket that is not escaped.
    expect(result?.message.text?.replace(/\\[\\[\]]/g, '')).not.toMatch(/[[\]]/);
  });
});

describe('a file that would have no run', () => {
  const failed = { plugin: 'bandit', target: '.', status: 'failed', cause: 'tool-failed' } as const;
  const row = { ...failed, unit: 'files', expected: 1, processed: 0, required: true } as const;
  const report: Report = {
    ...sampleReport(),
    scanners: [{ id: 'bandit', name: 'Bandit' }],
    coverage: [{ ...row, errors: [{ message: 'it crashed' }] }],
  };

  it.each([
    ['github', 'plimsoll'],
    ['ghes', 'plimsoll'],
    ['azure', 'plimsoll status'],
  ] as const)('has one that says what is withheld and why, for %s', (profile, name) => {
    const log = written(report, profile);
    expect(log.runs).toMatchObject([
      {
        tool: { driver: { name, semanticVersion: '0.1.0', rules: [] } },
        automationDetails: { id: 'plimsoll/status/root/' },
        results: [],
      },
    ]);
    const [invocation] = log.runs[0]?.invocations ?? [];
    expect(invocation?.executionSuccessful).toBe(false);
    expect(
      invocation?.toolExecutionNotifications?.map(({ level, message, descriptor }) => [
        level,
        message.text,
        descriptor?.id,
      ]),
    ).toEqual([
      ['error', expect.stringMatching(/^no run of dependencies: .*no collector/), 'no-collector'],
      ['error', expect.stringMatching(/^no run of bandit: .*it crashed/), 'tool-failed'],
    ]);
    expect(lintSarif(log)).toEqual([]);
  });

  it('has none of it as soon as another run stands in it', () => {
    const log = written(complete(report), 'github');
    expect(log.runs.map(({ automationDetails }) => automationDetails?.id)).toEqual([
      'plimsoll/dependencies/root/',
    ]);
  });

  it('has a category that no run with results has', () => {
    const ids = ['dependencies', 'bandit', 'plimsoll', 'import'].flatMap((tool) =>
      ['.', 'status', 'status/root', 'root'].map((path) => sarifCategory({ path }, tool)),
    );
    const folded = ids.map((id) => id.replace(/[^a-z0-9]/gi, '_').toUpperCase());
    for (const path of ['.', 'status', 'dependencies', 'root'])
      expect(folded).not.toContain(
        sarifCategory({ path }, 'status')
          .replace(/[^a-z0-9]/gi, '_')
          .toUpperCase(),
      );
  });
});

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
      rules: [...report.rules, ...found.map(toolRule)],
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

  function toolRule({ ruleId: id, kind, sources: [source] }: Finding): Rule {
    return {
      id,
      tool: source!.tool,
      kind,
      name: id,
      shortDescription: 'short',
      fullDescription: 'full',
      helpMarkdown: 'help',
      helpUri: 'https://example.org/',
      tags: ['security'],
      defaultSeverity: 'high',
    };
  }
});
