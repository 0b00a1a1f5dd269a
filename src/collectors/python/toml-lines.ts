// SPDX-License-Identifier: Apache-2.0
import { parse } from 'smol-toml';

/** A line that opens a table or sets a key of one. */
export interface TomlLine {
  /** `[table]`, `[[array]]` or `key = value`. */
  readonly kind: 'table' | 'array' | 'key';
  /**
   * Full name from the root of the document, as {@link tomlPath} makes it; elements of arrays have no index. Empty
   * where it is longer than {@link MAX_PATH}, so that a long header over many keys does not multiply.
   */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
}

const MAX_PATH = 1000;

/** The name of a table or key; a dot inside a quoted part does not separate. */
export function tomlPath(...parts: readonly string[]): string {
  return parts.join('\0');
}

/**
 * The headers and keys of a document in file order, in one linear pass. What stands inside a value (strings over
 * several lines, arrays, inline tables) and in comments is passed over, so that a description that quotes
 * `[[package]]` is no package. Meant for text that a TOML parser has accepted; on any other it still ends.
 */
export function* tomlLines(text: string): Generator<TomlLine> {
  const cursor: Cursor = { text, at: 0, line: 1 };
  let header: string | undefined;
  while (skipBlank(cursor)) {
    const line = cursor.line;
    if (text[cursor.at] === '[') {
      const array = text[cursor.at + 1] === '[';
      cursor.at += array ? 2 : 1;
      header = readKey(cursor);
      yield { kind: array ? 'array' : 'table', path: header, line };
      cursor.at += array ? 2 : 1;
    } else {
      const key = readKey(cursor);
      yield { kind: 'key', path: header === undefined ? key : below(header, key), line };
      cursor.at++;
    }
    skipValue(cursor);
  }
}

function below(header: string, key: string): string {
  return header === '' || key === '' ? '' : shortPath(tomlPath(header, key));
}

function shortPath(path: string): string {
  return path.length > MAX_PATH ? '' : path;
}

interface Cursor {
  readonly text: string;
  at: number;
  line: number;
}

/** Goes to the next statement; false at the end. */
function skipBlank(cursor: Cursor): boolean {
  for (; cursor.at < cursor.text.length; cursor.at++) {
    const c = cursor.text[cursor.at];
    if (c === '\n') cursor.line++;
    else if (c === '#') skipComment(cursor);
    else if (c !== ' ' && c !== '\t' && c !== '\r' && c !== '\uFEFF') return true;
  }
  return false;
}

/** Goes to the character before the end of the line. */
function skipComment(cursor: Cursor): void {
  const end = cursor.text.indexOf('\n', cursor.at);
  cursor.at = (end < 0 ? cursor.text.length : end) - 1;
}

/** A dotted key as a path; stops at what ends it. */
function readKey(cursor: Cursor): string {
  const parts: string[] = [];
  while (cursor.at < cursor.text.length) {
    const c = cursor.text[cursor.at] as string;
    if (c === '"' || c === "'") {
      const start = cursor.at;
      skipString(cursor);
      parts.push(unquote(cursor.text.slice(start, cursor.at)));
    } else if (c === ' ' || c === '\t' || c === '.') {
      cursor.at++;
    } else if (c === '=' || c === ']' || c === '\n') {
      break;
    } else {
      const start = cursor.at;
      while (cursor.at < cursor.text.length && !' \t.=]\n"\''.includes(cursor.text[cursor.at] as string)) {
        cursor.at++;
      }
      parts.push(cursor.text.slice(start, cursor.at));
    }
  }
  return shortPath(parts.join('\0'));
}

function unquote(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return Object.keys(parse(`${quoted} = 0`))[0] ?? quoted;
  } catch {
    return quoted;
  }
}

/** Goes to the line end that ends a statement. */
function skipValue(cursor: Cursor): void {
  let depth = 0;
  while (cursor.at < cursor.text.length) {
    const c = cursor.text[cursor.at];
    if (c === '"' || c === "'") {
      skipString(cursor);
      continue;
    }
    if (c === '\n') {
      if (depth <= 0) return;
      cursor.line++;
    } else if (c === '[' || c === '{') depth++;
    else if (c === ']' || c === '}') depth--;
    else if (c === '#') skipComment(cursor);
    cursor.at++;
  }
}

/** Goes behind a string of any of the four kinds, counting the lines in it. */
function skipString(cursor: Cursor): void {
  const { text } = cursor;
  const quote = text[cursor.at] as string;
  const long = text.startsWith(quote.repeat(3), cursor.at);
  const close = long ? quote.repeat(3) : quote;
  cursor.at += close.length;
  while (cursor.at < text.length && !text.startsWith(close, cursor.at)) {
    if (quote === '"' && text[cursor.at] === '\\') cursor.at++;
    if (text[cursor.at] === '\n') cursor.line++;
    cursor.at++;
  }
  cursor.at += close.length;
  // Up to two quotes may stand before the closing three: they are the last characters of the string.
  for (let extra = 0; long && extra < 2 && text[cursor.at] === quote; extra++) cursor.at++;
}
