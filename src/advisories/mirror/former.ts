// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PlimsollError } from '../../platform/errors.ts';
import { currentName } from './generations.ts';
import type { ImportNote, Manifest, MirroredEcosystem } from './manifest.ts';
import { readManifest, readNote } from './reader.ts';

/** The generation in use, as far as its manifest tells; its data files are opened only where they are needed. */
export interface Former {
  readonly directory: string;
  readonly sha256: string;
  readonly manifest: Manifest;
  readonly note: ImportNote | undefined;
}

/** What a change of a mirror starts from. */
export interface Before {
  /** Absent where there are no data, or none that can be told. */
  readonly former?: Former;
  /** What the new data may not fall behind. */
  readonly guarded: readonly MirroredEcosystem[];
}

/**
 * Where what is in use cannot be told, the second copy of its manifest still says what may not be fallen behind, so
 * that the next whole archives heal a mirror without opening it to older ones.
 *
 * @throws PlimsollError `data-damaged` where neither can be read, unless `allowRollback`
 */
export function readBefore(dbDir: string, allowRollback: boolean): Before {
  try {
    const name = currentName(dbDir);
    if (name === undefined) return { guarded: [] };
    const directory = join(dbDir, name);
    const former = { directory, ...readManifest(directory, name.slice(0, 64)), note: noteOf(directory) };
    return { former, guarded: former.manifest.ecosystems };
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    if (allowRollback) return { guarded: [] };
    const copy = copiedManifest(dbDir);
    if (copy !== undefined) return { guarded: copy.ecosystems };
    throw new PlimsollError(error.code, error.message, {
      hint: 'import with --allow-rollback to start afresh: what the data in use hold cannot be told',
      cause: error,
    });
  }
}

/** Without a note the data are as good; only where they came from is lost. */
function noteOf(directory: string): ImportNote | undefined {
  try {
    return readNote(directory);
  } catch {
    return undefined;
  }
}

/** The copy, where its sha256 is the name of a generation that is or was here. */
function copiedManifest(dbDir: string): Manifest | undefined {
  try {
    const { manifest, sha256 } = readManifest(dbDir);
    return existsSync(join(dbDir, sha256)) || namedByCurrent(dbDir, sha256) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

function namedByCurrent(dbDir: string, sha256: string): boolean {
  return currentName(dbDir)?.startsWith(sha256) === true;
}
