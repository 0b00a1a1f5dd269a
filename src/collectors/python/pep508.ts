// SPDX-License-Identifier: Apache-2.0
import { satisfies } from '../../versions/range.ts';
import { syntaxError } from './requirements-error.ts';

/** A dependency specifier, each part as written. */
export interface Requirement {
  readonly name: string;
  readonly extras: readonly string[];
  /** After `@`. */
  readonly url?: string;
  /** Without parentheses; empty where there is none. */
  readonly specifier: string;
  readonly clauses: readonly VersionClause[];
  readonly marker?: string;
}

export interface VersionClause {
  /** `==`, `===`, `!=`, `~=`, `<=`, `>=`, `<`, `>`. */
  readonly operator: string;
  readonly version: string;
}

/**
 * Parses a dependency specifier as pip and its `packaging` do: the marker is split off at the first `;` (so that it
 * may follow a URL without a blank, and may be empty), and the name, extras and version clauses are read by the
 * grammar of PEP 508 and PEP 440. `${VAR}`, which pip would replace from the environment, stands for digits while
 * the grammar is checked and is kept as written.
 *
 * @see https://packaging.python.org/en/latest/specifications/dependency-specifiers/
 * @throws PlimsollError `parse-failed` without a place
 */
export function parseRequirement(text: string): Requirement {
  const { head, marker } = splitMarker(text, ';');
  const cursor = cursorOver(head);
  skip(cursor, BLANK);
  const name = expect(cursor, IDENTIFIER, 'a package name');
  skip(cursor, BLANK);
  const extras = parseExtras(cursor);
  skip(cursor, BLANK);
  const url = skip(cursor, AT) ? parseUrlReference(cursor) : undefined;
  const { specifier, clauses } = url === undefined ? parseSpecifier(cursor) : { specifier: '', clauses: [] };
  skip(cursor, BLANK);
  if (cursor.at < head.length)
    throw syntaxError('a version clause, ";" or the end of the line', rest(cursor));
  return {
    name,
    extras,
    specifier,
    clauses,
    ...(url === undefined ? {} : { url }),
    ...(marker === undefined ? {} : { marker }),
  };
}

/**
 * Splits at the first `separator` and checks the marker behind it. An empty marker is none.
 *
 * @throws PlimsollError `parse-failed` without a place
 */
export function splitMarker(text: string, separator: ';' | '; '): { head: string; marker?: string } {
  const at = text.indexOf(separator);
  if (at < 0) return { head: text.trim() };
  const head = text.slice(0, at).trim();
  const marker = text.slice(at + separator.length).trim();
  if (marker === '') return { head };
  checkMarker(marker);
  return { head, marker };
}

/**
 * The one version that the clauses leave: that of a `==` or `===` without wildcard, where every other clause admits
 * it. `undefined` for none, for `${VAR}`, and for clauses that contradict each other, which pip cannot install.
 */
export function exactVersion(clauses: readonly VersionClause[]): string | undefined {
  if (clauses.some((clause) => clause.version.includes('${'))) return undefined;
  const pin = clauses.find(
    ({ operator, version }) => /^===?$/.test(operator) && version !== '' && !version.includes('*'),
  );
  if (!pin) return undefined;
  const others = clauses.filter((clause) => clause !== pin);
  return admits(others, pin.version) ? pin.version : undefined;
}

/** Whether every clause admits the version, pre-releases included. */
export function admits(clauses: readonly VersionClause[], version: string): boolean {
  return clauses.every((clause) => satisfies('PyPI', version, clause.operator + clause.version) === true);
}

/** Of a requirement. Far beyond any real one; keeps the backtracking stack of the patterns small. */
export const MAX_LENGTH = 65_536;

const ENVIRONMENT_VARIABLE = /\$\{[A-Z0-9_]+\}/g;

// Patterns of `packaging`, anchored where the cursor stands. https://peps.python.org/pep-0440/#appendix-b
const EPOCH = 'v?(?:[0-9]+!)?';
const PRE = '(?:[-_.]?(?:alpha|beta|preview|pre|a|b|c|rc)[-_.]?[0-9]*)?';
const POST = '(?:-[0-9]+|[-_.]?(?:post|rev|r)[-_.]?[0-9]*)?';
const SUFFIX = `${PRE}${POST}(?:[-_.]?dev[-_.]?[0-9]*)?`;
const LOCAL = '(?:\\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?';
const CLAUSE = new RegExp(
  [
    '(===)\\s*[^\\s;),]*',
    `(==|!=)\\s*${EPOCH}[0-9]+(?:\\.[0-9]+)*(?:\\.\\*|${SUFFIX}${LOCAL})`,
    `(~=)\\s*${EPOCH}[0-9]+(?:\\.[0-9]+)+${SUFFIX}`,
    `(<=|>=|<|>)\\s*${EPOCH}[0-9]+(?:\\.[0-9]+)*${SUFFIX}`,
  ].join('|'),
  'iy',
);
const IDENTIFIER = /[a-z0-9][a-z0-9._-]*\b/iy;
const BLANK = /[ \t]+/y;
const AT = /@/y;
const URL_TEXT = /[^ \t]+/y;
const COMMA = /,/y;
const OPEN = /\(/y;
const CLOSE = /\)/y;
const OPEN_EXTRAS = /\[/y;
const CLOSE_EXTRAS = /\]/y;
const MARKER_OPERAND =
  /'[^']*'|"[^"]*"|\b(?:python_version|python_full_version|os[._]name|sys[._]platform|platform_(?:release|system)|platform[._](?:version|machine|python_implementation)|python_implementation|implementation_(?:name|version)|extras?|dependency_groups)\b/y;
const MARKER_OPERATOR = /===|==|~=|!=|<=|>=|<|>|\bin\b|\bnot[ \t]+in\b/y;
const AND_OR = /\b(?:and|or)\b/y;

interface Cursor {
  readonly text: string;
  /** The text with each `${VAR}` replaced by digits of the same length. */
  readonly masked: string;
  at: number;
}

function cursorOver(text: string): Cursor {
  if (text.length > MAX_LENGTH) throw syntaxError(`at most ${MAX_LENGTH} characters`, text);
  const masked = text.replace(ENVIRONMENT_VARIABLE, (variable) => '0'.repeat(variable.length));
  return { text, masked, at: 0 };
}

function match(cursor: Cursor, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.masked) ?? undefined;
  if (found) cursor.at += found[0].length;
  return found;
}

function skip(cursor: Cursor, pattern: RegExp): boolean {
  return match(cursor, pattern) !== undefined;
}

function expect(cursor: Cursor, pattern: RegExp, expected: string): string {
  const start = cursor.at;
  if (!skip(cursor, pattern)) throw syntaxError(expected, rest(cursor));
  return cursor.text.slice(start, cursor.at);
}

function rest(cursor: Cursor): string {
  return cursor.text.slice(cursor.at);
}

function parseExtras(cursor: Cursor): string[] {
  if (!skip(cursor, OPEN_EXTRAS)) return [];
  const extras: string[] = [];
  skip(cursor, BLANK);
  if (skip(cursor, CLOSE_EXTRAS)) return extras;
  do {
    skip(cursor, BLANK);
    extras.push(expect(cursor, IDENTIFIER, 'the name of an extra'));
    skip(cursor, BLANK);
  } while (skip(cursor, COMMA));
  expect(cursor, CLOSE_EXTRAS, '"," or "]"');
  return extras;
}

function parseUrlReference(cursor: Cursor): string {
  skip(cursor, BLANK);
  return expect(cursor, URL_TEXT, 'a URL after "@"');
}

function parseSpecifier(cursor: Cursor): Pick<Requirement, 'specifier' | 'clauses'> {
  const inParentheses = skip(cursor, OPEN);
  skip(cursor, BLANK);
  const start = cursor.at;
  let end = start;
  const clauses: VersionClause[] = [];
  for (;;) {
    const clauseStart = cursor.at;
    const found = match(cursor, CLAUSE);
    if (!found) break;
    const operator = found[1] ?? found[2] ?? found[3] ?? found[4] ?? '';
    const version = cursor.text.slice(clauseStart + operator.length, cursor.at).trim();
    clauses.push({ operator, version });
    end = cursor.at;
    skip(cursor, BLANK);
    // A comma may also end the list.
    if (!skip(cursor, COMMA)) break;
    skip(cursor, BLANK);
  }
  if (inParentheses) expect(cursor, CLOSE, 'a version clause or ")"');
  return { specifier: cursor.text.slice(start, end), clauses };
}

/** Checks the grammar of a marker; a loop that counts parentheses, so that depth costs nothing. */
function checkMarker(marker: string): void {
  const cursor = cursorOver(marker);
  let depth = 0;
  do {
    skip(cursor, BLANK);
    while (skip(cursor, OPEN)) {
      depth++;
      skip(cursor, BLANK);
    }
    expect(cursor, MARKER_OPERAND, 'a marker variable or a quoted string');
    skip(cursor, BLANK);
    expect(cursor, MARKER_OPERATOR, 'a marker operator');
    skip(cursor, BLANK);
    expect(cursor, MARKER_OPERAND, 'a marker variable or a quoted string');
    skip(cursor, BLANK);
    while (depth > 0 && skip(cursor, CLOSE)) {
      depth--;
      skip(cursor, BLANK);
    }
  } while (skip(cursor, AND_OR));
  if (depth > 0) throw syntaxError('")"', rest(cursor));
  if (cursor.at < marker.length) throw syntaxError('"and", "or" or the end of the marker', rest(cursor));
}
