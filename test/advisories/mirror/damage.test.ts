// SPDX-License-Identifier: Apache-2.0
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openMirror } from '../../../src/advisories/mirror/generation-source.ts';
import { importAdvisories } from '../../../src/advisories/mirror/import.ts';
import { mirrorStatus, verifyMirror } from '../../../src/advisories/mirror/status.ts';
import type { AdvisorySource } from '../../../src/advisories/source.ts';
import type { Advisory } from '../../../src/model/advisory.ts';
import { PlimsollError } from '../../../src/platform/errors.ts';
import {
  archiveOf,
  currentDirectory,
  errorCode,
  FIXTURES,
  NOW,
  npm,
  npmRecords,
  QUICK_FS,
  query,
  temporaryDirectory,
} from './support.ts';

const FILES = ['index', 'records', 'manifest.json'] as const;
const PACKAGES = [...npm('pkg-0', 'pkg-7', 'pkg-29'), query('PyPI', 'django-thing'), query('PyPI', 'other')];
const IDS = ['MAL-0', 'MAL-7', 'PLIM-PY-1', 'PLIM-PY-2'];

interface Whole {
  readonly dbDir: string;
  readonly directory: string;
  readonly records: ReadonlyMap<string, readonly Advisory[]>;
  readonly bodies: ReadonlyMap<string, Advisory>;
}

async function makeMirror(): Promise<Whole> {
  const dbDir = temporaryDirectory();
  await importAdvisories({ dbDir, inputs: [FIXTURES], now: NOW, writeFs: QUICK_FS });
  await importAdvisories({ dbDir, inputs: [archiveOf(...npmRecords(30))], now: NOW, writeFs: QUICK_FS });
  const source = await openMirror(dbDir);
  const { records } = await source.query(PACKAGES);
  const bodies = await source.records(IDS);
  await source.close();
  expect([...records.values()].every((list) => list.length > 0)).toBe(true);
  expect(bodies.size).toBe(IDS.length);
  return { dbDir, directory: currentDirectory(dbDir), records, bodies };
}

/** All that is answered is right, and what is not answered is an error or a coverage row. */
async function expectRightOrSaid(whole: Whole): Promise<void> {
  let source: AdvisorySource;
  try {
    source = await openMirror(whole.dbDir);
  } catch (error) {
    expect(error).toBeInstanceOf(PlimsollError);
    expect(error).toMatchObject({ code: 'data-damaged', hint: expect.any(String) });
    return;
  }
  const { records, coverage } = await source.query(PACKAGES);
  const damaged = coverage
    .filter(({ cause }) => cause === 'advisory-data-damaged')
    .map(({ target }) => target);
  for (const [key, expected] of whole.records) {
    if (records.get(key)?.length === 0) expect(damaged).toContain(key.split('\0')[0]);
    else expect(records.get(key)).toEqual(expected);
  }
  for (const [id, body] of await source.records(IDS)) expect(body).toEqual(whole.bodies.get(id));
  await source.close();
}

describe('a damaged generation', () => {
  it('with one changed byte answers rightly or says so, and verify finds it', async () => {
    const whole = await makeMirror();
    const pristine = new Map(FILES.map((name) => [name, readFileSync(join(whole.directory, name))]));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...FILES),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        async (name, where, change) => {
          const bytes = Buffer.from(pristine.get(name) ?? '');
          const at = Math.floor(where * bytes.length);
          bytes[at] = (bytes[at] ?? 0) ^ change;
          writeFileSync(join(whole.directory, name), bytes);
          await expectRightOrSaid(whole);
          expect(await verifyMirror(whole.dbDir)).not.toEqual([]);
          writeFileSync(join(whole.directory, name), pristine.get(name) ?? '');
        },
      ),
      { numRuns: 250 },
    );
    expect(await verifyMirror(whole.dbDir)).toEqual([]);
  });

  it('that was cut or has grown is refused when it is opened', async () => {
    const whole = await makeMirror();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...FILES), fc.nat(), fc.boolean(), async (name, n, grow) => {
        const path = join(whole.directory, name);
        const bytes = readFileSync(path);
        writeFileSync(
          path,
          grow ? Buffer.concat([bytes, Buffer.alloc(1 + (n % 100))]) : bytes.subarray(0, n % bytes.length),
        );
        expect(await errorCode(openMirror(whole.dbDir))).toBe('data-damaged');
        writeFileSync(path, bytes);
      }),
      { numRuns: 60 },
    );
  });

  it('with any bytes in CURRENT or import.json is a typed error or in order', async () => {
    const whole = await makeMirror();
    const files = { CURRENT: join(whole.dbDir, 'CURRENT'), note: join(whole.directory, 'import.json') };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('CURRENT', 'note'),
        fc.uint8Array({ maxLength: 80 }),
        async (which, bytes) => {
          const path = files[which as keyof typeof files];
          const before = readFileSync(path);
          writeFileSync(path, bytes);
          await expectRightOrSaid(whole);
          writeFileSync(path, before);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each(['index', 'records', 'manifest.json', 'import.json'])(
    'where %s is a directory or foreign',
    async (name) => {
      const { dbDir, directory } = await makeMirror();
      rmSync(join(directory, name));
      if (name !== 'import.json') expect(await errorCode(openMirror(dbDir))).toBe('data-damaged');
      writeFileSync(join(directory, name), Buffer.from('SQLite format 3\0'.repeat(100)));
      expect(await errorCode(openMirror(dbDir))).toBe('data-damaged');
      rmSync(join(directory, name));
      mkdirSync(join(directory, name));
      expect(await errorCode(openMirror(dbDir))).toBe('data-damaged');
    },
  );

  it('with an entry that was made up, checksum and all, is a coverage row', async () => {
    const whole = await makeMirror();
    const path = join(whole.directory, 'index');
    const bytes = readFileSync(path);
    const at = bytes.indexOf('["npm","pkg-7"');
    const length = bytes.indexOf(']]', at) + 2 - at;
    for (const json of [
      '{}',
      '[]',
      'null',
      '["npm","pkg-7",{}]',
      '["npm","pkg-7",[null]]',
      '["npm","pkg-7",[{}]]',
    ]) {
      const entry = Buffer.from(json.padEnd(length));
      entry.copy(bytes, at);
      bytes.writeUInt32LE(crc32(entry), at - 4);
      writeFileSync(path, bytes);
      await expectRightOrSaid(whole);
    }
  });

  it('where the directory that CURRENT names is gone, or its name is a path', async () => {
    const { dbDir, directory } = await makeMirror();
    cpSync(directory, join(dbDir, 'elsewhere'), { recursive: true });
    rmSync(directory, { recursive: true });
    expect(await errorCode(openMirror(dbDir))).toBe('data-damaged');
    writeFileSync(join(dbDir, 'CURRENT'), 'elsewhere\n');
    expect(await errorCode(openMirror(dbDir))).toBe('data-damaged');
  });

  it('of a later version says which it is', async () => {
    const { dbDir, directory } = await makeMirror();
    const path = join(directory, 'manifest.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"version": 1', '"version": 3'));
    await expect(openMirror(dbDir)).rejects.toThrow(/expected format version 1 or 2, got 3/);
  });

  it('of which the index alone is of a later version', async () => {
    const { dbDir, directory } = await makeMirror();
    const bytes = readFileSync(join(directory, 'index'));
    bytes.write('2', 15);
    writeFileSync(join(directory, 'index'), bytes);
    await expect(openMirror(dbDir)).rejects.toThrow(/expected format version 1, got "2"/);
  });
});

describe('an empty mirror', () => {
  it('is data-missing for everyone', async () => {
    for (const dbDir of [temporaryDirectory(), join(temporaryDirectory(), 'none')]) {
      expect(await errorCode(openMirror(dbDir))).toBe('data-missing');
      expect(await errorCode(mirrorStatus(dbDir))).toBe('data-missing');
      expect(await errorCode(verifyMirror(dbDir))).toBe('data-missing');
    }
  });
});
