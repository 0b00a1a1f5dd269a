// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lowerBound } from '../../../src/advisories/mirror/format.ts';
import { openMirror } from '../../../src/advisories/mirror/generation-source.ts';
import { orderByHash } from '../../../src/advisories/mirror/hash-order.ts';
import { importAdvisories } from '../../../src/advisories/mirror/import.ts';
import { openAdvisories } from '../../../src/advisories/open.ts';
import { readAdvisory } from '../../../src/advisories/osv-record.ts';
import { HAS_SHARED_DATA, SHARED_DATA, SHARED_SKIP_REASON } from '../../support/shared-data.ts';
import { verdictOf } from '../osv-api/support.ts';
import { component } from '../support.ts';
import {
  archiveOf,
  currentDirectory,
  errorCode,
  NOW,
  npm,
  npmRecords,
  QUICK_FS,
  query,
  recordJson,
  temporaryDirectory,
  writeInput,
  zip,
} from './support.ts';

async function mirrorOf(...inputs: string[]): Promise<string> {
  const dbDir = temporaryDirectory();
  await importAdvisories({ dbDir, inputs, now: NOW, writeFs: QUICK_FS });
  return dbDir;
}

describe('query', () => {
  it('has a row for each ecosystem asked for, and for no other', async () => {
    const source = await openMirror(await mirrorOf(archiveOf(...npmRecords(3))));
    expect(await source.query([])).toEqual({ records: new Map(), coverage: [] });
    const { coverage } = await source.query([
      ...npm('pkg-1', 'pkg-2', 'pkg-2', 'none'),
      query('PyPI', 'one'),
    ]);
    expect(coverage).toEqual([
      {
        plugin: 'advisories',
        target: 'PyPI',
        status: 'failed',
        cause: 'advisory-data-missing',
        unit: 'records',
        expected: 0,
        processed: 0,
        required: true,
        errors: [{ message: 'expected advisory data of PyPI, got none' }],
      },
      {
        plugin: 'advisories',
        target: 'npm',
        status: 'succeeded',
        unit: 'records',
        expected: 2,
        processed: 2,
        required: true,
        errors: [],
      },
    ]);
    await source.close();
  });

  it('says which records could not be read, and the verdict is no plain pass', async () => {
    const entries = npmRecords(20).map((each) => ({ name: `${each.id}.json`, data: recordJson(each) }));
    const broken = { name: 'MAL-broken.json', data: '{"id":' };
    const archive = writeInput('all.zip', zip([...entries, broken]));
    const python = archiveOf({ id: 'PYSEC-1', packages: [['PyPI', 'one']] });
    const source = await openMirror(await mirrorOf(archive, python));
    const { coverage } = await source.query([...npm('pkg-1'), query('PyPI', 'one')]);
    const unreadable = {
      plugin: 'advisories',
      target: 'npm',
      status: 'partial',
      cause: 'advisory-records-unreadable',
      unit: 'records',
      expected: 21,
      processed: 20,
      required: true,
      errors: [{ message: 'MAL-broken.json: expected JSON, got something else' }],
    };
    expect(coverage).toMatchObject([{ target: 'PyPI', status: 'succeeded' }, unreadable]);
    const { verdict } = await verdictOf([component('npm', 'pkg-1', '2')], source);
    await source.close();
    expect(verdict).toMatchObject({ notChecked: [{ coverage: unreadable }] });
  });

  it('goes on after a damaged entry, and names no absolute path', async () => {
    const dbDir = await mirrorOf(archiveOf(...npmRecords(3)));
    const index = join(currentDirectory(dbDir), 'index');
    const bytes = readFileSync(index);
    bytes[bytes.indexOf('"pkg-1"') + 2] = 0x58;
    writeFileSync(index, bytes);
    const source = await openMirror(dbDir);
    const { records, coverage } = await source.query(npm('pkg-0', 'pkg-1', 'pkg-1', 'pkg-2'));
    await source.close();
    expect([...records.values()].map((list) => list.length)).toEqual([1, 0, 1]);
    expect(coverage).toMatchObject([
      {
        status: 'failed',
        cause: 'advisory-data-damaged',
        expected: 3,
        processed: 2,
        errors: [{ message: 'index: expected the records of npm pkg-1, got a wrong checksum' }],
      },
    ]);
  });

  it('can be aborted', async () => {
    const source = await openMirror(await mirrorOf(archiveOf(...npmRecords(1))));
    expect(await errorCode(source.query(npm('pkg-0'), AbortSignal.abort()))).toBe('aborted');
    await source.close();
  });

  it('finds all of many packages, and bodies in many blocks', async () => {
    const many = npmRecords(3_000).map((record) => ({ ...record, details: `${record.id} `.repeat(40) }));
    const source = await openMirror(await mirrorOf(archiveOf(...many)));
    const { records } = await source.query(npm(...many.map((_, i) => `pkg-${i}`)));
    expect([...records.values()].map(([record]) => record?.id)).toEqual(many.map(({ id }) => id));
    const ids = many.map(({ id }) => id).reverse();
    const bodies = await source.records([...ids, ...ids, 'MAL-none', '']);
    expect([...bodies.keys()].sort()).toEqual(ids.sort());
    expect([...bodies].every(([id, body]) => body.details === `${id} `.repeat(40))).toBe(true);
    await source.close();
  });
});

describe('openAdvisories', () => {
  const offline = (dbDir?: string) => ({ ...(dbDir === undefined ? {} : { dbDir }), now: NOW, freshFor: 0 });

  it('answers without data: every ecosystem asked for is missing', async () => {
    for (const source of [
      await openAdvisories('auto', offline()),
      await openAdvisories('mirror', offline(temporaryDirectory())),
    ]) {
      const { records, coverage } = await source.query([...npm('a', 'b'), query('PyPI', 'c')]);
      expect(records.size).toBe(0);
      expect(coverage).toMatchObject([
        { target: 'PyPI', status: 'failed', cause: 'advisory-data-missing', required: true },
        { target: 'npm', status: 'failed', cause: 'advisory-data-missing', required: true },
      ]);
      expect(source.describe()).toEqual({ source: 'none', ecosystems: [], quarantined: 0 });
      expect(await source.records(['A'])).toEqual(new Map());
      await source.close();
    }
  });

  it('says that a mirror is damaged, without its path', async () => {
    const dbDir = temporaryDirectory();
    writeFileSync(join(dbDir, 'CURRENT'), '../../etc\n');
    const source = await openAdvisories('auto', offline(dbDir));
    const { coverage } = await source.query(npm('a'));
    expect(coverage).toMatchObject([
      { cause: 'advisory-data-damaged', errors: [{ message: /^CURRENT: expected/ }] },
    ]);
    expect(JSON.stringify(coverage)).not.toContain(basename(dbDir));
  });

  it('opens the mirror, and the bundled data only when told to', async () => {
    const dbDir = await mirrorOf(archiveOf(...npmRecords(1)));
    expect((await openAdvisories('auto', offline(dbDir))).id).toBe('mirror');
    expect((await openAdvisories('bundled', offline(dbDir))).id).toBe('bundled');
  });

  it('has no API without a network', async () => {
    expect(await errorCode(openAdvisories('osv', offline()))).toBe('usage');
  });
});

describe('the directory', () => {
  it('is in the order of the hashes, keys with one hash side by side', () => {
    const keys = Array.from({ length: 2_000 }, (_, i) => `key ${i % 1_500}`);
    const { order, high, low } = orderByHash(keys);
    const sorted = [...order].map((i) => ({ high: high[i] ?? 0, low: low[i] ?? 0, key: keys[i], i }));
    expect(new Set(order).size).toBe(keys.length);
    for (const [row, next] of sorted.slice(1).entries()) {
      const { high, low, key, i } = sorted[row]!;
      expect(
        high < next.high ||
          (high === next.high && (low < next.low || (low === next.low && key === next.key && i < next.i))),
      ).toBe(true);
    }
  });

  it('is searched by both halves of a hash', () => {
    const rows = [
      [1, 9],
      [5, 1],
      [5, 7],
      [5, 7],
      [0xffff_ffff, 0],
    ] as const;
    const directory = Uint32Array.from([...rows.map(([high]) => high), ...rows.map(([, low]) => low)]);
    const find = (high: number, low: number) => lowerBound(directory, 5, { high, low });
    expect([find(0, 0), find(1, 9), find(5, 0), find(5, 7), find(5, 8), find(0xffff_ffff, 1)]).toEqual([
      0, 0, 1, 2, 4, 5,
    ]);
  });
});

describe.skipIf(!HAS_SHARED_DATA)(`real archives${HAS_SHARED_DATA ? '' : ` ${SHARED_SKIP_REASON}`}`, () => {
  const archives = ['PyPI', 'npm'].map((ecosystem) => join(SHARED_DATA, 'advisories', ecosystem, 'all.zip'));

  it('are held whole: no record is lost, the undated stay live', async () => {
    const dbDir = temporaryDirectory();
    const result = await importAdvisories({ dbDir, inputs: archives, now: NOW, writeFs: QUICK_FS });
    expect(result).toMatchObject({ read: 2661 + 465, ignored: 0, quarantined: [] });
    expect(result.ecosystems).toMatchObject([
      { name: 'PyPI', records: 2661, live: 2651, newestModified: '2024-10-10T17:22:00.000Z' },
      { name: 'npm', records: 465, live: 465 },
    ]);
    const source = await openMirror(dbDir);
    const undated = await source.records(['PYSEC-2024-55', 'PYSEC-2024-1', 'PYSEC-2023-238']);
    expect([...undated.values()].map(({ published }) => published)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(readAdvisory(undated.get('PYSEC-2024-55')).modified).toMatch(/^0*1-01-01/);
    await source.close();
  });
});
