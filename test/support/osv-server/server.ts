// SPDX-License-Identifier: Apache-2.0
import type { ServerResponse } from 'node:http';
import { startServer, type TestServer } from '../https-server.ts';
import { normalized, serverSaysAffected, type WireRecord } from './fuzzy.ts';

export interface OsvServerOptions {
  readonly records: readonly WireRecord[];
  /** Records on a page of one query. */
  readonly pageSize?: number;
  /** An empty page with a token comes before each page, as osv.dev gives it near its time limit. */
  readonly emptyPages?: boolean;
  /** Ids of the records that affect a commit. */
  readonly commits?: ReadonlyMap<string, readonly string[]>;
  /** Looked at before each answer. */
  readonly fault?: Fault;
}

/** A request as a fault sees it. */
export interface SeenRequest {
  readonly path: string;
  readonly body: string;
  /** How many requests came before. */
  readonly total: number;
}

/** Spoils an answer, or leaves it (`undefined`). `answer` is what a sound server says. */
export type Fault = (
  request: SeenRequest,
  response: ServerResponse,
  answer: { readonly status: number; readonly body: string },
) => boolean;

export interface OsvServer extends TestServer {
  readonly requests: readonly SeenRequest[];
}

/** What osv.dev answers where it had no time to begin with a query: it must be asked for again. */
export const FIRST_PAGE = 'RklSU1RfUEFHRV9UT0tFTg==';

const MAX_QUERIES = 1000;
const MAX_ID = 100;
const ECOSYSTEMS = new Set(['PyPI', 'npm', 'Go', 'GIT']);

/**
 * The OSV API over the given records, in its wire format: limits, paging, refusals and the fuzzy matching of
 * versions as osv.dev has them.
 *
 * @see https://google.github.io/osv.dev/api/
 */
export async function startOsvServer(options: OsvServerOptions): Promise<OsvServer> {
  const requests: SeenRequest[] = [];
  const index = indexOf(options.records);
  const server = await startServer((request, response, body) => {
    const path = request.url ?? '';
    const seen = { path, body, total: requests.length };
    requests.push(seen);
    const answer = answerTo(path, body, options, index);
    if (options.fault?.(seen, response, answer) === true) return;
    sendJson(response, answer);
  });
  return { ...server, requests };
}

export function sendJson(response: ServerResponse, { status, body }: { status: number; body: string }): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

/** Records by id, and by the package that they speak of. */
interface Index {
  readonly byId: ReadonlyMap<string, WireRecord>;
  readonly byPackage: ReadonlyMap<string, readonly WireRecord[]>;
}

function indexOf(records: readonly WireRecord[]): Index {
  const byPackage = new Map<string, Set<WireRecord>>();
  for (const record of records) {
    for (const { package: p } of record.affected ?? []) {
      if (p === undefined) continue;
      const key = packageOf(p.ecosystem, p.name);
      byPackage.set(key, (byPackage.get(key) ?? new Set()).add(record));
    }
  }
  return {
    byId: new Map(records.map((record) => [record.id, record])),
    byPackage: new Map([...byPackage].map(([key, found]) => [key, [...found]])),
  };
}

function packageOf(ecosystem: string, name: string): string {
  const [base = ''] = ecosystem.split(':');
  return `${base} ${normalized(base, name)}`;
}

function answerTo(
  path: string,
  body: string,
  options: OsvServerOptions,
  index: Index,
): { status: number; body: string } {
  const ok = (value: unknown) => ({ status: 200, body: JSON.stringify(value) });
  const [, id] = /^\/v1\/vulns\/([^/?]+)$/.exec(path) ?? [];
  if (id !== undefined) {
    if (id.length > MAX_ID) return refusal(400, 'ID is too long');
    const record = index.byId.get(decodeURIComponent(id));
    return record === undefined ? refusal(404, 'Vulnerability not found') : ok(withoutEmptyLists(record));
  }
  if (path !== '/v1/querybatch' && path !== '/v1/query') return refusal(404, 'Not found');
  const parsed = JSON.parse(body) as { queries?: Query[] } & Query;
  const queries = path === '/v1/query' ? [parsed] : (parsed.queries ?? []);
  if (queries.length > MAX_QUERIES) return refusal(400, 'too many queries');
  for (const [i, query] of queries.entries()) {
    const problem = problemOf(query);
    // One bad query fails its whole batch.
    if (problem !== undefined)
      return refusal(400, path === '/v1/query' ? problem : `error in query at index ${i}: ${problem}`);
  }
  const results = queries.map((query) => answerQuery(query, options, index));
  if (path === '/v1/query') return ok(results[0]);
  return ok({
    results: results.map(({ vulns, ...rest }) => ({
      ...(vulns === undefined ? {} : { vulns: vulns.map(({ id, modified }) => ({ id, modified })) }),
      ...rest,
    })),
  });
}

interface Query {
  readonly package?: { readonly ecosystem?: string; readonly name?: string; readonly purl?: string };
  readonly version?: string;
  readonly commit?: string;
  readonly page_token?: string;
}

/** In the words of osv.dev's `parseQuery`. */
function problemOf({ package: p, version, commit }: Query): string | undefined {
  if (commit !== undefined) {
    // The two are one field of its message.
    if (version !== undefined) return 'version specified with commit';
    return /^(?:[0-9a-f]{2})*$/i.test(commit) ? undefined : 'invalid hash';
  }
  if (p === undefined) return 'invalid query';
  if (p.purl !== undefined) {
    if (p.name !== undefined) return 'name specified in a PURL query';
    if (p.ecosystem !== undefined) return 'ecosystem specified in a PURL query';
    const isTwice = version !== undefined && p.purl.lastIndexOf('@') > p.purl.indexOf('/');
    return isTwice ? 'version specified in params and PURL query' : undefined;
  }
  const ecosystem = p.ecosystem?.split(':')[0];
  if (ecosystem !== undefined && !ECOSYSTEMS.has(ecosystem)) return 'invalid ecosystem';
  return p.name ? undefined : 'invalid query';
}

function answerQuery(
  query: Query,
  { records, commits, pageSize = 1000, emptyPages = false }: OsvServerOptions,
  { byPackage }: Index,
): { vulns?: WireRecord[]; next_page_token?: string } {
  const { ecosystem = '', name = '' } = query.package ?? {};
  const candidates = query.commit === undefined ? (byPackage.get(packageOf(ecosystem, name)) ?? []) : records;
  const found = candidates.filter((record) => record.withdrawn === undefined && hits(record, query, commits));
  const [from = 0, isFull = emptyPages ? 0 : 1] = (query.page_token ?? '')
    .replace(FIRST_PAGE, '')
    .split(':')
    .filter(Boolean)
    .map(Number);
  if (isFull === 0) return { next_page_token: `${from}:1` };
  const vulns = found.slice(from, from + pageSize);
  const next = from + pageSize;
  return {
    ...(vulns.length > 0 ? { vulns } : {}),
    ...(next < found.length ? { next_page_token: `${next}:${emptyPages ? 0 : 1}` } : {}),
  };
}

function hits(record: WireRecord, query: Query, commits: OsvServerOptions['commits']): boolean {
  if (query.commit !== undefined) return commits?.get(query.commit)?.includes(record.id) === true;
  const { ecosystem = '', name = '' } = query.package ?? {};
  // A purl of a type that is not known gives an empty answer, and no error.
  if (query.package?.purl !== undefined) return false;
  if (query.version !== undefined) return serverSaysAffected(record, ecosystem, name, query.version);
  return true;
}

/** The archives have `versions: []` where the API has nothing. */
function withoutEmptyLists(record: WireRecord): WireRecord {
  if (record.affected === undefined) return record;
  return {
    ...record,
    affected: record.affected.map(({ versions, ...entry }) =>
      versions === undefined || versions.length === 0 ? entry : { ...entry, versions },
    ),
  };
}

function refusal(status: number, message: string): { status: number; body: string } {
  return { status, body: JSON.stringify({ code: status === 404 ? 5 : 3, message }) };
}
