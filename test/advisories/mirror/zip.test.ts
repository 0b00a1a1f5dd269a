// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync, statSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readZip } from '../../../src/advisories/mirror/zip.ts';
import { PlimsollError } from '../../../src/platform/errors.ts';
import { errorCode, failure, writeInput, type ZipInput, type ZipLies, zip } from './support.ts';

type Read = { readonly name: string; readonly text?: string; readonly problem?: string };

function read(bytes: Uint8Array): Read[] {
  const path = writeInput('a.zip', bytes);
  const fd = openSync(path, 'r');
  try {
    return [...readZip('a.zip', fd, statSync(path).size)].map(({ name, bytes, problem }) => ({
      name,
      ...(bytes ? { text: bytes.toString() } : {}),
      ...(problem ? { problem } : {}),
    }));
  } finally {
    closeSync(fd);
  }
}

const A = { name: 'a.json', data: '{"a":1}' };
const B = { name: 'b.json', data: `{"b":"${'x'.repeat(500)}"}` };

describe('readZip', () => {
  it('reads deflated and stored entries, and nothing but JSON', () => {
    const entries = [A, { ...B, stored: true }, { name: 'c.txt', data: 'no' }, { name: 'd/', data: '' }];
    expect(read(zip(entries, { comment: 'hello' }))).toEqual([
      { name: 'a.json', text: A.data },
      { name: 'b.json', text: B.data },
    ]);
  });

  it('reads an archive without entries', () => {
    expect(read(zip([]))).toEqual([]);
  });

  it('reads a ZIP64 directory, and refuses one that contradicts itself', async () => {
    expect(read(zip([A, B], { zip64: true }))).toHaveLength(2);
    expect(await errorCode(() => read(zip([A, B], { zip64: true, count: 3 })))).toBe('parse-failed');
    expect(await errorCode(() => read(zip([A, B], { zip64: true, directoryAt: 1 })))).toBe('parse-failed');
  });

  it('treats names as text alone', () => {
    const names = ['../../etc/passwd.json', '/abs.json', 'C:\\x.json', '\u001b[31m.json'];
    expect(read(zip(names.map((name) => ({ name, data: '{}' })))).map(({ name }) => name)).toEqual(names);
  });

  it('shows the end of a name of 65,000 bytes', () => {
    const [entry] = read(zip([{ name: `${'n'.repeat(65_000)}.json`, data: '{}' }]));
    expect(entry?.name).toHaveLength(200);
  });
});

describe('an entry that cannot be read has a problem, the others are read', () => {
  const cases: Record<string, { entry: ZipInput; problem: RegExp }> = {
    'a wrong checksum': { entry: { ...A, lie: { checksum: 1 } }, problem: /right checksum/ },
    'the encrypted flag': { entry: { ...A, lie: { flags: 1 } }, problem: /encrypted/ },
    'strong encryption': { entry: { ...A, lie: { flags: 0x40 } }, problem: /encrypted/ },
    'another method': { entry: { ...A, lie: { method: 14 } }, problem: /got 14/ },
    'data that do not inflate': {
      entry: { ...A, stored: true, lie: { method: 8 } },
      problem: /expected deflated data/,
    },
    'more data than it says, a bomb': {
      entry: { name: 'a.json', data: Buffer.alloc(8 * 1024 * 1024), lie: { uncompressed: 100 } },
      problem: /expected deflated data/,
    },
    'fewer data than it says': { entry: { ...A, lie: { uncompressed: 8 } }, problem: /expected 8 bytes/ },
    'more than a record may have': {
      entry: { ...A, lie: { uncompressed: 16 * 1024 * 1024 + 1 } },
      problem: /at most 16777216 bytes/,
    },
  };
  it.each(Object.entries(cases))('%s', (_, { entry, problem }) => {
    expect(read(zip([entry, B]))).toEqual([
      { name: 'a.json', problem: expect.stringMatching(problem) },
      { name: 'b.json', text: B.data },
    ]);
  });
});

describe('an archive that is broken or deceitful is refused', () => {
  const archives: Record<string, { entries: ZipInput[]; lies?: ZipLies; message?: RegExp }> = {
    'overlapping entries': { entries: [B, { ...B, lie: { at: 10 } }], message: /do not overlap/ },
    'two entries at one place': { entries: [A, B, { ...A, lie: { at: 0 } }], message: /do not overlap/ },
    'an entry beyond the directory': { entries: [{ ...A, lie: { compressed: 5_000 } }] },
    'a position that only ZIP64 could say': { entries: [{ ...A, lie: { at: 0xffff_ffff } }] },
    'a size that only ZIP64 could say': { entries: [{ ...A, lie: { compressed: 0xffff_ffff } }] },
    'a position without an entry': { entries: [{ ...B, lie: { at: 3 } }], message: /expected an entry/ },
    'more entries than it has': { entries: [A], lies: { count: 2 } },
    'fewer entries than it has': { entries: [A, B], lies: { count: 1 } },
    'a directory elsewhere': { entries: [A, B], lies: { directoryAt: 5 } },
    'one of several disks': { entries: [A], lies: { disk: 1 }, message: /one piece/ },
  };
  it.each(Object.entries(archives))('%s', async (_, { entries, lies, message }) => {
    const error = await failure(() => read(zip(entries, lies)));
    expect(error).toMatchObject({
      code: 'parse-failed',
      message: expect.stringMatching(message ?? /^a\.zip: /),
    });
  });

  it('names too long for the directory', async () => {
    const bytes = zip([A]);
    bytes.writeUInt16LE(60_000, bytes.length - 22 - 46 - A.name.length + 28);
    expect(await errorCode(() => read(bytes))).toBe('parse-failed');
  });

  it('data in front of the archive', async () => {
    expect(await errorCode(() => read(Buffer.concat([Buffer.from('#!/bin/sh\n'), zip([A])])))).toBe(
      'parse-failed',
    );
  });

  it.each(['', 'PK', '{"id":"X"}', 'x'.repeat(100_000)])('what is no archive: %.10s', async (text) => {
    expect(await errorCode(() => read(Buffer.from(text)))).toBe('parse-failed');
  });

  it('a directory that says it inflates to more than 4 GiB', async () => {
    const entries = Array.from({ length: 3 }, (_, i) => ({
      name: `${i}.json`,
      data: '{}',
      lie: { uncompressed: 0x7fff_ffff },
    }));
    expect(await errorCode(() => read(zip(entries)))).toBe('limit-exceeded');
  });

  it('a directory that says it has more than a million entries', async () => {
    expect(await errorCode(() => read(zip([A], { zip64: true, count: 1_000_001 })))).toBe('limit-exceeded');
  });
});

describe('100,000 entries', () => {
  const entries = Array.from({ length: 100_000 }, (_, i) => ({
    name: `${i}.json`,
    data: '{}',
    stored: true,
  }));

  it('are read', () => {
    expect(read(zip(entries))).toHaveLength(100_000);
  });

  it('are refused where all are the same data', async () => {
    const same = entries.map((entry) => ({ ...entry, lie: { at: 0 } }));
    expect(await errorCode(() => read(zip(same)))).toBe('parse-failed');
  });
});

describe('properties', () => {
  const archive = zip([A, { ...B, stored: true }, { name: 'c.json', data: '[]' }], { comment: 'c' });

  it('a cut archive is refused', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: archive.length - 1 }), (length) => {
        expect(() => read(archive.subarray(0, length))).toThrow(PlimsollError);
      }),
      { numRuns: 60 },
    );
  });

  it('a changed byte never gives other content and never crashes', () => {
    const texts = new Set(read(archive).map(({ text }) => text));
    fc.assert(
      fc.property(fc.nat(archive.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(archive);
        bytes[at] = (bytes[at] ?? 0) ^ change;
        try {
          for (const { text } of read(bytes)) if (text !== undefined) expect(texts).toContain(text);
        } catch (error) {
          expect(error).toBeInstanceOf(PlimsollError);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('any bytes are read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          read(Buffer.concat([Buffer.from('PK\u0003\u0004'), bytes]));
        } catch (error) {
          expect(error).toBeInstanceOf(PlimsollError);
        }
      }),
      { numRuns: 100 },
    );
  });
});
