// SPDX-License-Identifier: Apache-2.0
import { closeSync, fstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readZip } from '../../src/advisories/mirror/zip.ts';
import type { WireRecord } from './osv-server/fuzzy.ts';

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
