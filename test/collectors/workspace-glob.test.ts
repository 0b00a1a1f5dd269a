// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { workspaceMatcher } from '../../src/collectors/workspace-glob.ts';

describe('workspaceMatcher', () => {
  it.each([
    [['packages/*'], 'packages/a', true],
    [['packages/*'], 'packages/a/b', false],
    [['./packages/*/'], 'packages/a', true],
    [['packages/**'], 'packages/a/b', true],
    [['{apps,libs/{x,y}}/*'], 'libs/y/z', true],
    [['{apps,libs}/*'], 'tools/z', false],
    [['libs/[a-c]?'], 'libs/bz', true],
    [['libs/[!a-c]*'], 'libs/bz', false],
    [['libs/[]x]'], 'libs/]', true],
    [['libs/[x'], 'libs/[x', true],
    [['libs/{x'], 'libs/{x', true],
    [['libs/{x}'], 'libs/{x}', true],
    [['libs/\\*'], 'libs/*', true],
    [['libs/\\*'], 'libs/a', false],
    [['packages/*', '!packages/a'], 'packages/a', false],
    [['!packages/a', 'packages/*'], 'packages/a', true],
    [['!packages/a'], 'packages/b', false],
    [[], 'packages/a', false],
    [['x'.repeat(2000)], 'x'.repeat(2000), false],
    [['{a,b}'.repeat(12)], 'ab'.repeat(6), false],
  ])('%j on %s: %s', (globs, path, expected) => {
    expect(workspaceMatcher(globs)(path)).toBe(expected);
  });

  it('agrees with picomatch', () => {
    const segment = fc
      .array(fc.constantFrom('a', 'b', '*', '?', '[ab]', '[^a]', '{a,b}'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join(''))
      // `a**` has no agreed meaning.
      .filter((text) => !text.includes('**'));
    const glob = fc
      .array(fc.oneof(segment, fc.constant('**')), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('/'))
      // picomatch does not let `**/**` or a last `*/**` stand for nothing.
      .filter((text) => !/\*\*\/\*\*|\*\/\*\*$/.test(text));
    const name = fc
      .array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join(''));
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(glob, path, (g, p) => {
        expect(workspaceMatcher([g])(p)).toBe(picomatch.isMatch(p, g, { dot: true }));
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws, and is quick on hostile globs', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (g, p) => typeof workspaceMatcher([g])(p) === 'boolean'));
    const hostile = [
      '*a'.repeat(500),
      '**/a/'.repeat(200),
      '{'.repeat(1024),
      '{a,b}{'.repeat(170),
      '[a-'.repeat(300),
    ];
    const start = performance.now();
    for (const glob of hostile) workspaceMatcher([glob])(`${'a/'.repeat(400)}${'a'.repeat(255)}c`);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
