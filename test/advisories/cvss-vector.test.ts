// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCvssVector } from '../../src/advisories/cvss-vector.ts';
import { loadCvssScorer } from '../../src/advisories/severity.ts';

const score = await loadCvssScorer([{ type: 'CVSS_V4', score: 'CVSS:4.0/' }]);

/** Vectors with the base scores that FIRST and NVD publish for them. */
const KNOWN = [
  ['AV:N/AC:L/Au:N/C:C/I:C/A:C', 10],
  ['AV:N/AC:L/Au:N/C:N/I:N/A:C', 7.8],
  ['AV:L/AC:H/Au:N/C:C/I:C/A:C', 6.2],
  ['AV:N/AC:L/Au:N/C:N/I:N/A:N', 0],
  ['AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:N/TD:ND/CR:M/IR:M/AR:H', 7.8],
  ['CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1],
  ['CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', 7.5],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/MAV:P/CR:X', 9.8],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U/MSI:S/U:Clear', 9.3],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N', 0],
  ['CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 7.3],
  ['CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 7.7],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H', 10],
] as const;

describe('parseCvssVector', () => {
  it.each(KNOWN)('%s scores %d', (text, expected) => {
    const vector = parseCvssVector(text);
    expect(vector && score(vector)).toBe(expected);
  });

  it.each([
    '',
    'HIGH',
    '7.5',
    'CVSS:3.1/',
    'CVSS:3.1/AV:N',
    'CVSS:3.2/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
    'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N/',
    'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N/A:N',
    'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N/E:H/E:H',
    'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N/ZZ:N',
    'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N/E:A',
    'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/constructor:N',
    'CVSS:3.1/AV:n/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
    'cvss:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
    ' CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
    'AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
    '(AV:N/AC:L/Au:N/C:N/I:N/A:C)',
    'CVSS:4.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
    `CVSS:3.1/${'AV:N/'.repeat(10_000)}`,
  ])('%.80j is not a vector', (text) => {
    expect(parseCvssVector(text)).toBeUndefined();
  });

  it('knows no vector without, or with a corrupt, base metric', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...KNOWN),
        fc.nat(20),
        fc.oneof(fc.constant(undefined), fc.string()),
        ([text], at, replacement) => {
          const base = parseCvssVector(text)?.base ?? '';
          const metrics = base.split('/');
          const start = base.startsWith('CVSS') ? 1 : 0;
          const i = start + (at % (metrics.length - start));
          const broken = metrics.flatMap((metric, j) =>
            j !== i ? metric : replacement === undefined ? [] : replacement,
          );
          const legal = replacement !== undefined && parseCvssVector(broken.join('/')) !== undefined;
          // Another legal value of the same metric is no corruption.
          expect(legal && replacement.split(':')[0] !== metrics[i]?.split(':')[0]).toBe(false);
          if (replacement === undefined) expect(parseCvssVector(broken.join('/'))).toBeUndefined();
        },
      ),
    );
  });

  it('does not care for the order of metrics', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...KNOWN.filter(([text]) => text.startsWith('CVSS'))).chain(([text, expected]) => {
          const [prefix = '', ...metrics] = text.split('/');
          return fc
            .shuffledSubarray(metrics, { minLength: metrics.length })
            .map((shuffled) => [[prefix, ...shuffled].join('/'), expected] as const);
        }),
        ([text, expected]) => {
          const vector = parseCvssVector(text);
          expect(vector && score(vector)).toBe(expected);
        },
      ),
    );
  });

  it('lets every vector through that has legal values, and the scorer gives each a number', () => {
    const pick = (table: string) =>
      fc.tuple(
        ...table.split(' ').map((entry) => {
          const [metric = '', values = ''] = entry.split(':');
          return fc.constantFrom(...values).map((value) => `${metric}:${value}`);
        }),
      );
    const vectors = fc.oneof(
      pick('AV:LAN AC:HML Au:MSN C:NPC I:NPC A:NPC').map((m) => m.join('/')),
      pick('AV:NALP AC:LH PR:NLH UI:NR S:UC C:HLN I:HLN A:HLN').map((m) => `CVSS:3.0/${m.join('/')}`),
      pick('AV:NALP AC:LH PR:NLH UI:NR S:UC C:HLN I:HLN A:HLN').map((m) => `CVSS:3.1/${m.join('/')}`),
      pick('AV:NALP AC:LH AT:NP PR:NLH UI:NPA VC:HLN VI:HLN VA:HLN SC:HLN SI:HLN SA:HLN').map(
        (m) => `CVSS:4.0/${m.join('/')}`,
      ),
    );
    fc.assert(
      fc.property(vectors, (text) => {
        const vector = parseCvssVector(text);
        const value = vector && score(vector);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(10);
      }),
      { numRuns: 300 },
    );
  });
});
