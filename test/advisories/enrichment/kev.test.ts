// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cveKey } from '../../../src/advisories/enrichment/cve.ts';
import { parseKev } from '../../../src/advisories/enrichment/kev.ts';
import { SOURCE_LIMIT } from '../../../src/advisories/enrichment/source-text.ts';
import { PlimsollError } from '../../../src/platform/errors.ts';
import { errorCode, failure } from '../mirror/support.ts';
import { invalidFixture, KEV_FIXTURE, kev } from './support.ts';

const MANY = Array.from({ length: 20 }, (_, i) => `CVE-2020-${10_000 + i}`);
const parse = (entries: readonly unknown[], more?: Record<string, unknown>) =>
  parseKev('kev.json', kev(entries, more).bytes);
const has = (file: ReturnType<typeof parse>, id: string) => file.keys.has(cveKey(id) ?? -1);

describe('parseKev', () => {
  it('reads the format of CISA, plain and gzip alike', () => {
    const bytes = readFileSync(KEV_FIXTURE);
    const file = parseKev('kev.json', bytes);
    expect(file).toMatchObject({ date: '2026-11-19T15:18:29Z', version: '2026.11.19' });
    expect(file.keys.size).toBe(3);
    expect(file.rejected.count).toBe(0);
    expect(has(file, 'CVE-2023-49081')).toBe(true);
    expect(has(file, 'CVE-2023-49082')).toBe(false);
    expect(parseKev('kev.json.gz', gzipSync(bytes)).keys).toEqual(file.keys);
  });

  it('asks for nothing but what it uses', () => {
    const file = parse(['CVE-2020-0001'], {
      catalogVersion: undefined,
      title: 1,
      count: undefined,
      later: {},
    });
    expect(file.version).toBeUndefined();
    expect(file.keys.size).toBe(1);
  });

  it.each([
    ['no id', { vendorProject: 'x' }, 'got none'],
    ['null', { cveID: null }, 'got "null"'],
    ['a number', { cveID: 1 }, 'got "1"'],
    ['a list', { cveID: ['CVE-2024-0001'] }, 'got a list'],
    ['an object', { cveID: {} }, 'got an object'],
    ['another key', { cveId: 'CVE-2024-0001' }, 'got none'],
    ['text around the id', { cveID: 'CVE-2024-0001 ' }, 'got "CVE-2024-0001 "'],
    ['no object', null, 'got "null"'],
    ['a prototype', JSON.parse('{"__proto__": {"cveID": "CVE-2024-0001"}}'), 'got none'],
  ])('counts an entry with %s, and keeps the rest', (_, entry, got) => {
    const file = parse([...MANY, entry]);
    expect(file.rejected).toMatchObject({
      count: 1,
      first: [`vulnerabilities[20]: expected a CVE id in "cveID", ${got}`],
    });
    expect(file.keys.size).toBe(20);
    expect(has(file, 'CVE-2024-0001')).toBe(false);
    expect(({} as { cveID?: string }).cveID).toBeUndefined();
  });

  it('counts a CVE that comes twice', () => {
    expect(parse([...MANY, MANY[3]]).rejected.first).toEqual([
      'vulnerabilities[20]: expected each CVE once, got CVE-2020-10003 again',
    ]);
  });

  it.each([
    ['html-page.json', 'html-page.json:1: expected the KEV catalogue as JSON, got an HTML page'],
    ['truncated.json', 'truncated.json:8: expected the KEV catalogue as JSON, got something else'],
    ['count-mismatch.json', 'count-mismatch.json: expected 1 entries as there are in "count", got "2"'],
    ['no-entries.json', 'no-entries.json: expected entries of the KEV catalogue, got none'],
    ['no-release-date.json', 'no-release-date.json: expected a date in "dateReleased", got "soon"'],
    ['entries-not-a-list.json', 'entries-not-a-list.json: expected a list "vulnerabilities", got an object'],
    ['mostly-odd-entries.json', 'expected entries of the KEV catalogue, got 2 of 3 that cannot be read'],
    ['a-list.json', 'a-list.json: expected the KEV catalogue, an object, got a list'],
  ])('refuses %s', async (name, message) => {
    const { bytes } = invalidFixture(name);
    const error = (await failure(() => parseKev(name, bytes))) as PlimsollError;
    expect(error).toMatchObject({ code: 'parse-failed', file: name });
    expect(error.message).toContain(message);
  });

  it('names the line where it ends, or where it goes wrong', async () => {
    const message = (text: string) => failure(() => parseKev('k', Buffer.from(text))).then(String);
    expect(await message('{\n"a":\n')).toContain('k:3: ');
    expect(await message('{\n"a": 1\n"b": 2}')).toContain('k:3: ');
    expect(await message('')).toContain('k:1: expected the KEV catalogue as JSON, got nothing');
  });

  it('refuses nothing at all, a bomb, and depth that is meant to end the process', async () => {
    const fail = (bytes: Uint8Array) => errorCode(() => parseKev('kev.json', bytes));
    expect(await fail(new Uint8Array())).toBe('parse-failed');
    expect(await fail(gzipSync(Buffer.alloc(SOURCE_LIMIT + 1, ' ')))).toBe('file-too-large');
    expect(await fail(Buffer.from('['.repeat(1_000_000)))).toBe('parse-failed');
    expect(await fail(Buffer.from(`${'['.repeat(200_000)}${']'.repeat(200_000)}`))).toBe('parse-failed');
  });
});

describe('any catalogue', () => {
  it('counts each entry once, as known or as rejected', () => {
    const entry = fc.oneof(
      fc.jsonValue(),
      fc.record({ cveID: fc.oneof(fc.jsonValue(), fc.constant('CVE-2024-0001')) }),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 2 }), (entries) => {
        // A text stands for an id here, and so is none by itself.
        const odd = entries.map((each) => (typeof each === 'string' ? { cveID: each } : each));
        const file = parse([...MANY, ...odd]);
        expect(file.keys.size + file.rejected.count).toBe(MANY.length + odd.length);
      }),
    );
  });

  it('of any JSON or any bytes is read or refused with a typed error', () => {
    const keys = fc.constantFrom('dateReleased', 'catalogVersion', 'count', 'vulnerabilities', '__proto__');
    const json = fc
      .oneof(fc.jsonValue(), fc.dictionary(keys, fc.jsonValue()))
      .map((value) => Buffer.from(JSON.stringify(value)));
    fc.assert(
      fc.property(fc.oneof(json, fc.uint8Array()), (bytes) => {
        try {
          parseKev('kev.json', bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(PlimsollError);
        }
      }),
    );
  });
});
