// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { takeLock } from '../../../src/advisories/mirror/lock.ts';
import { mirrorStatus, verifyMirror } from '../../../src/advisories/mirror/status.ts';
import type { PlimsollError } from '../../../src/platform/errors.ts';
import { type BucketOptions, listOf, sendFile } from '../../support/osv-server/bucket.ts';
import { REPO_ROOT } from '../../support/shared-data.ts';
import {
  currentDirectory,
  failure,
  idsOf,
  NOW,
  npm,
  QUICK_FS,
  temporaryDirectory,
} from '../mirror/support.ts';
import { archive, MANY, PYTHON, record, serve, update } from './support.ts';

describe('an update', () => {
  it('fetches archives first, and says where each came from', async () => {
    const dbDir = temporaryDirectory();
    const { server } = await serve(MANY);
    const result = await update(dbDir, server);
    expect(result).toMatchObject({
      url: server.url,
      changed: true,
      passedOver: [],
      updates: [
        { ecosystem: 'PyPI', by: 'archive', fetched: 1 },
        { ecosystem: 'npm', by: 'archive', fetched: 200 },
      ],
    });
    expect(server.paths).toEqual(['/PyPI/all.zip', '/npm/all.zip']);
    const { sources } = await mirrorStatus(dbDir);
    expect(sources).toHaveLength(2);
    for (const source of sources) {
      expect(source).toMatchObject({
        name: 'all.zip',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
        retrievedAt: NOW.toISOString(),
        url: `${server.url}/${source.ecosystems[0]}/all.zip`,
      });
    }
  });

  it('then fetches what is new, changed or gone, and nothing else', async () => {
    const dbDir = temporaryDirectory();
    const { server, records } = await serve(MANY);
    await update(dbDir, server);
    const first = server.paths.length;
    records.npm = [
      ...MANY.filter(({ id }) => id !== 'GHSA-5' && id !== 'GHSA-6'),
      record('GHSA-6', 'moved', '2025-03-01T00:00:00Z'),
      record('GHSA-new', 'pkg-7', '2025-02-01T00:00:00Z'),
      // Older than the watermark, and not known: it was published late.
      record('GHSA-late', 'pkg-8', '2024-01-01T00:00:00Z'),
    ];
    const result = await update(dbDir, server);
    expect(result.updates).toEqual([
      { ecosystem: 'PyPI', by: 'delta', fetched: 0, removed: 0 },
      { ecosystem: 'npm', by: 'delta', fetched: 3, removed: 1 },
    ]);
    expect(server.paths.slice(first).sort()).toEqual([
      '/PyPI/modified_id.csv',
      '/npm/GHSA-6.json',
      '/npm/GHSA-late.json',
      '/npm/GHSA-new.json',
      '/npm/modified_id.csv',
    ]);
    expect(await idsOf(dbDir, ...npm('pkg-5', 'pkg-6', 'moved', 'pkg-7', 'pkg-8'))).toEqual({
      'npm/pkg-5': [],
      'npm/pkg-6': [],
      'npm/moved': ['GHSA-6'],
      'npm/pkg-7': ['GHSA-7', 'GHSA-new'],
      'npm/pkg-8': ['GHSA-8', 'GHSA-late'],
    });
    expect((await update(dbDir, server)).changed).toBe(false);
  });

  it('gives what an archive of the same records gives', async () => {
    const [grown, fresh] = [temporaryDirectory(), temporaryDirectory()];
    const { server, records } = await serve(MANY);
    await update(grown, server);
    records.npm = [...MANY.slice(3), record('GHSA-1', 'pkg-1', '2025-04-01T00:00:00Z')];
    await update(grown, server);
    await update(fresh, server);
    const names = npm(...MANY.map((_, i) => `pkg-${i}`));
    expect(await idsOf(grown, ...names)).toEqual(await idsOf(fresh, ...names));
    expect((await mirrorStatus(grown)).ecosystems).toEqual((await mirrorStatus(fresh)).ecosystems);
  });

  it.each<[string, string, (bytes: Buffer) => Buffer]>(
    ['index', 'records'].flatMap((name): [string, string, (bytes: Buffer) => Buffer][] => [
      [name, 'shorter', (bytes) => bytes.subarray(0, -1)],
      [
        name,
        'scrambled',
        (bytes) => Buffer.from(bytes.map((byte, i) => (i > 20 && i < 400 ? byte ^ 1 : byte))),
      ],
    ]),
  )('heals a mirror whose %s is %s', async (name, _, damage) => {
    const dbDir = temporaryDirectory();
    const { server, records } = await serve(MANY);
    await update(dbDir, server);
    const file = join(dbDir, readFileSync(join(dbDir, 'CURRENT'), 'utf8').trim(), name);
    writeFileSync(file, damage(readFileSync(file)));
    records.npm = [...MANY, record('GHSA-new', 'pkg-7', '2025-05-01T00:00:00Z')];
    await update(dbDir, server);
    expect(await verifyMirror(dbDir)).toEqual([]);
    expect(await idsOf(dbDir, ...npm('pkg-7'))).toEqual({ 'npm/pkg-7': ['GHSA-7', 'GHSA-new'] });
  });

  it.each(['CURRENT', 'manifest.json', 'import.json'])(
    'heals a mirror whose %s is damaged, and takes no older data for it',
    async (name) => {
      const newer = [...MANY, record('GHSA-new', 'pkg-7', '2025-05-01T00:00:00Z')];
      for (const damage of ['', 'x', '{}', `${'0'.repeat(64)}\n`]) {
        const dbDir = temporaryDirectory();
        const { server, records } = await serve(newer);
        await update(dbDir, server);
        const directory = name === 'CURRENT' ? dbDir : currentDirectory(dbDir);
        writeFileSync(join(directory, name), damage);
        records.npm = MANY;
        expect(await failure(update(dbDir, server))).toMatchObject({ code: 'data-rollback' });
        records.npm = newer;
        await update(dbDir, server);
        expect(await verifyMirror(dbDir)).toEqual([]);
        expect(await idsOf(dbDir, ...npm('pkg-7'))).toEqual({ 'npm/pkg-7': ['GHSA-7', 'GHSA-new'] });
      }
    },
  );

  it('of which nothing can be told is replaced only by who says so', async () => {
    const dbDir = temporaryDirectory();
    const { server } = await serve(MANY);
    await update(dbDir, server);
    for (const name of ['CURRENT', 'manifest.json']) writeFileSync(join(dbDir, name), 'x');
    expect(await failure(update(dbDir, server))).toMatchObject({
      code: 'data-damaged',
      hint: expect.stringContaining('--allow-rollback'),
    });
  });

  it('works from a directory', async () => {
    const root = temporaryDirectory();
    for (const [ecosystem, records] of [
      ['npm', MANY],
      ['PyPI', PYTHON],
    ] as const) {
      mkdirSync(join(root, ecosystem));
      writeFileSync(join(root, ecosystem, 'all.zip'), archive(records));
    }
    const dbDir = temporaryDirectory();
    const address = pathToFileURL(root).href;
    await update(dbDir, address);
    writeFileSync(join(root, 'npm', 'modified_id.csv'), listOf(MANY.slice(1)));
    const result = await update(dbDir, address);
    expect(result.updates).toMatchObject([{ by: 'archive' }, { by: 'delta', fetched: 0, removed: 1 }]);
  });

  it('tells another one that it runs', async () => {
    const dbDir = temporaryDirectory();
    const { server } = await serve(MANY);
    const release = takeLock(QUICK_FS, dbDir);
    const error = await failure(update(dbDir, server));
    release();
    expect(error).toMatchObject({
      code: 'output-failed',
      message: expect.stringContaining('no other import'),
    });
    await update(dbDir, server);
  });

  it.each(['http://localhost/', 'ftp://localhost/', 'https://u:p@localhost/', 'file://host/x y', 'nonsense'])(
    'refuses %s',
    async (address) => {
      expect(await failure(update(temporaryDirectory(), address))).toMatchObject({ code: 'usage' });
    },
  );

  it('leaves nothing behind', async () => {
    const dbDir = temporaryDirectory();
    const { server } = await serve(MANY);
    await update(dbDir, server);
    expect(readdirSync(dbDir).sort()).toEqual(
      [readFileSync(join(dbDir, 'CURRENT'), 'utf8').trim(), 'CURRENT', 'manifest.json'].sort(),
    );
  });
});

const AHEAD = '2026-01-05T00:00:00Z';

/** What goes wrong after a sound first update; the second one must leave the first one's data, or bring the new. */
const FAULTS: Readonly<Record<string, (served: Awaited<ReturnType<typeof serve>>) => void>> = {
  'U01 a list that is no list': ({ options }) => {
    options.fault = on('/npm/modified_id.csv', (response) =>
      response.writeHead(200).end('<html>log in</html>'),
    );
  },
  'U02 a list that breaks off': ({ options }) => {
    options.fault = on('/npm/modified_id.csv', (response, answer) => {
      response.writeHead(200, { 'content-length': 99_999 }).write(answer?.subarray(0, 100));
      setImmediate(() => response.socket?.destroy());
    });
  },
  'U03 records that answer 500': ({ options, records }) => {
    records.npm = [...MANY, record('GHSA-new', 'pkg-0', '2025-03-01T00:00:00Z')];
    options.fault = on('/npm/GHSA-new.json', (response) => response.writeHead(500).end());
  },
  'U04 a list with 10 % fewer ids': ({ records }) => {
    records.npm = Array.from({ length: 900 }, (_, i) => record(`GHSA-${i}`, `pkg-${i}`));
  },
  'U05 a record dated ahead': ({ records }) => {
    records.npm = [...MANY, record('GHSA-new', 'pkg-0', AHEAD)];
  },
  'U06 no file at all': ({ options }) => {
    options.fault = (_, response) => response.writeHead(404).end() !== undefined;
  },
  'U07 a redirect to http': ({ options }) => {
    options.fault = (_, response) =>
      response.writeHead(302, { location: 'http://localhost/' }).end() !== undefined;
  },
  'U08 429 for ever': ({ options }) => {
    options.fault = (_, response) => response.writeHead(429, { 'retry-after': '1' }).end() !== undefined;
  },
  'U16 a list that is older': ({ records }) => {
    records.npm = MANY.slice(0, 190).map(({ id }, i) => record(id, `pkg-${i}`, '2024-12-31T00:00:00Z'));
  },
  'U17 a list with another checksum than the server names': ({ options }) => {
    options.fault = on('/npm/modified_id.csv', (response, answer) =>
      response.writeHead(200, { 'x-goog-hash': 'crc32c=AAAAAA==' }).end(answer),
    );
  },
};

/** Archives that are wrong, in the place of a list that is gone. */
const ARCHIVES: Readonly<
  Record<string, (response: import('node:http').ServerResponse, answer: Buffer) => void>
> = {
  'U09 an archive that is cut off': (response, answer) => sendFile(response, answer.subarray(0, -30)),
  'U10 an archive with another checksum than the server names': (response, answer) => {
    response.writeHead(200, { 'x-goog-hash': 'crc32c=AAAAAA==' }).end(answer);
  },
  'U11 a page instead of an archive': (response) => sendFile(response, Buffer.from('<html>log in</html>')),
  'U12 an archive that is older': (response) =>
    sendFile(response, archive(MANY.map(({ id }, i) => record(id, `pkg-${i}`, '2020-01-01T00:00:00Z')))),
  'U13 an archive of another ecosystem': (response) => sendFile(response, archive(PYTHON)),
  'U14 an archive that breaks off': (response, answer) => {
    response.writeHead(200, { 'content-length': answer.length }).write(answer.subarray(0, 50));
    setImmediate(() => response.socket?.destroy());
  },
  'U15 an archive without records': (response) => sendFile(response, archive([])),
};

function on(
  wanted: string,
  act: (response: import('node:http').ServerResponse, answer: Buffer | undefined) => void,
): NonNullable<BucketOptions['fault']> {
  return (path, response, answer) => {
    if (path !== wanted) return false;
    act(response, answer);
    return true;
  };
}

/** The code that the docs promise for a row. */
const PROMISED = new Map(
  [
    ...readFileSync(join(REPO_ROOT, 'docs', 'advisories.md'), 'utf8').matchAll(
      /^\| (U\d\d) \|.*\| `([a-z-]+)` +\|$/gm,
    ),
  ].map(([, id = '', code = '']) => [id, code]),
);

async function stays(dbDir: string, name: string, before: string, again: () => Promise<unknown>) {
  const error = (await failure(again())) as PlimsollError;
  expect(error.code).toBe(PROMISED.get(name.slice(0, 3)));
  const status = await mirrorStatus(dbDir);
  expect(status.generation).toBe(before);
  expect(await verifyMirror(dbDir)).toEqual([]);
  if (error.code === 'data-rollback')
    expect(status.refused.at(-1)).toMatchObject({ url: expect.stringMatching(/^https/) });
}

describe('a fault of the bucket', () => {
  it.each(Object.keys(FAULTS))('%s: the former data stay, and a sound update heals', async (name) => {
    const dbDir = temporaryDirectory();
    const many = name.startsWith('U04')
      ? Array.from({ length: 1000 }, (_, i) => record(`GHSA-${i}`, `pkg-${i}`))
      : MANY;
    const served = await serve(many);
    await update(dbDir, served.server);
    const { generation } = await mirrorStatus(dbDir);
    FAULTS[name]?.(served);
    await stays(dbDir, name, generation, () => update(dbDir, served.server));
    const sound = await serve([...many, record('GHSA-new', 'pkg-0', '2025-06-01T00:00:00Z')]);
    const result = await update(dbDir, served.server, sound.server);
    expect(result.passedOver).toMatchObject([{ url: served.server.url }]);
    expect(await idsOf(dbDir, ...npm('pkg-0'))).toEqual({ 'npm/pkg-0': ['GHSA-0', 'GHSA-new'] });
    expect((await mirrorStatus(dbDir)).refused).toEqual([]);
  });

  it.each(Object.keys(ARCHIVES))('%s: the former data stay', async (name) => {
    const dbDir = temporaryDirectory();
    const served = await serve(MANY);
    await update(dbDir, served.server);
    const { generation } = await mirrorStatus(dbDir);
    served.options.fault = (path, response, answer) => {
      if (path === '/npm/modified_id.csv') response.writeHead(404).end();
      else if (path === '/npm/all.zip' && answer) ARCHIVES[name]?.(response, answer);
      else return false;
      return true;
    };
    await stays(dbDir, name, generation, () => update(dbDir, served.server));
  });

  it('stands in the docs if it has a test, and the other way round', () => {
    const names = [...Object.keys(FAULTS), ...Object.keys(ARCHIVES)];
    expect([...PROMISED.keys()]).toEqual(names.map((name) => name.slice(0, 3)).sort());
  });

  it('that passes is no fault', async () => {
    const dbDir = temporaryDirectory();
    const { server } = await serve(MANY, (_, response, _answer, total) =>
      total === 0 ? response.writeHead(503).end() !== undefined : false,
    );
    expect((await update(dbDir, server)).passedOver).toEqual([]);
  });
});
