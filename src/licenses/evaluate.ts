// SPDX-License-Identifier: Apache-2.0
import { type LicenseExpression, leavesOf, parseExpression, renderExpression } from './expression.ts';
import type { LicenseLeaf } from './leaf.ts';
import { inRange } from './ranges.ts';

type LicenseResult = 'pass' | 'fail' | 'unknown';

/** What an allow list says of an expression. */
export interface Evaluation {
  readonly result: LicenseResult;
  /** The leaves that are not allowed and decide a `fail`, from left to right. */
  readonly failing: readonly string[];
  /** What is left of the expression after its choices; absent where nothing was chosen. */
  readonly branch?: string;
}

/** An allow list made ready; see {@link compileAllowList}. */
export interface AllowList {
  decide(leaf: LicenseLeaf): LicenseResult;
}

/**
 * Entries are single licences, each with an exception or without. An entry that is compound or that cannot be parsed
 * matches nothing: whoever reads the policy refuses it with its line (see {@link isAllowListEntry}).
 *
 * A leaf passes by an entry of the same text. `ranges`: also by an entry of which it is another version. `X WITH e`
 * without an entry of its own passes under `base` where `X` does and SPDX lists `e`, since what SPDX lists only adds
 * permissions; an exception that SPDX does not know may take some away and leaves it `unknown`.
 */
export function compileAllowList(
  entries: readonly string[],
  options: { readonly ranges: boolean; readonly with: 'base' | 'strict' },
): AllowList {
  const allowed = entries.map(entryLeaf).filter((leaf) => leaf !== undefined);
  const texts = new Set(allowed.map((leaf) => leaf.text));
  const known = new Map<string, boolean>();

  function allows(leaf: Pick<LicenseLeaf, 'text' | 'license' | 'exception'>): boolean {
    if (!options.ranges || texts.has(leaf.text)) return texts.has(leaf.text);
    let covered = known.get(leaf.text);
    if (covered === undefined) {
      const alike = allowed.filter((entry) => entry.exception === leaf.exception);
      covered = alike.some((entry) => inRange(leaf.license, entry.license));
      known.set(leaf.text, covered);
    }
    return covered;
  }

  return {
    decide(leaf) {
      if (!leaf.known) return 'unknown';
      if (allows(leaf)) return 'pass';
      if (leaf.addition === 'none' || !allows({ text: leaf.license, license: leaf.license })) return 'fail';
      if (leaf.addition === 'unknown') return 'unknown';
      return leaf.addition === 'listed' && options.with === 'base' ? 'pass' : 'fail';
    },
  };
}

/** Whether a text can be an entry of an allow list: one licence that SPDX knows or a `LicenseRef-`. */
export function isAllowListEntry(text: string): boolean {
  return entryLeaf(text) !== undefined;
}

/**
 * Three-valued and linear: OR passes if one branch does and fails only if all do, AND the other way round. Of an OR
 * the first branch with the best result counts as taken.
 */
export function evaluate(tree: LicenseExpression, allowList: AllowList): Evaluation {
  const results = resultsOf(tree, allowList);
  const result = results.at(-1) ?? 'unknown';
  const choice = tree.nodes.some((node) => node.kind === 'or');
  const branch = choice ? renderExpression(tree, taken(tree, results)) : undefined;
  return {
    result,
    failing: result === 'fail' ? failingLeaves(tree, results) : [],
    ...(branch === undefined || branch === renderExpression(tree) ? {} : { branch }),
  };
}

function entryLeaf(text: string): LicenseLeaf | undefined {
  const parsed = parseExpression(text);
  if (!parsed.ok || parsed.tree.nodes.length > 1) return undefined;
  const [leaf] = leavesOf(parsed.tree);
  return leaf?.known && leaf.addition !== 'unknown' ? leaf : undefined;
}

const ORDER = ['fail', 'unknown', 'pass'] as const satisfies readonly LicenseResult[];

function resultsOf(tree: LicenseExpression, allowList: AllowList): LicenseResult[] {
  const results: LicenseResult[] = [];
  for (const node of tree.nodes) {
    if (node.kind === 'license') {
      results.push(allowList.decide(node));
      continue;
    }
    const found = new Set(node.operands.map((operand) => results[operand]));
    const order = node.kind === 'and' ? ORDER : ORDER.toReversed();
    results.push(order.find((result) => found.has(result)) ?? 'unknown');
  }
  return results;
}

/** The leaves that failed, reached through groups that failed: one in a passing OR is no reason. */
function failingLeaves(tree: LicenseExpression, results: readonly LicenseResult[]): string[] {
  const reached = descend(tree, (operands) => operands.filter((operand) => results[operand] === 'fail'));
  const leaves = tree.nodes.filter((node, i) => node.kind === 'license' && reached.has(i)) as LicenseLeaf[];
  return [...new Set(leaves.map((leaf) => leaf.text))];
}

/** Every operand of an AND and of a failed OR; of another OR the first that has its result. */
function taken(tree: LicenseExpression, results: readonly LicenseResult[]): ReadonlySet<number> {
  return descend(tree, (operands, i) => {
    if (tree.nodes[i]?.kind === 'and' || results[i] === 'fail') return operands;
    return operands.filter((operand) => results[operand] === results[i]).slice(0, 1);
  });
}

/** The nodes reached from the whole through the operands that `choose` keeps. */
function descend(
  tree: LicenseExpression,
  choose: (operands: readonly number[], i: number) => readonly number[],
): ReadonlySet<number> {
  const reached = new Set([tree.nodes.length - 1]);
  for (let i = tree.nodes.length - 1; i >= 0; i--) {
    const node = tree.nodes[i];
    if (!node || node.kind === 'license' || !reached.has(i)) continue;
    for (const operand of choose(node.operands, i)) reached.add(operand);
  }
  return reached;
}
