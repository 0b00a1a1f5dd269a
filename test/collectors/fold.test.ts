// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Entry, foldEntries } from '../../src/collectors/fold.ts';
import { edgePlaces } from '../../src/findings/edge-places.ts';
import type { DependencyNode } from '../../src/model/inventory.ts';

const key = fc.constantFrom('0', '1', '2', '3', '4', '5', '6');
const edge = fc.record({ key, kind: fc.constantFrom('runtime' as const, 'optional' as const) });

/** Seven entries with the identities `a` to `d`, so that some are one package. */
const entries = fc.array(
  fc.record({ identity: fc.constantFrom('a', 'b', 'c', 'd'), dependsOn: fc.array(edge, { maxLength: 6 }) }),
  { minLength: 7, maxLength: 7 },
);

function entryOf({ identity, dependsOn }: Pick<Entry, 'identity' | 'dependsOn'>, at: number): Entry {
  return {
    key: String(at),
    identity,
    dependsOn,
    component: {
      name: identity,
      origin: 'registry',
      pinning: 'resolved',
      scopes: ['runtime'],
      direct: false,
      artifacts: [],
      licenses: [],
      flags: {},
      locations: [{ uri: 'lock', startLine: at + 1 }],
    },
  };
}

describe('foldEntries', () => {
  it('gives each identity once, with the union of the edges in order', () => {
    fc.assert(
      fc.property(entries, (given) => {
        const { components, dependencies } = foldEntries('lock', given.map(entryOf));
        const identities = [...new Set(given.map(({ identity }) => identity))].sort();
        expect(components.map(({ ref }) => ref)).toEqual(identities.map((identity) => `lock#${identity}`));
        expect(dependencies.map(({ ref }) => ref)).toEqual(components.map(({ ref }) => ref));
        for (const { ref, dependsOn } of dependencies) {
          const same = given.filter(({ identity }) => ref === `lock#${identity}`);
          const wanted = same.flatMap((entry) =>
            entry.dependsOn.map(({ key: to, kind }) => `lock#${given[Number(to)]?.identity} ${kind}`),
          );
          expect(dependsOn.map((to) => `${to.ref} ${to.kind}`)).toEqual([...new Set(wanted)].sort());
        }
      }),
    );
  });

  it('remembers the places that one finds by ref', () => {
    fc.assert(
      fc.property(entries, (given) => {
        const { dependencies } = foldEntries('lock', given.map(entryOf));
        expect(placesByNode(dependencies)).toEqual(placesByNode([...dependencies]));
      }),
    );
  });

  it('refuses an edge that leads nowhere', () => {
    const lost = entryOf({ identity: 'a', dependsOn: [{ key: 'x', kind: 'runtime' }] }, 0);
    expect(() => foldEntries('lock', [lost])).toThrow('edge from 0 to unknown entry x');
  });
});

/** In their order, each once. */
function placesByNode(nodes: readonly DependencyNode[]): number[][] {
  const { ends, targets } = edgePlaces(nodes);
  return nodes.map((_, i) => [...new Set(targets.slice(ends[i - 1] ?? 0, ends[i]))]);
}
