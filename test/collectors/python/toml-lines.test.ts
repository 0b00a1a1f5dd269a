// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { tomlLines, tomlPath } from '../../../src/collectors/python/toml-lines.ts';

const found = (text: string) =>
  [...tomlLines(text)].map(({ kind, path, line }) => [line, kind, path.replaceAll('\0', '/')]);

describe('tomlLines', () => {
  it('gives headers and keys with their full names', () => {
    expect(found('top = 1\n[a.b]\nc = 2\n\n[[d]]\ne.f = 3\n[d.g]\nh = 4')).toEqual([
      [1, 'key', 'top'],
      [2, 'table', 'a/b'],
      [3, 'key', 'a/b/c'],
      [5, 'array', 'd'],
      [6, 'key', 'd/e/f'],
      [7, 'table', 'd/g'],
      [8, 'key', 'd/g/h'],
    ]);
  });

  it('reads quoted keys, with dots and escapes in them', () => {
    expect(found('["a.b" . \'c\']\n"n\\u0061me" = 1\n[[ "package" ]] # note\n')).toEqual([
      [1, 'table', 'a.b/c'],
      [2, 'key', 'a.b/c/name'],
      [3, 'array', 'package'],
    ]);
    expect(tomlPath('a.b')).not.toBe(tomlPath('a', 'b'));
  });

  it.each([
    ['a basic string', 'x = "[[package]] \\" # ["'],
    ['a literal string', "x = '[[package]] \\'"],
    ['a basic string over lines', 'x = """\n[[package]]\n\\""" ""\n#"""'],
    ['a literal string over lines', "x = '''\n[[package]]\n\"\"\"\n#'''"],
    ['a string that ends in quotes', 'x = """\na"""""'],
    ['an escaped line end', 'x = """\\\n  [[package]]\\\n """'],
    ['an array', 'x = [\n  "]", # ]\n  [1],\n]'],
    ['an inline table', 'x = { name = "}", y = [{ z = 1 }] }'],
    ['a comment', 'x = 1 # """ [[package]]\n# name = "y"'],
    ['an empty string', 'x = ""\ny = \'\''],
  ])('passes over %s', (_, text) => {
    parse(text);
    const lines = `${text}\n`.split('\n');
    const all = found(`${text}\n[[last]]\nname = 1\n`);
    expect(all.slice(-2)).toEqual([
      [lines.length, 'array', 'last'],
      [lines.length + 1, 'key', 'last/name'],
    ]);
    expect(all.slice(0, -2).map(([, kind, path]) => [kind, path])).toEqual(
      Object.keys(parse(text)).map((key) => ['key', key]),
    );
  });

  it('counts CRLF as one line end and skips a byte order mark', () => {
    expect(found('\uFEFFa = 1\r\n\r\n[b]\r\n')).toEqual([
      [1, 'key', 'a'],
      [3, 'table', 'b'],
    ]);
  });

  it('agrees with the parser on every document: same keys, each on the line that was written', () => {
    const inner = fc
      .array(fc.constantFrom('[[package]]', '\n', 'name = "x"', '#', ' ', '[', '}', "'", 'ü'), {
        maxLength: 8,
      })
      .map((parts) => parts.join(''));
    const value = fc.oneof(
      inner.map((text) => JSON.stringify(text)),
      inner.map((text) => `"""${text}"""`),
      inner.filter((text) => !text.includes("'")).map((text) => `'''${text}'''`),
      inner.map((text) => `[\n  ${JSON.stringify(text)}, # ]\n]`),
      inner.map((text) => `{ name = ${JSON.stringify(text)} }`),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 12 }), (values) => {
        let text = '';
        const expected: unknown[] = [];
        for (const [i, one] of values.entries()) {
          const line = text.split('\n').length;
          expected.push([line, 'array', 'package'], [line + 1, 'key', `package/k${i}`]);
          text += `[[package]] # [[package]]\nk${i} = ${one}\n\n`;
        }
        expect((parse(text).package as unknown[] | undefined)?.length ?? 0).toBe(values.length);
        expect(found(text)).toEqual(expected);
      }),
    );
  });

  it('ends on any text, within its lines', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        const last = text.split('\n').length;
        expect([...tomlLines(text)].every(({ line }) => line >= 1 && line <= last)).toBe(true);
      }),
    );
  });

  // A pass that were not linear would take minutes.
  it.each(['"', '[', ']', '=', '\\', '"""', '\n', 'a.', '#\n', "a='"])('is linear on a run of %j', (part) => {
    const text = part.repeat(1_000_000 / part.length);
    const lines = [...tomlLines(text)].map(({ line }) => line);
    expect(lines.every((line, i) => line >= (lines[i - 1] ?? 1))).toBe(true);
  });

  it('cuts off what a long header over many keys would multiply', () => {
    const long = Array.from({ length: 200_000 }, () => '"p"').join('.');
    const text = `[${long}]\nname = 1\n${long} = 1\n[package]\n${long} = 1\n`;
    expect(found(text).map(([, , path]) => path)).toEqual(['', '', '', 'package', '']);
  });
});
