// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { osvApiSource } from '../../../src/advisories/osv-api/source.ts';
import { createHttp } from '../../../src/platform/http.ts';
import {
  type Fault,
  FIRST_PAGE,
  type OsvServerOptions,
  type SeenRequest,
  sendJson,
} from '../../support/osv-server/server.ts';
import { REPO_ROOT } from '../../support/shared-data.ts';
import { component } from '../support.ts';
import { client, lowRecord, serve, verdictOf } from './support.ts';

interface Scenario {
  readonly server?: Partial<OsvServerOptions>;
  readonly fault?: Fault;
  /** Milliseconds for the whole run, where it must be short. */
  readonly deadline?: number;
  /** Does not trust the server's certificate. */
  readonly stranger?: true;
  /** Nobody listens. */
  readonly closed?: true;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const isBatch = ({ path }: SeenRequest) => path === '/v1/querybatch';
const isRecord = ({ path }: SeenRequest) => path.startsWith('/v1/vulns/');

/** Spoils requests of this kind. */
function spoil(
  which: (seen: SeenRequest) => boolean,
  act: (response: ServerResponse, seen: SeenRequest, body: string) => void,
): Fault {
  return (seen, response, { body }) => {
    if (!which(seen)) return false;
    act(response, seen, body);
    return true;
  };
}

const status =
  (code: number, headers = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(code, headers).end();
const reset = (response: ServerResponse) => void response.socket?.destroy();
const once = ({ total }: SeenRequest) => total === 0;
const always = () => true;
const batchOf = (value: unknown) =>
  spoil(isBatch, (response) => sendJson(response, { status: 200, body: JSON.stringify(value) }));

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  A01: { fault: spoil(once, status(429, { 'retry-after': '3' })) },
  A02: { fault: spoil(always, status(429, { 'retry-after': '3' })) },
  A03: { fault: spoil(once, status(500)) },
  A04: { fault: spoil(always, status(500)) },
  A05: { fault: spoil(always, status(502)) },
  A06: { fault: spoil(once, status(504)) },
  A07: { fault: spoil(isRecord, status(504)) },
  A08: {
    fault: spoil(
      (seen) => isBatch(seen) && seen.body.includes('sound'),
      (response) =>
        sendJson(response, {
          status: 400,
          body: '{"code":3,"message":"error in query at index 1: invalid query"}',
        }),
    ),
  },
  A09: { fault: spoil(isBatch, (response) => sendJson(response, { status: 400, body: '{"message":"no"}' })) },
  A10: {
    deadline: 300,
    fault: spoil(always, (response) => void response.writeHead(200, JSON_TYPE).write('{')),
  },
  A11: {
    fault: spoil(always, (response, _, body) => response.writeHead(200, JSON_TYPE).end(body.slice(0, -2))),
  },
  A12: {
    fault: spoil(always, (response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please log in</html>'),
    ),
  },
  A13: {
    fault: spoil(always, (response, _, body) =>
      response.writeHead(200, { 'content-type': 'text/plain' }).end(body),
    ),
  },
  A14: {
    fault: spoil(isBatch, (response, { total }) =>
      sendJson(response, {
        status: 200,
        body: `{"results":[{"next_page_token":"${total}"},{}]}`.replace(total > 0 ? ',{}' : 'none', ''),
      }),
    ),
  },
  A15: {
    fault: spoil(isBatch, (response, { total }) =>
      sendJson(response, {
        status: 200,
        body: `{"results":[{"next_page_token":"x"}${total > 0 ? '' : ',{}'}]}`,
      }),
    ),
  },
  A16: {
    fault: spoil(
      (seen) => isBatch(seen) && seen.total < 2,
      (response, { total }, body) => {
        const page = JSON.parse(body).results[0];
        const results = total === 0 ? [{ ...page, next_page_token: 'again' }, {}] : [page];
        sendJson(response, { status: 200, body: JSON.stringify({ results }) });
      },
    ),
  },
  A17: { server: { emptyPages: true } },
  A18: { fault: spoil(once, reset) },
  A19: { fault: spoil(always, reset) },
  A20: { fault: batchOf({ results: [{}] }) },
  A21: { fault: batchOf({ results: [{ vulns: [{ modified: '2026-01-01T00:00:00Z' }] }, {}] }) },
  A22: {
    fault: batchOf({ results: [{ vulns: [{ id: 'GHSA-gone', modified: '2026-01-01T00:00:00Z' }] }, {}] }),
  },
  A23: {
    fault: spoil(isRecord, (response) =>
      sendJson(response, { status: 200, body: JSON.stringify(lowRecord('GHSA-other', 'left')) }),
    ),
  },
  A24: { fault: spoil(isRecord, (response) => sendJson(response, { status: 200, body: '{"id": 7}' })) },
  A25: {
    fault: spoil(always, (response) =>
      response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(BOMB),
    ),
  },
  A26: { fault: spoil(always, status(302, { location: 'http://localhost/v1/querybatch' })) },
  A27: { stranger: true },
  A28: { closed: true },
  A29: { fault: spoil(always, status(403)) },
  A30: {
    fault: spoil(
      (seen) => isBatch(seen) && seen.total < 4,
      (response, { total }) =>
        sendJson(response, {
          status: 200,
          body: JSON.stringify({ results: [{ next_page_token: FIRST_PAGE }, ...(total > 0 ? [] : [{}])] }),
        }),
    ),
  },
  A31: { fault: batchOf({ results: ['none', {}] }) },
  A32: { fault: batchOf({ results: [{ next_page_token: 2 }, {}] }) },
  A33: {
    server: { records: [lowRecord('GHSA-a', 'left'), lowRecord('GHSA-b', 'left')] },
    fault: spoil(({ path }) => path.endsWith('GHSA-b'), status(500)),
  },
  A34: {
    fault: spoil(isRecord, (response, _, body) =>
      response.writeHead(200, JSON_TYPE).end(Buffer.from(body.replace('LOW', 'L\xd6W'), 'latin1')),
    ),
  },
  A35: {
    fault: spoil(isRecord, (response) =>
      sendJson(response, { status: 200, body: '{"id":"GHSA-a","modified":"2026-01-02T00:00:00Z"}' }),
    ),
  },
  A36: { fault: spoil(always, (response) => sendJson(response, { status: 404, body: '{"code":5}' })) },
  A37: { fault: spoil(isBatch, (response) => response.writeHead(200, JSON_TYPE).end()) },
  A38: { fault: batchOf({ results: [{ vulns: [{ id: '../../v1/other' }] }, {}] }) },
};

/** 65 MiB of blanks. */
const BOMB = gzipSync(Buffer.alloc(65 * 1024 * 1024, ' '), { level: 1 });

const ROWS = [
  ...readFileSync(join(REPO_ROOT, 'docs', 'advisories.md'), 'utf8').matchAll(
    /^\| (A\d\d) \| (.+?) +\| (complete|incomplete) +\|$/gm,
  ),
].map(([, id = '', what = '', outcome = '']) => ({ id, what, outcome }));

const INSTALLED = [component('npm', 'left', '1.5.0'), component('npm', 'sound', '1.0.0')];

describe('a fault of the API', () => {
  it('stands in the docs if it has a test, and the other way round', () => {
    expect(ROWS.map(({ id }) => id)).toEqual(Object.keys(SCENARIOS));
    expect(ROWS.length).toBeGreaterThanOrEqual(15);
  });

  it('is told from soundness: without one, the record is found and the verdict is a pass', async () => {
    const { url } = await serve({ records: [lowRecord('GHSA-a', 'left')] });
    const { matched, verdict } = await verdictOf(INSTALLED, client(url));
    expect([verdict.result, verdict.exitCode, matched.findings.map(({ ruleId }) => ruleId)]).toEqual([
      'pass',
      0,
      ['GHSA-a'],
    ]);
  });

  it.each(ROWS)('$id $what: $outcome', async ({ id, outcome }) => {
    const scenario = SCENARIOS[id] ?? expect.unreachable(id);
    const { server, fault, deadline, stranger, closed } = scenario;
    const { url, close } = await serve({
      records: [lowRecord('GHSA-a', 'left')],
      ...server,
      ...(fault ? { fault } : {}),
    });
    if (closed) await close();
    const limit = deadline === undefined ? {} : { deadline };
    const source = stranger ? strangerOf(url) : client(url, limit);
    const { matched, verdict } = await verdictOf(INSTALLED, source);
    if (outcome === 'complete') {
      expect([verdict.exitCode, verdict.incomplete]).toEqual([0, []]);
      expect(matched.findings.map(({ ruleId }) => ruleId)).toEqual(['GHSA-a']);
      return;
    }
    expect([verdict.result, verdict.exitCode]).toEqual(['incomplete', 3]);
    expect(verdict.incomplete).toMatchObject([
      { coverage: { plugin: 'advisories', target: 'npm', cause: 'advisory-source-failed' } },
    ]);
    const texts = JSON.stringify(matched.coverage);
    expect(texts).toContain('expected');
    // What is at fault costs itself alone.
    if (id === 'A08' || id === 'A33')
      expect(matched.findings.map(({ ruleId }) => ruleId)).toEqual(['GHSA-a']);
  });
});

/** A client that has not been told of the private authority. */
function strangerOf(url: string) {
  const http = createHttp();
  onTestFinished(http.close);
  return osvApiSource({ http, url, retry: { wait: async () => {} } });
}
