// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listOf } from './osv-server/bucket.ts';
import type { WireRecord } from './osv-server/fuzzy.ts';

/** The time as of which {@link writeBucket}'s records are fresh. */
export const JUDGED_AT = '2026-03-01T00:00:00Z';

/** Records that affect version 1 of `left` and of many others; `wave` tells two sets of them apart. */
export function waveOf(wave: 'first' | 'second', count: number): WireRecord[] {
  const modified = wave === 'first' ? '2026-02-28T12:00:00Z' : '2026-02-28T18:00:00Z';
  const affected = (name: string) => [{ package: { ecosystem: 'npm', name }, versions: ['1.0.0'] }];
  const filler = Array.from({ length: count }, (_, i) => ({
    id: `MAL-${i}`,
    modified: i % 50 === 0 ? modified : '2026-01-01T00:00:00Z',
    details: `Record ${i} of the ${i % 50 === 0 ? wave : 'same'} wave. `.repeat(8),
    affected: affected(`pkg-${i}`),
  }));
  return [...filler, { id: `GHSA-${wave}`, modified, affected: affected('left') }];
}

/** OSV's bucket as a directory. */
export function writeBucket(
  root: string,
  records: readonly WireRecord[],
  archive: (records: readonly WireRecord[]) => Buffer,
) {
  const folder = join(root, 'npm');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'all.zip'), archive(records));
  writeFileSync(join(folder, 'modified_id.csv'), listOf(records));
  for (const record of records) writeFileSync(join(folder, `${record.id}.json`), JSON.stringify(record));
  const python: WireRecord = {
    id: 'PYSEC-1',
    modified: '2026-02-28T12:00:00Z',
    affected: [{ package: { ecosystem: 'PyPI', name: 'x' }, versions: ['1'] }],
  };
  mkdirSync(join(root, 'PyPI'), { recursive: true });
  writeFileSync(join(root, 'PyPI', 'all.zip'), archive([python]));
  writeFileSync(join(root, 'PyPI', 'modified_id.csv'), listOf([python]));
}

/** A project that has `left`. */
export function writeProject(root: string): void {
  mkdirSync(root, { recursive: true });
  const resolved = 'https://registry.npm.example/left/-/left-1.0.0.tgz';
  const packages = {
    '': { name: 'app', dependencies: { left: '1' } },
    'node_modules/left': { version: '1.0.0', resolved },
  };
  writeFileSync(join(root, 'package.json'), JSON.stringify(packages['']));
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ name: 'app', lockfileVersion: 3, packages }),
  );
}
