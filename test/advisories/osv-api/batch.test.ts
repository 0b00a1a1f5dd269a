// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ApiQuery, queryAll } from '../../../src/advisories/osv-api/batch.ts';
import type { ApiAnswer, Transport } from '../../../src/advisories/osv-api/transport.ts';

interface WireQuery {
  readonly package: { readonly name: string };
  readonly page_token?: string;
}

function queries(count: number): ApiQuery[] {
  return Array.from({ length: count }, (_, i) => ({ package: { ecosystem: 'npm', name: `${i}` } }));
}

/** A server of one function: the result of each query, or `undefined` for one that it refuses. */
function server(resultOf: (query: WireQuery) => object | undefined, sizes: number[] = []): Transport {
  return async ({ body }): Promise<ApiAnswer> => {
    const asked = (body as { queries: WireQuery[] }).queries;
    sizes.push(asked.length);
    const results = asked.map(resultOf);
    const at = results.indexOf(undefined);
    if (at === -1) return { status: 200, value: { results }, text: '' };
    return { status: 400, value: { message: `error in query at index ${at}: no` }, text: '' };
  };
}

/** What a server says page by page: ids, and how often it stalls before it turns the page. */
const pages = fc.array(
  fc.record({ ids: fc.array(fc.integer({ min: 0, max: 9 })), stalls: fc.integer({ min: 0, max: 3 }) }),
  { minLength: 1, maxLength: 6 },
);

describe('queryAll', () => {
  it('finds every record once, however the server cuts its answers into pages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(pages, { maxLength: 8 }), async (books) => {
        const stalled = new Map<string, number>();
        const transport = server(({ package: { name }, page_token: token = '0' }) => {
          const book = books[Number(name)] ?? [];
          const at = Number(token);
          const page = book[at];
          const key = `${name} ${token}`;
          const times = stalled.get(key) ?? 0;
          stalled.set(key, times + 1);
          // No more than three in all of one query.
          const budget = Math.max(0, 3 - book.slice(0, at).reduce((sum, { stalls }) => sum + stalls, 0));
          if (at > 0 && times < Math.min(page?.stalls ?? 0, budget)) return { next_page_token: token };
          const vulns = page?.ids.map((id) => ({ id: `${id}`, modified: 'then' }));
          return { vulns, ...(at + 1 < book.length ? { next_page_token: `${at + 1}` } : {}) };
        });
        const results = await queryAll(queries(books.length), transport);
        for (const [i, book] of books.entries()) {
          const expected = new Set(book.flatMap(({ ids }) => ids.map(String)));
          expect(results[i]?.failure).toBeUndefined();
          expect(new Set((results[i] as { ids: Map<string, string> }).ids.keys())).toEqual(expected);
        }
      }),
    );
  });

  it('loses those queries alone that are refused', async () => {
    const refused = fc.uniqueArray(fc.nat({ max: 1999 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(refused, async (bad) => {
        const names = new Set(bad.map(String));
        const sizes: number[] = [];
        const transport = server(({ package: { name } }) => (names.has(name) ? undefined : {}), sizes);
        const results = await queryAll(queries(2000), transport);
        const lost = results.flatMap(({ failure }, i) => (failure === undefined ? [] : [i]));
        expect(lost).toEqual(bad.toSorted((a, b) => a - b));
        expect(Math.max(...sizes)).toBeLessThanOrEqual(1000);
      }),
      { numRuns: 20 },
    );
  });

  it('does not ask a server for each query that refuses them all', async () => {
    const sizes: number[] = [];
    const results = await queryAll(
      queries(5000),
      server(() => undefined, sizes),
    );
    expect(results.every(({ failure }) => failure?.startsWith('expected records, got a refusal'))).toBe(true);
    expect(sizes.length).toBeLessThan(500);
  });

  it('gives up on a page that is never turned, and on one after the other without end', async () => {
    let count = 0;
    const transport = server(({ package: { name } }) => ({
      next_page_token: name === '0' ? 'same' : `${count++}`,
    }));
    const [same, endless] = await queryAll(queries(2), transport);
    expect(same).toEqual({ failure: 'expected the next page, got the same one again and again' });
    expect(endless).toEqual({ failure: 'expected at most 200 pages, got more' });
  });
});
