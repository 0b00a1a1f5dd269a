// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyDelta, storedIds } from '../../../src/advisories/mirror/delta.ts';
import type { Delta } from '../../../src/advisories/mirror/gather.ts';
import { openMirror } from '../../../src/advisories/mirror/generation-source.ts';
import { openCurrent } from '../../../src/advisories/mirror/generations.ts';
import { importAdvisories } from '../../../src/advisories/mirror/import.ts';
import { mirrorStatus, verifyMirror } from '../../../src/advisories/mirror/status.ts';
import {
  archiveOf,
  currentDirectory,
  errorCode,
  failure,
  idsOf,
  imported,
  load,
  NOW,
  npm,
  npmRecords,
  QUICK_FS,
  query,
  recordJson,
  type SimpleRecord,
  temporaryDirectory,
} from './support.ts';

const SOURCE = { name: 'modified_id.csv', sha256: 'f'.repeat(64), ecosystems: ['npm'] as const };

function delta(
  changed: readonly SimpleRecord[],
  removed: readonly string[] = [],
  ecosystem: 'npm' | 'PyPI' = 'npm',
): Delta {
  return {
    ecosystem,
    changed: changed.map((record) => ({ id: record.id, bytes: Buffer.from(recordJson(record)) })),
    removed,
    source: SOURCE,
  };
}

async function apply(dbDir: string, ...deltas: Delta[]) {
  return await applyDelta({ dbDir, deltas, now: NOW, writeFs: QUICK_FS });
}

const NEWER = '2025-01-01T00:00:00Z';

describe('a delta', () => {
  it('adds, changes and removes, and leaves the base files as they are', async () => {
    const dbDir = await imported(archiveOf(...npmRecords(100)));
    const before = currentDirectory(dbDir);
    const base = statSync(join(before, 'records'));
    await apply(
      dbDir,
      delta(
        [
          { id: 'MAL-new', modified: NEWER, packages: [['npm', 'pkg-1']] },
          { id: 'MAL-2', modified: NEWER, packages: [['npm', 'moved']] },
        ],
        ['MAL-3'],
      ),
    );
    expect(await idsOf(dbDir, ...npm('pkg-1', 'pkg-2', 'moved', 'pkg-3', 'pkg-4'))).toEqual({
      'npm/pkg-1': ['MAL-1', 'MAL-new'],
      'npm/pkg-2': [],
      'npm/moved': ['MAL-2'],
      'npm/pkg-3': [],
      'npm/pkg-4': ['MAL-4'],
    });
    const after = currentDirectory(dbDir);
    expect(after).not.toBe(before);
    expect(statSync(join(after, 'records')).ino).toBe(base.ino);
    expect(readdirSync(after).sort()).toEqual([
      'ids',
      'import.json',
      'index',
      'manifest.json',
      'overlay-index',
      'overlay-records',
      'records',
    ]);
    const status = await mirrorStatus(dbDir);
    expect(status.ecosystems).toEqual([
      { name: 'npm', complete: true, records: 100, live: 100, newestModified: '2025-01-01T00:00:00.000Z' },
    ]);
    expect(status.overlay?.records.count).toBe(3);
    expect(await verifyMirror(dbDir)).toEqual([]);
  });

  it('gives full records too: the changed one, not the former, and none that was removed', async () => {
    const dbDir = await imported(archiveOf(...npmRecords(50)));
    await apply(dbDir, delta([{ id: 'MAL-1', modified: NEWER, summary: 'new words' }], ['MAL-2']));
    const source = await openMirror(dbDir);
    const records = await source.records(['MAL-1', 'MAL-2', 'MAL-3']);
    await source.close();
    expect([...records.keys()].sort()).toEqual(['MAL-1', 'MAL-3']);
    expect(records.get('MAL-1')?.summary).toBe('new words');
    expect([...(storedIds(dbDir).get('npm') ?? [])]).toHaveLength(49);
    expect(storedIds(dbDir).get('npm')?.get('MAL-1')).toBe(Date.parse(NEWER));
  });

  it('without changes is no new generation', async () => {
    const dbDir = await imported(archiveOf(...npmRecords(50)));
    const before = readdirSync(dbDir).sort();
    expect((await apply(dbDir, delta([]))).changed).toBe(false);
    await apply(dbDir, delta([{ id: 'A', modified: NEWER }]));
    const { generation } = await mirrorStatus(dbDir);
    expect(await apply(dbDir, delta([]))).toMatchObject({ changed: false, generation });
    expect(readdirSync(dbDir).length).toBe(before.length + 1);
  });

  it('goes onto the overlay of the one before', async () => {
    const dbDir = await imported(archiveOf(...npmRecords(100)));
    await apply(dbDir, delta([{ id: 'A', modified: NEWER, packages: [['npm', 'pkg-1']] }]));
    await apply(dbDir, delta([{ id: 'B', modified: NEWER, packages: [['npm', 'pkg-1']] }], ['MAL-1']));
    expect(await idsOf(dbDir, ...npm('pkg-1'))).toEqual({ 'npm/pkg-1': ['A', 'B'] });
    expect((await mirrorStatus(dbDir)).overlay?.records.count).toBe(3);
  });

  it('above a tenth of the base is worked into it', async () => {
    const dbDir = await imported(archiveOf(...npmRecords(100)));
    const changed = npmRecords(11).map((record) => ({ ...record, modified: NEWER }));
    await apply(dbDir, delta(changed.slice(0, 5)));
    expect((await mirrorStatus(dbDir)).overlay).toBeDefined();
    await apply(dbDir, delta(changed.slice(5), ['MAL-99']));
    const status = await mirrorStatus(dbDir);
    expect([status.overlay, status.ecosystems[0]?.records]).toEqual([undefined, 99]);
    expect(await idsOf(dbDir, ...npm('pkg-99', 'pkg-7'))).toEqual({
      'npm/pkg-99': [],
      'npm/pkg-7': ['MAL-7'],
    });
  });

  it('does not step back: an older record changes nothing', async () => {
    const dbDir = await imported(archiveOf(...npmRecords(50, NEWER)));
    const result = await apply(
      dbDir,
      delta([{ id: 'MAL-1', modified: '2020-01-01T00:00:00Z', packages: [['npm', 'x']] }]),
    );
    expect(await idsOf(dbDir, ...npm('pkg-1', 'x'))).toEqual({ 'npm/pkg-1': ['MAL-1'], 'npm/x': [] });
    expect(result.ecosystems[0]?.newestModified).toBe('2025-01-01T00:00:00.000Z');
  });

  it('removes a record of two ecosystems from the one that no longer has it', async () => {
    const both: SimpleRecord = {
      id: 'BOTH',
      packages: [
        ['npm', 'shared'],
        ['PyPI', 'shared'],
      ],
    };
    const python = Array.from(
      { length: 20 },
      (_, i): SimpleRecord => ({ id: `PYSEC-${i}`, packages: [['PyPI', `p${i}`]] }),
    );
    const dbDir = await imported(archiveOf(...npmRecords(50), both), archiveOf(...python, both));
    await apply(dbDir, delta([], ['BOTH'], 'npm'));
    expect(await idsOf(dbDir, query('npm', 'shared'), query('PyPI', 'shared'))).toEqual({
      'npm/shared': [],
      'PyPI/shared': ['BOTH'],
    });
  });

  it('with a record that cannot be read leaves the one that is held, and counts it', async () => {
    const dbDir = await imported(archiveOf(...npmRecords(50)));
    const broken = { ...delta([]), changed: [{ id: 'MAL-1', bytes: Buffer.from('{"id":') }] };
    const result = await apply(dbDir, broken);
    expect(result.quarantined).toMatchObject([{ count: 1, first: [{ record: 'MAL-1.json' }] }]);
    expect(await idsOf(dbDir, ...npm('pkg-1'))).toEqual({ 'npm/pkg-1': ['MAL-1'] });
    expect((await mirrorStatus(dbDir)).quarantined).toMatchObject([{ ecosystems: ['npm'], count: 1 }]);
  });

  it('counts a record that cannot be read once, and no more once it can be or is gone', async () => {
    const dbDir = await imported(archiveOf(...npmRecords(50)));
    const broken = (...ids: string[]) => ({
      ...delta([]),
      changed: ids.map((id) => ({ id, bytes: Buffer.from('{"id":') })),
    });
    const { generation } = await apply(dbDir, broken('MAL-1', 'MAL-2'));
    expect(await apply(dbDir, broken('MAL-1', 'MAL-2'))).toMatchObject({ changed: false, generation });
    expect((await mirrorStatus(dbDir)).quarantined).toMatchObject([{ count: 2 }]);
    await apply(dbDir, delta([{ id: 'MAL-1', modified: NEWER }]));
    expect((await mirrorStatus(dbDir)).quarantined).toMatchObject([
      { count: 1, first: [{ record: 'MAL-2.json' }] },
    ]);
    await apply(dbDir, delta([], ['MAL-2']));
    expect((await mirrorStatus(dbDir)).quarantined).toEqual([]);
  });

  it('takes no record in the place of another', async () => {
    const dbDir = await imported(archiveOf(...npmRecords(50)));
    const other = Buffer.from(recordJson({ id: 'MAL-2', modified: NEWER, packages: [['npm', 'moved']] }));
    const result = await apply(dbDir, { ...delta([]), changed: [{ id: 'MAL-1', bytes: other }] });
    expect(result.quarantined).toMatchObject([
      {
        first: [{ record: 'MAL-1.json', reason: 'expected the record of its name, got "MAL-2"' }],
      },
    ]);
    expect(await idsOf(dbDir, ...npm('pkg-1', 'pkg-2', 'moved'))).toEqual({
      'npm/pkg-1': ['MAL-1'],
      'npm/pkg-2': ['MAL-2'],
      'npm/moved': [],
    });
  });

  it('is followed by an archive that replaces base and overlay', async () => {
    const dbDir = await imported(archiveOf(...npmRecords(100)));
    await apply(dbDir, delta([{ id: 'A', modified: NEWER, packages: [['npm', 'pkg-1']] }]));
    await load(dbDir, archiveOf(...npmRecords(100, '2025-02-01T00:00:00Z')));
    expect(await idsOf(dbDir, ...npm('pkg-1'))).toEqual({ 'npm/pkg-1': ['MAL-1'] });
    expect(readdirSync(currentDirectory(dbDir))).not.toContain('overlay-index');
  });

  it.each(['overlay-index', 'overlay-records'])('is not passed over where %s is damaged', async (name) => {
    const dbDir = await imported(archiveOf(...npmRecords(100)));
    await apply(dbDir, delta([{ id: 'A', modified: NEWER, packages: [['npm', 'pkg-1']] }]));
    const file = join(currentDirectory(dbDir), name);
    const bytes = readFileSync(file);
    for (const broken of [Buffer.alloc(0), bytes.subarray(0, -1), Buffer.concat([bytes, bytes])]) {
      writeFileSync(file, broken);
      expect(await errorCode(openMirror(dbDir))).toBe('data-damaged');
      expect((await verifyMirror(dbDir)).join()).toContain(name);
    }
  });
});

describe('a change that would be a step back', () => {
  it.each<[string, () => Promise<string>, Delta]>([
    [
      'with far fewer records',
      () => imported(archiveOf(...npmRecords(1000))),
      delta(
        [],
        Array.from({ length: 50 }, (_, i) => `MAL-${i}`),
      ),
    ],
    [
      'dated ahead',
      () => imported(archiveOf(...npmRecords(100))),
      delta([{ id: 'A', modified: '2026-01-04T00:00:00Z' }]),
    ],
  ])('%s is refused, written down, and shown until a sound one comes', async (_, make, bad) => {
    const dbDir = await make();
    const error = await failure(apply(dbDir, bad));
    expect(error).toMatchObject({ code: 'data-rollback' });
    const { refused } = await mirrorStatus(dbDir);
    expect(refused).toEqual([{ at: NOW.toISOString(), reason: (error as Error).message }]);
    const source = await openMirror(dbDir);
    const { coverage } = await source.query(npm('pkg-1'));
    await source.close();
    expect(coverage).toMatchObject([
      { target: 'npm', status: 'succeeded' },
      { target: 'mirror', status: 'partial', cause: 'advisory-update-refused', required: true },
    ]);
    await apply(dbDir, delta([{ id: 'B', modified: NEWER }]));
    expect((await mirrorStatus(dbDir)).refused).toEqual([]);
  });

  it('is taken with allowRollback', async () => {
    const dbDir = await imported(archiveOf(...npmRecords(1000)));
    const deltas = [
      delta(
        [],
        Array.from({ length: 60 }, (_, i) => `MAL-${i}`),
      ),
    ];
    await applyDelta({ dbDir, deltas, now: NOW, writeFs: QUICK_FS, allowRollback: true });
    expect((await mirrorStatus(dbDir)).ecosystems[0]?.records).toBe(940);
  });

  it('in an archive is refused alike: dated ahead, also the very first', async () => {
    const ahead = archiveOf(...npmRecords(3, '2026-01-04T00:00:00Z'));
    const dbDir = temporaryDirectory();
    expect(await errorCode(load(dbDir, ahead))).toBe('data-rollback');
    await importAdvisories({ dbDir, inputs: [ahead], now: NOW, writeFs: QUICK_FS, allowRollback: true });
    await load(dbDir, ahead);
  });
});

/** A step of a mirror's life: records that change and ids that go. */
const step = fc.record({
  changed: fc.array(
    fc.record({
      id: fc.nat(29),
      age: fc.nat(9),
      packages: fc.uniqueArray(fc.tuple(fc.constantFrom('npm', 'PyPI'), fc.nat(9)), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
    { maxLength: 4 },
  ),
  removed: fc.array(fc.nat(29), { maxLength: 2 }),
});

describe('whatever the order of deltas', () => {
  it('a mirror answers as a plain table of records does', { timeout: 20_000 }, async () => {
    const first = Array.from(
      { length: 60 },
      (_, i): SimpleRecord => ({ id: `R-${i}`, packages: [['npm', `p-${i % 10}`]] }),
    );
    const names = Array.from({ length: 10 }, (_, i) => `p-${i}`);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 5 }), async (steps) => {
        const dbDir = await imported(
          archiveOf(...first),
          archiveOf({ id: 'PY', packages: [['PyPI', 'p-0']] }),
        );
        const table = new Map<string, SimpleRecord>(
          [...first, { id: 'PY', packages: [['PyPI', 'p-0']] } as const].map((r) => [r.id, r]),
        );
        for (const { changed, removed } of steps) {
          const records = new Map(
            changed.map(({ id, age, packages }) => [
              `R-${id}`,
              {
                id: `R-${id}`,
                modified: `2025-01-0${age + 1 > 9 ? 9 : age + 1}T00:00:00Z`,
                packages: packages.map(([ecosystem, n]) => [ecosystem, `p-${n}`] as const),
              },
            ]),
          );
          // What goes from all ecosystems goes altogether.
          const gone = removed.map((id) => `R-${id}`).filter((id) => !records.has(id));
          const both = [delta([...records.values()], gone), delta([], gone, 'PyPI')];
          await applyDelta({ dbDir, deltas: both, now: NOW, writeFs: QUICK_FS, allowRollback: true });
          for (const record of records.values()) {
            const known = table.get(record.id)?.modified ?? '2024-01-01T00:00:00Z';
            if (!table.has(record.id) || record.modified >= known) table.set(record.id, record);
          }
          for (const id of gone) table.delete(id);
        }
        const generation = openCurrent(dbDir);
        for (const ecosystem of ['npm', 'PyPI'] as const) {
          for (const name of names) {
            const expected = [...table.values()]
              .filter(({ packages = [] }) => packages.some(([e, n]) => e === ecosystem && n === name))
              .map(({ id }) => id)
              .sort();
            expect(generation.lookup({ ecosystem, name }).map(({ id }) => id)).toEqual(expected);
          }
        }
        const ids = [...generation.bodies()].map(({ bytes }) => JSON.parse(bytes.toString()).id);
        expect(ids.sort()).toEqual([...table.keys()].sort());
        expect([...generation.records(table.keys()).keys()].sort()).toEqual([...table.keys()].sort());
        generation.close();
        expect(await verifyMirror(dbDir)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the list of ids beside the data', () => {
  it('says what the bodies say, and is done without where it is damaged', async () => {
    const dbDir = await imported(archiveOf(...npmRecords(100)));
    await apply(dbDir, delta([{ id: 'MAL-1', modified: NEWER }], ['MAL-2']));
    const file = join(currentDirectory(dbDir), 'ids');
    const listed = storedIds(dbDir);
    expect(listed.get('npm')?.size).toBe(99);
    for (const damage of [
      Buffer.alloc(0),
      Buffer.from('x'.repeat(200)),
      readFileSync(file).subarray(0, -1),
    ]) {
      writeFileSync(file, damage);
      expect(storedIds(dbDir)).toEqual(listed);
    }
  });
});
