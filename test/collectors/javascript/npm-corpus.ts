// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileSource } from '../../../src/collectors/collector.ts';
import { packageLock } from '../../../src/collectors/javascript/package-lock.ts';
import { HAS_SHARED_DATA, SHARED_DATA } from '../../support/shared-data.ts';

export interface CorpusLock {
  /** `package-lock/npm__cli__62c71e51`. */
  readonly id: string;
  readonly folder: string;
  /** Path of the lock in the folder. */
  readonly lock: string;
}

/** The npm locks of real projects; none where the corpus is not there. */
export function corpusLocks(): CorpusLock[] {
  if (!HAS_SHARED_DATA) return [];
  return ['package-lock', 'npm-shrinkwrap'].flatMap((format) => {
    const base = join(SHARED_DATA, 'lockfiles', format);
    return readdirSync(base)
      .sort()
      .flatMap((name) => {
        const folder = join(base, name);
        const locks = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(packageLock.claims);
        return locks.map((lock) => ({ id: `${format}/${name}`, folder, lock }));
      });
  });
}

/** The files of a folder on the disk. */
export function folderSource(folder: string): FileSource {
  return {
    async read(path) {
      try {
        return await readFile(join(folder, path));
      } catch {
        return undefined;
      }
    },
  };
}
