// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { PlimsollError } from '../../platform/errors.ts';
import { readSmallFile } from './data-file.ts';
import { damaged } from './format.ts';
import { type Generation, openGeneration } from './reader.ts';
import { removeQuietly, syncDirectory, type WriteFs, writeWhole } from './write-fs.ts';

/** Names the directory of the generation in use. */
const CURRENT = 'CURRENT';
const COPY = 'manifest.json';
/** What only an import that was killed leaves behind. */
const TEMPORARY =
  /^(?:\.import-[0-9a-f]{12}|import\.lock\.[0-9a-f]{8}|\.(?:CURRENT|manifest\.json|attempts\.json)\.tmp)$/;
/** What only an update that was killed leaves behind. */
const DOWNLOADS = /^\.update-[0-9a-f]{12}$/;
/** The manifest's sha256, and a number where the same data were imported before. */
const GENERATION = /^[0-9a-f]{64}(?:\.\d{1,6})?$/;

/** Directory name of the generation in use, `undefined` where there is none. @throws PlimsollError `data-damaged` */
export function currentName(dbDir: string): string | undefined {
  const file = join(dbDir, CURRENT);
  const bytes = readSmallFile(file);
  if (bytes === undefined) return undefined;
  const text = bytes.toString('latin1');
  const name = text.slice(0, -1);
  if (!text.endsWith('\n') || !GENERATION.test(name))
    throw damaged(file, 'the name of a generation', 'another text');
  return name;
}

/**
 * Opens the generation in use.
 * @throws PlimsollError `data-missing`, `data-damaged`
 */
export function openCurrent(dbDir: string): Generation {
  for (let attempt = 1; ; attempt++) {
    const name = currentName(dbDir);
    if (name === undefined) throw noData(dbDir);
    try {
      return openGeneration(join(dbDir, name), name.slice(0, 64));
    } catch (error) {
      // Two imports in a row may remove the generation between the two steps above.
      if (attempt === 3 || currentName(dbDir) === name) throw error;
    }
  }
}

export function noData(dbDir: string): PlimsollError {
  return new PlimsollError('data-missing', `${dbDir}: expected advisory data, got none`, {
    file: dbDir,
    hint: 'fetch them first: plimsoll db update; or import files: plimsoll db import PATH...',
  });
}

/** Makes an empty directory to build a generation in, and removes what a killed import left. */
export function makeTemporary(writeFs: WriteFs, dbDir: string): string {
  return makeDirectory(writeFs, dbDir, '.import', TEMPORARY);
}

/** The same for what is fetched, which lies beside it for as long as it is being imported. */
export function makeDownloads(writeFs: WriteFs, dbDir: string): string {
  return makeDirectory(writeFs, dbDir, '.update', DOWNLOADS);
}

function makeDirectory(writeFs: WriteFs, dbDir: string, prefix: string, leftovers: RegExp): string {
  for (const name of writeFs.readdirSync(dbDir)) {
    if (leftovers.test(name)) writeFs.rmSync(join(dbDir, name), { recursive: true, force: true });
  }
  const path = join(dbDir, `${prefix}-${randomBytes(6).toString('hex')}`);
  writeFs.mkdirSync(path);
  return path;
}

/**
 * Puts a finished temporary directory in the place of the generation in use: fsync, rename, a second copy of its
 * manifest, `CURRENT`. Until the last rename the former generation is in use. It is kept, older ones are removed.
 */
export function installGeneration(
  writeFs: WriteFs,
  dbDir: string,
  built: { readonly temporary: string; readonly sha256: string; readonly manifest: Buffer },
): void {
  const former = currentNameOrNone(dbDir);
  const taken = new Set(writeFs.readdirSync(dbDir));
  let name = built.sha256;
  for (let i = 2; taken.has(name); i++) name = `${built.sha256}.${i}`;
  syncDirectory(writeFs, built.temporary);
  writeFs.renameSync(built.temporary, join(dbDir, name));
  syncDirectory(writeFs, dbDir);
  writeCopy(writeFs, dbDir, built.manifest);
  writeWhole(writeFs, dbDir, CURRENT, Buffer.from(`${name}\n`));
  prune(writeFs, dbDir, new Set([name, former]));
}

/** Keeps the manifest of the generation in use a second time. */
export function writeCopy(writeFs: WriteFs, dbDir: string, manifest: Buffer): void {
  if (!isCopy(dbDir, manifest)) writeWhole(writeFs, dbDir, COPY, manifest);
}

function isCopy(dbDir: string, manifest: Buffer): boolean {
  try {
    return readSmallFile(join(dbDir, COPY))?.equals(manifest) === true;
  } catch {
    return false;
  }
}

/**
 * Removes all but the generation in use: former ones, and what killed imports and updates left. The caller holds the
 * lock.
 * @returns the names that were removed, sorted
 */
export function pruneGenerations(writeFs: WriteFs, dbDir: string): string[] {
  const current = currentName(dbDir);
  const gone = writeFs
    .readdirSync(dbDir)
    .filter((name) => GENERATION.test(name) || TEMPORARY.test(name) || DOWNLOADS.test(name))
    .filter((name) => name !== current);
  for (const name of gone) writeFs.rmSync(join(dbDir, name), { recursive: true, force: true });
  return gone.sort();
}

function currentNameOrNone(dbDir: string): string | undefined {
  try {
    return currentName(dbDir);
  } catch {
    return undefined;
  }
}

function prune(writeFs: WriteFs, dbDir: string, keep: ReadonlySet<string | undefined>): void {
  for (const name of writeFs.readdirSync(dbDir)) {
    if (GENERATION.test(name) && !keep.has(name)) removeQuietly(writeFs, join(dbDir, name));
  }
}
