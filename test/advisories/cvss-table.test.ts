// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import committed from '../../src/advisories/cvss-scores.json' with { type: 'json' };
import { compileCvssScores, tabulatedScore } from '../../src/advisories/cvss-table.ts';
import { baseVectors, type CvssVersion, parseCvssVector } from '../../src/advisories/cvss-vector.ts';
import { loadCvssCalculator, loadCvssScorer } from '../../src/advisories/severity.ts';

const calculate = await loadCvssCalculator();

describe('tabulatedScore', () => {
  it.each([
    ['2.0', 729],
    ['3.0', 2592],
    ['3.1', 2592],
  ] as const)('gives every base vector of %s the score of the calculator', (version, count) => {
    const vectors = baseVectors(version);
    expect(new Set(vectors).size).toBe(count);
    const wrong = vectors.filter((base) => {
      const vector = parseCvssVector(base);
      return vector?.base !== base || tabulatedScore(vector) !== calculate(vector);
    });
    expect(wrong).toEqual([]);
  });

  it('is what npm run schemas writes', () => {
    expect(compileCvssScores(calculate)).toEqual(committed);
  });

  it('knows nothing of version 4.0', () => {
    const version: CvssVersion = '4.0';
    const base = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N';
    expect(tabulatedScore({ version, base })).toBeUndefined();
  });
});

it('a scorer loads the calculator for the versions without a table alone', async () => {
  const v3 = parseCvssVector('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N');
  const v4 = parseCvssVector('CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N');
  if (v3 === undefined || v4 === undefined) throw new TypeError('both are valid');
  const tabulated = await loadCvssScorer([{ type: 'CVSS_V3', score: v3.base }]);
  expect(tabulated(v3)).toBe(7.5);
  expect(() => tabulated(v4)).toThrow('no base score');
  const both = await loadCvssScorer([{ type: 'CVSS_V4', score: v4.base }]);
  expect([both(v3), both(v4)]).toEqual([7.5, 9.3]);
});
