// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defusedMarkdown, plainMarkdown } from '../../src/findings/markdown-prose.ts';
import { markdownText } from '../../src/findings/markdown-text.ts';

const BLOCKS = [
  '### Impact ###',
  'A *long* **text** about',
  '~~nothing~~ `a*b*c`',
  '',
  '* one [link](https://x.example "title")',
  '2. two ![image](https://x.example/a.png)',
  '',
  'Workarounds',
  '---',
  '> quoted<br>text &lt;b&gt; <https://x.example/>',
  '',
  '***',
  '~~~py',
  '# no **heading**',
  '```',
  '~~~',
  '| a | b |',
  '|---|---|',
  '<!-- hidden',
  'comment -->',
].join('\n');

describe('plainMarkdown', () => {
  it('has the words without the marks', () => {
    expect(plainMarkdown(BLOCKS)).toBe(
      'Impact: A long text about nothing a*b*c. one link. two image. Workarounds: quoted text <b> https://x.example/. # no **heading** ```. | a | b |.',
    );
  });

  it.each([
    ['2 * 3 * 4 and a_b_c', '2 * 3 * 4 and a_b_c.'],
    ['set __proto__ of it', 'set __proto__ of it.'],
    ['_some words_ __more words__', 'some words more words.'],
    ['\\*not so\\* \\[x\\](y)', '*not so* [x](y).'],
    ['**use `eval`**', 'use eval.'],
    ['List<String> < 3', 'List<String> < 3.'],
    ['a\r\nb', 'a b.'],
    ['\ue0000\ue001', '0.'],
    ['', ''],
  ])('makes of %j %j', (markdown, plain) => {
    expect(plainMarkdown(markdown)).toBe(plain);
  });

  it('undoes what makes a text literal', () => {
    const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
    expect(plainMarkdown(`x ${markdownText(punctuation)}`)).toBe(`x ${punctuation}.`);
  });

  it('takes no time for any text, and has no line break', () => {
    for (const part of [
      '[',
      '`',
      '*a',
      '_a ',
      '<!--',
      '<a ',
      '> ',
      '- ',
      '|-',
      '\\',
      '~~',
      '# ',
      '![](',
      ' ',
    ]) {
      const start = performance.now();
      plainMarkdown(part.repeat(Math.ceil(4000 / part.length)));
      expect(performance.now() - start, part).toBeLessThan(500);
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(plainMarkdown(text)).not.toMatch(/[\r\n]/);
      }),
    );
  });
});

describe('defusedMarkdown', () => {
  it('keeps headings, lists and code', () => {
    expect(defusedMarkdown(BLOCKS)).toBe(
      [
        '#### Impact',
        '',
        'A long text about nothing a\\*b\\*c',
        '',
        '- one link',
        '- two image',
        '',
        '#### Workarounds',
        '',
        'quoted text \\<b\\> https\\:\\/\\/x\\.example\\/',
        '',
        '````',
        '# no **heading**',
        '```',
        '````',
        '',
        '\\| a \\| b \\|',
      ].join('\n'),
    );
  });

  it('holds no mark of the text outside of its blocks of code', () => {
    const marks = fc.constantFrom(
      '#',
      '- ',
      '1. ',
      '```',
      '~~~',
      '[a](b)',
      '<img src=x>',
      '![',
      '](',
      '`',
      '\n',
      'a',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(marks, { maxLength: 30 }), (parts) => {
        let fence: string | undefined;
        for (const line of defusedMarkdown(parts.join('')).split('\n')) {
          if (fence !== undefined) {
            if (line === fence) fence = undefined;
          } else if (/^`{3,}$/.test(line)) fence = line;
          else expect(line.replace(/^(?:#### |- )/, '').replace(/\\./g, '')).not.toMatch(/[[\]<`#!]/);
        }
        expect(fence).toBeUndefined();
      }),
    );
  });
});
