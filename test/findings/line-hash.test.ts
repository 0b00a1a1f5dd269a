// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineHashes } from '../../src/findings/line-hash.ts';

const GREETING = [
  'e9496ae3ebfced30',
  'fb7c023a8b9ccb3f',
  'ce8ba1a563dcdaca',
  'e20e36e16fcb0cc8',
  'b3edc88f2938467e',
  'c8e28b0b4002a3a0',
  'c129715d7a2bc9a3',
].map((hash) => `${hash}:1`);

describe('lineHashes', () => {
  // The published vectors: https://github.com/github/codeql-action/blob/main/src/fingerprints.test.ts (MIT)
  it.each([
    ['', ['c129715d7a2bc9a3:1']],
    [
      ' a\nb\n  \t\tc\n d',
      ['271789c17abda88f:1', '54703d4cd895b18:1', '180aee12dab6264:1', 'a23a3dc5e078b07b:1'],
    ],
    [
      ' hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End',
      [
        '8b7cf3e952e7aeb2:1',
        'b1ae1287ec4718d9:1',
        'bff680108adb0fcc:1',
        'c6805c5e1288b612:1',
        'b86d3392aea1be30:1',
        'e6ceba753e1a442:1',
      ],
    ],
    [' hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n', GREETING],
    [' hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r', GREETING],
    [' hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n', GREETING],
    [' hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n', GREETING],
    [
      'Lorem ipsum dolor sit amet.\n'.repeat(10),
      [
        ...[1, 2, 3, 4, 5, 6].map((n) => `a7f2ff13bc495cf2:${n}`),
        'a7f2ff1481e87703:1',
        'a9cf91f7bbf1862b:1',
        '55ec222b86bcae53:1',
        'cc97dc7b1d7d8f7b:1',
        'c129715d7a2bc9a3:1',
      ],
    ],
  ])('gives the published hashes of %j', (text, hashes) => {
    expect(lineHashes(text)).toEqual(hashes);
  });

  it('keeps a byte order mark as a character, and a blank between CR and LF as an end of its own', () => {
    expect(lineHashes('\ufeffa')).not.toEqual(lineHashes('a'));
    expect(lineHashes('a\r \nb')).toEqual(lineHashes('a\n\nb'));
  });

  it('agrees with 64-bit arithmetic on any text', () => {
    const characters = fc.constantFrom(
      'a',
      'é',
      '\u{1f600}',
      ' ',
      '\t',
      '\r',
      '\n',
      '\0',
      '\uffff',
      '\ufeff',
    );
    const texts = fc.array(characters, { maxLength: 400 }).map((each) => each.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        expect(lineHashes(text)).toEqual(reference(text));
      }),
    );
  });
});

/** The same by its definition: each line's hash is that of the 100 kept characters from its first one on. */
function reference(text: string): string[] {
  const kept: number[] = [];
  const starts: number[] = [];
  const normal = text.replace(/\r\n?/g, '\n').replace(/[ \t]/g, '');
  let isStart = true;
  for (const code of [...normal]
    .flatMap((c) => c.split('').map((half) => half.charCodeAt(0)))
    .concat(65_535)) {
    if (isStart) starts.push(kept.length);
    isStart = code === 10;
    kept.push(code);
  }
  const seen = new Map<string, number>();
  return starts.map((start) => {
    let hash = 0n;
    for (let i = start; i < start + 100; i += 1) hash = BigInt.asUintN(64, hash * 37n + BigInt(kept[i] ?? 0));
    const value = hash.toString(16);
    seen.set(value, (seen.get(value) ?? 0) + 1);
    return `${value}:${seen.get(value)}`;
  });
}
