// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordCache } from '../../../src/advisories/osv-api/cache.ts';
import { type OsvApiOptions, osvApiSource } from '../../../src/advisories/osv-api/source.ts';
import { PlimsollError } from '../../../src/platform/errors.ts';
import type { Http, HttpRequest } from '../../../src/platform/http.ts';
import { scan } from '../../../src/scan.ts';
import { tempTree } from '../../support/temp-tree.ts';
import { errorCode, temporaryDirectory } from '../mirror/support.ts';
import { lowRecord } from './support.ts';

const COMMIT = 'a'.repeat(40);
const LEFT = [{ ecosystem: 'npm' as const, name: 'left' }];

type Reply = { readonly status: number; readonly body: string; readonly type?: string };

/** An HTTP without a network, that counts; what `reply` throws is the error of the request. */
function fakeHttp(reply: (path: string, request: HttpRequest) => Reply | Promise<Reply>) {
  const paths: string[] = [];
  const http: Http = {
    async request(request) {
      const path = new URL(request.url).pathname;
      paths.push(path);
      const { status, body, type = 'application/json' } = await reply(path, request);
      return {
        status,
        url: request.url,
        header: (name) => (name === 'content-type' ? type : undefined),
        bytes: async () => Buffer.from(body),
        async *chunks() {
          yield Buffer.from(body);
        },
      };
    },
    close: async () => {},
  };
  return { http, paths };
}

function sourceOf(http: Http, options: Partial<OsvApiOptions> = {}) {
  return osvApiSource({ http, url: 'https://osv.example/api/', retry: { wait: async () => {} }, ...options });
}

/** An API with this many records of one package. */
function sound(count: number, spoil: (path: string) => Reply | undefined = () => undefined) {
  return (path: string): Reply => {
    const spoilt = spoil(path);
    if (spoilt !== undefined) return spoilt;
    const records = Array.from({ length: count }, (_, i) => lowRecord(`GHSA-${i}`, 'left'));
    const id = path.slice(path.lastIndexOf('/') + 1);
    if (path.endsWith('/querybatch'))
      return { status: 200, body: JSON.stringify({ results: [{ vulns: records }] }) };
    return { status: 200, body: JSON.stringify(records.find((record) => record.id === id)) };
  };
}

describe('the client gives up', () => {
  it.each<[string, number, () => Reply]>([
    ['a refusal of access', 1, () => ({ status: 403, body: '' })],
    ['a server that is no OSV API', 1, () => ({ status: 404, body: '{}' })],
    [
      'a way that leads out of https',
      1,
      () => {
        throw new PlimsollError('network-refused', 'no');
      },
    ],
    [
      'too much',
      1,
      () => {
        throw new PlimsollError('limit-exceeded', 'too much');
      },
    ],
    [
      'what a person must mend',
      1,
      () => {
        throw new PlimsollError('network-failed', 'unknown authority', { hint: 'give it' });
      },
    ],
    ['an error of the server', 4, () => ({ status: 503, body: '' })],
    ['a page for people', 4, () => ({ status: 200, body: '<html>', type: 'text/html' })],
    [
      'a connection that breaks',
      4,
      () => {
        throw new PlimsollError('network-failed', 'broken');
      },
    ],
  ])('after %s in %i attempts', async (_, attempts, reply) => {
    const { http, paths } = fakeHttp(reply);
    const { coverage } = await sourceOf(http).query(LEFT);
    expect(coverage).toMatchObject([{ status: 'failed', cause: 'advisory-source-failed', processed: 0 }]);
    expect(paths).toEqual(Array.from({ length: attempts }, () => '/api/v1/querybatch'));
  });

  it('in one sentence for all packages, which is the same in every run', async () => {
    const packages = Array.from({ length: 3000 }, (_, i) => ({
      ecosystem: 'npm' as const,
      name: `pkg-${i}`,
    }));
    const { http } = fakeHttp((path) => {
      const message = `https://osv.example${path}: expected an answer, got ECONNREFUSED`;
      throw new PlimsollError('network-failed', message, { hint: 'try another' });
    });
    const { coverage } = await sourceOf(http).query(packages);
    expect(coverage).toMatchObject([{ expected: 3000, processed: 0 }]);
    expect(coverage[0]?.errors).toEqual([
      {
        message:
          'https://osv.example/api: expected an answer, got ECONNREFUSED; try another (for 3000 packages, pkg-0 the first)',
      },
    ]);
  });

  it('on records once many in a row fail, and tells of all in the same words', async () => {
    const isRecord = (path: string) => path.includes('/vulns/');
    const down = sound(500, (path) => (isRecord(path) ? { status: 500, body: '' } : undefined));
    const { http, paths } = fakeHttp(down);
    const { coverage } = await sourceOf(http).query(LEFT);
    expect(paths.filter(isRecord).length).toBeLessThan(200);
    expect(coverage[0]?.errors).toEqual([
      { message: 'left: GHSA-0: https://osv.example/api: expected an answer in JSON, got status 500' },
    ]);
  });

  it('on one record alone that fails, wherever it stands', async () => {
    const { http } = fakeHttp(
      sound(100, (path) => (path.endsWith('GHSA-57') ? { status: 500, body: '' } : undefined)),
    );
    const { records, coverage } = await sourceOf(http).query(LEFT);
    expect(records.get('npm\0left')).toHaveLength(99);
    expect(coverage).toMatchObject([{ status: 'failed', expected: 1 }]);
  });

  it('when the time is over, in the middle of a request', async () => {
    const { http } = fakeHttp(
      (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new PlimsollError('aborted', 'aborted')));
        }),
    );
    const { coverage } = await sourceOf(http, { deadline: 20 }).query(LEFT);
    expect(coverage[0]?.errors).toEqual([
      {
        message:
          'left: https://osv.example/api: expected an answer in JSON, got none in the time for all of them',
      },
    ]);
  });

  it.each(['query', 'commits'] as const)('%s at once when the caller aborts', async (method) => {
    const controller = new AbortController();
    const { http, paths } = fakeHttp(() => {
      controller.abort();
      throw new PlimsollError('aborted', 'aborted');
    });
    const source = sourceOf(http);
    const asked =
      method === 'query'
        ? source.query(LEFT, controller.signal)
        : source.commits([COMMIT], controller.signal);
    expect(await errorCode(asked)).toBe('aborted');
    expect(paths).toHaveLength(1);
  });
});

describe('what is known', () => {
  it('of a commit is told, even where it is not all', async () => {
    const { http } = fakeHttp(
      sound(2, (path) => (path.endsWith('GHSA-1') ? { status: 404, body: '{}' } : undefined)),
    );
    const { records, coverage } = await sourceOf(http).commits([COMMIT]);
    expect(records.get(COMMIT)?.map(({ id }) => id)).toEqual(['GHSA-0']);
    expect(coverage).toMatchObject([
      {
        target: 'git',
        status: 'failed',
        errors: [{ message: `${COMMIT}: GHSA-1: expected it, got none` }],
      },
    ]);
  });

  it('is described by its content: the same records, the same name', async () => {
    const { http } = fakeHttp(
      sound(30, (path) => (path.endsWith('GHSA-7') ? { status: 200, body: '[]' } : undefined)),
    );
    const [a, b] = [sourceOf(http), sourceOf(http)];
    await Promise.all([a.query(LEFT), b.query(LEFT)]);
    expect(a.describe()).toEqual(b.describe());
    expect(a.describe()).toEqual({
      source: 'osv',
      generation: expect.stringMatching(/^[0-9a-f]{64}$/),
      ecosystems: [{ name: 'npm', records: 29 }],
      quarantined: 1,
    });
    const other = sourceOf(fakeHttp(sound(29)).http);
    await other.query(LEFT);
    expect(other.describe().generation).not.toBe(a.describe().generation);
  });
});

describe('an address that cannot be one', () => {
  it.each([['osv.example'], ['http://osv.example'], ['https://user:secret@osv.example'], ['file:///etc']])(
    '%s is a mistake of the command, also where the mirror answers',
    async (advisoriesUrl) => {
      const { http, paths } = fakeHttp(sound(1));
      const root = tempTree({ 'requirements.txt': 'left==1\n' });
      for (const advisories of ['osv', 'auto'] as const) {
        const error = await scan({ root, advisories, advisoriesUrl, http }).catch((thrown) => thrown);
        expect(error).toMatchObject({ code: 'usage', hint: expect.stringContaining('https://api.osv.dev') });
        expect(error.message).not.toContain('secret');
      }
      expect(paths).toEqual([]);
    },
  );
});

describe('a cached record', () => {
  it('is the one that was kept or none, whichever byte of its file changes', () => {
    const directory = temporaryDirectory();
    const cache = recordCache(directory, 'https://osv.example');
    const text = JSON.stringify(lowRecord('GHSA-ü', 'left'));
    cache.put('GHSA-ü', 'then', text);
    expect(cache.get('GHSA-ü', 'then')).toBe(text);
    expect([cache.get('GHSA-ü', 'now'), cache.get('GHSA', 'then')]).toEqual([undefined, undefined]);
    const [name = ''] = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((each) =>
      each.endsWith('.json'),
    );
    const file = join(directory, name);
    const whole = readFileSync(file);
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(whole);
        bytes.writeUInt8(bytes.readUInt8(at) ^ change, at);
        writeFileSync(file, bytes);
        expect(cache.get('GHSA-ü', 'then')).toBeUndefined();
        writeFileSync(file, whole.subarray(0, at));
        expect(cache.get('GHSA-ü', 'then')).toBeUndefined();
      }),
    );
  });

  it('takes the place of the one that was kept before it', () => {
    const directory = temporaryDirectory();
    const cache = recordCache(directory, 'https://osv.example');
    for (const modified of ['then', 'now']) cache.put('GHSA-1', modified, `{"at":"${modified}"}`);
    expect([cache.get('GHSA-1', 'then'), cache.get('GHSA-1', 'now')]).toEqual([undefined, '{"at":"now"}']);
    const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => name.includes('.'))).toHaveLength(1);
  });
});
