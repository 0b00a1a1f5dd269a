// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import {
  closeSync,
  cpSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportMirror } from '../../src/advisories/mirror/export.ts';
import { readZip } from '../../src/advisories/mirror/zip.ts';
import type { WireRecord } from './osv-server/fuzzy.ts';
import { REPO_ROOT } from './shared-data.ts';

/** The records of an archive or of a folder of JSON files, as JSON has them, in the order of their names. */
export function recordsIn(path: string): WireRecord[] {
  if (!path.endsWith('.zip')) {
    const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.json'),
    );
    return names.sort().flatMap((name) => parsed(readFileSync(join(path, name))));
  }
  const fd = openSync(path, 'r');
  try {
    return [...readZip(path, fd, fstatSync(fd).size)].flatMap(({ bytes }) =>
      bytes ? parsed(Buffer.from(bytes)) : [],
    );
  } finally {
    closeSync(fd);
  }
}

/** What is no record is left out, as a server would. */
function parsed(bytes: Buffer): WireRecord[] {
  try {
    const value = JSON.parse(bytes.toString('utf8')) as WireRecord;
    return typeof value.id === 'string' ? [value] : [];
  } catch {
    return [];
  }
}

/** The records of the bundled snapshot. */
export function bundledRecords(): WireRecord[] {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-records-'));
  try {
    const bundled = join(REPO_ROOT, 'data', 'advisories');
    const manifest = readFileSync(join(bundled, 'manifest.json'));
    const generation = createHash('sha256').update(manifest).digest('hex');
    cpSync(bundled, join(folder, generation), { recursive: true });
    writeFileSync(join(folder, 'CURRENT'), `${generation}\n`);
    const target = join(folder, 'bucket');
    exportMirror({ dbDir: folder, target });
    return ['PyPI', 'npm'].flatMap((name) => recordsIn(join(target, name, 'all.zip')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
