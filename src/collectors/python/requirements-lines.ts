// SPDX-License-Identifier: Apache-2.0

/** A line as pip sees it: continuations joined, comment cut off, never empty. */
export interface LogicalLine {
  readonly text: string;
  /** 1-based line of the file on which the text begins. */
  readonly line: number;
  /** What follows `#`: at the end of the line itself, then of the comment lines directly below it. */
  readonly comments: readonly string[];
}

export interface DecodedText {
  readonly text: string;
  /** Set where the bytes are not in the encoding they should be in; the text then holds U+FFFD. */
  readonly problem?: { readonly line: number; readonly message: string };
}

/**
 * Decodes as pip does: by byte order mark, else by a PEP 263 line among the first two, else UTF-8. Where pip would
 * fall back to the locale of the machine, the problem is returned instead: what the file says must not depend on
 * where it is read.
 */
export function decodeRequirements(bytes: Uint8Array): DecodedText {
  const bom = BOMS.find(({ mark }) => mark.every((byte, i) => bytes[i] === byte));
  if (bom) return decode(bytes.subarray(bom.mark.length), bom.encoding);
  const declared = declaredEncoding(bytes);
  if (!declared) return decode(bytes, 'utf-8');
  const label = [declared.name, declared.name.replace(/[-_]/g, '')].find(isKnownEncoding);
  if (label !== undefined) return decode(bytes, label);
  const message = `expected a known encoding, got ${JSON.stringify(declared.name.slice(0, 40))}`;
  return { ...decode(bytes, 'utf-8'), problem: { line: declared.line, message } };
}

/**
 * Splits as pip's `preprocess` does: `\` continuations are joined first, comments are cut then, and only a `#` at the
 * start or after white space begins one. Lines end where Python's `splitlines` ends them, but are counted as editors
 * do, by LF, CRLF and CR alone. Stops after `limit` lines.
 *
 * @see https://pip.pypa.io/en/stable/reference/requirements-file-format/
 */
export function logicalLines(text: string, limit: number): LogicalLine[] {
  const lines: LogicalLine[] = [];
  let comments: string[] | undefined;
  for (const joined of joinContinuations(text)) {
    const hash = commentStart(joined.text);
    const body = trimSpace(hash < 0 ? joined.text : joined.text.slice(0, hash));
    const comment = hash < 0 ? undefined : joined.text.slice(hash + 1);
    if (body !== '') {
      if (lines.length === limit) return lines;
      comments = comment === undefined ? [] : [comment];
      lines.push({ text: body, line: joined.line, comments });
    } else if (comment === undefined) comments = undefined;
    else comments?.push(comment);
  }
  return lines;
}

/** Strips what Python's `str.strip` strips. */
function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text, start)) start++;
  while (end > start && isSpace(text, end - 1)) end--;
  return text.slice(start, end);
}

// UTF-32 first: the mark of UTF-16 LE is a prefix of its mark.
const BOMS = [
  { mark: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { mark: [0xff, 0xfe, 0, 0], encoding: 'utf-32le' },
  { mark: [0, 0, 0xfe, 0xff], encoding: 'utf-32be' },
  { mark: [0xff, 0xfe], encoding: 'utf-16le' },
  { mark: [0xfe, 0xff], encoding: 'utf-16be' },
] as const;

function decode(bytes: Uint8Array, encoding: string): DecodedText {
  try {
    return { text: decoder(encoding, true)(bytes) };
  } catch {
    const text = decoder(encoding, false)(bytes);
    const line = text.slice(0, text.indexOf('\ufffd')).split(/\r\n|\r|\n/).length;
    return { text, problem: { line, message: `expected ${encoding} text, got other bytes` } };
  }
}

function decoder(encoding: string, fatal: boolean): (bytes: Uint8Array) => string {
  if (encoding.startsWith('utf-32')) return (bytes) => decodeUtf32(bytes, encoding === 'utf-32le', fatal);
  const textDecoder = new TextDecoder(encoding, { fatal, ignoreBOM: true });
  return (bytes) => textDecoder.decode(bytes);
}

/** TextDecoder knows no UTF-32. */
function decodeUtf32(bytes: Uint8Array, littleEndian: boolean, fatal: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: string[] = [];
  for (let start = 0; start < bytes.length; start += UTF32_CHUNK) {
    const codes: number[] = [];
    for (let at = start; at < Math.min(start + UTF32_CHUNK, bytes.length); at += 4) {
      const code = at + 4 <= bytes.length ? view.getUint32(at, littleEndian) : Number.NaN;
      const valid = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
      if (!valid && fatal) throw new TypeError('not UTF-32');
      codes.push(valid ? code : 0xfffd);
    }
    chunks.push(String.fromCodePoint(...codes));
  }
  return chunks.join('');
}

const UTF32_CHUNK = 16_384;

function declaredEncoding(bytes: Uint8Array): { name: string; line: number } | undefined {
  let start = 0;
  for (const line of [1, 2]) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    if (bytes[start] === 0x23) {
      const text = Buffer.from(bytes.subarray(start, end)).toString('latin1');
      const name = /coding[:=]\s*([-\w.]+)/.exec(text)?.[1];
      if (name !== undefined) return { name: name.toLowerCase(), line };
    }
    if (newline < 0) return undefined;
    start = newline + 1;
  }
  return undefined;
}

function isKnownEncoding(label: string): boolean {
  try {
    new TextDecoder(label);
    return true;
  } catch {
    return false;
  }
}

function* joinContinuations(text: string): Generator<{ text: string; line: number }> {
  let parts: string[] = [];
  let line = 0;
  let begun = false;
  for (const physical of physicalLines(text)) {
    const isComment = startsComment(physical.text);
    const continues = physical.text.endsWith('\\') && !isComment;
    // A comment ends a continuation; the blank makes sure that it is still seen as one.
    const part = continues
      ? stripBackslashes(physical.text)
      : isComment
        ? ` ${physical.text}`
        : physical.text;
    parts.push(part);
    // The place of a logical line is where its text begins, not where a lone `\` opened it.
    if (!begun) line = physical.line;
    begun ||= trimSpace(part) !== '';
    if (continues) continue;
    yield { text: parts.join(''), line };
    parts = [];
    begun = false;
  }
  if (parts.length > 0) yield { text: parts.join(''), line };
}

function* physicalLines(text: string): Generator<{ text: string; line: number }> {
  let line = 1;
  let start = 0;
  for (const { 0: separator, index } of text.matchAll(LINE_END)) {
    yield { text: text.slice(start, index), line };
    start = index + separator.length;
    if (separator.includes('\n') || separator.includes('\r')) line++;
  }
  if (start < text.length) yield { text: text.slice(start), line };
}

// Python: https://docs.python.org/3/library/stdtypes.html#str.splitlines
// biome-ignore lint/suspicious/noControlCharactersInRegex: they end lines in Python
const LINE_END = /\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/g;

const SPACES = new Set(
  '\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
);

function isSpace(text: string, at: number): boolean {
  return SPACES.has(text.charAt(at));
}

function startsComment(text: string): boolean {
  let at = 0;
  while (at < text.length && isSpace(text, at)) at++;
  return text[at] === '#';
}

function commentStart(text: string): number {
  let at = text.indexOf('#');
  while (at > 0 && !isSpace(text, at - 1)) at = text.indexOf('#', at + 1);
  return at;
}

/** pip strips backslashes at both ends. */
function stripBackslashes(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === '\\') start++;
  while (end > start && text[end - 1] === '\\') end--;
  return text.slice(start, end);
}
