// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compileAllowList,
  type Evaluation,
  evaluate,
  isAllowListEntry,
} from '../../src/licenses/evaluate.ts';
import { parseExpression } from '../../src/licenses/expression.ts';
import { bestTime } from '../support/best-time.ts';

type Options = Partial<Parameters<typeof compileAllowList>[1]>;

function judge(text: string, allow: readonly string[], options: Options = {}): Evaluation {
  const parsed = parseExpression(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.expected}`);
  return evaluate(parsed.tree, compileAllowList(allow, { ranges: false, with: 'base', ...options }));
}

describe('evaluate, by the letter', () => {
  it.each([
    ['MIT', ['MIT'], 'pass'],
    ['mit', ['MIT'], 'pass'],
    ['MIT', [], 'fail'],
    ['GPL-2.0', ['GPL-2.0-only'], 'pass'],
    ['GPL-2.0-only', ['GPL-2.0'], 'pass'],
    ['GPL-2.0-or-later', ['GPL-2.0-only'], 'fail'],
    ['GPL-3.0-only', ['GPL-2.0-or-later'], 'fail'],
    ['Apache-2.0', ['Apache-1.0+'], 'fail'],
    ['AGPL-3.0-only', ['GPL-3.0-or-later'], 'fail'],
    ['EUPL-1.1+', ['EUPL-1.2'], 'fail'],
    ['BSD-2-Clause-FreeBSD', ['BSD-2-Clause'], 'pass'],
    ['LicenseRef-x', ['LicenseRef-x'], 'pass'],
    ['LicenseRef-x', ['LicenseRef-X'], 'fail'],
    ['DocumentRef-d:LicenseRef-x', ['LicenseRef-x'], 'fail'],
    ['UNLICENSED', ['MIT', 'Unlicense'], 'unknown'],
    ['NOASSERTION', ['MIT'], 'unknown'],
    ['MIT OR UNKNOWN', ['MIT'], 'pass'],
    ['AGPL-3.0-only OR UNKNOWN', ['MIT'], 'unknown'],
    ['MIT AND UNKNOWN', ['MIT'], 'unknown'],
    ['AGPL-3.0-only AND UNKNOWN', ['MIT'], 'fail'],
    ['AGPL-3.0-only OR ISC', ['MIT'], 'fail'],
    ['(MIT OR AGPL-3.0-only) AND (X OR ISC)', ['MIT', 'ISC'], 'pass'],
    ['MIT', ['MIT OR ISC'], 'fail'],
    ['MIT', ['MIT AND ISC', 'nonsense here', 'UNKNOWN'], 'fail'],
    ['UNKNOWN', ['UNKNOWN'], 'unknown'],
  ])('%s against %j: %s', (text, allow, result) => {
    expect(judge(text, allow).result).toBe(result);
  });

  it('names the leaves that decide', () => {
    expect(judge('AGPL-3.0 AND MIT AND (SSPL-1.0 OR X) AND AGPL-3.0', ['MIT'])).toEqual({
      result: 'fail',
      failing: ['AGPL-3.0-only'],
      branch: 'AGPL-3.0-only AND MIT AND X AND AGPL-3.0-only',
    });
    expect(judge('MIT AND (X OR AGPL-3.0-only)', ['MIT']).failing).toEqual([]);
    expect(judge('SSPL-1.0 OR AGPL-3.0', ['MIT']).failing).toEqual(['SSPL-1.0', 'AGPL-3.0-only']);
  });

  it('records the branches taken, the first that passes of each choice', () => {
    expect(judge('(X OR MIT OR ISC) AND (AGPL-3.0-only OR 0BSD)', ['MIT', 'ISC', '0BSD']).branch).toBe(
      'MIT AND 0BSD',
    );
    expect(judge('(MIT AND (ISC OR X)) OR Y', ['MIT', 'ISC']).branch).toBe('MIT AND ISC');
    expect(judge('MIT AND ISC', ['MIT', 'ISC'])).not.toHaveProperty('branch');
    expect(judge('SSPL-1.0 OR AGPL-3.0-only', ['MIT'])).not.toHaveProperty('branch');
  });
});

describe('exceptions', () => {
  const pair = 'GPL-2.0-only WITH Classpath-exception-2.0';
  it.each([
    ['Apache-2.0 WITH LLVM-exception', ['Apache-2.0'], 'base', 'pass'],
    ['Apache-2.0 WITH LLVM-exception', ['Apache-2.0'], 'strict', 'fail'],
    ['Apache-2.0 WITH LLVM-exception', ['Apache-2.0 WITH LLVM-exception'], 'strict', 'pass'],
    ['Apache-2.0', ['Apache-2.0 WITH LLVM-exception'], 'base', 'fail'],
    [pair, [pair], 'base', 'pass'],
    [pair, ['GPL-2.0-only'], 'base', 'pass'],
    [pair, ['MIT'], 'base', 'fail'],
    ['GPL-2.0-with-classpath-exception', [pair], 'strict', 'pass'],
    // What SPDX does not list may take rights away, as the Commons Clause does.
    ['Apache-2.0 WITH Commons-Clause', ['Apache-2.0'], 'base', 'unknown'],
    ['AGPL-3.0-only WITH Commons-Clause', ['Apache-2.0'], 'base', 'fail'],
    ['Apache-2.0 WITH AdditionRef-mine', ['Apache-2.0'], 'base', 'fail'],
    ['Apache-2.0 WITH AdditionRef-mine', ['Apache-2.0 WITH AdditionRef-mine'], 'strict', 'pass'],
  ] as const)('%s against %j, %s: %s', (text, allow, mode, result) => {
    expect(judge(text, allow, { with: mode }).result).toBe(result);
  });
});

describe('ranges', () => {
  it.each([
    ['GPL-3.0-only', ['GPL-2.0-or-later'], 'pass'],
    ['GPL-2.0-or-later', ['GPL-3.0-only'], 'pass'],
    ['GPL-2.0-only', ['GPL-3.0-only'], 'fail'],
    ['MIT+', ['MIT'], 'pass'],
    ['Artistic-1.0+', ['Artistic-2.0'], 'pass'],
    ['AGPL-3.0-only', ['GPL-3.0-or-later'], 'fail'],
    ['CDDL-1.1', ['CDDL-1.0'], 'fail'],
    ['CDDL-1.1', ['CDDL-1.0+'], 'pass'],
    ['CDDL-1.0', ['CDDL-1.1+'], 'fail'],
    ['GPL-3.0-only WITH Classpath-exception-2.0', ['GPL-2.0-or-later'], 'pass'],
    ['GPL-3.0-only WITH Classpath-exception-2.0', ['GPL-2.0-or-later WITH Classpath-exception-2.0'], 'pass'],
    ['GPL-3.0-only', ['GPL-2.0-or-later WITH Classpath-exception-2.0'], 'fail'],
    ['LicenseRef-a', ['LicenseRef-b'], 'fail'],
  ])('%s against %j: %s', (text, allow, result) => {
    expect(judge(text, allow, { ranges: true }).result).toBe(result);
  });
});

describe('the logic of three values', () => {
  const leaf = fc.constantFrom('MIT', 'AGPL-3.0-only', 'X');
  const text: fc.Arbitrary<string> = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc
        .tuple(tie('tree'), fc.constantFrom('AND', 'OR'), tie('tree'))
        .map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
    ),
  })).tree;

  it('knowing more never turns a pass or a fail around', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('MIT', 'AGPL-3.0-only'), (unknown, known) => {
        const before = judge(unknown, ['MIT']).result;
        if (before !== 'unknown') expect(judge(unknown.replaceAll('X', known), ['MIT']).result).toBe(before);
      }),
    );
  });

  it('an unknown result can still become both', () => {
    fc.assert(
      fc.property(text, (unknown) => {
        fc.pre(judge(unknown, ['MIT']).result === 'unknown');
        expect(judge(unknown.replaceAll('X', 'MIT'), ['MIT']).result).toBe('pass');
        expect(judge(unknown.replaceAll('X', 'AGPL-3.0-only'), ['MIT']).result).toBe('fail');
      }),
    );
  });

  it('the branch alone has the result of the whole', () => {
    fc.assert(
      fc.property(text, (whole) => {
        const { result, branch } = judge(whole, ['MIT']);
        if (branch !== undefined) expect(judge(branch, ['MIT']).result).toBe(result);
      }),
    );
  });
});

describe('hostile expressions of 10,000 nodes', () => {
  const n = 10_000;
  it.each([
    ['nested parentheses', `${'('.repeat(n)}MIT${')'.repeat(n)}`],
    [
      'a chain of OR',
      Array(n / 2)
        .fill('AGPL-3.0-only')
        .join(' OR '),
    ],
    [
      'a chain of AND',
      Array(n / 2)
        .fill('MIT')
        .join(' AND '),
    ],
    [
      'choices joined by AND',
      Array(n / 4)
        .fill('(MIT OR AGPL-3.0)')
        .join(' AND '),
    ],
    ['alternating depth', `MIT${' OR (ISC AND (X'.repeat(n / 4)}${'))'.repeat(n / 4)}`],
    ['depth on the left', `${'('.repeat(n / 2)}MIT${' AND X) OR ISC'.repeat(n / 2)}`],
    ['many ids', Array.from({ length: n / 2 }, (_, i) => `GPL-${i}+`).join(' AND ')],
  ])('%s: in linear time, without a stack', (_, text) => {
    const allowed = ['MIT', 'GPL-2.0-or-later', 'LGPL-3.0-only'];
    // A quadratic evaluator takes seconds.
    expect(bestTime(() => judge(text, allowed, { ranges: true }))).toBeLessThan(50);
  });
});

describe('isAllowListEntry', () => {
  it.each([
    'MIT',
    'mit',
    'GPL-2.0+',
    'LicenseRef-a',
    'Apache-2.0 WITH LLVM-exception',
    'MIT WITH AdditionRef-a',
  ])('%s is one', (text) => expect(isAllowListEntry(text)).toBe(true));
  it.each(['', 'MIT OR ISC', 'Foo', 'BSD', 'MIT WITH foo', 'MIT License', 'UNLICENSED'])(
    '%j is none',
    (text) => expect(isAllowListEntry(text)).toBe(false),
  );
});
