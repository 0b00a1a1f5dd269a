// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { listErrors } from '../../findings/coverage-errors.ts';
import type { Advisory } from '../../model/advisory.ts';
import type { Coverage } from '../../model/coverage.ts';
import { compareText } from '../../model/order.ts';
import type { Http } from '../../platform/http.ts';
import type { RetryPolicy } from '../../platform/retry.ts';
import { type AdvisorySource, type PackageQuery, packageKey } from '../source.ts';
import { type ApiQuery, type QueryResult, queryAll } from './batch.ts';
import { recordCache } from './cache.ts';
import { type Hydrated, hydrate } from './hydrate.ts';
import { createTransport } from './transport.ts';

const OSV_API = 'https://api.osv.dev';

export interface OsvApiOptions {
  readonly http: Http;
  /** Address of the API; the public one where absent. */
  readonly url?: string;
  /** Where records are kept between runs; absent: nowhere. */
  readonly cacheDir?: string;
  /** Milliseconds for everything that a run asks. */
  readonly deadline?: number;
  readonly signal?: AbortSignal;
  /** Parts of the retry policy, for tests. */
  readonly retry?: Partial<Pick<RetryPolicy, 'attempts' | 'base' | 'random' | 'wait'>>;
}

const DEADLINE = 120_000;

/**
 * The OSV API as a source of records: each package is asked for by name alone, its records are fetched whole, and the
 * matcher decides. Whatever could not be had is a coverage row. The deadline starts when the source is made.
 *
 * @see https://google.github.io/osv.dev/api/
 */
export function osvApiSource(options: OsvApiOptions): AdvisorySource {
  const { http, url = OSV_API, cacheDir, deadline = DEADLINE, signal } = options;
  const retry: RetryPolicy = {
    attempts: 4,
    base: 500,
    ...options.retry,
    deadline: AbortSignal.timeout(deadline),
    ...(signal === undefined ? {} : { signal }),
  };
  const transport = createTransport({ http, url, retry });
  const cache = recordCache(cacheDir);
  const known = new Map<string, Advisory>();
  const byEcosystem = new Map<string, Set<string>>();

  /** What each query knows, as full records. */
  async function ask(queries: readonly ApiQuery[]): Promise<Answered[]> {
    const results = await queryAll(queries, transport);
    const wanted = new Map<string, string>();
    for (const result of results) {
      if ('failure' in result) continue;
      for (const [id, modified] of result) wanted.set(id, modified);
    }
    const records = await hydrate(wanted, transport, cache);
    return results.map((result) => answered(result, records));
  }
  function remember(records: readonly Advisory[], ecosystem: string): void {
    const ids = byEcosystem.get(ecosystem) ?? new Set();
    byEcosystem.set(ecosystem, ids);
    for (const record of records) {
      known.set(record.id, record);
      ids.add(record.id);
    }
  }

  return {
    id: 'osv',
    async query(packages) {
      const asked = packages.filter(isAskable);
      const answers = await ask(asked.map(({ ecosystem, name }) => ({ package: { ecosystem, name } })));
      const records = new Map<string, readonly Advisory[]>();
      const gaps = gapLedger();
      for (const { ecosystem } of packages) gaps.expect(ecosystem);
      for (const [i, { ecosystem, name }] of asked.entries()) {
        const { records: found, failure } = answers[i] ?? { records: [], failure: 'it was not asked' };
        records.set(packageKey(ecosystem, name), found);
        remember(found, ecosystem);
        if (failure !== undefined) gaps.add(ecosystem, `${name}: ${failure}`);
      }
      for (const each of packages) {
        if (!isAskable(each)) gaps.add(each.ecosystem, `${each.name.slice(0, 80)}: ${NOT_ASKABLE}`);
      }
      return { records, coverage: gaps.rows() };
    },
    async commits(hashes) {
      const answers = await ask(hashes.map((commit) => ({ commit })));
      const records = new Map<string, readonly Advisory[]>();
      const gaps = gapLedger();
      for (const [i, commit] of hashes.entries()) {
        gaps.expect('git');
        const { records: found, failure } = answers[i] ?? { records: [], failure: 'it was not asked' };
        for (const record of found) known.set(record.id, record);
        if (failure === undefined) records.set(commit, found);
        else gaps.add('git', `${commit}: ${failure}`);
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
    describe() {
      const lines = [...known.values()].map(({ id, modified }) => `${id} ${modified}\n`).sort(compareText);
      return {
        source: 'osv',
        generation: hash('sha256', lines.join('')),
        ecosystems: [...byEcosystem]
          .map(([name, ids]) => ({ name, records: ids.size }))
          .sort((a, b) => compareText(a.name, b.name)),
        quarantined: 0,
      };
    },
    close: async () => {},
  };
}

/** What npm and PyPI could have as a name; another one would make the API refuse its batch. */
function isAskable({ name }: PackageQuery): boolean {
  return name.length <= 214 && /^[!-~]+$/.test(name);
}

const NOT_ASKABLE = 'expected a name of at most 214 printable characters';

interface Answered {
  /** Sorted by id; those that could be had. */
  readonly records: readonly Advisory[];
  readonly failure?: string;
}

function answered(result: QueryResult, hydrated: ReadonlyMap<string, Hydrated>): Answered {
  if ('failure' in result) return { records: [], failure: String(result.failure) };
  const records: Advisory[] = [];
  let failure: string | undefined;
  for (const id of [...result.keys()].sort(compareText)) {
    const record = hydrated.get(id);
    if (record === undefined || 'failure' in record)
      failure ??= record?.failure ?? `${id}: it was not asked for`;
    // The API leaves withdrawn records out; one that was withdrawn meanwhile never hits.
    else records.push(record);
  }
  return { records, ...(failure === undefined ? {} : { failure }) };
}

/** Counts what was asked for and what could not be had, by ecosystem. */
function gapLedger() {
  const tallies = new Map<string, { expected: number; readonly failures: string[] }>();
  const tallyOf = (target: string) => {
    const tally = tallies.get(target) ?? { expected: 0, failures: [] };
    tallies.set(target, tally);
    return tally;
  };
  return {
    expect(target: string): void {
      tallyOf(target).expected += 1;
    },
    add(target: string, failure: string): void {
      tallyOf(target).failures.push(failure);
    },
    /** A row per target, sorted. */
    rows(): Coverage[] {
      return [...tallies]
        .sort(([a], [b]) => compareText(a, b))
        .map(([target, tally]) => rowOf(target, tally));
    },
  };
}

function rowOf(
  target: string,
  { expected, failures }: { readonly expected: number; readonly failures: readonly string[] },
): Coverage {
  const row = { plugin: 'advisories', target, unit: 'packages', required: true, expected } as const;
  if (failures.length === 0) return { ...row, status: 'succeeded', processed: expected, errors: [] };
  return {
    ...row,
    status: failures.length < expected ? 'partial' : 'failed',
    cause: 'advisory-source-failed',
    processed: expected - failures.length,
    errors: listErrors([...failures].sort(compareText).map((message) => ({ message }))),
  };
}
