// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importAdvisories } from '../../../src/advisories/mirror/import.ts';
import type { MirroredEcosystem } from '../../../src/advisories/mirror/manifest.ts';
import { guardRollback } from '../../../src/advisories/mirror/rollback.ts';
import { mirrorStatus, verifyMirror } from '../../../src/advisories/mirror/status.ts';
import {
  archiveOf,
  contents,
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
  withMirror,
  writeInput,
  zip,
} from './support.ts';

const PY: SimpleRecord = { id: 'PYSEC-1', packages: [['PyPI', 'one']] };
const JS: SimpleRecord = { id: 'GHSA-1', packages: [['npm', 'left']] };
const BOTH: SimpleRecord = {
  id: 'GHSA-2',
  packages: [
    ['npm', 'shared'],
    ['PyPI', 'shared'],
  ],
};

describe('what an import replaces', () => {
  it('an archive replaces its ecosystem and leaves the other', async () => {
    const dbDir = await imported(archiveOf(PY), archiveOf(JS));
    await load(dbDir, archiveOf({ ...JS, id: 'GHSA-9' }));
    expect(await idsOf(dbDir, query('PyPI', 'one'), ...npm('left'))).toEqual({
      'PyPI/one': ['PYSEC-1'],
      'npm/left': ['GHSA-9'],
    });
    expect((await mirrorStatus(dbDir)).sources.map(({ ecosystems }) => ecosystems)).toHaveLength(2);
  });

  it('a single record is merged, in place of an older one of the same id', async () => {
    const dbDir = await imported(archiveOf(PY, JS));
    await load(dbDir, writeInput('r.json', recordJson({ ...JS, id: 'GHSA-9' })));
    const newer = { ...JS, modified: '2024-06-01T00:00:00Z', packages: [['npm', 'right']] } as const;
    await load(dbDir, writeInput('r.json', recordJson(newer)));
    expect(await idsOf(dbDir, query('PyPI', 'one'), ...npm('left', 'right'))).toEqual({
      'PyPI/one': ['PYSEC-1'],
      'npm/left': ['GHSA-9'],
      'npm/right': ['GHSA-1'],
    });
  });

  it('an older single record changes nothing', async () => {
    const dbDir = await imported(archiveOf(JS));
    const older = { ...JS, modified: '2020-01-01T00:00:00Z', packages: [['npm', 'right']] } as const;
    expect(await load(dbDir, writeInput('r.json', recordJson(older)))).toMatchObject({ changed: false });
    expect(await idsOf(dbDir, ...npm('left', 'right'))).toEqual({ 'npm/left': ['GHSA-1'], 'npm/right': [] });
  });

  it('an archive of PyPI that also names npm packages does not replace npm, nor makes it complete', async () => {
    const python = archiveOf(PY, BOTH);
    const alone = await imported(python);
    expect((await mirrorStatus(alone)).ecosystems).toMatchObject([
      { name: 'PyPI', complete: true, records: 2 },
      { name: 'npm', complete: false, records: 1 },
    ]);
    const { records, coverage } = await withMirror(alone, (source) => source.query(npm('shared')));
    expect(records.get('npm\0shared')).toHaveLength(1);
    expect(coverage).toMatchObject([{ status: 'failed', cause: 'advisory-data-missing', target: 'npm' }]);

    const both = await imported(archiveOf(JS), python);
    expect(await idsOf(both, ...npm('left', 'shared'))).toEqual({
      'npm/left': ['GHSA-1'],
      'npm/shared': ['GHSA-2'],
    });
    expect(contents(both)).toEqual(contents(await imported(python, archiveOf(JS))));
  });

  it('a record of two ecosystems that one archive no longer has stays for the other', async () => {
    const dbDir = await imported(archiveOf(PY, BOTH), archiveOf(JS, BOTH));
    await load(dbDir, archiveOf(PY));
    expect(await idsOf(dbDir, query('PyPI', 'shared'), ...npm('shared'))).toEqual({
      'PyPI/shared': [],
      'npm/shared': ['GHSA-2'],
    });
    expect(await verifyMirror(dbDir)).toEqual([]);
  });

  it('one after the other gives the bytes of both at once', async () => {
    const dbDir = await imported(archiveOf(JS, BOTH));
    await load(dbDir, archiveOf(PY, BOTH));
    expect(contents(dbDir)).toEqual(contents(await imported(archiveOf(PY, BOTH), archiveOf(JS, BOTH))));
  });

  it('the same data again change nothing but the time', async () => {
    const archive = archiveOf(JS);
    const dbDir = await imported(archive);
    const before = readdirSync(dbDir);
    const later = new Date('2026-02-02T00:00:00Z');
    const result = await importAdvisories({ dbDir, inputs: [archive], now: later, writeFs: QUICK_FS });
    expect(result.changed).toBe(false);
    expect(readdirSync(dbDir)).toEqual(before);
    expect((await mirrorStatus(dbDir)).retrievedAt).toBe(later.toISOString());
  });
});

describe('two records with one id', () => {
  const old = { ...JS, modified: '2023-01-01T00:00:00Z', packages: [['npm', 'old']] } as const;
  const young = { ...JS, modified: '2024-01-01T00:00:00+01:00', packages: [['npm', 'young']] } as const;
  const undated = { ...JS, modified: '1-01-01', packages: [['npm', 'undated']] } as const;

  it.each([
    ['old first', [old, young, undated]],
    ['young first', [young, undated, old]],
    ['undated first', [undated, old, young]],
  ])('the newer one wins: %s', async (_, records) => {
    const dbDir = await imported(...records.map((record) => archiveOf(record)));
    expect(await idsOf(dbDir, ...npm('old', 'young', 'undated'))).toEqual({
      'npm/old': [],
      'npm/young': ['GHSA-1'],
      'npm/undated': [],
    });
  });

  it('of two of one time the choice does not depend on the order', async () => {
    const other = archiveOf({ ...young, packages: [['npm', 'other']] });
    const one = await imported(archiveOf(young), other);
    expect(contents(one)).toEqual(contents(await imported(other, archiveOf(young))));
  });
});

function npmOf(live: number): MirroredEcosystem {
  return { name: 'npm', complete: true, records: live, live };
}

describe('the guard against a step back', () => {
  it('refuses older data, and takes them when told to', async () => {
    const dbDir = await imported(archiveOf({ ...JS, modified: '2024-02-01T00:00:00Z' }));
    const old = archiveOf({ ...JS, modified: '2024-01-31T00:00:00Z' });
    const error = await failure(load(dbDir, old));
    expect(error).toMatchObject({
      code: 'data-rollback',
      message: expect.stringMatching(/2024-02-01T00:00:00\.000Z.*2024-01-31T00:00:00\.000Z/),
    });
    await importAdvisories({ dbDir, inputs: [old], now: NOW, writeFs: QUICK_FS, allowRollback: true });
    expect(await withMirror(dbDir, async (source) => source.describe().ecosystems)).toMatchObject([
      { newestModified: '2024-01-31T00:00:00.000Z' },
    ]);
  });

  it.each([
    [1000, 951, 'taken'],
    [1000, 950, 'refused'],
    [6000, 5940, 'taken'],
    [6000, 5939, 'refused'],
    [49, 0, 'taken'],
    [50, 0, 'refused'],
    [1000, 5000, 'taken'],
  ])('%i live records, then %i: %s', (before, after, expected) => {
    const guard = () => guardRollback([npmOf(before)], [npmOf(after)], NOW);
    if (expected === 'taken') expect(guard).not.toThrow();
    else expect(guard).toThrow(new RegExp(`${before}.*${after}`));
  });

  it('looks at complete ecosystems alone', () => {
    expect(() => guardRollback([{ ...npmOf(500), complete: false }], [npmOf(1)], NOW)).not.toThrow();
    expect(() => guardRollback([npmOf(500)], [], NOW)).toThrow(/got 0/);
  });

  it('a former date and no date at all is a step back', () => {
    const dated = { ...npmOf(5), newestModified: '2024-01-01T00:00:00.000Z' };
    expect(() => guardRollback([dated], [npmOf(5)], NOW)).toThrow(/none/);
    expect(() => guardRollback([npmOf(5)], [dated], NOW)).not.toThrow();
  });

  it('counts the withdrawn as gone', async () => {
    const dbDir = await imported(archiveOf(...npmRecords(100)));
    const withdrawn = npmRecords(100).map((record) => ({ ...record, withdrawn: '2024-01-01T00:00:00Z' }));
    expect(await failure(load(dbDir, archiveOf(...withdrawn)))).toMatchObject({
      code: 'data-rollback',
      message: 'npm: expected about 100 live records, got 0',
    });
    expect((await mirrorStatus(dbDir)).ecosystems[0]?.live).toBe(100);
  });
});

describe('determinism', () => {
  it('the order of entries, archives and imports does not show', async () => {
    const records = [...npmRecords(40), PY, BOTH, { ...BOTH, modified: '2025-01-01T00:00:00Z' }, JS];
    const entries = records.map((record, i) => ({ name: `${i}.json`, data: recordJson(record) }));
    entries.push({ name: 'bad.json', data: '{' }, { name: 'worse.json', data: '' });
    const expected = contents(await imported(writeInput('all.zip', zip(entries))));
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(entries, { minLength: entries.length }), async (shuffled) => {
        expect(contents(await imported(writeInput('all.zip', zip(shuffled))))).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });

  it('the time and the name of the file do not show', async () => {
    const later = temporaryDirectory();
    await importAdvisories({
      dbDir: later,
      inputs: [writeInput('x.json', recordJson(JS))],
      now: new Date('2025-06-01T00:00:00Z'),
    });
    expect(contents(later)).toEqual(contents(await imported(writeInput('y.json', recordJson(JS)))));
  });
});
