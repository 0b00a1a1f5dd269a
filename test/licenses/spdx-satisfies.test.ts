// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import deprecated from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import current from 'spdx-license-ids/index.json' with { type: 'json' };
import spdxSatisfies from 'spdx-satisfies';
import { describe, expect, it } from 'vitest';
import { compileAllowList, evaluate } from '../../src/licenses/evaluate.ts';
import { parseExpression } from '../../src/licenses/expression.ts';
import { REPO_ROOT } from '../support/shared-data.ts';

interface Difference {
  /** `*`: whatever is allowed. */
  readonly allowed: string;
  readonly expressions: readonly string[];
  readonly ours: 'pass' | 'fail' | 'literal';
  readonly spdxSatisfies: boolean | 'throws';
  readonly reason: string;
}

const TABLE: readonly Difference[] = JSON.parse(
  readFileSync(join(REPO_ROOT, 'fixtures/licenses/spdx-satisfies-differences.json'), 'utf8'),
);
const PAIRS = TABLE.filter((row) => row.allowed !== '*');
const DIFFERENT = new Set(PAIRS.flatMap((row) => row.expressions.map((e) => `${e} | ${row.allowed}`)));
const UNREADABLE = TABLE.filter((row) => row.allowed === '*').flatMap((row) => row.expressions);

/** Every id that spdx-satisfies can read, and with `+` where that says something. */
const WORDS = [...current, ...deprecated]
  .filter((id) => !UNREADABLE.includes(id))
  .flatMap((id) => (/-(?:only|or-later)$/.test(id) ? [id] : [id, `${id}+`]));
/** The versions of one licence, and what a deprecated id of another name is now. */
const FAMILIES = byFamily();

function byFamily(): ReadonlyMap<string, readonly string[]> {
  const families = new Map<string, string[]>();
  for (const word of WORDS) {
    const family = word.replace(/-?\d.*$|\+$/, '');
    families.set(family, [...(families.get(family) ?? []), word]);
  }
  const renamed = ['eCos-2.0', 'eCos-2.0+', 'wxWindows', 'wxWindows+'];
  families.set('GPL', [...(families.get('GPL') ?? []), ...renamed]);
  families.set('SMLNJ', ['SMLNJ', 'SMLNJ+', 'StandardML-NJ', 'StandardML-NJ+']);
  families.set('zlib-acknowledgement', ['zlib-acknowledgement', 'zlib-acknowledgement+', 'Nunit', 'Nunit+']);
  return families;
}

function ours(expression: string, allow: readonly string[], ranges: boolean): string {
  const parsed = parseExpression(expression);
  if (!parsed.ok) throw new Error(`${expression}: expected ${parsed.expected}, got ${parsed.got}`);
  return evaluate(parsed.tree, compileAllowList(allow, { ranges, with: 'base' })).result;
}

function theirs(expression: string, allow: readonly string[]): boolean | 'throws' {
  try {
    return spdxSatisfies(expression, allow);
  } catch {
    return 'throws';
  }
}

describe('in ranges mode', () => {
  it('decides single ids as spdx-satisfies does, but for the rows of the table', () => {
    const different = new Set<string>();
    const surprises: string[] = [];
    for (const family of FAMILIES.values()) {
      for (const allowed of family) {
        for (const expression of family) {
          const mine = ours(expression, [allowed], true);
          const other = theirs(expression, [allowed]);
          if ((mine === 'pass') === other) continue;
          const key = `${expression} | ${allowed}`;
          different.add(key);
          if (!DIFFERENT.has(key)) surprises.push(`${key}: ${mine}, spdx-satisfies ${other}`);
        }
      }
    }
    expect(surprises).toEqual([]);
    expect([...DIFFERENT].filter((key) => !different.has(key))).toEqual([]);
  });

  it.each(PAIRS.map((row) => [row.allowed, row.reason, row] as const))('%s: %s', (allowed, _, row) => {
    for (const expression of row.expressions) {
      expect([expression, ours(expression, [allowed], true)]).toEqual([expression, row.ours]);
      expect([expression, theirs(expression, [allowed])]).toEqual([expression, row.spdxSatisfies]);
    }
  });

  it.each(UNREADABLE)('%s, which spdx-satisfies cannot read, by the letter', (id) => {
    const other = id.endsWith('-or-later') ? 'MIT' : 'MIT+';
    expect(theirs(id, [other])).toBe('throws');
    expect([ours(id, [id], true), ours(id, [other], true)]).toEqual(['pass', 'fail']);
  });

  it.each([
    [['MIT']],
    [['MIT', 'Apache-2.0', 'BSD-3-Clause', 'ISC']],
    [['GPL-2.0-or-later', 'MPL-1.1+', 'Zlib']],
    [['CC-BY-3.0+', 'Apache-1.0+', 'EPL-2.0']],
  ])('decides every id against %j as spdx-satisfies does', (allow) => {
    for (const word of WORDS.filter((candidate) => undisputed([candidate], allow))) {
      expect([word, ours(word, allow, true) === 'pass']).toEqual([word, theirs(word, allow)]);
    }
  });

  it('decides trees of OR and AND as spdx-satisfies does', () => {
    fc.assert(
      fc.property(tree, allowList, ({ text, leaves }, allow) => {
        fc.pre(undisputed(leaves, allow));
        expect(ours(text, allow, true) === 'pass').toBe(theirs(text, allow));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('in literal mode', () => {
  it('passes only what spdx-satisfies accepts', () => {
    fc.assert(
      fc.property(tree, allowList, ({ text, leaves }, allow) => {
        fc.pre(undisputed(leaves, allow) && ours(text, allow, false) === 'pass');
        expect(theirs(text, allow)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

/** None of the pairs is a row of the table. */
function undisputed(leaves: readonly string[], allow: readonly string[]): boolean {
  return leaves.every((leaf) => allow.every((allowed) => !DIFFERENT.has(`${leaf} | ${allowed}`)));
}

/** Mostly ids that have relatives, so that passes and failures are both frequent. */
const FREQUENT = WORDS.filter((word) =>
  /^(?:A?GPL|LGPL|MIT|ISC|Apache|MPL|CC-BY-\d|BSD-[23]-Clause)/.test(word),
);
const word = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...FREQUENT) }, fc.constantFrom(...WORDS));
const allowList = fc.array(word, { minLength: 1, maxLength: 6 });

interface Tree {
  readonly text: string;
  readonly leaves: readonly string[];
}

const leaf: fc.Arbitrary<Tree> = word.map((text) => ({ text, leaves: [text] }));
const pair = joined(leaf, leaf);
const four = joined(fc.oneof(leaf, pair), fc.oneof(leaf, pair));
/** Up to eight leaves, with parentheses or without. */
const tree = fc.oneof(leaf, pair, four, joined(four, four));

function joined(left: fc.Arbitrary<Tree>, right: fc.Arbitrary<Tree>): fc.Arbitrary<Tree> {
  return fc.tuple(left, right, fc.constantFrom('AND', 'OR'), fc.boolean()).map(([a, b, operator, bare]) => ({
    text: bare ? `${a.text} ${operator} ${b.text}` : `(${a.text}) ${operator} (${b.text})`,
    leaves: [...a.leaves, ...b.leaves],
  }));
}
