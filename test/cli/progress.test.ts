// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { progressLine } from '../../src/cli/progress.ts';

function shown(columns: number, ...steps: readonly (readonly [time: number, text: string])[]): string[] {
  const written: string[] = [];
  let time = 0;
  const show = progressLine({ columns, write: (text) => written.push(text) }, () => time);
  for (const [at, text] of steps) {
    time = at;
    show(text);
  }
  return written.map((text) => text.replace('\r\u001b[K', ''));
}

describe('progress', () => {
  it('is one line, and not faster than ten times a second', () => {
    expect(shown(80, [0, 'one'], [50, 'two'], [99, 'three'], [100, 'four'], [101, 'five'])).toEqual([
      'one',
      'four',
    ]);
  });

  it('is taken away at once', () => {
    expect(shown(80, [0, 'one'], [1, ''])).toEqual(['one', '']);
  });

  it('fits the terminal, and commands it nothing', () => {
    expect(shown(30, [0, 'x'.repeat(100)])[0]).toHaveLength(29);
    const [text = ''] = shown(80, [0, 'a\u001b[2Jb\n::error::c']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\x00-\x1f]/);
  });
});
