// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Coverage } from '../../src/model/coverage.ts';
import type { Finding, Severity } from '../../src/model/finding.ts';
import type { Report } from '../../src/model/report.ts';
import type { Outcome } from '../../src/model/verdict.ts';
import {
  coverageText,
  enrichmentLabels,
  exploitationLabels,
  reportView,
  scannersLabel,
} from '../../src/reports/view.ts';
import { sampleReport } from '../support/sample-report.ts';

interface Sample {
  readonly name: string;
  readonly on?: number;
  readonly outcome?: Outcome;
  readonly severity?: Severity;
  readonly score?: number;
  readonly kev?: boolean;
  readonly epss?: number;
}

/** A report of these findings, each on one of the three components of the sample. */
function reportOf(samples: readonly Sample[]): Report {
  const report = sampleReport();
  const base = report.findings[0] as Finding & { detail: { kind: 'vulnerability' } };
  const policy = { uri: 'plimsoll.yaml', line: 1, key: 'advisories' };
  const component = (on = 1) => report.inventory.components[on]?.ref as string;
  return {
    ...report,
    findings: samples.map(({ name, on, severity = 'high', score, kev, epss }): Finding => {
      const { score: _, ...rest } = base;
      return {
        ...rest,
        title: name,
        severity,
        component: component(on),
        ...(score === undefined ? {} : { score }),
        detail: {
          ...base.detail,
          ...(kev === undefined ? {} : { kev }),
          ...(epss === undefined ? {} : { epss: { score: epss, percentile: 0.5 } }),
        },
      };
    }),
    verdict: {
      ...report.verdict,
      decisions: samples.map(({ on, outcome = 'fail' }) => ({
        fingerprint: base.fingerprint,
        component: component(on),
        outcome,
        policy,
      })),
    },
  };
}

/** Titles as the reports for people have them. */
function order(...samples: Sample[]): string[] {
  return reportView(reportOf(samples)).components.flatMap(({ judged }) =>
    judged.map(({ finding }) => finding.title),
  );
}

describe('the order of findings for people', () => {
  it.each<[string, Sample[]]>([
    [
      'what is known to be exploited first, whatever the policy makes of it',
      [
        { name: 'listed', kev: true, outcome: 'note', severity: 'low' },
        { name: 'fails', kev: false, severity: 'critical', score: 10, epss: 1 },
      ],
    ],
    [
      'then the outcome, before any probability',
      [
        { name: 'fails', severity: 'low' },
        { name: 'warns', outcome: 'warn', severity: 'critical', epss: 1 },
      ],
    ],
    [
      'then the severity, before any probability',
      [
        { name: 'critical', severity: 'critical' },
        { name: 'high', severity: 'high', epss: 1 },
      ],
    ],
    [
      'then the probability, before the score, and before what has none',
      [
        { name: 'likely', epss: 0.9, score: 7 },
        { name: 'less so', epss: 0.1, score: 8.9 },
        { name: 'not at all', epss: 0, score: 8.9 },
        { name: 'unknown', score: 8.9 },
      ],
    ],
    [
      'then the score',
      [
        { name: 'a', epss: 0.5, score: 8 },
        { name: 'b', epss: 0.5, score: 7 },
      ],
    ],
    ['then the title', [{ name: 'a' }, { name: 'b' }]],
  ])('%s', (_, samples) => {
    const names = samples.map(({ name }) => name);
    expect(order(...samples)).toEqual(names);
    expect(order(...samples.toReversed())).toEqual(names);
  });

  it('holds for packages too, by their worst finding', () => {
    const [listed, worst] = [
      { name: 'listed', on: 2, kev: true, outcome: 'note', severity: 'low' },
      { name: 'worst', on: 1, severity: 'critical', epss: 1 },
    ] as const;
    expect(order(worst, listed)).toEqual(['listed', 'worst']);
    expect(order({ ...worst, epss: 0.2 }, { ...worst, name: 'likelier', on: 2 })).toEqual([
      'likelier',
      'worst',
    ]);
  });

  it('leaves that of the report alone', () => {
    const { findings } = reportOf([{ name: 'b' }, { name: 'a', kev: true }]);
    expect(findings.map(({ title }) => title)).toEqual(['b', 'a']);
  });
});

describe('labels', () => {
  it.each([
    [{}, []],
    [{ kev: false }, []],
    [{ kev: true }, ['KEV']],
    [{ epss: 0.123 }, ['EPSS 12.3 %']],
    // Never the limit itself for what lies below it.
    [{ epss: 0.09999 }, ['EPSS 9.9 %']],
    [{ epss: 0.1 }, ['EPSS 10.0 %']],
    [{ epss: 0.289 }, ['EPSS 28.9 %']],
    [{ epss: 0.57 }, ['EPSS 57.0 %']],
    [{ epss: 0.001 }, ['EPSS 0.1 %']],
    [{ epss: 0.00099 }, ['EPSS below 0.1 %']],
    [{ epss: 0 }, ['EPSS below 0.1 %']],
    [{ epss: 1, kev: true }, ['KEV', 'EPSS 100.0 %']],
  ])('of %j are %j', (sample, labels) => {
    const [finding] = reportOf([{ name: 'x', ...sample }]).findings;
    expect(exploitationLabels(finding as Finding)).toEqual(labels);
  });

  it('of findings of other kinds are none', () => {
    const license = sampleReport().findings.find(({ kind }) => kind === 'license') as Finding;
    expect(exploitationLabels(license)).toEqual([]);
  });

  it('of the data name their day, their size and what could not be read', () => {
    const report = sampleReport();
    expect(enrichmentLabels(report)).toEqual([
      'EPSS 301234 scores (2026-11-20, 2 unreadable)',
      'KEV 1450 entries (2026-11-19)',
    ]);
    const { enrichment: _, ...none } = report.advisoryData;
    expect(enrichmentLabels({ ...report, advisoryData: none })).toEqual([]);
  });
});

describe('the text of a coverage row', () => {
  const row: Coverage = {
    ...{ plugin: 'bandit', target: '.', status: 'failed', cause: 'tool-failed', unit: 'files' },
    ...{ expected: 1, processed: 0, required: true, errors: [{ message: 'expected a report' }] },
  };

  it.each<[Partial<Coverage>, string]>([
    [{}, 'bandit: tool failed: expected a report'],
    [{ target: 'out/bandit.json' }, 'bandit: out/bandit.json: tool failed: expected a report'],
    [{ cause: 'tool-missing' }, 'bandit: tool missing: expected a report'],
    [
      { plugin: 'import', target: 'x.json', cause: 'report-unreadable' },
      'x.json: report unreadable: expected a report',
    ],
    [{ plugin: 'discover', cause: 'limit-exceeded' }, '.: limit exceeded: expected a report'],
    [
      { target: 'poetry.lock', unit: 'packages', expected: 3 },
      'bandit: poetry.lock: 3 of 3 packages tool failed: expected a report',
    ],
  ])('of %j is %s', (fields, text) => {
    expect(coverageText({ ...row, ...fields })).toBe(text);
  });
});

describe('the scanners of a report', () => {
  it('are named with version and report, the first twenty of them', () => {
    const report = sampleReport();
    const run = { id: 'trivy', name: 'Trivy', report: 'trivy.json' };
    expect(scannersLabel(report)).toBeUndefined();
    expect(scannersLabel({ ...report, scanners: [] })).toBeUndefined();
    expect(
      scannersLabel({ ...report, scanners: [run, { id: 'bandit', name: 'Bandit', version: '1.9.4' }] }),
    ).toBe('trivy (imported from trivy.json), bandit 1.9.4');
    const many = scannersLabel({ ...report, scanners: Array.from({ length: 25 }, () => run) });
    expect(many).toMatch(/ and 5 more$/);
    expect(many?.match(/trivy \(/g)).toHaveLength(20);
  });
});
