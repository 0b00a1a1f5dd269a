// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { type RefusedAttempt, readAttempts } from './attempts.ts';
import { currentName, noData, openCurrent } from './generations.ts';
import type { DataFile, DataFiles, ImportSource, MirroredEcosystem, Quarantine } from './manifest.ts';
import { verifyGeneration } from './verify.ts';

/** What `db status` shows. */
export interface MirrorStatus {
  readonly directory: string;
  /** sha256 of the manifest of the generation in use. */
  readonly generation: string;
  readonly ecosystems: readonly MirroredEcosystem[];
  readonly index: DataFile;
  readonly records: DataFile;
  readonly quarantined: readonly Quarantine[];
  readonly retrievedAt?: string;
  readonly sources: readonly ImportSource[];
  /** What has changed since index and records were built, where that is kept apart. */
  readonly overlay?: DataFiles;
  /** Changes that were refused since the last one that was taken. */
  readonly refused: readonly RefusedAttempt[];
}

/**
 * Describes the generation in use.
 * @throws PlimsollError `data-missing`, `data-damaged`
 */
export async function mirrorStatus(dbDir: string): Promise<MirrorStatus> {
  const generation = openCurrent(dbDir);
  generation.close();
  const { manifest, note, sha256 } = generation;
  return {
    directory: dbDir,
    generation: sha256,
    ecosystems: manifest.ecosystems,
    index: manifest.index,
    records: manifest.records,
    quarantined: manifest.quarantined,
    ...(note ? { retrievedAt: note.retrievedAt } : {}),
    sources: note?.sources ?? [],
    ...(manifest.overlay ? { overlay: manifest.overlay } : {}),
    refused: readAttempts(dbDir),
  };
}

/**
 * Reads the whole generation in use and compares it with its hashes.
 * @returns what is wrong, a line per problem
 * @throws PlimsollError `data-missing`, `data-damaged` where `CURRENT` cannot be read
 */
export async function verifyMirror(dbDir: string): Promise<readonly string[]> {
  for (let attempt = 1; ; attempt++) {
    const name = currentName(dbDir);
    if (name === undefined) throw noData(dbDir);
    const problems = verifyGeneration(join(dbDir, name), name.slice(0, 64));
    // Meanwhile an update may have put another in its place, and a prune removed it.
    if (problems.length === 0 || attempt === 3 || currentName(dbDir) === name) return problems;
  }
}
