// SPDX-License-Identifier: Apache-2.0
import { type LicenseLeaf, licenseLeaf } from './leaf.ts';

/** `and` or `or` over two or more nodes, given by their place in the list. */
interface LicenseGroup {
  readonly kind: 'and' | 'or';
  readonly operands: readonly number[];
}

/**
 * A licence expression as a list of nodes, each group behind its operands, so that the last node is the whole and one
 * loop evaluates it: no depth of nesting can exhaust the stack.
 */
export interface LicenseExpression {
  readonly nodes: readonly (LicenseLeaf | LicenseGroup)[];
}

export type ParsedExpression =
  | { readonly ok: true; readonly tree: LicenseExpression }
  /** `at` is the offset in the text. */
  | { readonly ok: false; readonly at: number; readonly expected: string; readonly got: string };

/**
 * Parses an SPDX licence expression in linear time; never throws. Ids and operators are taken in any case and written
 * as SPDX spells them, deprecated ids as what replaced them; an id that SPDX does not know is a leaf with
 * `known: false`. `WITH` binds before `AND`, `AND` before `OR`.
 *
 * @see https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/
 */
export function parseExpression(text: string): ParsedExpression {
  const nodes: (LicenseLeaf | LicenseGroup)[] = [];
  const frames: Frame[] = [];
  let frame: Frame = { or: [], and: [] };
  let state: State = 'operand';
  let license = '';

  for (const token of tokens(text)) {
    const next = transition(state, token.kind, frames.length);
    const refused = {
      ok: false,
      at: token.at,
      expected: EXPECTED[state],
      got: quoteWord(token.text),
    } as const;
    if (next === undefined) return refused;
    if (token.kind === 'word') {
      const leaf = state === 'operand' ? licenseLeaf(token.text) : licenseLeaf(license, token.text);
      if (leaf === undefined) return refused;
      license = token.text;
      if (state === 'operand') frame.and.push(nodes.push(leaf) - 1);
      else nodes[nodes.length - 1] = leaf;
    } else if (token.kind === 'or') {
      frame.or.push(join('and', frame.and, nodes));
      frame.and = [];
    } else if (token.kind === '(') {
      frames.push(frame);
      frame = { or: [], and: [] };
    } else if (token.kind === ')' || token.kind === 'end') {
      const inner = join('or', [...frame.or, join('and', frame.and, nodes)], nodes);
      const outer = frames.pop();
      outer?.and.push(inner);
      frame = outer ?? frame;
    }
    state = next;
  }
  return { ok: true, tree: { nodes } };
}

/** The expression as SPDX writes it. `kept` leaves out operands of groups; of each group at least one must stay. */
export function renderExpression(tree: LicenseExpression, kept?: ReadonlySet<number>): string {
  const parts: Rendered[] = [];
  for (const node of tree.nodes) {
    if (node.kind === 'license') {
      parts.push({ text: node.text });
      continue;
    }
    const operands = kept ? node.operands.filter((operand) => kept.has(operand)) : node.operands;
    parts.push(
      renderGroup(
        node.kind,
        operands.map((operand) => parts[operand] as Rendered),
      ),
    );
  }
  return parts.at(-1)?.text ?? '';
}

/** The leaves, from left to right. */
export function leavesOf(tree: LicenseExpression): LicenseLeaf[] {
  return tree.nodes.filter((node) => node.kind === 'license');
}

/** A word for a message: quoted, and cut where it is long. */
export function quoteWord(word: string): string {
  if (word === '') return 'the end';
  return JSON.stringify(word.length > 40 ? `${word.slice(0, 40)}…` : word);
}

interface Token {
  readonly kind: 'word' | 'and' | 'or' | 'with' | '(' | ')' | 'end';
  readonly text: string;
  readonly at: number;
}

/** An open parenthesis: the finished branches of its OR, and the operands of the AND that is being read. */
interface Frame {
  readonly or: number[];
  and: number[];
}

type State = 'operand' | 'license' | 'exception' | 'operator';

const EXPECTED = {
  operand: 'a licence id or (',
  license: 'AND, OR, WITH, ) or the end',
  exception: 'an exception id',
  operator: 'AND, OR, ) or the end',
} as const satisfies Record<State, string>;

function transition(state: State, kind: Token['kind'], depth: number): State | undefined {
  if (state === 'operand') return kind === 'word' ? 'license' : kind === '(' ? 'operand' : undefined;
  if (state === 'exception') return kind === 'word' ? 'operator' : undefined;
  if (kind === 'and' || kind === 'or') return 'operand';
  if (kind === 'with') return state === 'license' ? 'exception' : undefined;
  if (kind === ')') return depth > 0 ? 'operator' : undefined;
  return kind === 'end' && depth === 0 ? 'operator' : undefined;
}

function* tokens(text: string): Generator<Token> {
  for (const match of text.matchAll(/[()]|[^\s()]+/g)) {
    const [word] = match;
    const lower = word.length > 4 ? '' : word.toLowerCase();
    const special = lower === 'and' || lower === 'or' || lower === 'with' || lower === '(' || lower === ')';
    yield { kind: special ? lower : 'word', text: word, at: match.index };
  }
  yield { kind: 'end', text: '', at: text.length };
}

function join(
  kind: 'and' | 'or',
  operands: readonly number[],
  nodes: (LicenseLeaf | LicenseGroup)[],
): number {
  const [only] = operands;
  return operands.length === 1 && only !== undefined ? only : nodes.push({ kind, operands }) - 1;
}

interface Rendered {
  readonly text: string;
  /** Absent on a single licence. */
  readonly kind?: 'and' | 'or';
}

function renderGroup(kind: 'and' | 'or', operands: readonly Rendered[]): Rendered {
  const [only] = operands;
  if (only !== undefined && operands.length === 1) return only;
  // Concatenation, unlike an array's join, copies nothing until the text is read, so that nesting stays linear.
  let text = '';
  for (const operand of operands) {
    if (text !== '') text += kind === 'or' ? ' OR ' : ' AND ';
    text += operand.kind === undefined || operand.kind === kind ? operand.text : `(${operand.text})`;
  }
  return { text, kind };
}
