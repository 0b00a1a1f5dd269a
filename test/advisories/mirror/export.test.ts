// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyDelta } from '../../../src/advisories/mirror/delta.ts';
import { exportMirror } from '../../../src/advisories/mirror/export.ts';
import { createOutput } from '../../../src/advisories/mirror/output.ts';
import { pruneMirror } from '../../../src/advisories/mirror/prune.ts';
import { mirrorStatus } from '../../../src/advisories/mirror/status.ts';
import { createZip } from '../../../src/advisories/mirror/zip-writer.ts';
import { recordsIn } from '../../support/records.ts';
import {
  archiveOf,
  contents,
  errorCode,
  imported,
  load,
  NOW,
  npmRecords,
  QUICK_FS,
  recordJson,
  type SimpleRecord,
  temporaryDirectory,
} from './support.ts';

const PYTHON: readonly SimpleRecord[] = Array.from({ length: 20 }, (_, i) => ({
  id: `PYSEC-${i}`,
  packages: [['PyPI', `p${i}`]],
}));
const BOTH: SimpleRecord = {
  id: 'BOTH',
  modified: '2025-01-01T00:00:00Z',
  packages: [
    ['npm', 'b'],
    ['PyPI', 'b'],
  ],
};

describe('an export', () => {
  it('imported again gives the same generation, byte for byte', async () => {
    const dbDir = await imported(archiveOf(...npmRecords(300), BOTH), archiveOf(...PYTHON, BOTH));
    const target = temporaryDirectory();
    const exported = exportMirror({ dbDir, target, writeFs: QUICK_FS });
    expect(exported).toMatchObject([
      { ecosystem: 'PyPI', records: 21 },
      { ecosystem: 'npm', records: 301 },
    ]);
    const again = await imported(join(target, 'PyPI', 'all.zip'), join(target, 'npm', 'all.zip'));
    expect(contents(again)).toEqual(contents(dbDir));
    const second = temporaryDirectory();
    exportMirror({ dbDir: again, target: second, writeFs: QUICK_FS });
    for (const name of ['npm/all.zip', 'npm/modified_id.csv', 'PyPI/all.zip']) {
      expect(readFileSync(join(second, name)).equals(readFileSync(join(target, name)))).toBe(true);
    }
    expect(readFileSync(join(target, 'npm', 'modified_id.csv'), 'utf8').split('\n')[0]).toBe(
      '2025-01-01T00:00:00Z,BOTH',
    );
    expect(readdirSync(join(target, 'npm')).sort()).toEqual(['all.zip', 'modified_id.csv']);
  });

  it('has what the overlay says', async () => {
    const dbDir = await imported(archiveOf(...npmRecords(100)));
    const changed = [
      { id: 'MAL-1', bytes: Buffer.from(recordJson({ id: 'MAL-1', modified: '2025-01-01T00:00:00Z' })) },
    ];
    const source = { name: 'x', sha256: '0'.repeat(64), ecosystems: ['npm'] as const };
    await applyDelta({
      dbDir,
      deltas: [{ ecosystem: 'npm', changed, removed: ['MAL-2'], source }],
      now: NOW,
      writeFs: QUICK_FS,
    });
    const target = temporaryDirectory();
    exportMirror({ dbDir, target, writeFs: QUICK_FS });
    const records = recordsIn(join(target, 'npm', 'all.zip'));
    expect(records).toHaveLength(99);
    expect(records.find(({ id }) => id === 'MAL-1')?.modified).toBe('2025-01-01T00:00:00Z');
    expect(records.some(({ id }) => id === 'MAL-2')).toBe(false);
  });

  it('of ids that look like paths leads nowhere', async () => {
    const dbDir = await imported(archiveOf({ id: '../../evil' }, { id: '.hidden' }));
    const target = temporaryDirectory();
    exportMirror({ dbDir, target, writeFs: QUICK_FS });
    const names = readFileSync(join(target, 'npm', 'all.zip')).toString('latin1');
    expect(names).toContain('%2E.%2F..%2Fevil.json');
    expect(names).not.toContain('../');
  });

  it('of more entries than 16 bits count can be read', { timeout: 20_000 }, () => {
    const path = join(temporaryDirectory(), 'many.zip');
    const output = createOutput(QUICK_FS, path);
    const zip = createZip(output);
    for (let i = 0; i < 66_000; i++) zip.add(`${i}.json`, Buffer.from(`{"id":"${i}"}`));
    zip.finish();
    output.finish();
    output.close();
    const records = recordsIn(path);
    expect([records.length, records.at(-1)?.id]).toEqual([66_000, '65999']);
  });

  it('needs a mirror', async () => {
    const dbDir = temporaryDirectory();
    expect(await errorCode(() => exportMirror({ dbDir, target: temporaryDirectory() }))).toBe('data-missing');
  });
});

describe('pruning', () => {
  it('leaves the generation in use alone, with its answers', async () => {
    const dbDir = await imported(archiveOf(...npmRecords(100)));
    await load(dbDir, archiveOf(...npmRecords(100, '2025-01-01T00:00:00Z')));
    for (const name of ['.import-0123456789ab', '.update-0123456789ab']) {
      mkdirSync(join(dbDir, name));
      writeFileSync(join(dbDir, name, 'half'), 'x'.repeat(1000));
    }
    writeFileSync(join(dbDir, 'unrelated'), 'stays');
    const { generation } = await mirrorStatus(dbDir);
    const { removed, freed } = pruneMirror(dbDir, QUICK_FS);
    expect(removed).toHaveLength(3);
    expect(freed).toBeGreaterThan(2000);
    expect(readdirSync(dbDir).sort()).toEqual([generation, 'CURRENT', 'manifest.json', 'unrelated'].sort());
    expect((await mirrorStatus(dbDir)).generation).toBe(generation);
    expect(pruneMirror(dbDir, QUICK_FS)).toEqual({ removed: [], freed: 0 });
  });

  it('needs a mirror', async () => {
    expect(await errorCode(() => pruneMirror(join(temporaryDirectory(), 'none')))).toBe('data-missing');
  });
});
