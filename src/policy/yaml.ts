// SPDX-License-Identifier: Apache-2.0
import {
  Composer,
  type CST,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
} from 'yaml';
import { type Problem, policyError } from './problems.ts';

const MAX_BYTES = 1024 * 1024;
const MAX_DEPTH = 16;

/** A mapping read from a file. It has no prototype, so that `__proto__` is a key like any other. */
export interface Tree {
  readonly [key: string]: unknown;
}

export type KeyPath = readonly PropertyKey[];

export interface YamlFile {
  readonly data: Tree;
  /** 1-based line of a key or list item; of the nearest one above it where the path does not exist. */
  lineOf(path: KeyPath): number;
}

/**
 * Reads a YAML 1.2 file whose root is a mapping (or nothing) into plain values, with the line of every key.
 * Aliases, anchors, tags, directives, merge keys and several documents are refused: a policy needs none of them,
 * and each has been used to make a file mean something else than it seems to.
 *
 * @throws PlimsollError `policy-invalid`, naming every problem with its line
 */
export function readYaml(file: string, bytes: Uint8Array): YamlFile {
  const problems: Problem[] = [];
  const lines = new LineCounter();
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line);
  const report = (offset: number, message: string) => problems.push({ line: lineAt(offset), message });

  const { tokens, tooDeep = findDeep(tokens) } = tokenize(decode(file, bytes), lines);
  if (tooDeep !== undefined) report(tooDeep, `expected at most ${MAX_DEPTH} levels`);
  for (const token of tokens) {
    if (token.type === 'directive') report(token.offset, 'expected no directive');
  }
  if (problems.length > 0) throw policyError(file, problems);

  const composer = new Composer({
    schema: 'core',
    merge: false,
    stringKeys: true,
    // Its check is quadratic; duplicates are found below.
    uniqueKeys: false,
  });
  const documents = [...composer.compose(tokens, true, bytes.length)];
  const [document, second] = documents;
  if (second) report(second.range[0], 'expected one document, got several');
  for (const problem of [...(document?.errors ?? []), ...(document?.warnings ?? [])]) {
    report(problem.pos[0], `expected YAML: ${problem.message}`);
  }
  if (problems.length > 0) throw policyError(file, problems);

  const lineOf = new Map<string, number>();
  const data = toPlain(document?.contents, [], { lineOf, lineAt, report });
  if (problems.length === 0 && data !== null && !isTree(data)) {
    report(0, 'expected a mapping of keys to values');
  }
  if (problems.length > 0) throw policyError(file, problems);
  return {
    data: isTree(data) ? data : Object.create(null),
    lineOf(path) {
      for (let length = path.length; length > 0; length--) {
        const line = lineOf.get(path.slice(0, length).join('.'));
        if (line !== undefined) return line;
      }
      return 1;
    },
  };
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function decode(file: string, bytes: Uint8Array): string {
  if (bytes.length > MAX_BYTES) {
    throw policyError(file, [{ line: 1, message: `expected at most 1 MiB, got ${bytes.length} bytes` }]);
  }
  try {
    // Removes a byte order mark.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw policyError(file, [{ line: 1, message: 'expected UTF-8 text' }]);
  }
}

/** Stops where the nesting is far too deep: to close a million open brackets would take the parser seconds. */
function tokenize(text: string, lines: LineCounter): { tokens: CST.Token[]; tooDeep?: number } {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    const { length, [length - 1]: innermost } = parser.stack;
    if (length > 2 * MAX_DEPTH && innermost) return { tokens, tooDeep: innermost.offset };
  }
  tokens.push(...parser.end());
  return { tokens };
}

/** Where the first node below {@link MAX_DEPTH} stands. The parser is iterative; what comes after it recurses. */
function findDeep(tokens: readonly CST.Token[]): number | undefined {
  const open: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) return token.offset;
    const below = token.type === 'document' ? depth : depth + 1;
    for (const child of childrenOf(token)) open.push({ token: child, depth: below });
  }
  return undefined;
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : [];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key, value]).filter((child) => child != null);
}

interface Context {
  readonly lineOf: Map<string, number>;
  lineAt(offset: number): number;
  report(offset: number, message: string): void;
}

function toPlain(node: unknown, path: KeyPath, context: Context): unknown {
  if (!isNode(node)) return null;
  const offset = node.range?.[0] ?? 0;
  if (isAlias(node) || node.anchor !== undefined) {
    context.report(offset, 'expected a value, got an anchor or alias');
    return null;
  }
  if (node.tag !== undefined) context.report(offset, `expected a value without a tag, got ${node.tag}`);
  if (isScalar(node)) return node.value;
  if (isSeq(node)) {
    return node.items.map((item, index) => {
      const itemPath = [...path, index];
      const itemOffset = isNode(item) ? item.range?.[0] : undefined;
      context.lineOf.set(itemPath.join('.'), context.lineAt(itemOffset ?? offset));
      return toPlain(item, itemPath, context);
    });
  }
  if (!isMap(node)) return null;
  const tree: Record<string, unknown> = Object.create(null);
  for (const { key, value } of node.items) {
    const keyOffset = (isNode(key) ? key.range?.[0] : undefined) ?? offset;
    if (!isScalar(key) || typeof key.value !== 'string' || key.anchor || key.tag) {
      context.report(keyOffset, 'expected a key that is a plain word');
      continue;
    }
    const name = key.value;
    const keyPath = [...path, name];
    if (name in tree) {
      const first = context.lineOf.get(keyPath.join('.'));
      context.report(
        keyOffset,
        `expected each key once, got ${JSON.stringify(name)} again (first on line ${first})`,
      );
      continue;
    }
    context.lineOf.set(keyPath.join('.'), context.lineAt(keyOffset));
    tree[name] = toPlain(value, keyPath, context);
  }
  return tree;
}
