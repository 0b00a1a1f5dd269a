// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { loadCvssScorer, rate, severityOfScore, unreadableVectors } from '../../src/advisories/severity.ts';
import type { Advisory } from '../../src/model/advisory.ts';
import { record } from './support.ts';

const score = await loadCvssScorer([{ type: 'CVSS_V4', score: 'CVSS:4.0/' }]);

const V2 = 'AV:N/AC:L/Au:N/C:C/I:C/A:C';
const V30 = 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N';
const V31 = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N';
const V4 = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N';
const ZERO = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N';

function rated(id: string, vectors: readonly string[], label?: string): Advisory {
  const severity = vectors.map((vector) => ({ type: 'CVSS_V3', score: vector }));
  return record(id, [], { severity, database_specific: { severity: label } });
}

describe('rate', () => {
  it.each([
    [[V2, V30, V31, V4], 'critical', 9.3, V4],
    [[V31, V2, V30], 'medium', 6.1, V31],
    [[V2, V30], 'critical', 9.1, V30],
    [[V2], 'high', 10, V2],
    [['rubbish', V2], 'high', 10, V2],
    [[ZERO], 'info', 0, ZERO],
  ])('of %j takes the newest version that can be read', (vectors, severity, base, source) => {
    expect(rate([rated('GHSA-1', vectors)], [], score)).toEqual({
      severity,
      score: base,
      scoreSource: `${source} (GHSA-1)`,
    });
  });

  it('takes the highest of the records that hit, in any order', () => {
    const records = [rated('A', [V31]), rated('B', [V4]), rated('C', []), rated('D', [ZERO])];
    const expected = { severity: 'critical', score: 9.3, scoreSource: `${V4} (B)` };
    expect(rate(records, [], score)).toEqual(expected);
    expect(rate(records.toReversed(), [], score)).toEqual(expected);
  });

  it('borrows from an alias only where no record that hit has a severity', () => {
    expect(rate([rated('A', [])], [rated('B', [V4])], score).scoreSource).toBe(`${V4} (B)`);
    expect(rate([rated('A', [ZERO])], [rated('B', [V4])], score).severity).toBe('info');
  });

  it.each([
    ['CRITICAL', 'critical'],
    ['HIGH', 'high'],
    ['MODERATE', 'medium'],
    ['medium', 'medium'],
    ['LOW', 'low'],
  ])('takes the label %s of a GHSA record without a vector, and no score', (label, severity) => {
    expect(rate([rated('GHSA-1', ['rubbish'], label)], [], score)).toEqual({
      severity,
      scoreSource: 'label (GHSA-1)',
    });
  });

  it('prefers a score to a label of the same severity, and the vector to the label of one record', () => {
    expect(rate([rated('GHSA-1', [], 'CRITICAL'), rated('Z', [V4])], [], score).score).toBe(9.3);
    expect(rate([rated('GHSA-1', [V31], 'CRITICAL')], [], score).severity).toBe('medium');
  });

  it('is unscored without a vector or a known label, and by a label of another database', () => {
    const unscored = { severity: 'unscored' };
    expect(rate([rated('PYSEC-1', ['CVSS:3.1/AV:N'], 'HIGH')], [], score)).toEqual(unscored);
    expect(rate([rated('GHSA-1', [], 'UNKNOWN')], [], score)).toEqual(unscored);
    expect(rate([], [], score)).toEqual(unscored);
  });

  it('does not score a type that is no CVSS', () => {
    const ubuntu = record('A', [], { severity: [{ type: 'Ubuntu', score: V4 }] });
    expect(rate([ubuntu], [], score)).toEqual({ severity: 'unscored' });
    expect(unreadableVectors(ubuntu)).toEqual([]);
  });

  it('calls malware critical, without a score', () => {
    expect(rate([rated('GHSA-1', [V31]), rated('MAL-1', [V31])], [], score)).toEqual({
      severity: 'critical',
    });
    expect(rate([rated('GHSA-1', [V31])], [rated('MAL-1', [])], score).severity).toBe('medium');
  });

  it('counts vectors that cannot be read', () => {
    expect(unreadableVectors(rated('A', [V4, 'CVSS:4.0/AV:N', '']))).toEqual(['CVSS:4.0/AV:N']);
  });
});

describe('severityOfScore', () => {
  it.each([
    ['3.1', 10, 'critical'],
    ['3.1', 9, 'critical'],
    ['3.1', 8.9, 'high'],
    ['3.1', 7, 'high'],
    ['4.0', 6.9, 'medium'],
    ['4.0', 4, 'medium'],
    ['3.0', 3.9, 'low'],
    ['3.0', 0.1, 'low'],
    ['3.0', 0, 'info'],
    ['2.0', 10, 'high'],
    ['2.0', 7, 'high'],
    ['2.0', 6.9, 'medium'],
    ['2.0', 3.9, 'low'],
    ['2.0', 0, 'info'],
  ] as const)('v%s %d is %s', (version, value, severity) => {
    expect(severityOfScore(value, version)).toBe(severity);
  });
});
