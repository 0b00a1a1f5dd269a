// SPDX-License-Identifier: Apache-2.0
// What an update makes of a list of ids that is not quite what it should be.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mirrorStatus } from '../../../src/advisories/mirror/status.ts';
import { listOf } from '../../support/osv-server/bucket.ts';
import { failure, idsOf, npm, temporaryDirectory } from '../mirror/support.ts';
import { archive, MANY, PYTHON, record, serve, update, updateWith } from './support.ts';

const NEWER = '2025-03-01T00:00:00Z';
const NEWEST = '2025-06-01T00:00:00Z';

/** A bucket in a directory, whose list can be any text. */
function directory() {
  const root = temporaryDirectory();
  for (const name of ['npm', 'PyPI']) mkdirSync(join(root, name));
  const put = (records: readonly ReturnType<typeof record>[]) =>
    writeFileSync(join(root, 'npm', 'all.zip'), archive(records));
  put(MANY);
  writeFileSync(join(root, 'PyPI', 'all.zip'), archive(PYTHON));
  return {
    url: pathToFileURL(root).href,
    archive: put,
    fifo: (name: string) => {
      rmSync(join(root, 'npm', name), { force: true });
      execFileSync('mkfifo', [join(root, 'npm', name)]);
    },
    list: (text: string) => writeFileSync(join(root, 'npm', 'modified_id.csv'), text),
    put: (each: ReturnType<typeof record>) =>
      writeFileSync(join(root, 'npm', `${each.id}.json`), JSON.stringify(each)),
  };
}

describe('a list of ids', () => {
  it.each<[string, (lines: string[]) => string]>([
    ['with CRLF', (lines) => lines.join('\r\n')],
    ['the oldest first', (lines) => lines.toReversed().join('\n')],
    [
      'with ids that come again with an older date',
      (lines) => [...lines, '2020-01-01T00:00:00Z,GHSA-6', '2020-01-01T00:00:00Z,GHSA-7'].join('\n'),
    ],
  ])('%s says the same', async (_, write) => {
    const dbDir = temporaryDirectory();
    const bucket = directory();
    await update(dbDir, bucket.url);
    const changed = record('GHSA-6', 'moved', NEWER);
    bucket.put(changed);
    const kept = MANY.filter(({ id }) => id !== 'GHSA-5' && id !== 'GHSA-6');
    bucket.list(
      write(
        listOf([...kept, changed])
          .trim()
          .split('\n'),
      ),
    );
    const { updates } = await update(dbDir, bucket.url);
    expect(updates.at(-1)).toEqual({ ecosystem: 'npm', by: 'delta', fetched: 1, removed: 1 });
    expect(await idsOf(dbDir, ...npm('pkg-5', 'pkg-6', 'moved', 'pkg-7'))).toEqual({
      'npm/pkg-5': [],
      'npm/pkg-6': [],
      'npm/moved': ['GHSA-6'],
      'npm/pkg-7': ['GHSA-7'],
    });
  });

  it('that removes ids and changes nothing else is a delta without downloads', async () => {
    const dbDir = temporaryDirectory();
    const { server, records } = await serve(MANY);
    await update(dbDir, server);
    const asked = server.paths.length;
    records.npm = MANY.slice(2);
    expect((await update(dbDir, server)).updates.at(-1)).toMatchObject({ fetched: 0, removed: 2 });
    expect(server.paths.slice(asked)).toEqual(['/PyPI/modified_id.csv', '/npm/modified_id.csv']);
    expect(await idsOf(dbDir, ...npm('pkg-0', 'pkg-2'))).toEqual({
      'npm/pkg-0': [],
      'npm/pkg-2': ['GHSA-2'],
    });
  });

  it('of a mirror that lags removes nothing, and the next place is asked', async () => {
    const dbDir = temporaryDirectory();
    const published = record('GHSA-new', 'pkg-0', NEWER);
    const { server, records } = await serve([...MANY, published]);
    const late = await serve(MANY);
    await update(dbDir, server);
    const { generation } = await mirrorStatus(dbDir);
    expect(await failure(update(dbDir, late.server))).toMatchObject({
      code: 'data-rollback',
      message: `${late.server.url}/npm/modified_id.csv: expected ids of records up to 2025-03-01T00:00:00.000Z, got up to 2025-01-01T00:00:00.000Z`,
    });
    expect(await mirrorStatus(dbDir)).toMatchObject({ generation, refused: [{ url: late.server.url }] });
    records.npm = [...MANY, published, record('GHSA-newest', 'pkg-0', NEWEST)];
    expect(await update(dbDir, late.server, server)).toMatchObject({
      url: server.url,
      passedOver: [{ url: late.server.url }],
    });
    expect(await idsOf(dbDir, ...npm('pkg-0'))).toEqual({
      'npm/pkg-0': ['GHSA-0', 'GHSA-new', 'GHSA-newest'],
    });
    expect((await mirrorStatus(dbDir)).refused).toEqual([]);
    await updateWith({ allowRollback: true }, dbDir, late.server);
    expect(await idsOf(dbDir, ...npm('pkg-0'))).toEqual({ 'npm/pkg-0': ['GHSA-0'] });
  });

  it('leads to what changed before the newest record did, and could not be had then', async () => {
    const dbDir = temporaryDirectory();
    const { server, records, options } = await serve(MANY);
    await update(dbDir, server);
    records.npm = [...MANY.slice(2), record('GHSA-0', 'moved', NEWER), record('GHSA-1', 'pkg-1', NEWEST)];
    options.fault = (path, response) =>
      path === '/npm/GHSA-0.json' && response.writeHead(404).end() !== undefined;
    await update(dbDir, server);
    // Not the list, and so no removal.
    expect(await idsOf(dbDir, ...npm('pkg-0', 'moved'))).toEqual({
      'npm/pkg-0': ['GHSA-0'],
      'npm/moved': [],
    });
    expect((await mirrorStatus(dbDir)).quarantined).toEqual([
      {
        ecosystems: ['npm'],
        count: 1,
        first: [
          { record: 'GHSA-0.json', reason: 'expected the record that the list of ids names, got none' },
        ],
      },
    ]);
    options.fault = () => false;
    await update(dbDir, server);
    expect(await idsOf(dbDir, ...npm('pkg-0', 'moved'))).toEqual({
      'npm/pkg-0': [],
      'npm/moved': ['GHSA-0'],
    });
    expect((await mirrorStatus(dbDir)).quarantined).toEqual([]);
  });

  it('of a bucket without single records leads to its archive', async () => {
    const dbDir = temporaryDirectory();
    const bucket = directory();
    await update(dbDir, bucket.url);
    const records = [...MANY.slice(1), record('GHSA-new', 'pkg-7', NEWER)];
    bucket.list(listOf(records));
    bucket.archive(records);
    expect((await update(dbDir, bucket.url)).updates.at(-1)).toMatchObject({ by: 'archive', fetched: 200 });
    expect(await idsOf(dbDir, ...npm('pkg-0', 'pkg-7'))).toEqual({
      'npm/pkg-0': [],
      'npm/pkg-7': ['GHSA-7', 'GHSA-new'],
    });
  });

  it.each<[string, string, Record<string, string | string[]>]>([
    ['refused', 'network-failed', { 'x-goog-hash': ['md5=x', 'crc32c=AAAAAA=='] }],
    [
      'of stored bytes that were compressed',
      'none',
      { 'x-goog-hash': 'crc32c=AAAAAA==', 'x-goog-stored-content-encoding': 'gzip' },
    ],
  ])('with a checksum that is not its own is %s', async (_, code, headers) => {
    const dbDir = temporaryDirectory();
    const { server, options } = await serve(MANY);
    await update(dbDir, server);
    options.fault = (path, response, answer) =>
      path === '/npm/modified_id.csv' && response.writeHead(200, headers).end(answer) !== undefined;
    const run = update(dbDir, server).then(
      () => 'none',
      (error) => error.code,
    );
    expect(await run).toBe(code);
  });

  it.each(['all.zip', 'modified_id.csv'])('%s that is no regular file is not waited for', async (name) => {
    const dbDir = temporaryDirectory();
    const bucket = directory();
    if (name !== 'all.zip') await update(dbDir, bucket.url);
    bucket.fifo(name);
    expect(await failure(update(dbDir, bucket.url))).toMatchObject({ code: 'network-failed' });
  });

  it.each([
    ['behind', '2025-02-27T00:00:00Z', 'data-rollback'],
    ['ahead', '2025-03-03T00:00:00Z', 'none'],
  ])('met by a clock two days %s leaves the data or brings the new', async (_, now, code) => {
    const dbDir = temporaryDirectory();
    const { server, records } = await serve(MANY);
    await update(dbDir, server);
    records.npm = [...MANY, record('GHSA-new', 'pkg-7', NEWER)];
    const run = updateWith({ now: new Date(now) }, dbDir, server).then(
      () => 'none',
      (error) => error.code,
    );
    expect(await run).toBe(code);
    const expected = code === 'none' ? ['GHSA-7', 'GHSA-new'] : ['GHSA-7'];
    expect(await idsOf(dbDir, ...npm('pkg-7'))).toEqual({ 'npm/pkg-7': expected });
  });

  it('says what it does, for people who wait', async () => {
    const dbDir = temporaryDirectory();
    const { server, records } = await serve(MANY);
    const said: string[] = [];
    const onProgress = (text: string) => void said.push(text);
    await updateWith({ onProgress }, dbDir, server);
    records.npm = [...MANY, record('GHSA-new', 'pkg-7', NEWER)];
    await updateWith({ onProgress }, dbDir, server);
    for (const text of ['npm: fetching the archive', 'npm: asking what has changed', 'npm: 1 of 1 records'])
      expect(said).toContain(text);
    expect(said.some((text) => /^reading \d+ records$/.test(text))).toBe(true);
    expect(said.some((text) => /^writing \d+ records$/.test(text))).toBe(true);
  });

  it('is named with its sha256, ETag and time', async () => {
    const dbDir = temporaryDirectory();
    const { server, records } = await serve(MANY);
    await update(dbDir, server);
    records.npm = MANY.slice(1);
    await update(dbDir, server);
    const { sources } = await mirrorStatus(dbDir);
    expect(sources.filter(({ name }) => name === 'modified_id.csv')).toMatchObject(
      ['PyPI', 'npm'].map((ecosystem) => ({
        url: `${server.url}/${ecosystem}/modified_id.csv`,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
        retrievedAt: expect.stringMatching(/Z$/),
      })),
    );
  });
});
