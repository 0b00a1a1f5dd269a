// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topLevelLine, visitKeys } from '../../../src/collectors/javascript/json-keys.ts';
import { findJsonFault } from '../../../src/platform/json-fault.ts';

/** Every key of every object, with its line. */
function allKeys(text: string): [string, number][] {
  const found: [string, number][] = [];
  visitKeys(text, true, (_, key, line) => {
    found.push([key, line]);
    return true;
  });
  return found;
}

describe('visitKeys', () => {
  it('tells the line of each key, with LF and CRLF', () => {
    const text = '{\n "a": {\n  "b": 1\n },\n "c": 2 }';
    const expected = [
      ['a', 2],
      ['b', 3],
      ['c', 5],
    ];
    expect(allKeys(text)).toEqual(expected);
    expect(allKeys(text.replaceAll('\n', '\r\n'))).toEqual(expected);
  });

  it('is not misled by strings, escapes and arrays', () => {
    const text = '{"\\"a\\\\": "{\\"x\\": 1}",\n"\\u0062": [{"in an array": 1}],\n"c": "\\\\"}';
    expect(allKeys(text)).toEqual([
      ['"a\\', 1],
      ['b', 2],
      ['c', 3],
    ]);
  });

  it('reads a text without line breaks', () => {
    expect(allKeys('{"a":{"b":{}},"c":[]}').map(([, line]) => line)).toEqual([1, 1, 1]);
  });

  it('comes to a repeated key each time, the one that JSON.parse keeps last', () => {
    expect(topLevelLine('{\n"a": 1,\n"b": {"a": 9},\n"a": 2\n}', 'a')).toBe(4);
  });

  it('visits nothing below what is of no interest', () => {
    const seen: string[] = [];
    visitKeys('{"a":{"x":1},"b":{"y":{"z":1}}}', 0, (depth, key) => {
      seen.push(key);
      return key === 'b' ? depth + 1 : undefined;
    });
    expect(seen).toEqual(['a', 'b', 'y']);
  });

  it('finds the keys of any JSON, one by one', () => {
    const objects = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, fc.string(), fc.integer(), tie('object')),
      object: fc.dictionary(fc.string(), tie('value')),
    })).object;
    fc.assert(
      fc.property(objects, fc.constantFrom(0, 1, 2), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        const lines = text.split('\n');
        for (const [key, line] of allKeys(text)) expect(lines[line - 1]).toContain(`${JSON.stringify(key)}:`);
        expect(allKeys(text).length).toBe(countKeys(value));
      }),
    );
  });
});

describe('findJsonFault', () => {
  it.each([
    ['', 1, 'a value', 'the end of the file'],
    ['{\n"a" 1}', 2, ':', '"1"'],
    ['{\n\n"a": 1,\n}', 4, 'a key', '"}"'],
    ['{"a": 1', 1, ', or }', 'the end of the file'],
    ['[1\n2]', 2, ', or ]', '"2"'],
    ['[1,]', 1, 'a value', '"]"'],
    ['[}', 1, 'a value or ]', '"}"'],
    ['{1: 2}', 1, 'a key or }', '"1"'],
    ['{} \n x', 2, 'the end of the file', '"x"'],
    ['{"a": tru}', 1, 'a value', '"t"'],
    ['{"a": 01}', 1, 'a value', '"0"'],
    ['{"a\n": 1}', 1, '" at the end of a string', '"\\n"'],
    ['{"a": "\\x"}', 1, 'an escape sequence', '"\\\\"'],
    ['{"a": "b', 1, '" at the end of a string', 'the end of the file'],
    ['{\n<<<<<<< HEAD\n', 2, 'a key or }', 'the merge conflict marker <<<<<<<'],
    ['{"a": \u{1F600}}', 1, 'a value', '"\u{1F600}"'],
  ])('%j', (text, line, expected, got) => {
    expect(findJsonFault(text)).toEqual({ line, expected, got });
  });

  it('agrees with JSON.parse on any text', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '1',
      '-0.5e3',
      'true',
      '\n',
      ' ',
      '"\\u00',
      'x',
    );
    const texts = fc.oneof(
      fc.array(pieces).map((parts) => parts.join('')),
      fc.json(),
      fc.string(),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(findJsonFault(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 500 },
    );
  });

  it('survives depth and length', () => {
    expect(findJsonFault('['.repeat(200_000))?.expected).toBe('a value or ]');
    expect(findJsonFault(`["${'a'.repeat(1_000_000)}`)?.expected).toBe('" at the end of a string');
    expect(findJsonFault(`[${'1'.repeat(100_000)}x`)?.expected).toBe('a value');
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, inner) => sum + 1 + countKeys(inner), 0);
}
