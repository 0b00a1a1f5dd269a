// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c, crc32cOf } from '../../../src/advisories/update/crc32c.ts';
import { type ModifiedId, readModifiedIds } from '../../../src/advisories/update/modified-ids.ts';

/** Reads a text that comes in pieces. */
async function read(text: string, cuts: readonly number[] = []): Promise<ModifiedId[]> {
  const bytes = Buffer.from(text);
  async function* chunks() {
    let from = 0;
    for (const cut of cuts.map((n) => n % (bytes.length + 1)).sort((a, b) => a - b)) {
      yield bytes.subarray(from, cut);
      from = cut;
    }
    yield bytes.subarray(from);
  }
  const found: ModifiedId[] = [];
  for await (const lines of readModifiedIds('list.csv', chunks())) found.push(...lines);
  return found;
}

describe('the list of ids', () => {
  it('is read with fractions of seconds, with and without an end of the last line', async () => {
    const text =
      '2026-11-20T12:00:00.123456Z,GHSA-a\r\n2026-11-19T00:00:00Z,MAL-2026-1\n2026-11-18T00:00:00+00:00,CVE-1';
    expect(await read(text)).toEqual([
      { id: 'GHSA-a', modified: Date.parse('2026-11-20T12:00:00.123Z') },
      { id: 'MAL-2026-1', modified: Date.parse('2026-11-19T00:00:00Z') },
      { id: 'CVE-1', modified: Date.parse('2026-11-18T00:00:00Z') },
    ]);
    expect(await read('')).toEqual([]);
    // As real records have it.
    expect(await read('1-01-01T00:00:00Z,PYSEC-2024-55\n')).toEqual([{ id: 'PYSEC-2024-55', modified: -1 }]);
  });

  it.each([
    ['<html>', 1],
    ['2026-11-20T12:00:00Z,GHSA-a\n2026-11-20T12:00:00Z', 2],
    ['2026-11-20T12:00:00Z,GHSA-a\n\n', 2],
    ['yesterday,GHSA-a\n', 1],
    ['2026-11-20T12:00:00Z,../../etc/passwd\n', 1],
    ['2026-11-20T12:00:00Z,a\u001b[31m\n', 1],
    ['2026-11-20T12:00:00Z,npm/GHSA-a\n', 1],
    ['2026-11-20T12:00:00Z,__proto__\n', 1],
    ['x'.repeat(100_000), 1],
  ])('%j names the line at fault', async (text, line) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'parse-failed', file: 'list.csv', line });
  });

  it('is the same however it is cut', async () => {
    const row = fc.record({
      id: fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,20}$/),
      at: fc.nat(1_900_000_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row), fc.array(fc.nat()), async (rows, cuts) => {
        const text = rows.map(({ id, at }) => `${new Date(at * 1000).toISOString()},${id}\n`).join('');
        expect(await read(text, cuts)).toEqual(rows.map(({ id, at }) => ({ id, modified: at * 1000 })));
      }),
    );
  });

  it('never ends in anything but an answer or a typed error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const result = await read(text).catch((error: unknown) => error);
        if (!Array.isArray(result)) expect(result).toMatchObject({ code: 'parse-failed' });
      }),
    );
  });
});

describe('CRC-32C', () => {
  // The vectors of RFC 3720, B.4.
  it.each([
    [Buffer.alloc(32), 0x8a9136aa],
    [Buffer.alloc(32, 0xff), 0x62a8ab43],
    [Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e],
    [Buffer.from('123456789'), 0xe3069283],
  ])('of %j', (bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
    expect(crc32c(bytes.subarray(7), crc32c(bytes.subarray(0, 7)))).toBe(expected);
  });

  it('is read from the header of the storage', () => {
    expect(crc32cOf('crc32c=4waSgw==,md5=x')).toBe(0xe3069283);
    expect([crc32cOf('md5=abc'), crc32cOf(undefined)]).toEqual([undefined, undefined]);
  });
});
