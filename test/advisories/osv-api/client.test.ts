// SPDX-License-Identifier: Apache-2.0
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { queryAll } from '../../../src/advisories/osv-api/batch.ts';
import type { Transport } from '../../../src/advisories/osv-api/transport.ts';
import { fingerprint } from '../../../src/findings/fingerprint.ts';
import { sendJson } from '../../support/osv-server/server.ts';
import { temporaryDirectory } from '../mirror/support.ts';
import { component } from '../support.ts';
import { client, lowRecord, serve, verdictOf } from './support.ts';

const COMMIT = 'a'.repeat(40);

function packages(count: number) {
  return Array.from({ length: count }, (_, i) => ({ ecosystem: 'npm' as const, name: `pkg-${i}` }));
}

function bodies(requests: readonly { path: string; body: string }[]) {
  return requests.filter(({ path }) => path === '/v1/querybatch').map(({ body }) => JSON.parse(body).queries);
}

describe('the client', () => {
  it('asks each package once, by name alone, in batches of at most 1,000', async () => {
    const { url, requests } = await serve({ records: [] });
    await client(url).query(packages(2500));
    const asked = bodies(requests);
    expect(asked.map((queries) => queries.length).sort()).toEqual([1000, 1000, 500]);
    expect(new Set(asked.flat().map((query) => JSON.stringify(query))).size).toBe(2500);
    for (const query of asked.flat()) {
      expect(Object.keys(query)).toEqual(['package']);
      expect(Object.keys(query.package).sort()).toEqual(['ecosystem', 'name']);
    }
  });

  it.each([
    ['short pages', { pageSize: 1 }],
    ['empty pages between them', { pageSize: 2, emptyPages: true }],
  ])('follows %s to the end', async (_, paging) => {
    const records = Array.from({ length: 5 }, (_unused, i) => lowRecord(`GHSA-${i}`, 'left'));
    const { url } = await serve({ records, ...paging });
    const answer = await client(url).query([{ ecosystem: 'npm', name: 'left' }]);
    expect(answer.records.get('npm\0left')?.map(({ id }) => id)).toEqual(records.map(({ id }) => id));
    expect(answer.coverage).toMatchObject([
      { target: 'npm', status: 'succeeded', expected: 1, processed: 1 },
    ]);
  });

  it('fetches at most 25 records at once', async () => {
    let open = 0;
    let most = 0;
    const records = Array.from({ length: 100 }, (_unused, i) => lowRecord(`GHSA-${i}`, 'left'));
    const { url } = await serve({
      records,
      fault: ({ path }, response, answer) => {
        if (path.startsWith('/v1/vulns/')) {
          open += 1;
          most = Math.max(most, open);
          response.on('finish', () => {
            open -= 1;
          });
        }
        setImmediate(() =>
          response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body),
        );
        return true;
      },
    });
    const { records: found } = await client(url).query([{ ecosystem: 'npm', name: 'left' }]);
    expect(found.get('npm\0left')).toHaveLength(100);
    expect(most).toBeLessThanOrEqual(25);
    expect(most).toBeGreaterThan(1);
  });

  it('keeps records on disk, and asks again for those that changed or were damaged', async () => {
    const cacheDir = temporaryDirectory();
    const records = ['GHSA-a', 'GHSA-b', 'GHSA-c'].map((id) => lowRecord(id, 'left'));
    const left = [{ ecosystem: 'npm' as const, name: 'left' }];
    let modified = '2026-01-02';
    const { url, requests } = await serve({
      records,
      fault: (_, response, { status, body }) => {
        sendJson(response, { status, body: body.replaceAll('2026-01-02', modified) });
        return true;
      },
    });
    /** The answer, and how many records were fetched for it. */
    async function ask(address = url) {
      const before = requests.length;
      const { records: found } = await client(address, { cacheDir }).query(left);
      const fetched = requests.slice(before).filter(({ path }) => path.startsWith('/v1/vulns/')).length;
      return { found: found.get('npm\0left'), fetched };
    }
    const first = await ask();
    expect(first.fetched).toBe(3);
    expect(await ask()).toEqual({ ...first, fetched: 0 });

    const [one = '', other = ''] = readdirSync(cacheDir, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(cacheDir, name));
    writeFileSync(one, readFileSync(one, 'utf8').replace('2.0.0', '0.0.1'));
    expect(await ask()).toEqual({ ...first, fetched: 1 });
    copyFileSync(other, one);
    expect(await ask()).toEqual({ ...first, fetched: 1 });

    modified = '2026-02-02';
    expect((await ask()).fetched).toBe(3);
    // Another server may mean another record by the same id and date.
    expect((await ask(`${url}/.`)).fetched).toBe(0);
    expect((await ask(url.replace('localhost', '127.0.0.1'))).fetched).toBe(3);
  });

  it('does without a cache that cannot be written', async () => {
    const { url } = await serve({ records: [lowRecord('GHSA-a', 'left')] });
    const cacheDir = join(temporaryDirectory(), 'file');
    writeFileSync(cacheDir, 'not a directory');
    const { records } = await client(url, { cacheDir }).query([{ ecosystem: 'npm', name: 'left' }]);
    expect(records.get('npm\0left')).toHaveLength(1);
  });

  it('waits as long as the server says, and longer each time where it does not', async () => {
    const waits: number[] = [];
    const { url } = await serve({
      records: [],
      fault: ({ total }, response) => {
        if (total === 0) response.writeHead(429, { 'retry-after': '7' }).end();
        else if (total < 3) response.writeHead(503).end();
        return total < 3;
      },
    });
    const { coverage } = await client(url, {}, waits).query(packages(1));
    expect(coverage).toMatchObject([{ status: 'succeeded' }]);
    expect(waits).toEqual([7000, 200, 400]);
  });

  it('does not send what no registry has as a name', async () => {
    const { url, requests } = await serve({ records: [] });
    const names = ['sound', 'line\nbreak', 'x'.repeat(215)];
    const { coverage } = await client(url).query(names.map((name) => ({ ecosystem: 'npm', name })));
    expect(bodies(requests).flat()).toEqual([{ package: { ecosystem: 'npm', name: 'sound' } }]);
    expect(coverage).toMatchObject([
      { status: 'partial', expected: 3, processed: 1, cause: 'advisory-source-failed' },
    ]);
  });

  it('is the same whatever the order of answers', async () => {
    const records = Array.from({ length: 40 }, (_unused, i) => lowRecord(`GHSA-${i}`, `pkg-${i % 7}`));
    const { url } = await serve({
      records,
      fault: ({ total }, response, { status, body }) => {
        const send = () => response.writeHead(status, { 'content-type': 'application/json' }).end(body);
        if (total % 3 === 0) setImmediate(() => setImmediate(send));
        else send();
        return true;
      },
    });
    const [a, b] = await Promise.all([client(url).query(packages(9)), client(url).query(packages(9))]);
    expect([...a.records]).toEqual([...b.records]);
    expect(a.coverage).toEqual(b.coverage);
  });
});

describe('a commit', () => {
  const fork = component('npm', 'left', undefined, {
    origin: 'git',
    pinning: 'resolved',
    source: { url: 'git+https://git.example/left.git', commit: COMMIT },
  });

  it('is asked for, and what affects it is found', async () => {
    const { url } = await serve({
      records: [lowRecord('GHSA-a', 'left', { aliases: ['CVE-2026-1'] }), lowRecord('GHSA-b', 'left')],
      commits: new Map([[COMMIT, ['GHSA-a']]]),
    });
    const { matched, verdict } = await verdictOf([fork], client(url));
    expect(matched.findings).toMatchObject([
      {
        ruleId: 'GHSA-a',
        title: `CVE-2026-1: left ${COMMIT.slice(0, 12)}`,
        message: `left ${COMMIT.slice(0, 12)} is affected by GHSA-a (commit ${COMMIT}).`,
        tip: 'Move left to a commit that has the fix.',
        fingerprint: fingerprint({
          kind: 'vulnerability',
          ecosystem: 'npm',
          name: 'left',
          projectId: fork.project,
          anchor: 'GHSA-a',
        }),
        detail: { records: [{ matched: { by: 'commit', value: COMMIT } }], fixedVersions: [] },
      },
    ]);
    expect([verdict.exitCode, verdict.notChecked]).toEqual([0, []]);
  });

  it('that nothing affects is checked all the same', async () => {
    const { url } = await serve({ records: [] });
    const { verdict } = await verdictOf([fork], client(url));
    expect([verdict.result, verdict.notChecked]).toEqual(['pass', []]);
  });

  it('that could not be asked for is a gap', async () => {
    const { url } = await serve({
      records: [],
      fault: (_, response) => response.writeHead(500).end() !== undefined,
    });
    const { verdict } = await verdictOf([fork], client(url));
    expect(verdict.exitCode).toBe(3);
    expect(verdict.notChecked).toMatchObject([{ coverage: { cause: 'unmatchable' } }]);
  });
});

describe('a batch that is refused', () => {
  it('is halved until the query at fault stands alone', async () => {
    const sizes: number[] = [];
    const transport: Transport = async ({ body }) => {
      const { queries } = body as { queries: { package: { name: string } }[] };
      sizes.push(queries.length);
      if (queries.some((query) => query.package.name === 'pkg-700'))
        return { status: 400, value: { message: 'error in query at index 700' }, text: '' };
      return { status: 200, value: { results: queries.map(() => ({})) }, text: '' };
    };
    const results = await queryAll(
      packages(1000).map((each) => ({ package: each })),
      transport,
    );
    const failures = results.flatMap((result, i) =>
      result.failure === undefined ? [] : [[i, result.failure]],
    );
    expect(failures).toEqual([[700, 'expected records, got a refusal: error in query at index 700']]);
    expect(sizes.length).toBeLessThanOrEqual(1 + 2 * 10);
  });
});
