// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importAdvisories } from '../../../src/advisories/mirror/import.ts';
import { mirrorStatus } from '../../../src/advisories/mirror/status.ts';
import { readAdvisory } from '../../../src/advisories/osv-record.ts';
import {
  archiveOf,
  errorCode,
  FIXTURES,
  idsOf,
  imported,
  load,
  NOW,
  npm,
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

describe('an import can be watched and stopped', () => {
  it('reports its phases', async () => {
    const phases = new Set<string>();
    const inputs = [archiveOf(JS)];
    await importAdvisories({
      dbDir: temporaryDirectory(),
      inputs,
      now: NOW,
      writeFs: QUICK_FS,
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
      writeFs: QUICK_FS,
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
