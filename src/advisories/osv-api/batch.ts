// SPDX-License-Identifier: Apache-2.0
import { PlimsollError } from '../../platform/errors.ts';
import { inParallel } from '../../platform/pool.ts';
import type { ApiAnswer, Transport } from './transport.ts';

/** A query of the API. Never with a version: the server's own matching is fuzzy, and ours decides. */
export type ApiQuery =
  | { readonly package: { readonly ecosystem: string; readonly name: string } }
  | { readonly commit: string };

/** What the API knows of one query: the records by id with their `modified`, or why it could not be learnt. */
export type QueryResult = ReadonlyMap<string, string> | { readonly failure: string };

/** More in one batch is refused: https://google.github.io/osv.dev/post-v1-querybatch/ */
const BATCH = 1000;
const PARALLEL = 4;
/** No package has so many records; a server that goes on is broken. */
const MAX_PAGES = 200;

interface Pending {
  readonly index: number;
  readonly query: ApiQuery;
  readonly found: Map<string, string>;
  readonly tokens: Set<string>;
  token?: string;
}

/**
 * Asks all queries, in batches, page by page until the server has no more. A batch that is refused is halved until
 * the query at fault stands alone. Once the server cannot be reached, what is left is not asked.
 *
 * @returns in the order of the queries
 * @throws PlimsollError `aborted`
 */
export async function queryAll(queries: readonly ApiQuery[], transport: Transport): Promise<QueryResult[]> {
  const results: (QueryResult | undefined)[] = queries.map(() => undefined);
  let open = queries.map((query, index): Pending => ({ index, query, found: new Map(), tokens: new Set() }));
  let down: string | undefined;

  /** Asks a chunk, and gives the queries that have another page. */
  async function ask(chunk: readonly Pending[]): Promise<Pending[]> {
    if (down !== undefined) return fail(chunk, down);
    let answer: ApiAnswer;
    try {
      const body = {
        queries: chunk.map(({ query, token }) => ({ ...query, ...(token ? { page_token: token } : {}) })),
      };
      answer = await transport({ path: '/v1/querybatch', body });
    } catch (error) {
      if (!(error instanceof PlimsollError) || error.code === 'aborted') throw error;
      down ??= error.message;
      return fail(chunk, error.message);
    }
    if (answer.status !== 200) {
      if (chunk.length === 1) return fail(chunk, `the API refuses it: ${messageOf(answer)}`);
      const half = chunk.length >> 1;
      return [...(await ask(chunk.slice(0, half))), ...(await ask(chunk.slice(half)))];
    }
    const pages = readPages(answer.value);
    if (pages?.length !== chunk.length) return fail(chunk, 'the API answered another number of queries');
    return chunk.filter((pending, i) => {
      const page = pages[i];
      if (page === undefined) return false;
      for (const [id, modified] of page.records) pending.found.set(id, modified);
      const failure = nextPage(pending, page.token);
      if (failure !== undefined) results[pending.index] = { failure };
      else if (page.token === undefined) results[pending.index] = pending.found;
      return failure === undefined && page.token !== undefined;
    });
  }
  function fail(chunk: readonly Pending[], failure: string): Pending[] {
    for (const { index } of chunk) results[index] = { failure };
    return [];
  }

  while (open.length > 0) {
    const next: Pending[] = [];
    await inParallel(chunksOf(open), PARALLEL, async (chunk) => {
      next.push(...(await ask(chunk)));
    });
    open = next.sort((a, b) => a.index - b.index);
  }
  return results.map((result) => result ?? { failure: 'it was not asked' });
}

function nextPage(pending: Pending, token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  if (pending.tokens.has(token)) return 'the API gives the same page again and again';
  if (pending.tokens.size >= MAX_PAGES) return `the API has more than ${MAX_PAGES} pages`;
  pending.tokens.add(token);
  pending.token = token;
  return undefined;
}

function chunksOf(items: readonly Pending[]): Pending[][] {
  return Array.from({ length: Math.ceil(items.length / BATCH) }, (_, i) =>
    items.slice(i * BATCH, (i + 1) * BATCH),
  );
}

interface Page {
  readonly records: readonly (readonly [id: string, modified: string])[];
  readonly token: string | undefined;
}

/** `{results: [{vulns?: [{id, modified}], next_page_token?}]}`; `undefined` for anything else. */
function readPages(value: unknown): (Page | undefined)[] | undefined {
  const results = fieldOf(value, 'results');
  if (!Array.isArray(results)) return undefined;
  const pages = results.map(readPage);
  return pages.includes(undefined) ? undefined : pages;
}

function readPage(result: unknown): Page | undefined {
  // A query without records is an empty object, and `null` where another server writes it so.
  const vulns = result === null ? [] : (fieldOf(result, 'vulns') ?? []);
  const token = fieldOf(result, 'next_page_token');
  if (!Array.isArray(vulns)) return undefined;
  const records: [string, string][] = [];
  for (const vuln of vulns) {
    const id = fieldOf(vuln, 'id');
    const modified = fieldOf(vuln, 'modified');
    // A record that is left out would be a silent gap.
    if (typeof id !== 'string' || id === '') return undefined;
    records.push([id, typeof modified === 'string' ? modified : '']);
  }
  return { records, token: typeof token === 'string' && token !== '' ? token : undefined };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function messageOf({ value }: ApiAnswer): string {
  const message = fieldOf(value, 'message');
  return typeof message === 'string' ? message.slice(0, 200) : 'no reason is given';
}
