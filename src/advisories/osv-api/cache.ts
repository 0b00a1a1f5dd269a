// SPDX-License-Identifier: Apache-2.0
import { hash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeQuietly, systemFs } from '../mirror/write-fs.ts';

/**
 * Records on disk, by id and `modified`: what has not changed need not be asked for again. Of each id the one that was put
 * last is kept, so that the cache grows with what is asked for and not with time.
 */
export interface RecordCache {
  /** The JSON text of a record as it was kept, `undefined` where it is not held or no longer what it was. */
  get(id: string, modified: string): string | undefined;
  /** Where it cannot be kept, the next run asks again. */
  put(id: string, modified: string, text: string): void;
}

/**
 * Below a directory that is made when something is kept; without one, nothing is. Each file begins with the sha256
 * of the rest, so that nothing has to be fsynced: what a crash leaves half is not taken for a record. The rest is
 * `modified`, as JSON on a line of its own, and the record.
 *
 * @param server address of the API; what one says is not taken for what another says
 */
export function recordCache(directory: string | undefined, server: string): RecordCache {
  if (directory === undefined) return { get: () => undefined, put: () => {} };
  const place = (id: string) => {
    const name = hash('sha256', JSON.stringify([server, id]));
    const folder = join(directory, name.slice(0, 2));
    return { folder, file: join(folder, `${name}.json`) };
  };
  return {
    get(id, modified) {
      try {
        return kept(readFileSync(place(id).file, 'utf8'), modified);
      } catch {
        return undefined;
      }
    },
    put(id, modified, text) {
      const { folder, file } = place(id);
      const temporary = `${file}.${randomBytes(6).toString('hex')}`;
      try {
        mkdirSync(folder, { recursive: true });
        const content = head(modified) + text;
        writeFileSync(temporary, `${hash('sha256', content)}\n${content}`);
        renameSync(temporary, file);
      } catch {
        // A cache that cannot be written is none.
        removeQuietly(systemFs, temporary);
      }
    },
  };
}

const SEAL_LENGTH = 65;

function kept(file: string, modified: string): string | undefined {
  const content = file.slice(SEAL_LENGTH);
  if (file.slice(0, SEAL_LENGTH) !== `${hash('sha256', content)}\n`) return undefined;
  const line = head(modified);
  return content.startsWith(line) ? content.slice(line.length) : undefined;
}

function head(modified: string): string {
  return `${JSON.stringify(modified)}\n`;
}
