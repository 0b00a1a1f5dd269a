// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchComponents, matchPackage, packageMatcher } from '../../src/advisories/matcher.ts';
import { packageKey } from '../../src/advisories/source.ts';
import type { Advisory } from '../../src/model/advisory.ts';
import { bestTime } from '../support/best-time.ts';
import { answer, component, record } from './support.ts';

describe('matchComponents', () => {
  const records = [record('A', [{ introduced: '0' }, { fixed: '2.0.0' }])];

  it('sorts by component and anchor', () => {
    const components = [component('npm', 'demo', '1.1.0'), component('npm', 'demo', '1.0.0')];
    const both = [record('B', [{ introduced: '1.0.0' }]), ...records];
    const { matches } = matchComponents(components, answer(components, both));
    expect(matches.map((match) => [match.component, match.group.anchor])).toEqual([
      ['lock#demo@1.0.0', 'A'],
      ['lock#demo@1.0.0', 'B'],
      ['lock#demo@1.1.0', 'A'],
      ['lock#demo@1.1.0', 'B'],
    ]);
  });

  it.each(['git', 'url', 'path', 'unknown', 'workspace'] as const)(
    'never matches origin %s by name',
    (origin) => {
      const components = [component('npm', 'demo', '1.0.0', { origin })];
      expect(matchComponents(components, answer(components, records)).matches).toEqual([]);
    },
  );

  it('looks records up under the ecosystem and the name', () => {
    const [demo] = [component('npm', 'demo', '1.0.0')];
    expect(matchComponents([demo], new Map([[packageKey('PyPI', 'demo'), records]])).matches).toEqual([]);
    expect(matchComponents([demo], new Map([[packageKey('npm', 'Demo'), records]])).matches).toEqual([]);
    expect(matchComponents([demo], new Map([[packageKey('npm', 'demo'), records]])).matches).toHaveLength(1);
  });

  it('reports what it cannot decide', () => {
    const { matches, coverage } = matchComponents([component('npm', 'demo')], new Map());
    expect(matches).toEqual([]);
    expect(coverage).toMatchObject([{ plugin: 'matcher', target: 'lock', cause: 'unpinned' }]);
  });

  it('names the evidence', () => {
    const demo = (version: string, all: readonly Advisory[]) =>
      matchPackage('npm', 'demo', version, all)[0]?.records[0];
    const affected = [{ package: { ecosystem: 'npm', name: 'demo' }, versions: ['1.0', '1', 'v1.0'] }];
    expect(demo('1.0.0', [record('L', [], { affected })])?.matched).toEqual({ by: 'version', value: '1' });
    const value = (events: readonly Record<string, string>[]) =>
      demo('1.5.0', [record('R', events)])?.matched.value;
    expect(value([{ introduced: '0' }])).toBe('*');
    expect(value([{ introduced: '1.0' }])).toBe('>=1.0');
    expect(value([{ introduced: '0' }, { fixed: '2' }])).toBe('<2');
    expect(value([{ introduced: '0' }, { introduced: '1' }, { last_affected: '1.6' }])).toBe('>=1, <=1.6');
    expect(value([{ introduced: '1' }, { limit: '2' }])).toBe('>=1, <2');
  });

  it('takes 20,000 components against two records each in well under a second', () => {
    const components = Array.from({ length: 20_000 }, (_, i) =>
      component('npm', `p${i}`, `${i % 5}.${i % 9}.0`),
    );
    const known = new Map(
      components.map(({ name }, i) => [
        packageKey('npm', name),
        ['A', 'B'].map((id) =>
          record(id, [], {
            affected: [
              {
                package: { ecosystem: 'npm', name },
                ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: `0.${i % 7}.1` }] }],
              },
            ],
          }),
        ),
      ]),
    );
    expect(matchComponents(components, known).matches.length).toBeGreaterThan(0);
    expect(bestTime(() => matchComponents(components, known), 3)).toBeLessThan(1500);
  });
});

describe('a hostile record', () => {
  it('with 50,000 ranges that all hit, and as many listed versions, takes no more than linear time', () => {
    const ranges = Array.from({ length: 50_000 }, (_, i) => ({
      type: 'SEMVER',
      events: [{ introduced: '0' }, { fixed: `2.${i}.0` }],
    }));
    const versions = ranges.map((_, i) => `1.${i}.0`);
    const hostile = record('A', [], {
      affected: [{ package: { ecosystem: 'npm', name: 'demo' }, ranges, versions }],
    });
    const elapsed = bestTime(() => {
      expect(matchPackage('npm', 'demo', '1.0.0', [hostile])[0]?.records[0]?.fixed).toHaveLength(50_000);
      expect(matchPackage('npm', 'demo', '3.0.0', [hostile])).toEqual([]);
    }, 2);
    expect(elapsed).toBeLessThan(3000);
  });
});

describe('ranges', () => {
  const MAX = 12;
  const version = fc.nat(MAX);
  const event = fc.oneof(
    version.map((n) => ({ introduced: n === 0 ? '0' : `${n}.0.0` })),
    version.map((n) => ({ fixed: `${n}.0.0` })),
    version.map((n) => ({ last_affected: `${n}.0.0` })),
    fc.oneof(version.map(String), fc.constant('*')).map((limit) => ({ limit })),
  );
  const ranges = fc.array(fc.array(event, { maxLength: 6 }), { maxLength: 3 });

  function recordOf(id: string, lists: readonly (readonly Record<string, string>[])[]): Advisory {
    const affected = lists.map((events) => ({
      package: { ecosystem: 'npm', name: 'demo' },
      ranges: [{ type: 'SEMVER', events }],
    }));
    return record(id, [], { affected });
  }

  it('are evaluated as the schema says', () => {
    fc.assert(
      fc.property(ranges, (lists) => {
        const matcher = packageMatcher('npm', 'demo', [recordOf('A', lists)]);
        // Half steps fall between the events.
        for (let v = 0; v <= MAX + 1; v += 0.5) {
          const expected = lists.some((events) => referenceContains(events, v));
          expect([v, matcher.affects(v % 1 === 0 ? `${v}.0.0` : `${Math.floor(v)}.5.0`)]).toEqual([
            v,
            expected,
          ]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('give the same answer in any order of records and events', () => {
    const records = fc.array(ranges, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(records, version, fc.infiniteStream(fc.nat()), (all, v, random) => {
        const shuffle = <T>(list: readonly T[]) =>
          list
            .map((item) => [random.next().value as number, item] as const)
            .sort(([a], [b]) => a - b)
            .map(([, item]) => item);
        const straight = all.map((lists, i) => recordOf(`R${i}`, lists));
        const shuffled = shuffle(all.map((lists, i) => recordOf(`R${i}`, shuffle(lists.map(shuffle)))));
        expect(matchPackage('npm', 'demo', `${v}.0.0`, shuffled)).toEqual(
          matchPackage('npm', 'demo', `${v}.0.0`, straight),
        );
      }),
      { numRuns: 300 },
    );
  });
});

/** The pseudo-code of the schema, by numbers: sort, let the events pass, look at the state. */
function referenceContains(events: readonly Record<string, string>[], v: number): boolean {
  const limits = events.flatMap(({ limit }) =>
    limit === undefined ? [] : limit === '*' ? Infinity : Number(limit),
  );
  if (limits.length > 0 && !limits.some((limit) => v < limit)) return false;
  const order = ['introduced', 'last_affected', 'fixed'];
  const sorted = events
    .flatMap((event) => Object.entries(event))
    .filter(([kind]) => kind !== 'limit')
    .map(([kind, text]) => ({
      kind,
      at: kind === 'introduced' && text === '0' ? -Infinity : Number.parseInt(text, 10),
    }))
    .sort((a, b) => (a.at === b.at ? order.indexOf(a.kind) - order.indexOf(b.kind) : a.at - b.at));
  let vulnerable = false;
  for (const { kind, at } of sorted) {
    if (kind === 'introduced' && v >= at) vulnerable = true;
    else if (kind === 'fixed' && v >= at) vulnerable = false;
    else if (kind === 'last_affected' && v > at) vulnerable = false;
  }
  return vulnerable;
}
