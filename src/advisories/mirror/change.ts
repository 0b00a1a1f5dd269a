// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compareKeys, compareText } from '../../model/order.ts';
import { PlimsollError } from '../../platform/errors.ts';
import { clearAttempts, notingRefusal } from './attempts.ts';
import { summarizeEcosystems, writeDataFiles } from './build.ts';
import { FORMAT_VERSION } from './format.ts';
import { type Before, type Former, readBefore } from './former.ts';
import { type GatherContext, type Gathered, gatherFormer, mergeQuarantines } from './gather.ts';
import { installGeneration, makeTemporary, writeCopy } from './generations.ts';
import { IDS, writeIds } from './ids.ts';
import { takeLock } from './lock.ts';
import {
  type DataFiles,
  encodeJson,
  FORMAT_NAME,
  type ImportNote,
  type ImportSource,
  type Manifest,
  type MirroredEcosystem,
  OVERLAY_PREFIX,
  OVERLAY_VERSION,
  type Quarantine,
} from './manifest.ts';
import { createOutput } from './output.ts';
import { fitsOverlay, stageOverlay } from './overlay.ts';
import { openGeneration } from './reader.ts';
import { guardRollback } from './rollback.ts';
import { bitsOf, type EcosystemBits, ecosystemsOf } from './staging.ts';
import { verifyGeneration } from './verify.ts';
import { linkOrCopy, removeQuietly, systemFs, type WriteFs, writeFailed, writeWhole } from './write-fs.ts';

/** What every change of a mirror is told. */
export interface ChangeOptions {
  /** The mirror's directory; made where it does not exist. */
  readonly dbDir: string;
  /** Also takes data that are older, dated ahead, or hold far fewer live records, than those in use. */
  readonly allowRollback?: boolean;
  /** The time of retrieval, and of what a watermark may not be ahead. */
  readonly now: Date;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ChangeProgress) => void;
  /** For tests of failing disks. */
  readonly writeFs?: WriteFs;
  /** Where the data come from, for the record of a refusal. */
  readonly url?: string;
  /** The caller holds the lock of the directory already. */
  readonly isLocked?: boolean;
}

interface ChangeProgress {
  readonly phase: 'read' | 'write';
  /** Records. */
  readonly done: number;
}

export interface ChangeResult {
  /** sha256 of the manifest. */
  readonly generation: string;
  /** False where the same data were in use already. */
  readonly changed: boolean;
  /** What the mirror holds now. */
  readonly ecosystems: readonly MirroredEcosystem[];
  /** What was read, in the order given. */
  readonly sources: readonly ImportSource[];
  /** Records that could be read. */
  readonly read: number;
  /** Records that speak of other ecosystems only. */
  readonly ignored: number;
  /** Records that could not be read. */
  readonly quarantined: readonly Quarantine[];
}

/**
 * Builds a generation from what `gather` reads and the one in use, and puts it in its place. Few changes become an
 * overlay on the base that is there; many, or a whole archive, a new base. Whatever happens before the last rename,
 * the former generation stays in use. A refusal for the sake of the data in use is written down as an attempt.
 *
 * @throws PlimsollError `data-rollback`, `data-damaged` (the data in use), `output-failed`, `aborted`, and what
 *   `gather` throws
 */
export async function changeMirror(
  options: ChangeOptions,
  gather: (context: GatherContext) => Promise<Gathered>,
): Promise<ChangeResult> {
  const { dbDir, writeFs = systemFs } = options;
  try {
    writeFs.mkdirSync(dbDir, { recursive: true });
    const release = options.isLocked ? () => {} : takeLock(writeFs, dbDir);
    try {
      return await notingRefusal(writeFs, options, () => changeLocked(options, writeFs, gather));
    } finally {
      release();
    }
  } catch (error) {
    throw writeFailed(dbDir, error);
  }
}

async function changeLocked(
  options: ChangeOptions,
  writeFs: WriteFs,
  gather: (context: GatherContext) => Promise<Gathered>,
): Promise<ChangeResult> {
  const { dbDir, now } = options;
  const before = readBefore(dbDir, options.allowRollback === true);
  const { former } = before;
  const temporary = makeTemporary(writeFs, dbDir);
  try {
    const { gathered, manifest } = await build(options, writeFs, temporary, before, gather);
    const bytes = encodeJson(manifest);
    const generation = hash('sha256', bytes);
    const note = encodeJson(importNote(now, gathered, former));
    const changed = former?.sha256 !== generation || verifyGeneration(former.directory).length > 0;
    if (changed) {
      writeWhole(writeFs, temporary, 'manifest.json', bytes);
      writeWhole(writeFs, temporary, 'import.json', note);
      installGeneration(writeFs, dbDir, { temporary, sha256: generation, manifest: bytes });
    } else {
      writeWhole(writeFs, former.directory, 'import.json', note);
      writeCopy(writeFs, dbDir, bytes);
      removeQuietly(writeFs, temporary);
    }
    clearAttempts(writeFs, dbDir);
    const { sources, read, ignored, quarantined } = gathered;
    return { generation, changed, ecosystems: manifest.ecosystems, sources, read, ignored, quarantined };
  } catch (error) {
    removeQuietly(writeFs, temporary);
    throw error;
  }
}

async function build(
  options: ChangeOptions,
  writeFs: WriteFs,
  directory: string,
  before: Before,
  gather: (context: GatherContext) => Promise<Gathered>,
): Promise<{ gathered: Gathered; manifest: Manifest }> {
  const { former } = before;
  const { signal, onProgress } = options;
  const scratchPath = join(directory, 'scratch');
  const scratch = createOutput(writeFs, scratchPath, SCRATCH_LIMIT);
  const step = (phase: ChangeProgress['phase']): Step => ({
    writeFs,
    directory,
    scratch,
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress: (done: number) => onProgress({ phase, done }) } : {}),
  });
  try {
    const gathered = await gather(step('read'));
    const quarantined = mergeQuarantines([
      ...gathered.quarantined,
      ...stillQuarantined(former?.manifest.quarantined ?? [], gathered),
    ]);
    const made =
      (former && gathered.replaces === 0 ? await buildOverlay(step, options, gathered, former) : undefined) ??
      (await buildBase(step, options, gathered, before));
    return { gathered, manifest: { format: FORMAT_NAME, ...made, quarantined } };
  } finally {
    scratch.close();
    writeFs.rmSync(scratchPath, { force: true });
  }
}

type Step = GatherContext & { readonly writeFs: WriteFs; readonly directory: string };
type Made = DataFiles & Pick<Manifest, 'version' | 'overlay' | 'ecosystems'>;

async function buildBase(
  step: (phase: ChangeProgress['phase']) => Step,
  { now, allowRollback }: ChangeOptions,
  gathered: Gathered,
  { former, guarded }: Before,
): Promise<Made> {
  if (former) await addFormer(step('read'), gathered, former);
  const records = [...gathered.records.values()].sort((a, b) => compareText(a.id, b.id));
  const ecosystems = summarizeEcosystems(records, gathered.replaces | completeBits(former));
  if (!allowRollback) guardRollback(guarded, ecosystems, now);
  const context = step('write');
  const files = await writeDataFiles(context, records);
  writeIds(context.writeFs, context.directory, records, files);
  return { version: FORMAT_VERSION, ...files, ecosystems };
}

/** `undefined` where the changes are too many for an overlay. */
async function buildOverlay(
  step: (phase: ChangeProgress['phase']) => Step,
  { now, allowRollback }: ChangeOptions,
  gathered: Gathered,
  former: Former,
): Promise<Made | undefined> {
  const context = step('write');
  // What is damaged in the base would be damaged for as long as overlays are put on it.
  const [problem] = verifyGeneration(former.directory, former.sha256);
  if (problem !== undefined) {
    throw new PlimsollError('data-damaged', problem, { hint: 'plimsoll db update fetches everything anew' });
  }
  const generation = openGeneration(former.directory, former.sha256);
  try {
    if (!fitsOverlay(generation, gathered)) return undefined;
    const { records, parts, ecosystems } = await stageOverlay(context, generation, gathered);
    if (!allowRollback) guardRollback(former.manifest.ecosystems, ecosystems, now);
    const { index, records: base } = former.manifest;
    for (const name of ['index', 'records']) {
      linkOrCopy(context.writeFs, join(former.directory, name), join(context.directory, name));
    }
    if (existsSync(join(former.directory, IDS))) {
      linkOrCopy(context.writeFs, join(former.directory, IDS), join(context.directory, IDS));
    }
    // Nothing new on a base without overlay is that base, and keeps its name.
    if (records.length === 0) return { version: FORMAT_VERSION, index, records: base, ecosystems };
    const overlay = await writeDataFiles(context, records, parts, OVERLAY_PREFIX);
    return { version: OVERLAY_VERSION, index, records: base, overlay, ecosystems };
  } finally {
    generation.close();
  }
}

/** Room for the texts of all records, twice. */
const SCRATCH_LIMIT = 16 * 1024 ** 3;

/** Adds what the inputs do not replace. */
async function addFormer(
  context: GatherContext,
  { records, replaces, removed }: Gathered,
  former: Former,
): Promise<void> {
  const held = bitsOf(former.manifest.ecosystems.map(({ name }) => name));
  if ((held & ~replaces) === 0) return;
  const generation = openGeneration(former.directory, former.sha256);
  try {
    await gatherFormer(context, generation, records, { replaces, removed });
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

/** What was read again says anew whether it can be read. */
function stillQuarantined(
  quarantined: readonly Quarantine[],
  { replaces, rereads }: Pick<Gathered, 'replaces' | 'rereads'>,
): Quarantine[] {
  return remaining(quarantined, replaces).map(({ ecosystems, count, first }) => {
    const left = first.filter(({ record }) => !rereads.has(record));
    return { ecosystems, count: count - (first.length - left.length), first: left };
  });
}

function importNote(now: Date, { sources, replaces }: Gathered, former: Former | undefined): ImportNote {
  const all = new Map<string, ImportSource>();
  const kept = remaining(former?.note?.sources ?? [], replaces).filter(
    // A newer list of the same place says all that the former said.
    (old) => old.url === undefined || !sources.some((next) => next.url === old.url),
  );
  for (const source of [...kept, ...sources]) {
    all.set(`${source.name}\0${source.sha256}`, source);
  }
  return {
    retrievedAt: now.toISOString(),
    sources: [...all.values()].sort((a, b) => compareKeys([a.name, a.sha256], [b.name, b.sha256])),
  };
}
