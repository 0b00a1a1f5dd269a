// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cveKey } from '../../../src/advisories/enrichment/cve.ts';
import { parseEpss } from '../../../src/advisories/enrichment/epss.ts';
import { SOURCE_LIMIT } from '../../../src/advisories/enrichment/source-text.ts';
import { PlimsollError } from '../../../src/platform/errors.ts';
import { errorCode, failure } from '../mirror/support.ts';
import { EPSS_FIXTURE, epssLines, epssText, invalidFixture } from './support.ts';

const parse = (text: string | Uint8Array) => parseEpss('epss.csv', Buffer.from(text as string));
const score = (file: ReturnType<typeof parse>, id: string) => file.scores.get(cveKey(id) ?? -1);

/** A file of twenty right lines and these. */
const withLines = (...lines: string[]) => parse(epssText([...epssLines(20), ...lines]));

describe('parseEpss', () => {
  it('reads the format of FIRST, plain and gzip alike', () => {
    const file = parse(readFileSync(EPSS_FIXTURE));
    expect(file).toMatchObject({ date: '2026-11-20T12:00:22Z', version: 'v2025.03.14' });
    expect(file.scores.size).toBe(12);
    expect(file.rejected).toMatchObject({ count: 0, first: [] });
    expect(score(file, 'CVE-1999-0001')).toEqual({ score: 0.03351, percentile: 0.88243 });
    expect(score(file, 'CVE-2021-44228')).toEqual({ score: 1, percentile: 1 });
    expect(score(file, 'CVE-2023-44271')).toEqual({ score: 0.00009, percentile: 0.00112 });
    expect(parse(readFileSync(`${EPSS_FIXTURE}.gz`)).scores).toEqual(file.scores);
  });

  it.each([
    ['2025-03-14T00:00:00+0000', '2025-03-14T00:00:00Z'],
    ['2026-09-24T12:00:20Z', '2026-09-24T12:00:20Z'],
    ['2026-09-24T12:00:20.4291Z', '2026-09-24T12:00:20Z'],
    ['2026-09-24T01:00:00+02:00', '2026-09-23T23:00:00Z'],
    ['2026-09-24', '2026-09-24T00:00:00Z'],
  ])('reads the score date %s', (written, date) => {
    expect(parse(epssText(epssLines(1), written)).date).toBe(date);
  });

  it('takes a byte order mark, CRLF and a last line without a line feed', () => {
    const text = `\ufeff${epssText(['CVE-2020-0001,0.5,0.25']).trimEnd().replaceAll('\n', '\r\n')}`;
    expect(score(parse(text), 'CVE-2020-0001')).toEqual({ score: 0.5, percentile: 0.25 });
  });

  it.each([
    ['not a number', 'CVE-2024-0001,NaN,0.5'],
    ['too large for a number', 'CVE-2024-0001,1e999,0.5'],
    ['infinite', 'CVE-2024-0001,Infinity,0.5'],
    ['negative', 'CVE-2024-0001,-0.1,0.5'],
    ['above 1', 'CVE-2024-0001,1.00001,0.5'],
    ['a percentile above 1', 'CVE-2024-0001,0.5,99.1'],
    ['hexadecimal', 'CVE-2024-0001,0x1,0.5'],
    ['padded', 'CVE-2024-0001, 0.5,0.5'],
    ['without a percentile', 'CVE-2024-0001,0.5'],
    ['with a fourth field', 'CVE-2024-0001,0.5,0.5,1'],
    ['of an id in lower case', 'cve-2024-0001,0.5,0.5'],
    ['of no CVE', '__proto__,0.5,0.5'],
    ['of a number beyond twelve digits', 'CVE-2024-1234567890123,0.5,0.5'],
    ['of a padded number', 'CVE-2024-00001,0.5,0.5'],
    ['a comment', '# CVE-2024-0001,0.5,0.5'],
    ['empty', ''],
    ['an HTML page', '<html>CVE-2024-0001,0.5,0.5</html>'],
  ])('counts a line that is %s, and keeps the rest', (_, line) => {
    const file = withLines(line, 'CVE-2025-0001,0.75,0.5');
    expect(file.rejected.count).toBe(1);
    expect(file.rejected.first).toEqual([
      `23: expected a CVE id and two numbers from 0 to 1, got ${JSON.stringify(line)}`,
    ]);
    expect(file.scores.size).toBe(21);
    expect(score(file, 'CVE-2024-0001')).toBeUndefined();
    expect(score(file, 'CVE-2025-0001')?.score).toBe(0.75);
  });

  it.each([
    [['CVE-2024-0001,0.2,0.1', 'CVE-2024-0001,0.9,0.8']],
    [['CVE-2024-0001,0.9,0.8', 'CVE-2024-0001,0.2,0.1']],
  ])('keeps the higher score of a CVE that comes twice, and says so (%j)', (lines) => {
    const file = withLines(...lines);
    expect(score(file, 'CVE-2024-0001')).toEqual({ score: 0.9, percentile: 0.8 });
    expect(file.rejected).toMatchObject({
      count: 1,
      first: ['24: expected each CVE once, got CVE-2024-0001 again'],
    });
  });

  it('names the first twenty of many', () => {
    const lines = [...epssLines(400), ...Array.from({ length: 40 }, () => 'x')];
    const { rejected } = parse(epssText(lines));
    expect([rejected.count, rejected.first.length]).toEqual([40, 20]);
  });

  it.each([
    [
      'html-page.csv',
      'html-page.csv:1: expected #model_version:VERSION,score_date:DATE, got "<!DOCTYPE html>"',
    ],
    ['no-score-date.csv', 'no-score-date.csv:1: expected #model_version:VERSION,score_date:DATE, got'],
    ['unreadable-date.csv', 'unreadable-date.csv:1: expected #model_version:VERSION,score_date:DATE, got'],
    ['no-header.csv', 'no-header.csv:2: expected cve,epss,percentile, got "CVE-2024-0001,0.5,0.5"'],
    ['no-scores.csv', 'no-scores.csv: expected EPSS scores, got none'],
    [
      'mostly-odd-lines.csv',
      'mostly-odd-lines.csv: expected EPSS scores, got 2 of 3 that cannot be read (mostly-odd-lines.csv:4: expected a CVE id and two numbers',
    ],
  ])('refuses %s', async (name, message) => {
    const { bytes } = invalidFixture(name);
    const error = (await failure(() => parseEpss(name, bytes))) as PlimsollError;
    expect(error).toMatchObject({ code: 'parse-failed', file: name });
    expect(error.message).toContain(message);
  });

  it('refuses more than a tenth of odd lines, and takes a tenth', async () => {
    const odd = ['x', 'y'];
    expect(parse(epssText([...epssLines(18), ...odd])).rejected.count).toBe(2);
    expect(await errorCode(() => parse(epssText([...epssLines(17), ...odd])))).toBe('parse-failed');
  });

  it('refuses a bomb, a cut archive and a file that is too large, without inflating or reading on', async () => {
    const bomb = gzipSync(Buffer.alloc(SOURCE_LIMIT + 1, '\n'), { level: 9 });
    expect(bomb.length).toBeLessThan(100_000);
    expect(await errorCode(() => parse(bomb))).toBe('file-too-large');
    const whole = gzipSync(epssText(epssLines(100)));
    expect(await errorCode(() => parse(whole.subarray(0, whole.length - 20)))).toBe('parse-failed');
    expect(await errorCode(() => parse(new Uint8Array(SOURCE_LIMIT + 1)))).toBe('file-too-large');
  });
});

describe('any file of scores', () => {
  const id = fc
    .tuple(fc.integer({ min: 1999, max: 2999 }), fc.integer({ min: 0, max: 999_999_999_999 }))
    .map(([year, n]) => `CVE-${year}-${String(n).padStart(4, '0')}`);
  const millionth = fc.integer({ min: 0, max: 1_000_000 });

  it('gives back what was written', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.record({ id, score: millionth, percentile: millionth }), {
          selector: (row) => row.id,
          minLength: 1,
        }),
        (rows) => {
          const lines = rows.map(
            (row) => `${row.id},${(row.score / 1e6).toFixed(6)},${row.percentile / 1e6}`,
          );
          const file = parse(epssText(lines));
          expect(file.rejected.count).toBe(0);
          for (const row of rows) {
            expect(score(file, row.id)).toEqual({ score: row.score / 1e6, percentile: row.percentile / 1e6 });
          }
        },
      ),
    );
  });

  it('counts each line once, as a score or as rejected', () => {
    const part = fc.oneof(
      fc.constantFrom('CVE-2024-0001', 'CVE-2024-0002', '0.5', '1e999', 'NaN', '', ','),
      fc.string(),
    );
    const line = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(',').replace(/[\r\n]/g, ''));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
        const file = parse(epssText([...epssLines(50), ...lines]));
        expect(file.scores.size + file.rejected.count).toBe(50 + lines.length);
        for (const each of file.scores.values()) {
          expect(each.score >= 0 && each.score <= 1 && each.percentile >= 0 && each.percentile <= 1).toBe(
            true,
          );
        }
      }),
    );
  });

  it('of any bytes is read or refused with a typed error', () => {
    const pieces = fc.constantFrom(
      '#',
      'score_date:',
      'model_version:',
      '2026-11-20',
      'cve,epss,percentile',
      '\n',
      ',',
    );
    const texts = fc.array(fc.oneof(pieces, fc.string()), { maxLength: 12 }).map((parts) => parts.join(''));
    const bytes = fc.oneof(
      texts.map((text) => Buffer.from(text)),
      texts.map((text) => gzipSync(text)),
      fc.uint8Array().map((tail) => Buffer.concat([Buffer.from([0x1f, 0x8b]), tail])),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(bytes, (input) => {
        try {
          parse(input);
        } catch (error) {
          expect(error).toBeInstanceOf(PlimsollError);
        }
      }),
    );
  });
});

describe('cveKey', () => {
  it('sorts as year and number do, and is exact', () => {
    const ids = [
      'CVE-1999-0001',
      'CVE-1999-9999',
      'CVE-1999-10000',
      'CVE-2020-0001',
      'CVE-2020-999999999999',
      'CVE-2021-0000',
    ];
    const keys = ids.map((id) => cveKey(id) ?? Number.NaN);
    expect(keys).toEqual([...keys].sort((a, b) => a - b));
    expect(new Set(keys).size).toBe(ids.length);
    expect(keys.every(Number.isSafeInteger)).toBe(true);
    expect(Number.isSafeInteger(cveKey('CVE-2999-999999999999'))).toBe(true);
  });

  it.each([
    '',
    'CVE-2020-1',
    'CVE-20-0001',
    'CVE-9999-0001',
    'GHSA-aaaa-bbbb-cccc',
    ' CVE-2020-0001',
    'CVE-2020-0001\n',
    'CVE-2020-٠٠٠١',
  ])('has none for %j', (id) => {
    expect(cveKey(id)).toBeUndefined();
  });
});
