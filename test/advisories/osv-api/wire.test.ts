// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecord } from '../../../src/advisories/osv-api/hydrate.ts';
import { readPages, readRefusal, type WirePage } from '../../../src/advisories/osv-api/wire.ts';

const text = fc.string({ minLength: 1, maxLength: 20 });
const page: fc.Arbitrary<WirePage> = fc
  .record({ records: fc.array(fc.tuple(text, fc.string())), token: fc.option(text, { nil: undefined }) })
  .map(({ records, token }) => ({ records, ...(token === undefined ? {} : { token }) }));
const noObject = fc.jsonValue().filter((v) => typeof v !== 'object' || v === null || Array.isArray(v));

/** As the API writes a page: what is empty is left out. */
function onWire({ records, token }: WirePage) {
  const vulns = records.map(([id, modified]) => ({ id, modified }));
  return {
    ...(vulns.length > 0 ? { vulns } : {}),
    ...(token === undefined ? {} : { next_page_token: token }),
  };
}

describe('readPages', () => {
  it('reads what the API writes', () => {
    fc.assert(
      fc.property(fc.array(page), (pages) => {
        expect(readPages(JSON.parse(JSON.stringify({ results: pages.map(onWire) })))).toEqual(pages);
      }),
    );
  });

  it('passes over unknown keys, and knows both spellings of a token', () => {
    const result = { vulns: [{ id: 'A', later: 1 }], nextPageToken: 'n', later: {} };
    expect(readPages({ results: [result, { vulns: null, next_page_token: null }], later: [] })).toEqual([
      { records: [['A', '']], token: 'n' },
      { records: [] },
    ]);
  });

  it('reads no answer as an answer without records, whatever is wrong in one place of it', () => {
    const wrong = fc.oneof(
      noObject.map((value) => value),
      noObject.filter((v) => v !== null && !Array.isArray(v)).map((vulns) => ({ vulns })),
      noObject
        .filter((v) => v !== null && typeof v !== 'string')
        .map((token) => ({ next_page_token: token })),
      noObject.map((vuln) => ({ vulns: [{ id: 'A' }, vuln] })),
      noObject.filter((v) => typeof v !== 'string' || v === '').map((id) => ({ vulns: [{ id }] })),
    );
    fc.assert(
      fc.property(fc.array(page), wrong, fc.nat(), (pages, fault, at) => {
        const results: unknown[] = pages.map(onWire);
        results.splice(at % (pages.length + 1), 0, fault);
        expect(readPages({ results })).toBeUndefined();
      }),
    );
  });

  it('keeps every id of whatever JSON it accepts', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(fc.jsonValue()), (value, results) => {
        expect(() => readPages(value)).not.toThrow();
        const pages = readPages({ results });
        if (pages === undefined) return;
        expect(pages).toHaveLength(results.length);
        const listed = results.flatMap((result) => (result as { vulns?: unknown[] }).vulns ?? []);
        expect(pages.flatMap(({ records }) => records)).toHaveLength(listed.length);
      }),
    );
  });

  it('is not led astray by names of prototypes', () => {
    expect(readPages(JSON.parse('{"__proto__":{"results":[{}]}}'))).toBeUndefined();
    const own = JSON.parse('{"results":[{"__proto__":{"vulns":[{"id":"A"}]}}]}');
    expect(readPages(own)).toEqual([{ records: [] }]);
    expect(readPages(JSON.parse('{"results":[{"vulns":[{"id":"__proto__"}]}]}'))).toEqual([
      { records: [['__proto__', '']] },
    ]);
  });
});

describe('readRefusal', () => {
  it('is the message, cut, or says that there is none', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readRefusal(value)).toMatch(/^[\s\S]{1,200}$/);
      }),
    );
    expect(readRefusal({ code: 3, message: 'error in query at index 3: invalid ecosystem' })).toBe(
      'error in query at index 3: invalid ecosystem',
    );
    expect(readRefusal({ message: 'x'.repeat(1000) })).toHaveLength(200);
  });
});

describe('readRecord', () => {
  it('gives the record that was asked for, or says why not, and never throws', () => {
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((id) => JSON.stringify({ id })),
    );
    fc.assert(
      fc.property(body, text, (json, id) => {
        const read = readRecord(json, id);
        if (read.failure === undefined) expect(read.record.id).toBe(id);
        else expect(read.failure).toContain('expected');
      }),
    );
    expect(readRecord('{"id":"A","aliases":["B"]}', 'A')).toMatchObject({ record: { aliases: ['B'] } });
  });
});
