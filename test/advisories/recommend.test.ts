// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchPackage, packageMatcher } from '../../src/advisories/matcher.ts';
import { recommendVersion } from '../../src/advisories/recommend.ts';
import { semver } from '../../src/versions/semver.ts';
import { record } from './support.ts';

function recommend(installed: string, ...records: readonly ReturnType<typeof record>[]) {
  return recommendVersion(packageMatcher('npm', 'demo', records), installed);
}

const FIXED_IN_1_2 = record('A', [{ introduced: '0' }, { fixed: '1.2.0' }]);

describe('recommendVersion', () => {
  it('is the lowest fix above the installed version that nothing else hits', () => {
    const hitsTheFix = record('B', [{ introduced: '1.2.0' }, { fixed: '1.4.0' }]);
    expect(recommend('1.0.0', FIXED_IN_1_2)).toEqual({ version: '1.2.0', breaking: false });
    expect(recommend('1.0.0', FIXED_IN_1_2, hitsTheFix)).toEqual({ version: '1.4.0', breaking: false });
  });

  it('is absent without a fix, above the last fix, and where everything is hit', () => {
    expect(recommend('1.0.0', record('A', [{ introduced: '0' }]))).toBeUndefined();
    expect(recommend('1.2.0', FIXED_IN_1_2)).toBeUndefined();
    expect(recommend('1.0.0', FIXED_IN_1_2, record('B', [{ introduced: '1.1.0' }]))).toBeUndefined();
    expect(recommend('no version', FIXED_IN_1_2)).toBeUndefined();
  });

  it('takes no fix from a GIT range, another package or a withdrawn record', () => {
    const pkg = { ecosystem: 'npm', name: 'demo' };
    const events = [{ introduced: '0' }, { fixed: '1.1.0' }];
    const git = record('B', [], { affected: [{ package: pkg, ranges: [{ type: 'GIT', events }] }] });
    const other = record('C', [], {
      affected: [{ package: { ...pkg, name: 'x' }, ranges: [{ type: 'SEMVER', events }] }],
    });
    const withdrawn = record('D', events, { withdrawn: '2024-01-01T00:00:00Z' });
    const open = record('A', [{ introduced: '0' }, { last_affected: '1.0.5' }]);
    expect(recommend('1.0.0', open, git)).toBeUndefined();
    expect(recommend('1.0.0', open, other)).toBeUndefined();
    expect(recommend('1.0.0', open, withdrawn)).toBeUndefined();
    expect(recommend('1.0.0', open, record('B', events))?.version).toBe('1.1.0');
  });

  it('ignores a withdrawn record that would hit the candidate', () => {
    const withdrawn = record('B', [{ introduced: '0' }], { withdrawn: '2024-01-01T00:00:00Z' });
    expect(recommend('1.0.0', FIXED_IN_1_2, withdrawn)?.version).toBe('1.2.0');
  });

  it.each([
    ['PyPI', '1.9', '2.0', true],
    ['PyPI', '1.9', '1!1.9', true],
    ['PyPI', '2024.1', '2024.2', false],
    ['PyPI', '1.0rc1', '1.0', false],
    ['PyPI', '1.0+cu118', '1.0.post1', false],
    ['npm', '0.1.0', '0.9.0', false],
    ['npm', '1.0.0', '2.0.0', true],
  ] as const)('%s %s to %s breaks: %s', (ecosystem, installed, fixed, breaking) => {
    const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }];
    const found = record('A', [], { affected: [{ package: { ecosystem, name: 'demo' }, ranges }] });
    const matcher = packageMatcher(ecosystem, 'demo', [found]);
    expect(recommendVersion(matcher, installed)).toEqual({ version: fixed, breaking });
  });

  it('is never affected, never lower, and lower than any other clean fix', () => {
    const version = fc.tuple(fc.nat(3), fc.nat(3)).map(([a, b]) => `${a}.${b}.0`);
    const events = fc
      .array(fc.tuple(version, version), { maxLength: 3 })
      .map((pairs) => pairs.flatMap(([introduced, fixed]) => [{ introduced }, { fixed }]));
    fc.assert(
      fc.property(fc.array(events, { minLength: 1, maxLength: 4 }), version, (all, installed) => {
        const records = all.map((list, i) => record(`R${i}`, list));
        const clean = all
          .flatMap((list) => list.flatMap((event) => ('fixed' in event ? [event.fixed] : [])))
          .filter((fixed) => (semver.parse(fixed)?.key ?? '') > (semver.parse(installed)?.key ?? ''))
          .filter((fixed) => matchPackage('npm', 'demo', fixed, records).length === 0)
          .sort();
        expect(recommend(installed, ...records)?.version).toBe(clean[0]);
      }),
    );
  });
});
