// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttp } from '../../../src/platform/http.ts';
import { TEST_CA } from '../../support/https-server.ts';
import { lowRecord, serve } from './support.ts';

const LEFT = { package: { ecosystem: 'npm', name: 'left' } };
const RECORDS = [
  lowRecord('GHSA-a', 'left', { affected: [{ package: { ecosystem: 'npm', name: 'left' }, versions: [] }] }),
  lowRecord('GHSA-b', 'left', { withdrawn: '2026-01-03T00:00:00Z' }),
  lowRecord('GHSA-c', 'left'),
];

async function ask(path: string, body?: unknown) {
  const { url } = await serve({ records: RECORDS, pageSize: 1 });
  const http = createHttp({ caCert: TEST_CA });
  onTestFinished(http.close);
  const post = body === undefined ? {} : { method: 'POST' as const, body: JSON.stringify(body) };
  const response = await http.request({ url: `${url}${path}`, timeout: 5000, maxBytes: 1e6, ...post });
  return { status: response.status, json: JSON.parse((await response.bytes()).toString()) };
}

/** The server that all tests of the client rest on has the limits and the habits of osv.dev. */
describe('the OSV server of the tests', () => {
  it.each<[string, object, string]>([
    ['a version twice', { package: { purl: 'pkg:npm/left@1' }, version: '1' }, 'version specified in params'],
    ['a name beside a purl', { package: { purl: 'pkg:npm/left', name: 'left' } }, 'name specified'],
    ['an unknown ecosystem', { package: { ecosystem: 'NPM', name: 'left' } }, 'invalid ecosystem'],
    ['no name', { package: { ecosystem: 'npm' } }, 'invalid query'],
    ['a commit that is no hash', { commit: 'main' }, 'invalid hash'],
    ['a commit with a version', { commit: 'aa', version: '1' }, 'version specified with commit'],
  ])('refuses a whole batch for %s, and names it', async (_, bad, reason) => {
    const { status, json } = await ask('/v1/querybatch', { queries: [LEFT, bad] });
    expect([status, json.code]).toEqual([400, 3]);
    expect(json.message).toContain(`error in query at index 1: ${reason}`);
  });

  it('takes 1,000 queries in a batch and no more', async () => {
    const of = (count: number) => ({ queries: Array.from({ length: count }, () => LEFT) });
    expect((await ask('/v1/querybatch', of(1000))).json.results).toHaveLength(1000);
    expect(await ask('/v1/querybatch', of(1001))).toMatchObject({
      status: 400,
      json: { message: 'too many queries' },
    });
  });

  it('gives ids and dates of live records, page by page, in the order of the queries', async () => {
    const none = { package: { ecosystem: 'npm', name: 'none' } };
    const first = await ask('/v1/querybatch', { queries: [none, LEFT] });
    const [, { next_page_token: token }] = first.json.results;
    expect(first.json.results).toEqual([
      {},
      { vulns: [{ id: 'GHSA-a', modified: '2026-01-02T00:00:00Z' }], next_page_token: token },
    ]);
    const second = await ask('/v1/querybatch', { queries: [{ ...LEFT, page_token: token }] });
    expect(second.json.results).toMatchObject([{ vulns: [{ id: 'GHSA-c' }] }]);
    expect(second.json.results[0]).not.toHaveProperty('next_page_token');
  });

  it('gives nothing, and no error, for a purl that it does not know', async () => {
    const unknown = { package: { purl: 'pkg:unheard/left' } };
    expect((await ask('/v1/querybatch', { queries: [unknown] })).json).toEqual({ results: [{}] });
  });

  it('gives whole records by id, withdrawn ones too, without empty lists, and minds the case', async () => {
    expect((await ask('/v1/vulns/GHSA-b')).json).toEqual(RECORDS[1]);
    expect((await ask('/v1/vulns/GHSA-a')).json.affected).toEqual([LEFT]);
    expect((await ask('/v1/vulns/ghsa-a')).status).toBe(404);
    expect((await ask(`/v1/vulns/${'A'.repeat(101)}`)).status).toBe(400);
    expect((await ask('/v1/query', LEFT)).json.vulns).toMatchObject([
      { id: 'GHSA-a', published: '2026-01-01T00:00:00Z' },
    ]);
  });
});
