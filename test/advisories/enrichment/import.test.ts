// SPDX-License-Identifier: Apache-2.0
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENRICHMENT_SOURCES } from '../../../src/advisories/enrichment/addresses.ts';
import { importEnrichment } from '../../../src/advisories/enrichment/import.ts';
import { enrichmentStatus } from '../../../src/advisories/enrichment/status.ts';
import {
  enrichmentDirectory,
  openCurrentTable,
  readPointer,
  verifyEnrichment,
} from '../../../src/advisories/enrichment/store.ts';
import { takeLock } from '../../../src/advisories/mirror/lock.ts';
import { systemFs, type WriteFs } from '../../../src/advisories/mirror/write-fs.ts';
import type { PlimsollError } from '../../../src/platform/errors.ts';
import { bestTime } from '../../support/best-time.ts';
import { errorCode, failure, QUICK_FS, temporaryDirectory } from '../mirror/support.ts';
import {
  EPSS_FIXTURE,
  enrichmentFiles,
  epss,
  epssLines,
  imported,
  KEV_FIXTURE,
  kev,
  load,
  NOW,
} from './support.ts';

const FIXTURES = {
  epss: { name: 'epss.csv', bytes: readFileSync(EPSS_FIXTURE) },
  kev: { name: 'kev.json', bytes: readFileSync(KEV_FIXTURE) },
};

/** Scores of these ids in the table in use. */
function scoresOf(dbDir: string, ...ids: string[]) {
  const current = openCurrentTable(dbDir, 'epss');
  try {
    return ids.map((id) => current?.open.score(id)?.score);
  } finally {
    current?.open.close();
  }
}

describe('importEnrichment', () => {
  it('puts both in use, and says what they are', async () => {
    const dbDir = temporaryDirectory();
    const result = await load(dbDir, {
      epss: { ...FIXTURES.epss, url: 'https://user:secret@mirror.example/epss.csv?token=secret#secret' },
      kev: FIXTURES.kev,
    });
    expect(result).toMatchObject({
      epss: { changed: true, date: '2026-11-20T12:00:22Z', version: 'v2025.03.14', rows: 12 },
      kev: { changed: true, date: '2026-11-19T15:18:29Z', version: '2026.11.19', rows: 3 },
    });
    expect(scoresOf(dbDir, 'CVE-2024-23334', 'CVE-2020-1747', 'CVE-2020-1748')).toEqual([
      0.93672,
      0.87,
      undefined,
    ]);
    expect(verifyEnrichment(dbDir)).toEqual([]);
    expect(enrichmentStatus(dbDir)).toMatchObject({
      epss: {
        rows: 12,
        retrievedAt: NOW.toISOString(),
        source: { name: 'epss.csv', url: 'https://mirror.example/epss.csv' },
        rejected: { count: 0, first: [] },
      },
      kev: { rows: 3, source: { name: 'kev.json' } },
    });
    expect(readFileSync(join(enrichmentDirectory(dbDir), 'current.json'), 'utf8')).not.toContain('secret');
  });

  it('leaves the other kind alone', async () => {
    const dbDir = await imported({ kev: FIXTURES.kev });
    const before = readPointer(dbDir).kev;
    await load(dbDir, { epss: FIXTURES.epss });
    expect(readPointer(dbDir).kev).toEqual(before);
    expect(verifyEnrichment(dbDir)).toEqual([]);
  });

  it('takes both files or none', async () => {
    const dbDir = await imported({ kev: FIXTURES.kev });
    const before = readPointer(dbDir);
    const old = kev(['CVE-2020-0001', 'CVE-2020-0002', 'CVE-2020-0003'], { dateReleased: '2026-11-18' });
    expect(await errorCode(load(dbDir, { epss: FIXTURES.epss, kev: old }))).toBe('data-rollback');
    expect(readPointer(dbDir)).toEqual(before);
  });

  it('writes the same bytes for the same file, whatever its name and the time', async () => {
    const odd = epss([...epssLines(20), 'odd']);
    const tableOf = async (name: string) =>
      readPointer(await imported({ epss: { ...odd, name } })).epss?.table;
    expect(await tableOf('a.csv')).toBe(await tableOf('b.csv'));
    const a = await imported(FIXTURES);
    const b = temporaryDirectory();
    await load(b, { epss: FIXTURES.epss, now: new Date('2026-11-22T00:00:00Z') });
    await load(b, { kev: FIXTURES.kev, now: new Date('2026-11-23T00:00:00Z') });
    const tables = (dbDir: string) => enrichmentFiles(dbDir).filter((name) => name !== 'current.json');
    expect(tables(a)).toHaveLength(2);
    expect(tables(b)).toEqual(tables(a));
    for (const name of tables(a)) {
      const bytes = (dbDir: string) => readFileSync(join(enrichmentDirectory(dbDir), name), 'base64');
      expect(bytes(b)).toBe(bytes(a));
    }
  });

  it('of the same file again is not a change, but a new retrieval', async () => {
    const dbDir = await imported({ kev: FIXTURES.kev });
    const later = new Date(NOW.getTime() + 86_400_000);
    expect((await load(dbDir, { kev: FIXTURES.kev, now: later })).kev?.changed).toBe(false);
    expect(readPointer(dbDir).kev?.retrievedAt).toBe(later.toISOString());
  });

  it('keeps the tables before, removes older ones and what a kill left', async () => {
    const dbDir = temporaryDirectory();
    for (const day of ['17', '18', '19', '20']) {
      await load(dbDir, { epss: epss(epssLines(50), `2026-11-${day}`) });
    }
    writeFileSync(join(enrichmentDirectory(dbDir), `.${'a'.repeat(64)}.tmp`), 'half');
    await load(dbDir, { kev: FIXTURES.kev });
    await load(dbDir, { kev: FIXTURES.kev });
    expect(enrichmentFiles(dbDir)).toHaveLength(3);
    await load(dbDir, { epss: epss(epssLines(51)) });
    expect(enrichmentFiles(dbDir)).toHaveLength(4);
    expect(verifyEnrichment(dbDir)).toEqual([]);
  });

  it('can run beside an import of advisories, but not beside another of its kind', async () => {
    const dbDir = await imported(FIXTURES);
    const releaseMirror = takeLock(QUICK_FS, dbDir);
    expect((await load(dbDir, FIXTURES)).epss?.changed).toBe(false);
    releaseMirror();
    const release = takeLock(QUICK_FS, enrichmentDirectory(dbDir));
    expect(await errorCode(load(dbDir, FIXTURES))).toBe('output-failed');
    release();
    await load(dbDir, FIXTURES);
  });
});

describe('an import is refused without --allow-rollback where it', () => {
  const lines = epssLines(100);
  it.each([
    ['is older', { epss: epss(lines, '2026-11-19') }, 'EPSS: expected data of 2026-11-20T00:00:00Z or later'],
    ['lost more than a tenth', { epss: epss(lines.slice(0, 89)) }, 'EPSS: expected about 100 rows, got 89'],
    ['is dated ahead', { epss: epss(lines, '2026-11-22') }, 'EPSS: expected data of today or before'],
    [
      'is an older catalogue',
      { kev: kev(['CVE-2020-0001', 'CVE-2020-0002'], { dateReleased: '2026-11-18' }) },
      'KEV: expected data of 2026-11-19T15:18:29Z or later',
    ],
    [
      'is a catalogue that lost entries',
      { kev: kev(['CVE-2020-0001']) },
      'KEV: expected about 2 rows, got 1',
    ],
  ])('%s', async (_, input, message) => {
    const dbDir = await imported({ epss: epss(lines), kev: kev(['CVE-2020-0001', 'CVE-2020-0002']) });
    const before = readPointer(dbDir);
    const error = (await failure(load(dbDir, input))) as PlimsollError;
    expect(error).toMatchObject({ code: 'data-rollback', hint: expect.stringContaining('--allow-rollback') });
    expect(error.message).toContain(message);
    expect(readPointer(dbDir)).toEqual(before);
    await load(dbDir, { ...input, allowRollback: true });
    expect(readPointer(dbDir)).not.toEqual(before);
  });

  it('takes the same day again, a tenth less, and a clock that is a day off', async () => {
    const dbDir = await imported({ epss: epss(lines) });
    await load(dbDir, { epss: epss(lines.slice(0, 90)) });
    await load(dbDir, { epss: epss(lines, '2026-11-21T18:00:00Z') });
    expect(verifyEnrichment(dbDir)).toEqual([]);
  });

  it('is never an empty file, with the option or without', async () => {
    const dbDir = await imported(FIXTURES);
    for (const input of [{ epss: epss([]) }, { kev: kev([]) }]) {
      expect(await errorCode(load(dbDir, { ...input, allowRollback: true }))).toBe('parse-failed');
    }
  });
});

describe('an import heals', () => {
  it.each(['emptied', 'scrambled', 'removed'])(
    'a pointer that was %s, guarded by the tables',
    async (how) => {
      const dbDir = await imported(FIXTURES);
      damage(join(enrichmentDirectory(dbDir), 'current.json'), how);
      if (how !== 'removed') {
        expect(verifyEnrichment(dbDir)).not.toEqual([]);
        expect(await errorCode(load(dbDir, { epss: epss(epssLines(20), '2026-11-01') }))).toBe(
          'data-rollback',
        );
      }
      await load(dbDir, FIXTURES);
      expect(verifyEnrichment(dbDir)).toEqual([]);
      expect(scoresOf(dbDir, 'CVE-2024-23334')).toEqual([0.93672]);
    },
  );

  it.each(['emptied', 'scrambled', 'removed'])('a table that was %s, guarded by the pointer', async (how) => {
    const dbDir = await imported(FIXTURES);
    const name = readPointer(dbDir).epss?.table ?? '';
    damage(join(enrichmentDirectory(dbDir), name), how);
    expect(verifyEnrichment(dbDir)).toHaveLength(1);
    const old = epss(epssLines(20), '2026-11-01');
    expect(await errorCode(load(dbDir, { epss: old }))).toBe('data-rollback');
    await load(dbDir, { epss: FIXTURES.epss });
    expect(verifyEnrichment(dbDir)).toEqual([]);
  });

  it('one kind where the other is damaged', async () => {
    const dbDir = await imported(FIXTURES);
    damage(join(enrichmentDirectory(dbDir), readPointer(dbDir).kev?.table ?? ''), 'scrambled');
    await load(dbDir, { epss: FIXTURES.epss });
    expect(verifyEnrichment(dbDir)).toHaveLength(1);
    await load(dbDir, { kev: FIXTURES.kev });
    expect(verifyEnrichment(dbDir)).toEqual([]);
  });

  it('damage of all that is known only when told to', async () => {
    const dbDir = await imported({ epss: FIXTURES.epss });
    for (const name of enrichmentFiles(dbDir)) damage(join(enrichmentDirectory(dbDir), name), 'scrambled');
    const error = (await failure(load(dbDir, FIXTURES))) as PlimsollError;
    expect(error).toMatchObject({ code: 'data-damaged', hint: expect.stringContaining('--allow-rollback') });
    await load(dbDir, { ...FIXTURES, allowRollback: true });
    expect(verifyEnrichment(dbDir)).toEqual([]);
  });
});

describe('a failure at any step', () => {
  it.each([
    ['one call fails', (failing: number) => (call: number) => call === failing],
    ['the process dies', (failing: number) => (call: number) => call >= failing],
  ])('leaves the former or the new data in use, whole: %s', async (_, fails) => {
    const answers: string[] = [];
    for (let failing = 1; ; failing++) {
      const dbDir = await imported({ epss: epss(['CVE-2020-0001,0.25,0.5'], '2026-11-19') });
      const writeFs = failingFs(fails(failing));
      const input = { epss: epss(['CVE-2020-0001,0.75,0.5']) };
      const code = await load(dbDir, { ...input, writeFs }).then(
        () => 'done',
        (error) => error.code,
      );
      if (writeFs.calls < failing) break;
      expect(verifyEnrichment(dbDir)).toEqual([]);
      answers.push(`${code} ${scoresOf(dbDir, 'CVE-2020-0001')}`);
      rmSync(join(enrichmentDirectory(dbDir), 'import.lock'), { force: true });
      await load(dbDir, input);
      expect(scoresOf(dbDir, 'CVE-2020-0001')).toEqual([0.75]);
      expect(enrichmentFiles(dbDir).filter((name) => name.startsWith('.'))).toEqual([]);
    }
    expect(answers.length).toBeGreaterThan(15);
    const turn = answers.findLastIndex((line) => line.endsWith('0.25')) + 1;
    expect(turn).toBeGreaterThan(5);
    // What fails to be tidied up keeps nobody from going on.
    const early = answers.slice(0, turn).filter((line) => line !== 'output-failed 0.25');
    expect(early.filter((line) => line !== 'done 0.75')).toEqual([]);
    expect(early.length).toBeLessThan(turn / 4);
    expect(answers.slice(turn).every((line) => line.endsWith('0.75'))).toBe(true);
    expect(answers.length).toBeGreaterThan(turn);
  });

  it('the table is durable before the pointer names it', async () => {
    const calls: string[] = [];
    const writeFs = Object.fromEntries(
      Object.entries(systemFs).map(([name, act]) => [
        name,
        (...args: unknown[]) => {
          calls.push(
            name === 'renameSync'
              ? `rename ${String(args[1]).endsWith('.json') ? 'pointer' : 'table'}`
              : name,
          );
          return (act as (...args: unknown[]) => unknown)(...args);
        },
      ]),
    ) as unknown as WriteFs;
    await importEnrichment({ dbDir: temporaryDirectory(), ...FIXTURES, now: NOW, writeFs });
    const turns = calls.flatMap((name, i) => (name === 'rename pointer' ? [i] : []));
    expect(turns).toHaveLength(1);
    const before = calls.slice(0, turns[0]);
    expect(before.filter((name) => name === 'rename table')).toHaveLength(2);
    // Each table and its directory, and the pointer itself.
    expect(before.filter((name) => name === 'fsyncSync').length).toBeGreaterThanOrEqual(5);
  });
});

describe('a table', () => {
  it('finds each CVE that it has and no other', async () => {
    const key = fc.tuple(fc.integer({ min: 1999, max: 2030 }), fc.integer({ min: 1, max: 2_000_000 }));
    const id = ([year, n]: readonly [number, number]) => `CVE-${year}-${String(n).padStart(4, '0')}`;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key.map(id), { minLength: 1, maxLength: 700, size: 'max' }),
        fc.array(key.map(id), { maxLength: 20 }),
        async (ids, others) => {
          const dbDir = temporaryDirectory();
          await load(dbDir, { kev: kev(ids), allowRollback: true });
          const current = openCurrentTable(dbDir, 'kev');
          for (const each of ids) expect(current?.open.has(each)).toBe(true);
          for (const each of others) expect(current?.open.has(each)).toBe(ids.includes(each));
          expect(current?.open.facts.rows).toBe(ids.length);
          current?.open.close();
          rmSync(dbDir, { recursive: true });
        },
      ),
      { numRuns: 30 },
    );
  });

  it('of 100,000 scores answers 1,500 lookups in some milliseconds, opening included', async () => {
    const years = Array.from({ length: 10 }, (_, i) => epssLines(10_000, 1999 + i)).flat();
    const dbDir = await imported({ epss: epss(years) });
    const ids = Array.from(
      { length: 1_500 },
      (_, i) => `CVE-${1999 + (i % 10)}-${10_000 + ((i * 7919) % 10_000)}`,
    );
    let found = 0;
    const time = bestTime(() => {
      found = scoresOf(dbDir, ...ids).filter((score) => score !== undefined).length;
    });
    expect(found).toBe(ids.length);
    // Measured 9 ms with 300,000; a scan of 1,500 packages asks for some hundred CVEs (2 ms).
    expect(time).toBeLessThan(60);
  });
});

it('names the addresses of the publishers, both by https', () => {
  expect(ENRICHMENT_SOURCES).toEqual({
    epss: 'https://epss.empiricalsecurity.com/epss_scores-current.csv.gz',
    kev: 'https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json',
  });
});

function damage(path: string, how: string): void {
  if (how === 'removed') rmSync(path);
  else if (how === 'emptied') writeFileSync(path, '');
  else
    writeFileSync(
      path,
      readFileSync(path).map((byte) => byte ^ 0x5a),
    );
}

/** Calls that fail where `fails` says so, given the number of the call. */
function failingFs(fails: (call: number) => boolean): WriteFs & { calls: number } {
  const state = { calls: 0 };
  const names = Object.keys({
    copyFileSync: 0,
    linkSync: 0,
    closeSync: 0,
    fsyncSync: 0,
    mkdirSync: 0,
    openSync: 0,
    readdirSync: 0,
    renameSync: 0,
    rmSync: 0,
    writeSync: 0,
  } satisfies Record<keyof WriteFs, 0>) as (keyof WriteFs)[];
  const wrapped = Object.fromEntries(
    names.map((name) => [
      name,
      (...args: unknown[]) => {
        state.calls += 1;
        if (fails(state.calls))
          throw Object.assign(new Error('EIO'), { code: 'EIO', errno: -1, syscall: name });
        return (QUICK_FS[name] as (...args: unknown[]) => unknown)(...args);
      },
    ]),
  );
  return Object.defineProperty(wrapped, 'calls', { get: () => state.calls }) as unknown as WriteFs & {
    calls: number;
  };
}
