// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRequirements, logicalLines } from '../../../src/collectors/python/requirements-lines.ts';
import { hostileText } from '../../support/hostile.ts';

const lines = (text: string) => logicalLines(text, Number.POSITIVE_INFINITY);
const texts = (text: string) => lines(text).map((line) => line.text);

describe('logicalLines', () => {
  it('R1: joins continuations first, then cuts comments', () => {
    expect(texts('foo==1 \\\n  --hash=sha256:aa # why\nbar')).toEqual(['foo==1   --hash=sha256:aa', 'bar']);
    expect(texts('foo # c \\\nbar')).toEqual(['foo']);
  });

  it('R1: a # begins a comment only at the start or after white space', () => {
    expect(texts('git+https://h.example/r#egg=r\nfoo#bar\nfoo #bar\nfoo\t#bar\n  # all')).toEqual([
      'git+https://h.example/r#egg=r',
      'foo#bar',
      'foo',
      'foo',
    ]);
  });

  it('a comment line ends a continuation and is itself never continued', () => {
    expect(texts('foo \\\n# c\nbar')).toEqual(['foo', 'bar']);
    expect(texts('# c \\\nfoo')).toEqual(['foo']);
  });

  it('a backslash at the end of the file continues into nothing', () => {
    expect(texts('foo\\')).toEqual(['foo']);
    expect(texts('\\')).toEqual([]);
  });

  it('a backslash followed by a blank continues nothing', () => {
    expect(texts('foo \\ \nbar')).toEqual(['foo \\', 'bar']);
  });

  it('counts lines as editors do, and splits them as Python does', () => {
    expect(lines('a\rb\r\nc\n\n\fd\u2028e\x85f').map(({ text, line }) => [text, line])).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
      ['d', 5],
      ['e', 5],
      ['f', 5],
    ]);
  });

  it('the line is the one on which the text begins', () => {
    expect(lines('\\\n \\\nfoo \\\n==1').map(({ line }) => line)).toEqual([3]);
  });

  it('gives a line its own comment and those directly below', () => {
    expect(lines('a # via b\nc\n    # via\n    #   d\n\n# other\n')).toMatchObject([
      { text: 'a', comments: [' via b'] },
      { text: 'c', comments: [' via', '   d'] },
    ]);
  });

  it('stops at the limit', () => {
    expect(logicalLines('a\nb\nc', 2).map(({ text }) => text)).toEqual(['a', 'b']);
  });

  it('line endings and continuations change neither text nor line', () => {
    const line = fc.constantFrom('foo==1', 'bar>=2 # via foo', '', '# note', '-r x.txt', 'a \\\n==1');
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom('\r\n', '\r'), (parts, ending) => {
        const text = parts.join('\n');
        expect(lines(text.replaceAll('\n', ending))).toEqual(lines(text));
      }),
    );
  });

  it('splitting a line at its blanks changes no text', () => {
    const words = fc.array(fc.constantFrom('foo', '==1', '--hash=sha256:aa', ';'), { minLength: 1 });
    fc.assert(
      fc.property(words, (parts) => {
        expect(texts(parts.join(' \\\n'))).toEqual(texts(parts.join(' ')));
      }),
    );
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        for (const line of lines(text)) expect(line.line).toBeGreaterThan(0);
      }),
    );
  });
});

describe('decodeRequirements', () => {
  const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
  const utf32 = (text: string, write: 'writeUInt32LE' | 'writeUInt32BE') =>
    Buffer.concat(
      [...text].map((char) => {
        const bytes = Buffer.alloc(4);
        bytes[write](char.codePointAt(0) ?? 0);
        return bytes;
      }),
    );
  const text = 'Jürgen==1 # \u{1f600}\n';

  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 LE', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 BE', utf16be(`\ufeff${text}`)],
    ['UTF-32 LE', utf32(`\ufeff${text}`, 'writeUInt32LE')],
    ['UTF-32 BE', utf32(`\ufeff${text}`, 'writeUInt32BE')],
  ])('R7: decodes %s', (_, bytes) => {
    expect(decodeRequirements(bytes)).toEqual({ text });
  });

  it.each(['latin-1', 'iso-8859-15', 'cp1252', 'ISO_8859_1'])('reads the PEP 263 encoding %s', (name) => {
    const bytes = Buffer.from(`# -*- coding: ${name} -*-\nna\xefve==1`, 'latin1');
    const decoded = decodeRequirements(bytes);
    expect(decoded.problem).toBeUndefined();
    expect(decoded.text).toContain('naïve==1');
  });

  it('looks for PEP 263 in the first two lines alone', () => {
    expect(decodeRequirements(Buffer.from('\n# coding: latin-1\n\xe9', 'latin1')).text).toContain('é');
    expect(decodeRequirements(Buffer.from('\n\n# coding: latin-1\n\xe9', 'latin1')).problem?.line).toBe(4);
  });

  it('says on which line the encoding breaks, and reads the rest', () => {
    const decoded = decodeRequirements(Buffer.from('a==1\r\nb==\xe9\r\nc==1', 'latin1'));
    expect(decoded.problem).toEqual({ line: 2, message: 'expected utf-8 text, got other bytes' });
    expect(decoded.text).toMatch(/^a==1\r\nb==.\r\nc==1$/);
  });

  it.each([
    ['an odd number of UTF-16 bytes', Buffer.from([0xff, 0xfe, 0x61, 0, 0x62])],
    ['a UTF-32 code point out of range', Buffer.from([0xff, 0xfe, 0, 0, 0xff, 0xff, 0xff, 0xff])],
    ['a cut UTF-32 code point', Buffer.from([0xff, 0xfe, 0, 0, 0x61])],
    ['an unknown PEP 263 encoding', Buffer.from('# coding: klingon\na')],
  ])('reports %s', (_, bytes) => {
    expect(decodeRequirements(bytes).problem?.line).toBe(1);
  });
});
