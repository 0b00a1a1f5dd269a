// SPDX-License-Identifier: Apache-2.0
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { noData, pruneGenerations } from './generations.ts';
import { takeLock } from './lock.ts';
import { systemFs, type WriteFs, writeFailed } from './write-fs.ts';

export interface Pruned {
  /** Names of what was removed, sorted. */
  readonly removed: readonly string[];
  /** Bytes that the mirror takes less. */
  readonly freed: number;
}

/**
 * Removes what no scan needs: generations before the one in use, and what killed imports and updates left behind.
 * @throws PlimsollError `data-missing` where there is no mirror, `data-damaged`, `output-failed`
 */
export function pruneMirror(dbDir: string, writeFs: WriteFs = systemFs): Pruned {
  try {
    if (!isDirectory(dbDir)) throw noData(dbDir);
    const release = takeLock(writeFs, dbDir);
    try {
      const before = bytesBelow(writeFs, dbDir);
      const removed = pruneGenerations(writeFs, dbDir);
      return { removed, freed: before - bytesBelow(writeFs, dbDir) };
    } finally {
      release();
    }
  } catch (error) {
    throw writeFailed(dbDir, error);
  }
}

function isDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Files that several generations share count once. */
function bytesBelow(writeFs: WriteFs, root: string): number {
  const seen = new Set<string>();
  let bytes = 0;
  const todo = [root];
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    const stats = lstatSync(path);
    if (stats.isDirectory()) {
      for (const name of writeFs.readdirSync(path)) todo.push(join(path, name));
    } else if (!seen.has(`${stats.dev}:${stats.ino}`)) {
      seen.add(`${stats.dev}:${stats.ino}`);
      bytes += stats.size;
    }
  }
  return bytes;
}
