// SPDX-License-Identifier: Apache-2.0

export interface JsonFault {
  /** 1-based. */
  readonly line: number;
  readonly expected: string;
  readonly got: string;
}

/**
 * Where and why a text that `JSON.parse` refuses is not JSON (RFC 8259). Needed because the message of V8 names a
 * position only sometimes, and words it differently in each release. Iterative and linear.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const open: string[] = [];
  let expected: Expected = 'a value';
  for (let at = skipBlanks(text, 0); ; at = skipBlanks(text, at)) {
    const char = text.charAt(at);
    if (expected === 'the end of the file') return char === '' ? undefined : fault(text, at, expected);
    if (!isExpected(char, expected)) return fault(text, at, expected);
    const end = tokenEnd(text, at);
    if (end.malformed !== undefined) return fault(text, end.at, end.malformed);
    at = end.at;
    if (char === '{' || char === '[') open.push(char);
    if (char === '}' || char === ']') open.pop();
    expected = following(char, expected, open.at(-1));
  }
}

/** The same in words. It quotes no more than one character: the message of V8 would quote what stands around it. */
export function jsonProblem(text: string): string {
  const fault = findJsonFault(text);
  return fault === undefined
    ? 'expected JSON that can be held, got more'
    : `expected JSON with ${fault.expected} in line ${fault.line}, got ${fault.got}`;
}

type Expected =
  | 'a value'
  | 'a value or ]'
  | 'a key'
  | 'a key or }'
  | ':'
  | ', or }'
  | ', or ]'
  | 'the end of the file';

function isExpected(char: string, expected: Expected): boolean {
  switch (expected) {
    case 'a value':
      return char !== '' && '{["-0123456789tfn'.includes(char);
    case 'a value or ]':
      return char !== '' && '{["-0123456789tfn]'.includes(char);
    case 'a key':
      return char === '"';
    case 'a key or }':
      return char === '"' || char === '}';
    case ':':
      return char === ':';
    case ', or }':
      return char === ',' || char === '}';
    case ', or ]':
      return char === ',' || char === ']';
    case 'the end of the file':
      return char === '';
  }
}

/** What must come after a token; `inner` is the innermost bracket that is open behind it. */
function following(char: string, expected: Expected, inner: string | undefined): Expected {
  if (char === '{') return 'a key or }';
  if (char === '[') return 'a value or ]';
  if (char === ':') return 'a value';
  if (char === ',') return inner === '{' ? 'a key' : 'a value';
  if (expected.startsWith('a key') && char === '"') return ':';
  if (inner === undefined) return 'the end of the file';
  return inner === '{' ? ', or }' : ', or ]';
}

interface TokenEnd {
  readonly at: number;
  /** What should have stood at `at`. */
  readonly malformed?: string;
}

function tokenEnd(text: string, start: number): TokenEnd {
  const char = text.charAt(start);
  if (char === '"') return stringEnd(text, start);
  if ('{}[],:'.includes(char)) return { at: start + 1 };
  SCALAR.lastIndex = start;
  return SCALAR.test(text) ? { at: SCALAR.lastIndex } : { at: start, malformed: 'a value' };
}

const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function stringEnd(text: string, start: number): TokenEnd {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return { at: at + 1 };
    if (code < 0x20) return { at, malformed: '" at the end of a string' };
    if (code !== 0x5c) continue;
    ESCAPE.lastIndex = at;
    if (!ESCAPE.test(text)) return { at, malformed: 'an escape sequence' };
    at = ESCAPE.lastIndex - 1;
  }
  return { at: text.length, malformed: '" at the end of a string' };
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at += 1;
  return at;
}

function fault(text: string, at: number, expected: string): JsonFault {
  let line = 1;
  for (let i = text.indexOf('\n'); i !== -1 && i < at; i = text.indexOf('\n', i + 1)) line += 1;
  return { line, expected, got: describe(text, at) };
}

function describe(text: string, at: number): string {
  if (at >= text.length) return 'the end of the file';
  for (const marker of ['<<<<<<<', '=======', '>>>>>>>']) {
    if (text.startsWith(marker, at)) return `the merge conflict marker ${marker}`;
  }
  return JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0));
}
