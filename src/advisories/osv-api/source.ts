// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import type { Advisory } from '../../model/advisory.ts';
import { compareText } from '../../model/order.ts';
import type { Http } from '../../platform/http.ts';
import { shownUrl } from '../../platform/http-rules.ts';
import type { RetryPolicy } from '../../platform/retry.ts';
import { type AdvisorySource, type PackageQuery, packageKey } from '../source.ts';
import { apiAddress } from './address.ts';
import { type ApiQuery, type QueryResult, queryAll } from './batch.ts';
import { recordCache } from './cache.ts';
import { gapLedger } from './gaps.ts';
import { type Hydrated, hydrate } from './hydrate.ts';
import { createTransport } from './transport.ts';

export interface OsvApiOptions {
  readonly http: Http;
  /** Address of the API; the public one where absent. */
  readonly url?: string;
  /** Where records are kept between runs; absent: nowhere. */
  readonly cacheDir?: string;
  /** Milliseconds for everything that a run asks. */
  readonly deadline?: number;
  /** Parts of the retry policy, for tests. */
  readonly retry?: Partial<Pick<RetryPolicy, 'attempts' | 'base' | 'random' | 'wait'>>;
}

const DEADLINE = 120_000;

/**
 * The OSV API as a source of records: each package is asked for by name alone, its records are fetched whole, and the
 * matcher decides. Whatever could not be had is a coverage row. The deadline starts when the source is made.
 *
 * @throws PlimsollError `usage` for an address that cannot be one
 * @see https://google.github.io/osv.dev/api/
 */
export function osvApiSource(options: OsvApiOptions): AdvisorySource {
  const { http, cacheDir, deadline = DEADLINE } = options;
  const url = apiAddress(options.url);
  const retry = { attempts: 4, base: 500, ...options.retry, deadline: AbortSignal.timeout(deadline) };
  const cache = recordCache(cacheDir, shownUrl(url));
  const known = new Map<string, Advisory>();
  const unreadable = new Set<string>();
  const byEcosystem = new Map<string, Set<string>>();

  /** What each query knows, as full records. */
  async function ask(queries: readonly ApiQuery[], signal: AbortSignal | undefined): Promise<Answered[]> {
    const transport = createTransport({
      http,
      url,
      retry: signal === undefined ? retry : { ...retry, signal },
    });
    const results = await queryAll(queries, transport);
    const wanted = new Map<string, string>();
    for (const { ids } of results.filter(isAnswer)) {
      for (const [id, modified] of ids) wanted.set(id, modified);
    }
    const records = await hydrate(wanted, transport, cache);
    for (const [id, hydrated] of records) {
      if (hydrated.failure === undefined) known.set(id, hydrated.record);
      else if (hydrated.unreadable) unreadable.add(id);
    }
    return results.map((result) => answered(result, records));
  }
  function count(ecosystem: string, records: readonly Advisory[]): void {
    const ids = byEcosystem.get(ecosystem) ?? new Set();
    byEcosystem.set(ecosystem, ids);
    for (const { id } of records) ids.add(id);
  }

  return {
    id: 'osv',
    async query(packages, signal) {
      const asked = packages.filter(isAskable);
      const answers = await ask(asked.map(toQuery), signal);
      const records = new Map<string, readonly Advisory[]>();
      const gaps = gapLedger();
      for (const each of packages) {
        gaps.expect(each.ecosystem);
        if (!isAskable(each)) gaps.add(each.ecosystem, shownName(each.name), NOT_ASKABLE);
      }
      for (const [i, { ecosystem, name }] of asked.entries()) {
        const { records: found, failure } = answers[i] ?? NO_ANSWER;
        records.set(packageKey(ecosystem, name), found);
        count(ecosystem, found);
        const gap = failure ?? silentRecord(found);
        if (gap !== undefined) gaps.add(ecosystem, name, gap);
      }
      return { records, coverage: gaps.rows() };
    },
    async commits(hashes, signal) {
      const answers = await ask(
        hashes.map((commit) => ({ commit })),
        signal,
      );
      const records = new Map<string, readonly Advisory[]>();
      const gaps = gapLedger();
      for (const [i, commit] of hashes.entries()) {
        const { records: found, failure } = answers[i] ?? NO_ANSWER;
        gaps.expect('git');
        // What is known of a commit is told, even where it is not all.
        if (failure === undefined || found.length > 0) records.set(commit, found);
        if (failure !== undefined) gaps.add('git', commit, failure);
      }
      return { records, coverage: gaps.rows() };
    },
    records: async (ids) =>
      new Map(
        ids.flatMap((id) => {
          const record = known.get(id);
          return record === undefined ? [] : [[id, record] as const];
        }),
      ),
    describe: () => ({
      source: 'osv',
      generation: nameOf([...known.values()]),
      // Without the newest date, which would read as the age of the data: the API answers with what it knows now.
      ecosystems: [...byEcosystem]
        .map(([name, ids]) => ({ name, records: ids.size }))
        .sort((a, b) => compareText(a.name, b.name)),
      quarantined: unreadable.size,
    }),
    close: async () => {},
  };
}

/** The same records have the same name. */
function nameOf(records: readonly Advisory[]): string {
  const lines = records.map(({ id, modified }) => `${id} ${modified}\n`).sort(compareText);
  return hash('sha256', lines.join(''));
}

function toQuery({ ecosystem, name }: PackageQuery): ApiQuery {
  return { package: { ecosystem, name } };
}

/** What npm and PyPI could have as a name; another one would make the API refuse its batch. */
function isAskable({ name }: PackageQuery): boolean {
  return name.length <= 214 && /^[!-~]+$/.test(name);
}

const NOT_ASKABLE = 'expected a name of at most 214 printable characters, got another';

function shownName(name: string): string {
  return JSON.stringify(name.slice(0, 80).toWellFormed());
}

interface Answered {
  /** Sorted by id; those that could be had. */
  readonly records: readonly Advisory[];
  readonly failure?: string;
}

const NO_ANSWER: Answered = { records: [], failure: 'expected an answer, got none' };

function isAnswer(result: QueryResult): result is Extract<QueryResult, { ids: unknown }> {
  return result.failure === undefined;
}

function answered(result: QueryResult, hydrated: ReadonlyMap<string, Hydrated>): Answered {
  if (!isAnswer(result)) return { records: [], failure: result.failure };
  const records: Advisory[] = [];
  let failure: string | undefined;
  for (const id of [...result.ids.keys()].sort(compareText)) {
    const found = hydrated.get(id) ?? { failure: `${id}: expected it, got none` };
    if (found.failure !== undefined) failure ??= found.failure;
    // The API leaves withdrawn records out; one that was withdrawn meanwhile never hits.
    else records.push(found.record);
  }
  return { records, ...(failure === undefined ? {} : { failure }) };
}

/** Of a package's records each speaks of packages: one that speaks of none was cut down on the way. */
function silentRecord(records: readonly Advisory[]): string | undefined {
  const silent = records.find(({ affected, withdrawn }) => affected.length === 0 && withdrawn === undefined);
  return silent && `${silent.id}: expected the packages that it affects, got none`;
}
