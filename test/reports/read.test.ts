// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareReports } from '../../src/compare.ts';
import type { Report } from '../../src/model/report.ts';
import { jsonReporter } from '../../src/reports/json.ts';
import { parseReport } from '../../src/reports/read.ts';
import { plimsoll, STOREFRONT } from '../support/program.ts';
import { emptyReport, sampleReport } from '../support/sample-report.ts';

const OPTIONS = { columns: 80, color: false };

function json(report: Report): string {
  return [...jsonReporter.render(report, OPTIONS)].join('');
}

/** The sample with something changed at a dotted path; `undefined` takes it out. */
function changed(path: string, value: unknown): string {
  const report = JSON.parse(json(sampleReport()));
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const holder = keys.reduce((at, key) => at[key], report);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return JSON.stringify(report);
}

describe('a JSON report', () => {
  it.each<[string, () => string]>([
    ['of the example', () => plimsoll(['scan', STOREFRONT, '--advisories', 'bundled', '--json']).stdout],
    ['with one of everything', () => json(sampleReport())],
    ['of nothing', () => json(emptyReport())],
  ])('%s is read whole', (_, make) => {
    const text = make();
    const report: Report = JSON.parse(text);
    const read = parseReport(text, 'report.json');
    expect(read.findings).toEqual(report.findings);
    expect(read.coverage.length).toBe(report.coverage.length);
    const { findings, comparison } = compareReports(read, report);
    expect(findings.every(({ baselineState }) => baselineState === 'unchanged')).toBe(true);
    expect([comparison?.absent, comparison?.unknown]).toEqual([[], []]);
  });

  it('with a comparison in it is read with what was unknown', () => {
    const compared = compareReports(sampleReport(), emptyReport());
    expect(compared.comparison?.unknown.map(({ cause }) => cause)).toEqual(Array(3).fill('not-read'));
    const read = parseReport(json(compared), 'report.json');
    expect(read.comparison?.unknown).toEqual(compared.comparison?.unknown);
  });

  it('may have keys of a later version', () => {
    expect(parseReport(changed('later', 1), 'report.json').findings).toHaveLength(4);
    expect(parseReport(changed('findings.0.later', 1), 'report.json').findings[0]).not.toHaveProperty(
      'later',
    );
  });

  it.each<[string, string, string]>([
    ['an empty file', '', 'report.json: expected a JSON report of plimsoll, got an empty file'],
    ['no JSON', '{', 'report.json: expected a JSON report of plimsoll, got '],
    ['a list', '[]', 'schema version 1.0: expected object, received array'],
    ['another format', '{"runs": []}', 'schema version 1.0 at schemaVersion: expected "1.0"'],
    ['another version', changed('schemaVersion', '9.0'), 'at schemaVersion: expected "1.0"'],
    ['another tool', changed('tool.name', 'other'), 'at tool.name: expected "plimsoll"'],
    ['no findings', changed('findings', undefined), 'at findings: expected array, received undefined'],
    [
      'a fingerprint that is none',
      changed('findings.0.fingerprint', 'x'),
      'at findings.0.fingerprint: expected 64 hex digits',
    ],
    ['a finding without a place', changed('findings.1.locations', []), 'at findings.1.locations: '],
    [
      'an unknown severity',
      changed('findings.1.severity', 'bad'),
      'at findings.1.severity: expected one of "critical"',
    ],
    ['an unknown kind', changed('findings.1.detail.kind', 'bad'), 'at findings.1.detail.kind: '],
    [
      'a line that is none',
      changed('findings.1.locations.0.startLine', 0),
      'at findings.1.locations.0.startLine: ',
    ],
    ['a status that is none', changed('coverage.0.status', 'fine'), 'at coverage.0.status: '],
  ])('is not %s', (_, text, message) => {
    expect(() => parseReport(text, 'report.json')).toThrow(message);
    expect(() => parseReport(text, 'report.json')).toThrow(/^report\.json: expected /);
  });

  it('is refused with a typed error, or read, whatever it holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => parseReport(text, 'x')).toThrow(
          expect.objectContaining({ code: 'parse-failed', file: 'x' }),
        );
      }),
    );
  });
});
