// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRoots, readTree, resolveInclude } from '../../../src/collectors/python/requirements-tree.ts';
import { memoryContext } from '../../support/memory-files.ts';

const NAMES = ['a.txt', 'b.txt', 'c.txt', 'd.txt', 'e.txt'];

describe('findRoots', () => {
  it('from the roots every claimed file is reached, and no root from another', async () => {
    const graph = fc.dictionary(fc.constantFrom(...NAMES), fc.subarray(NAMES), { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(graph, async (includes) => {
        const files = Object.fromEntries(
          Object.entries(includes).map(([path, targets]) => [path, targets.map((t) => `-r ${t}`).join('\n')]),
        );
        const claimed = Object.keys(files).sort();
        const roots = findRoots(claimed, await readTree(claimed, memoryContext(files)));
        const reached = roots.map((root) => {
          const paths = new Set([root]);
          for (const path of paths) for (const next of includes[path] ?? []) paths.add(next);
          return paths;
        });
        expect(claimed.filter((path) => !reached.some((paths) => paths.has(path)))).toEqual([]);
        for (const [i, paths] of reached.entries()) {
          expect(roots.filter((other, j) => j !== i && paths.has(other))).toEqual([]);
        }
      }),
    );
  });

  it('of a circle the code-unit first claimed file is the root', async () => {
    const files = { 'a.txt': '-r c.txt', 'b.txt': '-r a.txt', 'c.txt': '-r b.txt' };
    expect(findRoots(['b.txt', 'c.txt'], await readTree(['b.txt', 'c.txt'], memoryContext(files)))).toEqual([
      'b.txt',
    ]);
  });

  it('walks a chain of ten thousand files', async () => {
    const chain = Array.from({ length: 10_000 }, (_, i) => [`f${i}.txt`, `-r f${i + 1}.txt`] as const);
    const files = Object.fromEntries(chain);
    expect(findRoots(['f0.txt', 'f9.txt'], await readTree(['f0.txt'], memoryContext(files)))).toEqual([
      'f0.txt',
    ]);
  });
});

describe('resolveInclude', () => {
  it.each([
    ['requirements.txt', 'base.txt', { path: 'base.txt' }],
    ['a/b/r.txt', '../c.txt', { path: 'a/c.txt' }],
    ['a/r.txt', './b//c.txt', { path: 'a/b/c.txt' }],
    ['a/r.txt', 'cafe\u0301.txt', { path: 'a/caf\u00e9.txt' }],
    ['a/r.txt', '../../c.txt', { reason: 'it lies outside the scan root' }],
    ['r.txt', '/c.txt', { reason: 'it lies outside the scan root' }],
    ['r.txt', 'HTTPS://h.example/r.txt', { reason: 'a URL is never fetched' }],
  ])('%s: -r %s', (from, target, expected) => {
    expect(resolveInclude(from, target)).toEqual(expected);
  });
});
