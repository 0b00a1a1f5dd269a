// SPDX-License-Identifier: Apache-2.0
import { PlimsollError } from '../../platform/errors.ts';
import { inParallel } from '../../platform/pool.ts';
import { type ApiAnswer, failureOf, type Transport } from './transport.ts';
import { readPages, readRefusal } from './wire.ts';

/** A query of the API. Never with a version: the server's own matching is fuzzy, and ours decides. */
export type ApiQuery =
  | { readonly package: { readonly ecosystem: string; readonly name: string } }
  | { readonly commit: string };

/** What the API knows of one query: the records by id with their `modified`, or why it could not be learnt. */
export type QueryResult =
  | { readonly ids: ReadonlyMap<string, string>; readonly failure?: undefined }
  | { readonly failure: string };

/** More in one batch is refused: https://google.github.io/osv.dev/post-v1-querybatch/ */
const BATCH = 1000;
const PARALLEL = 4;
/** No package has so many records; a server that goes on is broken. */
const MAX_PAGES = 200;
/**
 * A server that is busy answers with the token that it was given, before it has looked at anything; one that does
 * so again and again is broken.
 */
const MAX_STALLS = 3;
/** Ten halvings find a query at fault; a server that refuses everything is not asked for each alone. */
const MAX_REFUSALS = 200;

interface Pending {
  readonly index: number;
  readonly query: ApiQuery;
  readonly found: Map<string, string>;
  /** That were asked for. */
  readonly tokens: Set<string>;
  stalls: number;
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
  let open = queries.map(
    (query, index): Pending => ({ index, query, found: new Map(), tokens: new Set(), stalls: 0 }),
  );
  let down: string | undefined;
  let refusals = 0;

  /** Asks a chunk, and gives the queries that have another page. */
  async function ask(chunk: readonly Pending[]): Promise<Pending[]> {
    if (down !== undefined) return fail(chunk, down);
    let answer: ApiAnswer;
    try {
      answer = await transport({ path: '/v1/querybatch', body: bodyOf(chunk) });
    } catch (error) {
      if (!(error instanceof PlimsollError) || error.code === 'aborted') throw error;
      down ??= failureOf(error);
      return fail(chunk, failureOf(error));
    }
    if (answer.status === 400) return await refused(chunk, readRefusal(answer.value));
    if (answer.status === 404) return fail(chunk, 'expected the OSV API, got a server that does not know it');
    const pages = readPages(answer.value);
    if (pages === undefined) return fail(chunk, 'expected the records of a batch, got other JSON');
    if (pages.length !== chunk.length) {
      return fail(chunk, 'expected as many results as queries, got another number');
    }
    return chunk.filter((pending, i) => {
      const { records = [], token } = pages[i] ?? {};
      for (const [id, modified] of records) pending.found.set(id, modified);
      const failure = token === undefined ? undefined : turnPage(pending, token);
      if (failure !== undefined) results[pending.index] = { failure };
      else if (token === undefined) results[pending.index] = { ids: pending.found };
      return failure === undefined && token !== undefined;
    });
  }
  async function refused(chunk: readonly Pending[], reason: string): Promise<Pending[]> {
    refusals += 1;
    const failure = `expected records, got a refusal: ${reason}`;
    if (chunk.length === 1 || refusals > MAX_REFUSALS) return fail(chunk, failure);
    const half = chunk.length >> 1;
    return [...(await ask(chunk.slice(0, half))), ...(await ask(chunk.slice(half)))];
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
  return results.map((result) => result ?? { failure: 'expected an answer, got none' });
}

function bodyOf(chunk: readonly Pending[]): unknown {
  return {
    queries: chunk.map(({ query, token }) => ({ ...query, ...(token ? { page_token: token } : {}) })),
  };
}

/** Makes the next page the one to ask for, or says why it is not. */
function turnPage(pending: Pending, token: string): string | undefined {
  if (pending.tokens.has(token)) pending.stalls += 1;
  if (pending.stalls > MAX_STALLS) return 'expected the next page, got the same one again and again';
  pending.tokens.add(token);
  if (pending.tokens.size > MAX_PAGES) return `expected at most ${MAX_PAGES} pages, got more`;
  pending.token = token;
  return undefined;
}

function chunksOf(items: readonly Pending[]): Pending[][] {
  return Array.from({ length: Math.ceil(items.length / BATCH) }, (_, i) =>
    items.slice(i * BATCH, (i + 1) * BATCH),
  );
}
