// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { componentsByRef, dependencyPaths } from '../../src/findings/paths.ts';
import type { Component, Inventory } from '../../src/model/inventory.ts';

/** One project `p` whose root is `p#.`; edges by short name, `.` is the root. */
function graph(edges: Readonly<Record<string, readonly string[]>>): Inventory {
  const names = [...new Set(['.', ...Object.keys(edges), ...Object.values(edges).flat()])].sort();
  return {
    projects: [{ id: 'p', collector: 'x', manifest: 'p', files: ['p'], root: 'p#.', sources: [] }],
    components: names.map((name) => ({ ref: `p#${name}`, project: 'p' }) as Component),
    dependencies: names.map((name) => ({
      ref: `p#${name}`,
      dependsOn: (edges[name] ?? []).map((to) => ({ ref: `p#${to}`, kind: 'runtime' as const })),
    })),
    skipped: [],
  };
}

function paths(inventory: Inventory, name: string): string[] {
  const found = dependencyPaths(inventory, new Set([`p#${name}`])).to(`p#${name}`);
  return found.map((path) => path.map((ref) => ref.slice(2)).join(' '));
}

describe('dependencyPaths', () => {
  it('gives the shortest path through each parent, the shortest first', () => {
    const inventory = graph({ '.': ['a', 'b'], a: ['c'], b: ['d'], d: ['c'] });
    expect(paths(inventory, 'c')).toEqual(['. a c', '. b d c']);
  });

  it('names a direct dependency from the root', () => {
    expect(paths(graph({ '.': ['a'] }), 'a')).toEqual(['. a']);
    expect(paths(graph({ '.': ['a'] }), '.')).toEqual(['.']);
  });

  it('is empty where the graph does not lead, and for what was not wanted', () => {
    expect(paths(graph({ '.': ['a'], b: ['c'] }), 'c')).toEqual([]);
    expect(dependencyPaths(graph({ '.': ['a'] }), new Set(['p#b'])).to('p#a')).toEqual([]);
    expect(dependencyPaths(graph({ '.': ['a'] }), new Set()).to('p#a')).toEqual([]);
  });

  it('ends in a cycle, and never goes through the component itself', () => {
    expect(paths(graph({ '.': ['a'], a: ['b'], b: ['a'] }), 'a')).toEqual(['. a']);
  });

  it('gives at most ten', () => {
    const parents = Array.from({ length: 30 }, (_, i) => `n${i}`);
    const edges = Object.fromEntries(parents.map((name) => [name, ['x']]));
    expect(paths(graph({ '.': parents, ...edges }), 'x')).toHaveLength(10);
  });

  it('walks edges that exist, from the root, whatever the graph', () => {
    const name = fc.constantFrom('.', 'a', 'b', 'c', 'd', 'e');
    fc.assert(
      fc.property(fc.dictionary(name, fc.uniqueArray(name)), name, (edges, wanted) => {
        const plain = Object.fromEntries(Object.entries(edges));
        for (const path of paths(graph(plain), wanted)) {
          const steps = path.split(' ');
          expect([steps[0], steps.at(-1)]).toEqual(['.', wanted]);
          expect(new Set(steps).size).toBe(steps.length);
          for (const [i, step] of steps.slice(1).entries()) expect(plain[steps[i] ?? '']).toContain(step);
        }
      }),
    );
  });
});

describe('componentsByRef', () => {
  const refs = fc.uniqueArray(fc.string({ maxLength: 3 }), { maxLength: 60 });

  it('finds the wanted ones in their order, in lists that are sorted and in others', () => {
    fc.assert(
      fc.property(refs, fc.uniqueArray(fc.string({ maxLength: 3 }), { maxLength: 4 }), (all, others) => {
        const wanted = new Set([...others, ...all.slice(0, 2)]);
        for (const list of [all, all.toSorted((a, b) => (a < b ? -1 : 1))]) {
          const found = componentsByRef(
            list.map((ref) => ({ ref })),
            wanted,
          );
          expect([...found.keys()]).toEqual(list.filter((ref) => wanted.has(ref)));
        }
      }),
    );
  });
});
