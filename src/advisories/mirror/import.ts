// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { compareKeys, compareText } from '../../model/order.ts';
import { PlimsollError } from '../../platform/errors.ts';
import { summarizeEcosystems, writeDataFiles } from './build.ts';
import { FORMAT_VERSION } from './format.ts';
import { type GatherContext, type Gathered, gatherFormer, gatherInputs, mergeQuarantines } from './gather.ts';
import { currentName, installGeneration, makeTemporary } from './generations.ts';
import { takeLock } from './lock.ts';
import {
  encodeJson,
  FORMAT_NAME,
  type ImportNote,
  type ImportSource,
  type Manifest,
  type MirroredEcosystem,
  type Quarantine,
} from './manifest.ts';
import { guardRollback } from './merge.ts';
import { createOutput } from './output.ts';
import { openGeneration, readManifest, readNote } from './reader.ts';
import { bitsOf, type EcosystemBits, ecosystemsOf } from './staging.ts';
import { verifyGeneration } from './verify.ts';
import { removeQuietly, systemFs, type WriteFs, writeFailed, writeWhole } from './write-fs.ts';

export interface ImportOptions {
  /** The mirror's directory; made where it does not exist. */
  readonly dbDir: string;
  /** OSV archives (`all.zip`), folders of JSON, files of single records. */
  readonly inputs: readonly string[];
  /** Also takes data that are older, or hold far fewer live records, than those in use. */
  readonly allowRollback?: boolean;
  /** Written down as the time of retrieval; decides nothing. */
  readonly now: Date;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** For tests of failing disks. */
  readonly writeFs?: WriteFs;
}

interface ImportProgress {
  readonly phase: 'read' | 'write';
  /** Records. */
  readonly done: number;
}

export interface ImportResult {
  /** sha256 of the manifest. */
  readonly generation: string;
  /** False where the same data were in use already. */
  readonly changed: boolean;
  /** What the mirror holds now. */
  readonly ecosystems: readonly MirroredEcosystem[];
  /** What this import read, in the order given. */
  readonly sources: readonly ImportSource[];
  /** Records of the inputs that could be read. */
  readonly read: number;
  /** Records of the inputs that speak of other ecosystems only. */
  readonly ignored: number;
  /** Records of the inputs that could not be read. */
  readonly quarantined: readonly Quarantine[];
}

/**
 * Builds a generation from the inputs and the one in use, and puts it in its place. An archive or folder replaces
 * the ecosystems it holds and leaves others; a single record is merged. Whatever happens before the last rename,
 * the former generation stays in use.
 *
 * @throws PlimsollError `file-not-found`, `file-unreadable`, `file-too-large`, `parse-failed` (an input that is no
 *   archive, or has no record), `limit-exceeded`, `data-rollback`, `data-damaged` (the data in use), `output-failed`,
 *   `aborted`
 */
export async function importAdvisories(options: ImportOptions): Promise<ImportResult> {
  const { dbDir, writeFs = systemFs } = options;
  try {
    writeFs.mkdirSync(dbDir, { recursive: true });
    const release = takeLock(writeFs, dbDir);
    try {
      return await importLocked(options, writeFs);
    } finally {
      release();
    }
  } catch (error) {
    throw writeFailed(dbDir, error);
  }
}

async function importLocked(options: ImportOptions, writeFs: WriteFs): Promise<ImportResult> {
  const { dbDir, now } = options;
  const former = readFormer(options);
  const temporary = makeTemporary(writeFs, dbDir);
  try {
    const { gathered, manifest } = await build(options, writeFs, temporary, former);
    const bytes = encodeJson(manifest);
    const generation = hash('sha256', bytes);
    const note = encodeJson(importNote(now, gathered, former));
    const changed = former?.sha256 !== generation || verifyGeneration(former.directory).length > 0;
    if (changed) {
      writeWhole(writeFs, temporary, 'manifest.json', bytes);
      writeWhole(writeFs, temporary, 'import.json', note);
      installGeneration(writeFs, dbDir, { temporary, sha256: generation });
    } else {
      writeWhole(writeFs, former.directory, 'import.json', note);
      removeQuietly(writeFs, temporary);
    }
    const { sources, read, ignored, quarantined } = gathered;
    return { generation, changed, ecosystems: manifest.ecosystems, sources, read, ignored, quarantined };
  } catch (error) {
    removeQuietly(writeFs, temporary);
    throw error;
  }
}

/** The generation in use, as far as its manifest tells; its data files are opened only where they are needed. */
interface Former {
  readonly directory: string;
  readonly sha256: string;
  readonly manifest: Manifest;
  readonly note: ImportNote | undefined;
}

function readFormer({ dbDir, allowRollback }: ImportOptions): Former | undefined {
  try {
    const name = currentName(dbDir);
    if (name === undefined) return undefined;
    const directory = join(dbDir, name);
    return { directory, ...readManifest(directory, name.slice(0, 64)), note: readNote(directory) };
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    if (allowRollback) return undefined;
    throw new PlimsollError(error.code, error.message, {
      hint: 'import with --allow-rollback to start afresh: what the data in use hold cannot be told',
      cause: error,
    });
  }
}

async function build(
  options: ImportOptions,
  writeFs: WriteFs,
  directory: string,
  former: Former | undefined,
): Promise<{ gathered: Gathered; manifest: Manifest }> {
  const { signal, onProgress, allowRollback, inputs } = options;
  const scratchPath = join(directory, 'scratch');
  const scratch = createOutput(writeFs, scratchPath, SCRATCH_LIMIT);
  const step = (phase: ImportProgress['phase']) => ({
    writeFs,
    directory,
    scratch,
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress: (done: number) => onProgress({ phase, done }) } : {}),
  });
  try {
    const gathered = await gatherInputs(step('read'), inputs);
    if (former) await addFormer(step('read'), gathered, former);
    const records = [...gathered.records.values()].sort((a, b) => compareText(a.id, b.id));
    const ecosystems = summarizeEcosystems(records, gathered.replaces | completeBits(former));
    if (former && !allowRollback) guardRollback(former.manifest.ecosystems, ecosystems);
    const files = await writeDataFiles(step('write'), records);
    const quarantined = mergeQuarantines([
      ...gathered.quarantined,
      ...remaining(former?.manifest.quarantined ?? [], gathered.replaces),
    ]);
    return {
      gathered,
      manifest: { format: FORMAT_NAME, version: FORMAT_VERSION, ...files, ecosystems, quarantined },
    };
  } finally {
    scratch.close();
    writeFs.rmSync(scratchPath, { force: true });
  }
}

/** Room for the texts of all records, twice. */
const SCRATCH_LIMIT = 16 * 1024 ** 3;

/** Adds what the inputs do not replace. */
async function addFormer(
  context: GatherContext,
  { records, replaces }: Gathered,
  former: Former,
): Promise<void> {
  const held = bitsOf(former.manifest.ecosystems.map(({ name }) => name));
  if ((held & ~replaces) === 0) return;
  const generation = openGeneration(former.directory, former.sha256);
  try {
    await gatherFormer(context, generation, records, replaces);
  } finally {
    generation.close();
  }
}

function completeBits(former: Former | undefined): EcosystemBits {
  return bitsOf(
    (former?.manifest.ecosystems ?? []).filter(({ complete }) => complete).map(({ name }) => name),
  );
}

/** What of the former generation still stands behind the new one. */
function remaining<T extends ImportSource | Quarantine>(items: readonly T[], replaces: EcosystemBits): T[] {
  return items
    .map((item) => ({ ...item, ecosystems: ecosystemsOf(bitsOf(item.ecosystems) & ~replaces) }))
    .filter(({ ecosystems }) => ecosystems.length > 0);
}

function importNote(now: Date, { sources, replaces }: Gathered, former: Former | undefined): ImportNote {
  const all = new Map<string, ImportSource>();
  for (const source of [...remaining(former?.note?.sources ?? [], replaces), ...sources]) {
    all.set(`${source.name}\0${source.sha256}`, source);
  }
  return {
    retrievedAt: now.toISOString(),
    sources: [...all.values()].sort((a, b) => compareKeys([a.name, a.sha256], [b.name, b.sha256])),
  };
}
