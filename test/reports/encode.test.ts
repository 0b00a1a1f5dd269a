// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import {
  markdown,
  markdownCode,
  sarifText,
  terminal,
  uriReference,
  visible,
} from '../../src/reports/encode.ts';
import { HOSTILE_TEXTS, hostileText } from '../support/hostile.ts';

const CONTROL = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

function rows(cell: string): string[] {
  const html = micromark(`| a | b |\n| --- | --- |\n| ${cell} | end |\n`, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
  });
  return html
    .replaceAll('\n', '')
    .split('<td>')
    .slice(1)
    .map((part) => part.slice(0, part.indexOf('</td>')));
}

function decode(html: string): string {
  return html.replace(
    /&(lt|gt|quot|amp);/g,
    (_, name: string) => ({ lt: '<', gt: '>', quot: '"', amp: '&' })[name] ?? '',
  );
}

describe('terminal', () => {
  it.each(HOSTILE_TEXTS)('neither controls the terminal nor commands a runner: %j', (text) => {
    const out = terminal(text);
    expect(out).not.toMatch(CONTROL);
    expect(out).not.toContain('::');
    expect(out).not.toMatch(/##(\[|vso\[)/);
  });

  it('holds for any text', () => {
    fc.assert(
      fc.property(hostileText(), (text) => !CONTROL.test(terminal(text)) && !terminal(text).includes('::')),
    );
  });

  it('leaves plain text alone', () => {
    expect(terminal('pkg:npm/@scope/name@1.0.0 — naïve 名前')).toBe('pkg:npm/@scope/name@1.0.0 — naïve 名前');
  });
});

describe('markdown', () => {
  it.each(HOSTILE_TEXTS)('stays one cell of plain text: %j', (text) => {
    const [first, second, ...more] = rows(markdown(text));
    expect(more).toEqual([]);
    expect(second).toBe('end');
    expect(first).not.toMatch(/<[a-z]/i);
    expect(decode(first ?? '').trim()).toBe(visible(text).trim());
  });

  it('holds for any text', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const cells = rows(markdown(text));
        return cells.length === 2 && !/<[a-z]/i.test(cells[0] ?? '') && !/@|:\/\//.test(markdown(text));
      }),
    );
  });

  it('does not become a heading or a list as a paragraph', () => {
    for (const text of ['# x', '- x', '1. x', '> x', '    x', '---', '+ x']) {
      const html = micromark(markdown(text), { extensions: [gfm()], htmlExtensions: [gfmHtml()] });
      expect(html.replaceAll(/<\/?p>/g, ''), text).not.toMatch(/<(h1|ul|ol|blockquote|hr|li)/);
    }
  });
});

describe('markdownCode', () => {
  it('is one code span with the text in it, for any text', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const [cell, second, ...more] = rows(markdownCode(text));
        const inner = /^<code>(.*)<\/code>$/.exec(cell ?? '')?.[1];
        expect(second).toBe('end');
        expect(more).toEqual([]);
        expect(decode(inner ?? '(no code)').trim()).toBe(visible(text).trim());
      }),
    );
  });
});

describe('sarifText', () => {
  it('holds no embedded link and no placeholder', () => {
    expect(sarifText('[x](1) {0}')).toBe('\\[x\\](1) {{0}}');
  });

  it('is undone by the reader of the specification', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const read = sarifText(text)
          .replaceAll('{{', '{')
          .replaceAll('}}', '}')
          .replace(/\\([\\[\]])/g, '$1');
        expect(read).toBe(visible(text));
      }),
    );
  });
});

describe('uriReference', () => {
  it('keeps slashes and encodes the rest', () => {
    expect(uriReference('a b/ü#?.txt')).toBe('a%20b/%C3%BC%23%3F.txt');
  });

  it('is decoded to the same path, whatever the path', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (path) => {
        expect(decodeURIComponent(uriReference(path))).toBe(path.toWellFormed());
      }),
    );
  });
});
