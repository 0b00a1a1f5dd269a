// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openMirror } from '../../../src/advisories/mirror/generation-source.ts';
import { importAdvisories } from '../../../src/advisories/mirror/import.ts';
import { mirrorStatus, verifyMirror } from '../../../src/advisories/mirror/status.ts';
import { readAdvisory } from '../../../src/advisories/osv-record.ts';
import type { AdvisorySource } from '../../../src/advisories/source.ts';
import {
  archiveOf,
  currentDirectory,
  errorCode,
  FIXTURES,
  failure,
  NOW,
  npm,
  npmRecords,
  query,
  recordJson,
  type SimpleRecord,
  temporaryDirectory,
  writeInput,
  zip,
} from './support.ts';

async function load(dbDir: string, ...inputs: string[]) {
  return await importAdvisories({ dbDir, inputs, now: NOW });
}

async function imported(...inputs: string[]): Promise<string> {
  const dbDir = temporaryDirectory();
  await load(dbDir, ...inputs);
  return dbDir;
}

/** Ids found per package, as `npm/left`. */
async function idsOf(dbDir: string, ...packages: ReturnType<typeof query>[]) {
  const source = await openMirror(dbDir);
  const { records } = await source.query(packages);
  await source.close();
  return Object.fromEntries(
    [...records].map(([key, list]) => [key.replace('\0', '/'), list.map(({ id }) => id)]),
  );
}

async function withMirror<T>(dbDir: string, use: (source: AdvisorySource) => Promise<T>): Promise<T> {
  const source = await openMirror(dbDir);
  return await use(source).finally(() => source.close());
}

/** Bytes of the generation's files. */
function contents(dbDir: string): Record<string, string> {
  const directory = currentDirectory(dbDir);
  const names = ['index', 'manifest.json', 'records'];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(directory, name), 'base64')]));
}

const PY: SimpleRecord = { id: 'PYSEC-1', packages: [['PyPI', 'one']] };
const JS: SimpleRecord = { id: 'GHSA-1', packages: [['npm', 'left']] };
const BOTH: SimpleRecord = {
  id: 'GHSA-2',
  packages: [
    ['npm', 'shared'],
    ['PyPI', 'shared'],
  ],
};

describe('a folder', () => {
  it('is read to the bottom: every body comes back as it was', async () => {
    const dbDir = await imported(FIXTURES);
    const files = [
      'PLIM-PY-1',
      'no-published',
      'unreadable-date',
      'withdrawn',
      'npm',
      'both-ecosystems',
      'deeper/npm-2',
    ];
    const expected = files.map((name) =>
      readAdvisory(JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), 'utf8'))),
    );
    const records = await withMirror(dbDir, (source) => source.records(expected.map(({ id }) => id)));
    expect([...records.values()].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
      expected.sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
  });

  it('is indexed by package: names normalised for PyPI only, suffixes cut, lists without prose', async () => {
    const dbDir = await imported(FIXTURES);
    expect(
      await idsOf(
        dbDir,
        ...[query('PyPI', 'django-thing'), query('PyPI', 'Django.Thing'), query('PyPI', 'other')],
        ...[query('PyPI', 'suffixed'), query('PyPI', 'shared'), ...npm('shared', '@scope/Mixed.Case')],
        ...npm('@scope/mixed.case', '__proto__', 'g:shared', 'constructor'),
      ),
    ).toEqual({
      'PyPI/django-thing': ['PLIM-PY-1'],
      'PyPI/Django.Thing': ['PLIM-PY-1'],
      'PyPI/other': ['PLIM-PY-1', 'PLIM-PY-2', 'PLIM-PY-4'],
      'PyPI/suffixed': ['PLIM-PY-3'],
      'PyPI/shared': ['PLIM-BOTH-1'],
      'npm/shared': ['PLIM-BOTH-1'],
      'npm/@scope/Mixed.Case': ['PLIM-NPM-1'],
      'npm/@scope/mixed.case': [],
      'npm/__proto__': ['PLIM-NPM-2'],
      'npm/g:shared': [],
      'npm/constructor': [],
    });
  });

  it('gives a package what concerns it, and nothing else of the record', async () => {
    const dbDir = await imported(FIXTURES);
    const { records } = await withMirror(dbDir, (source) => source.query([query('PyPI', 'django-thing')]));
    const whole = readAdvisory(JSON.parse(readFileSync(join(FIXTURES, 'PLIM-PY-1.json'), 'utf8')));
    const { summary: _, details: __, ...facts } = whole;
    expect(records.get('PyPI\0django-thing')).toEqual([
      { ...facts, references: [], affected: whole.affected.slice(0, 2) },
    ]);
  });

  it('counts what it quarantines and what is of other ecosystems', async () => {
    const dbDir = temporaryDirectory();
    const result = await load(dbDir, FIXTURES);
    expect(result).toMatchObject({ read: 7, ignored: 1, changed: true });
    expect(result.quarantined).toEqual([
      {
        ecosystems: ['PyPI', 'npm'],
        count: 2,
        first: [
          { record: 'quarantined-no-id.json', reason: expect.stringContaining('"id"') },
          { record: 'quarantined-not-json.json', reason: 'expected JSON, got something else' },
        ],
      },
    ]);
    expect(await withMirror(dbDir, async (source) => source.describe())).toEqual({
      source: 'mirror',
      generation: result.generation,
      ecosystems: [
        { name: 'PyPI', records: 5, newestModified: '2024-05-03T00:00:00.000Z' },
        { name: 'npm', records: 3, newestModified: '2023-06-01T00:00:00.000Z' },
      ],
      quarantined: 2,
      retrievedAt: NOW.toISOString(),
    });
    const status = await mirrorStatus(dbDir);
    expect(status.ecosystems.map(({ live }) => live)).toEqual([4, 3]);
    expect(status.sources).toEqual([
      { name: 'osv', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), ecosystems: ['PyPI', 'npm'] },
    ]);
  });

  it('does not follow links, and says so', async () => {
    const folder = temporaryDirectory();
    writeFileSync(join(folder, 'a.json'), recordJson(JS));
    symlinkSync(join(FIXTURES, 'npm.json'), join(folder, 'link.json'));
    symlinkSync(folder, join(folder, 'loop'));
    const result = await load(temporaryDirectory(), folder);
    expect(result).toMatchObject({ read: 1, quarantined: [{ count: 1, first: [{ record: 'link.json' }] }] });
  });

  it('is refused where it is deeper than 32', async () => {
    const folder = temporaryDirectory();
    mkdirSync(join(folder, ...Array.from({ length: 33 }, () => 'd')), { recursive: true });
    expect(await errorCode(load(temporaryDirectory(), folder))).toBe('limit-exceeded');
  });
});

describe('what cannot be imported is a typed error', () => {
  it.each([
    ['nothing', 'file-not-found', () => join(temporaryDirectory(), 'gone.zip')],
    ['a folder without records', 'parse-failed', temporaryDirectory],
    ['an archive without records', 'parse-failed', () => writeInput('all.zip', zip([]))],
    [
      'an archive of another ecosystem',
      'parse-failed',
      () => archiveOf({ id: 'GO-1', packages: [['Go', 'm']] }),
    ],
    ['a broken record', 'parse-failed', () => writeInput('a.json', '{')],
    ['an archive by name alone', 'parse-failed', () => writeInput('all.zip', recordJson(JS))],
    ['a device', 'file-unreadable', () => '/dev/null'],
  ])('%s', async (_, code, input) => {
    const dbDir = await imported(archiveOf(JS));
    expect(await errorCode(load(dbDir, input()))).toBe(code);
    expect(await idsOf(dbDir, ...npm('left'))).toEqual({ 'npm/left': ['GHSA-1'] });
  });
});

describe('records that cannot be read are quarantined', () => {
  const bad: Record<string, string | Buffer> = {
    'not UTF-8': Buffer.from([0x22, 0xff, 0x22]),
    'deeply nested': '['.repeat(100_000),
    'a list': '[]',
    null: 'null',
    'an id that is no text': '{"id":{"a":1}}',
    'affected that is no list': '{"id":"X","affected":{}}',
    nothing: '',
  };
  it.each(Object.entries(bad))('%s', async (_, data) => {
    const path = writeInput(
      'all.zip',
      zip([
        { name: 'bad.json', data },
        { name: 'ok.json', data: recordJson(JS) },
      ]),
    );
    const dbDir = temporaryDirectory();
    const result = await load(dbDir, path);
    expect(result).toMatchObject({ read: 1, quarantined: [{ ecosystems: ['npm'], count: 1 }] });
    expect(await idsOf(dbDir, ...npm('left'))).toEqual({ 'npm/left': ['GHSA-1'] });
  });

  it('the first hundred by name are named', async () => {
    const entries = Array.from({ length: 150 }, (_, i) => ({
      name: `${1000 + i}.json`,
      data: '{',
    })).reverse();
    const path = writeInput('all.zip', zip([...entries, { name: 'ok.json', data: recordJson(JS) }]));
    const { quarantined } = await load(temporaryDirectory(), path);
    expect(quarantined).toMatchObject([{ count: 150 }]);
    expect(quarantined[0]?.first.map(({ record }) => record)).toEqual(
      Array.from({ length: 100 }, (_, i) => `${1000 + i}.json`),
    );
  });

  it('a broken record beside a good one does not stop the import', async () => {
    const result = await load(
      temporaryDirectory(),
      writeInput('a.json', '{'),
      writeInput('b.json', recordJson(JS)),
    );
    expect(result).toMatchObject({ read: 1, quarantined: [{ ecosystems: [], count: 1 }] });
  });

  it('one that would fill the disk', async () => {
    const packages = Array.from({ length: 3_000 }, (_, i) => ['npm', `p${i}`] as const);
    const aliases = Array.from({ length: 3_000 }, (_, i) => `ALIAS-${i}`);
    const { quarantined } = await load(temporaryDirectory(), archiveOf(JS, { id: 'X', packages, aliases }));
    expect(quarantined).toMatchObject([
      { count: 1, first: [{ record: 'X.json', reason: /index of at most/ }] },
    ]);
  });

  it('a byte order mark is no fault', async () => {
    const dbDir = await imported(writeInput('a.json', `\ufeff${recordJson(JS)}`));
    expect(await withMirror(dbDir, (source) => source.records(['GHSA-1']))).toHaveProperty('size', 1);
  });

  it('those of a replaced archive are forgotten, those of another are not', async () => {
    const broken = (record: SimpleRecord) =>
      writeInput(
        'all.zip',
        zip([
          { name: 'bad.json', data: '{' },
          { name: 'ok.json', data: recordJson(record) },
        ]),
      );
    const dbDir = await imported(broken(PY), broken(JS));
    expect(await withMirror(dbDir, async (source) => source.describe().quarantined)).toBe(2);
    await load(dbDir, archiveOf(JS));
    expect((await mirrorStatus(dbDir)).quarantined).toMatchObject([{ ecosystems: ['PyPI'], count: 1 }]);
  });
});

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
    const result = await importAdvisories({ dbDir, inputs: [archive], now: later });
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

describe('the guard against a step back', () => {
  it('refuses older data, and takes them when told to', async () => {
    const dbDir = await imported(archiveOf({ ...JS, modified: '2024-02-01T00:00:00Z' }));
    const old = archiveOf({ ...JS, modified: '2024-01-31T00:00:00Z' });
    const error = await failure(load(dbDir, old));
    expect(error).toMatchObject({
      code: 'data-rollback',
      message: expect.stringMatching(/2024-02-01T00:00:00\.000Z.*2024-01-31T00:00:00\.000Z/),
    });
    await importAdvisories({ dbDir, inputs: [old], now: NOW, allowRollback: true });
    expect(await withMirror(dbDir, async (source) => source.describe().ecosystems)).toMatchObject([
      { newestModified: '2024-01-31T00:00:00.000Z' },
    ]);
  });

  it.each([
    ['49 fewer of 1000', 1000, 951, 'taken'],
    ['50 fewer of 1000', 1000, 950, 'data-rollback'],
    ['60 fewer of 6000, which is 1 %', 6000, 5940, 'taken'],
    ['61 fewer of 6000', 6000, 5939, 'data-rollback'],
  ])('live records: %s', async (_, before, after, expected) => {
    const dbDir = await imported(archiveOf(...npmRecords(before)));
    const next = load(dbDir, archiveOf(...npmRecords(after)));
    if (expected === 'taken') expect(await next).toMatchObject({ changed: true });
    else {
      expect(await failure(next)).toMatchObject({
        code: expected,
        message: expect.stringMatching(new RegExp(`${before}.*${after}`)),
      });
      expect((await mirrorStatus(dbDir)).ecosystems[0]?.live).toBe(before);
    }
  });

  it('counts the withdrawn as gone', async () => {
    const dbDir = await imported(archiveOf(...npmRecords(100)));
    const withdrawn = npmRecords(100).map((record) => ({ ...record, withdrawn: '2024-01-01T00:00:00Z' }));
    expect(await errorCode(load(dbDir, archiveOf(...withdrawn)))).toBe('data-rollback');
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
      now: new Date(0),
    });
    expect(contents(later)).toEqual(contents(await imported(writeInput('y.json', recordJson(JS)))));
  });
});

describe('an import can be watched and stopped', () => {
  it('reports its phases', async () => {
    const phases = new Set<string>();
    const inputs = [archiveOf(JS)];
    await importAdvisories({
      dbDir: temporaryDirectory(),
      inputs,
      now: NOW,
      onProgress: ({ phase }) => phases.add(phase),
    });
    expect([...phases]).toEqual(['read', 'write']);
  });

  it.each(['read', 'write'])('aborts while it %ss and leaves nothing behind', async (stopAt) => {
    const dbDir = await imported(archiveOf(JS));
    const before = readdirSync(dbDir);
    const controller = new AbortController();
    const stopped = importAdvisories({
      dbDir,
      inputs: [archiveOf({ ...JS, id: 'GHSA-9' })],
      now: NOW,
      signal: controller.signal,
      onProgress: ({ phase }) => phase === stopAt && controller.abort(),
    });
    expect(await errorCode(stopped)).toBe('aborted');
    expect(readdirSync(dbDir)).toEqual(before);
  });
});

describe('any record comes back as it was read', () => {
  const text = fc.string({ unit: 'binary', maxLength: 12 });
  const record = fc.record(
    {
      id: fc.string({ minLength: 1, maxLength: 12 }),
      modified: fc.oneof(text, fc.constant('2024-01-01T00:00:00Z')),
      summary: text,
      aliases: fc.array(text, { maxLength: 3 }),
      affected: fc.array(
        fc.record({
          package: fc.record({
            ecosystem: fc.constantFrom('npm', 'PyPI', 'PyPI:1'),
            name: text.filter((t) => t !== ''),
          }),
          versions: fc.array(text, { maxLength: 2 }),
          ranges: fc.constant([{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1' }] }]),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      junk: fc.jsonValue(),
    },
    { requiredKeys: ['id', 'affected'] },
  );

  it('by id and by every package', async () => {
    await fc.assert(
      fc.asyncProperty(record, async (value) => {
        const json = JSON.stringify(value).toWellFormed();
        const expected = readAdvisory(JSON.parse(json));
        const dbDir = await imported(writeInput('r.json', json));
        await withMirror(dbDir, async (source) => {
          expect((await source.records([expected.id])).get(expected.id)).toEqual(expected);
          for (const entry of expected.affected) {
            const ecosystem = entry.package.ecosystem === 'npm' ? 'npm' : 'PyPI';
            const { records } = await source.query([query(ecosystem, entry.package.name)]);
            const [found] = [...records.values()].flat();
            expect(found).toMatchObject({
              id: expected.id,
              modified: expected.modified,
              aliases: expected.aliases,
            });
            expect(found?.affected).toContainEqual(entry);
          }
        });
      }),
      { numRuns: 40 },
    );
  });
});
