// SPDX-License-Identifier: Apache-2.0
import { hash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeQuietly, systemFs } from '../mirror/write-fs.ts';

/** Records on disk, by id and `modified`: what has not changed need not be asked for again. */
export interface RecordCache {
  /** The JSON text of a record as it was kept, `undefined` where it is not held or no longer what it was. */
  get(id: string, modified: string): string | undefined;
  /** Where it cannot be kept, the next run asks again. */
  put(id: string, modified: string, text: string): void;
}

/**
 * Below a directory that is made when something is kept; without one, nothing is. Each file begins with the sha256
 * of the rest, so that nothing has to be fsynced: what a crash leaves half is not taken for a record.
 *
 * @param server address of the API; what one says is not taken for what another says
 */
export function recordCache(directory: string | undefined, server: string): RecordCache {
  if (directory === undefined) return { get: () => undefined, put: () => {} };
  const place = (id: string, modified: string) => {
    const name = hash('sha256', JSON.stringify([server, id, modified]));
    const folder = join(directory, name.slice(0, 2));
    return { folder, file: join(folder, `${name}.json`) };
  };
  return {
    get(id, modified) {
      try {
        return unsealed(readFileSync(place(id, modified).file, 'utf8'));
      } catch {
        return undefined;
      }
    },
    put(id, modified, text) {
      const { folder, file } = place(id, modified);
      const temporary = `${file}.${randomBytes(6).toString('hex')}`;
      try {
        mkdirSync(folder, { recursive: true });
        writeFileSync(temporary, `${hash('sha256', text)}\n${text}`);
        renameSync(temporary, file);
      } catch {
        // A cache that cannot be written is none.
        removeQuietly(systemFs, temporary);
      }
    },
  };
}

const SEAL_LENGTH = 65;

function unsealed(content: string): string | undefined {
  const text = content.slice(SEAL_LENGTH);
  return content.slice(0, SEAL_LENGTH) === `${hash('sha256', text)}\n` ? text : undefined;
}
