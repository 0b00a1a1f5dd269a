// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlimsollError } from '../../src/platform/errors.ts';
import { readYaml } from '../../src/policy/yaml.ts';

const read = (text: string) => readYaml('p.yaml', Buffer.from(text, 'utf8'));

describe('values and lines', () => {
  it('gives the line of every key and list item', () => {
    const file = read('# first\na: 1\nb:\n  - x\n  -\n    c: 2\n    d: {e: 3}\n');
    expect(file.lineOf(['a'])).toBe(2);
    expect(file.lineOf(['b'])).toBe(3);
    expect(file.lineOf(['b', 0])).toBe(4);
    expect(file.lineOf(['b', 1, 'c'])).toBe(6);
    expect(file.lineOf(['b', 1, 'd', 'e'])).toBe(7);
    expect(file.lineOf(['b', 1, 'd', 'nothing', 'here'])).toBe(7);
    expect(file.lineOf(['nothing'])).toBe(1);
  });

  it.each([
    ['a byte order mark and CRLF', '\ufeffa: 1\r\nb:\r\n  - 2\r\n', { a: 1, b: [2] }, 3],
    [
      'YAML 1.2 words',
      'a: yes\nb: [on, 2026-01-31, 1_000]\n',
      { a: 'yes', b: ['on', '2026-01-31', '1_000'] },
      2,
    ],
  ])('reads %s', (_, text, data, line) => {
    const file = read(text);
    expect(JSON.parse(JSON.stringify(file.data))).toEqual(data);
    expect(file.lineOf(['b', 0])).toBe(line);
  });

  it.each(['', '\n', '# only a comment\n', '---\n', '\ufeff'])('takes %j for an empty mapping', (text) => {
    expect(Object.keys(read(text).data)).toEqual([]);
  });

  it('keeps __proto__ and constructor as keys of a mapping without prototype', () => {
    const { data } = read('__proto__: {polluted: true}\nconstructor: 1\n');
    expect(Object.keys(data)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('refusals', () => {
  it.each([
    [
      'a duplicate key',
      'a: 1\nb: 2\na: 3\n',
      'p.yaml:3: expected each key once, got "a" again (first on line 1)',
    ],
    ['a duplicate __proto__', '__proto__: 1\n__proto__: 3\n', 'p.yaml:2: expected each key once'],
    ['a tab as indentation', 'a:\n\tb: 1\n', 'p.yaml:2: expected YAML: Tabs are not allowed'],
    ['an anchor', 'a: &x 1\n', 'p.yaml:1: expected a value, got an anchor or alias'],
    ['an alias', 'b: 1\na: *x\n', 'p.yaml:2: '],
    ['an anchor on a key', '&x a: 1\n', 'p.yaml:1: '],
    ['a known tag', 'a: !!str 1\n', 'p.yaml:1: expected a value without a tag'],
    ['an unknown tag', 'a: !!js/function "x"\n', 'p.yaml:1: expected YAML: Unresolved tag'],
    ['a directive', '%YAML 1.1\n---\na: yes\n', 'p.yaml:1: expected no directive'],
    ['two documents', 'a: 1\n---\na: 2\n', 'p.yaml:2: expected one document'],
    ['a list as root', '- a\n', 'p.yaml:1: expected a mapping'],
    ['a word as root', 'strict\n', 'p.yaml:1: expected a mapping'],
    ['a key that is a list', '? [a]\n: 1\n', 'p.yaml:1: '],
    ['an unclosed list', 'a: [1\n', 'p.yaml:'],
  ])('refuses %s', (_, text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('refuses a merge key as a key like others, never merging it', () => {
    expect(Object.keys(read('<<: {a: 1}\n').data)).toEqual(['<<']);
  });

  it('refuses bytes that are not UTF-8, and more than 1 MiB', () => {
    expect(() => readYaml('p.yaml', Uint8Array.of(0xff, 0xfe, 0x61, 0))).toThrow('p.yaml:1: expected UTF-8');
    expect(() => readYaml('p.yaml', new Uint8Array(1024 * 1024 + 1))).toThrow('expected at most 1 MiB');
  });

  it.each([
    ['lists', '['.repeat(50_000)],
    ['list items', '- '.repeat(50_000)],
    ['mappings', '{a: '.repeat(50_000)],
    ['indentation', Array.from({ length: 400 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['explicit keys', '? '.repeat(50_000)],
  ])('refuses deep nesting of %s without recursing into it', (_, text) => {
    expect(() => read(text)).toThrow('expected at most 16 levels');
  });

  it('allows 16 levels', () => {
    const nested = (levels: number) => `a: ${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}`;
    expect(() => read(nested(16))).not.toThrow();
    expect(() => read(`a: ${'['.repeat(17)}x${']'.repeat(17)}`)).toThrow('expected at most 16 levels');
    expect(() => read(nested(18))).toThrow('expected at most 16 levels');
  });

  it('never expands an alias bomb', () => {
    const rows = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`);
    expect(() => read(['l0: &l0 [x]', ...rows].join('\n'))).toThrow('anchor or alias');
  });

  it('reads 30,000 keys of one mapping in linear time', () => {
    const text = Array.from({ length: 30_000 }, (_, i) => `k${i}: 1`).join('\n');
    expect(Object.keys(read(text).data)).toHaveLength(30_000);
  });
});

it('throws nothing but policy-invalid, whatever the text', () => {
  const piece = fc.constantFrom(
    'a',
    ': ',
    '- ',
    '\n',
    '  ',
    '[',
    '{',
    '}',
    ']',
    '&x ',
    '*x',
    '!!t ',
    '"',
    "'",
    '#',
    '|',
    '? ',
    '\t',
    '---',
    '%',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(piece, { maxLength: 40 }).map((p) => p.join('')),
        fc.string(),
      ),
      (text) => {
        try {
          read(text);
        } catch (error) {
          expect(error).toBeInstanceOf(PlimsollError);
          expect((error as PlimsollError).code).toBe('policy-invalid');
          expect((error as PlimsollError).message).toMatch(/^p\.yaml:\d+: expected /);
        }
      },
    ),
  );
});
