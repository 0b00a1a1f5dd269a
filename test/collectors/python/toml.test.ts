// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  booleanAt,
  parseToml,
  requiredStringAt,
  stringAt,
  stringsAt,
  type TomlPlace,
  tableAt,
  tablesAt,
} from '../../../src/collectors/python/toml.ts';
import { PlimsollError } from '../../../src/platform/errors.ts';

const bytes = (text: string) => Buffer.from(text, 'utf8');

describe('parseToml', () => {
  it('names file and line, and does not quote the file', () => {
    const text = 'a = 1\nurl = "https://u:hunter2@x"\nb = hunter2\n';
    expect(() => parseToml(bytes(text), 'x.toml')).toThrow(
      /^x\.toml:3: expected valid TOML, got an error: invalid value$/,
    );
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => parseToml(Buffer.from([0x61, 0xff]), 'x.toml')).toThrow(
      'x.toml: expected UTF-8, got other bytes',
    );
  });

  it('reads a byte order mark, CRLF and integers of 64 bits', () => {
    const { root } = parseToml(bytes('\uFEFFa = 9223372036854775807\r\nb = 2\r\n'), 'x.toml');
    expect(root.a).toBe(9223372036854775807n);
    expect(root.b).toBe(2);
  });

  it('keeps __proto__ and constructor as keys like any other', () => {
    const { root } = parseToml(bytes('[__proto__]\npolluted = true\n[constructor]\nx = 1\n'), 'x.toml');
    expect(Object.keys(root)).toEqual(['__proto__', 'constructor']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('refuses deep nesting instead of running out of stack', () => {
    const text = `a = ${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    expect(() => parseToml(bytes(text), 'x.toml')).toThrow(/excessively nested/);
  });

  it('throws nothing but parse errors', () => {
    const grammar = fc.array(
      fc.constantFrom(
        '[',
        ']',
        '{',
        '}',
        '"',
        "'",
        '"""',
        '=',
        '\n',
        '#',
        ',',
        '.',
        'a',
        '1',
        '\\',
        '__proto__',
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          grammar.map((parts) => parts.join('')),
        ),
        (text) => {
          try {
            parseToml(bytes(text), 'x.toml');
          } catch (error) {
            expect(error).toBeInstanceOf(PlimsollError);
          }
        },
      ),
    );
  });
});

describe('typed reading', () => {
  const { root } = parseToml(
    bytes(
      's = "x"\nempty = ""\nb = true\nl = ["a", "b"]\nmixed = ["a", 1]\nd = 2020-01-01\n[t]\n[[ts]]\nk = 1\n',
    ),
    'x.toml',
  );
  const place: TomlPlace = { file: 'x.toml', path: 'top', line: 7 };

  it('gives values of the type asked for, and undefined for what is absent', () => {
    expect(stringAt(root, 's', place)).toBe('x');
    expect(booleanAt(root, 'b', place)).toBe(true);
    expect(stringsAt(root, 'l', place)).toEqual(['a', 'b']);
    expect(tableAt(root, 't', place)).toEqual({});
    expect(tablesAt(root, 'ts', place)).toEqual([{ k: 1 }]);
    for (const read of [stringAt, booleanAt, stringsAt, tableAt, tablesAt]) {
      expect(read(root, 'absent', place)).toBeUndefined();
    }
  });

  it.each([
    ['a boolean', () => stringAt(root, 'b', place), 'expected a string for top.b, got a boolean'],
    ['a date', () => tableAt(root, 'd', place), 'expected a table for top.d, got a date'],
    ['an array', () => tableAt(root, 'l', place), 'expected a table for top.l, got an array'],
    ['a string', () => booleanAt(root, 's', place), 'expected a boolean for top.s, got a string'],
    ['a table', () => stringsAt(root, 't', place), 'expected an array of strings for top.t, got a table'],
    [
      'a number in it',
      () => stringsAt(root, 'mixed', place),
      'expected an array of strings for top.mixed, got a number in it',
    ],
    [
      'a string in it',
      () => tablesAt(root, 'l', place),
      'expected an array of tables for top.l, got a string in it',
    ],
    [
      'an empty string',
      () => requiredStringAt(root, 'empty', place),
      'expected a string for top.empty, got an empty string',
    ],
    [
      'nothing',
      () => requiredStringAt(root, 'absent', place),
      'expected a string for top.absent, got nothing',
    ],
  ])('refuses %s', (_, read, message) => {
    expect(read).toThrow(`x.toml:7: ${message}`);
  });
});
