// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises';
import type { Ecosystem } from '../../model/inventory.ts';
import { compareKeys, compareText } from '../../model/order.ts';
import { PlimsollError, parseError, throwIfAborted } from '../../platform/errors.ts';
import {
  type FetchedFrom,
  type ImportSource,
  QUARANTINE_SHOWN,
  type Quarantine,
  type QuarantinedRecord,
} from './manifest.ts';
import { createRecordSet, heldEcosystems, type RecordSet } from './merge.ts';
import type { OutputFile } from './output.ts';
import type { Generation } from './reader.ts';
import { rollback } from './rollback.ts';
import { withSource } from './sources.ts';
import { type EcosystemBits, ecosystemBit, ecosystemsOf, type StagedRecord, stageRecord } from './staging.ts';
import type { RawRecord } from './zip.ts';

export interface GatherContext {
  readonly scratch: OutputFile;
  readonly signal?: AbortSignal;
  /** Called now and then with the number of records read. */
  readonly onProgress?: (done: number) => void;
}

/** What the inputs of an import hold. */
export interface Gathered {
  readonly records: RecordSet;
  /** Of the archives and folders. */
  readonly replaces: EcosystemBits;
  readonly sources: readonly ImportSource[];
  readonly quarantined: readonly Quarantine[];
  readonly read: number;
  /** Records of other ecosystems. */
  readonly ignored: number;
  /** Ids that no longer count in these ecosystems. */
  readonly removed: ReadonlyMap<string, EcosystemBits>;
  /** Names of records that a delta gives again, or says are gone. */
  readonly rereads: ReadonlySet<string>;
}

/**
 * Reads all inputs.
 * @throws PlimsollError as {@link withSource}, and `parse-failed` where an archive, or all inputs together, have no
 *   record of a supported ecosystem
 */
export async function gatherInputs(
  context: GatherContext,
  paths: readonly string[],
  fetched?: ReadonlyMap<string, FetchedFrom>,
): Promise<Gathered> {
  const records = createRecordSet(context.scratch);
  const sources: ImportSource[] = [];
  const quarantines: Quarantine[] = [];
  let replaces = 0;
  let read = 0;
  let ignored = 0;
  for (const path of paths) {
    await withSource(path, async (source) => {
      const found = await gatherSource(context, source, read, (record) => records.add(record));
      const whole = source.kind === 'collection';
      const holds = whole ? heldEcosystems(found.lists) : 0;
      if (whole && found.read === 0) throw noRecords(path, found.bad);
      const from = fetched?.get(path);
      if (from && (holds & ecosystemBit(from.ecosystem)) === 0) throw otherEcosystem(from, holds);
      replaces |= holds;
      read += found.read;
      ignored += found.ignored;
      const ecosystems = ecosystemsOf(whole ? holds : [...found.lists].reduce((all, bits) => all | bits, 0));
      sources.push({ name: source.name, sha256: source.sha256(), ecosystems, ...withoutDemand(from) });
      quarantines.push({ ecosystems: ecosystemsOf(holds), count: found.bad.length, first: found.bad });
    });
  }
  const quarantined = mergeQuarantines(quarantines);
  if (read === 0)
    throw noRecords(
      paths.join(', '),
      quarantined.flatMap(({ first }) => first),
    );
  return {
    records,
    replaces,
    sources,
    quarantined,
    read,
    ignored,
    removed: new Map(),
    rereads: new Set(),
  };
}

/** What has changed in one ecosystem since its archive was imported. */
export interface Delta {
  readonly ecosystem: Ecosystem;
  /** New and changed records, as JSON, or why one could not be had. */
  readonly changed: readonly DeltaRecord[];
  /** Ids that are no longer published there. */
  readonly removed: readonly string[];
  /** What told of the changes. */
  readonly source: ImportSource;
}

export interface DeltaRecord extends Pick<RawRecord, 'bytes' | 'problem'> {
  /** Another record in its place is none. */
  readonly id: string;
}

/** Reads the records of deltas; what cannot be read is quarantined, and the record that is held stays. */
export async function gatherDeltas(context: GatherContext, deltas: readonly Delta[]): Promise<Gathered> {
  const records = createRecordSet(context.scratch);
  const quarantines: Quarantine[] = [];
  const removed = new Map<string, EcosystemBits>();
  const rereads = new Set<string>();
  let read = 0;
  let ignored = 0;
  for (const { ecosystem, changed, removed: ids } of deltas) {
    const named = changed.map((record) => ({ ...record, name: fileOf(record.id) }));
    const found = await gatherSource(context, { records: named }, read, (record) => records.add(record));
    read += found.read;
    ignored += found.ignored;
    for (const name of [...named.map((record) => record.name), ...ids.map(fileOf)]) rereads.add(name);
    quarantines.push({ ecosystems: [ecosystem], count: found.bad.length, first: found.bad });
    for (const id of ids) removed.set(id, (removed.get(id) ?? 0) | ecosystemBit(ecosystem));
  }
  const quarantined = mergeQuarantines(quarantines);
  return {
    records,
    replaces: 0,
    sources: deltas.map(({ source }) => source),
    quarantined,
    read,
    ignored,
    removed,
    rereads,
  };
}

/** The name of a record's file, in an archive too. */
function fileOf(id: string): string {
  return `${id}.json`;
}

/** Adds the records of the generation in use that the inputs do not replace. @throws PlimsollError `data-damaged` */
export async function gatherFormer(
  context: GatherContext,
  generation: Generation,
  records: RecordSet,
  { replaces, removed }: Pick<Gathered, 'replaces' | 'removed'>,
): Promise<void> {
  let looked = 0;
  for (const { counts, bytes } of generation.bodies()) {
    if (looked++ % STEP === 0) await pause(context, records.size);
    if ((counts & ~replaces) === 0) continue;
    const record = stageRecord(bytes, context.scratch);
    if (record === undefined) continue;
    const left = counts & ~replaces & ~(removed.get(record.id) ?? 0);
    if (left !== 0) records.addFormer({ ...record, counts: left });
  }
}

/** Groups by ecosystems and keeps the first records by name. */
export function mergeQuarantines(quarantines: readonly Quarantine[]): Quarantine[] {
  const groups = new Map<string, Quarantine>();
  for (const { ecosystems, count, first } of quarantines) {
    if (count === 0) continue;
    const known = groups.get(ecosystems.join());
    const all = [...(known?.first ?? []), ...first];
    all.sort((a, b) => compareKeys([a.record, a.reason], [b.record, b.reason]));
    groups.set(ecosystems.join(), {
      ecosystems,
      count: (known?.count ?? 0) + count,
      first: all.slice(0, QUARANTINE_SHOWN),
    });
  }
  return [...groups].sort(([a], [b]) => compareText(a, b)).map(([, group]) => group);
}

function withoutDemand(from: FetchedFrom | undefined): Partial<ImportSource> {
  if (from === undefined) return {};
  const { ecosystem, ...rest } = from;
  return rest;
}

function otherEcosystem({ ecosystem, url, name }: FetchedFrom, holds: EcosystemBits): PlimsollError {
  const got = ecosystemsOf(holds).join(' and ') || 'none';
  return rollback(`${url ?? name}: expected records of ${ecosystem}, got ${got}`);
}

/** Records between two looks at the signal. */
const STEP = 2_000;

interface SourceTally {
  read: number;
  ignored: number;
  readonly lists: Set<EcosystemBits>;
  readonly bad: QuarantinedRecord[];
}

async function gatherSource(
  context: GatherContext,
  source: { readonly records: Iterable<RawRecord & { readonly id?: string }> },
  before: number,
  add: (record: StagedRecord) => void,
): Promise<SourceTally> {
  const tally: SourceTally = { read: 0, ignored: 0, lists: new Set(), bad: [] };
  let looked = 0;
  for (const raw of source.records) {
    if (looked++ % STEP === 0) await pause(context, before + tally.read);
    const staged = stage(raw, context.scratch);
    if (typeof staged === 'string') tally.bad.push({ record: raw.name, reason: staged });
    else if (staged === undefined) tally.ignored++;
    else {
      tally.read++;
      tally.lists.add(staged.lists);
      add(staged);
    }
  }
  return tally;
}

async function pause({ signal, onProgress }: GatherContext, done: number): Promise<void> {
  onProgress?.(done);
  await setImmediate();
  throwIfAborted(signal);
}

const REASON_SHOWN = 200;

/** The record, or why it is quarantined. */
function stage(
  { bytes, problem, id }: RawRecord & { readonly id?: string },
  scratch: OutputFile,
): StagedRecord | undefined | string {
  if (bytes === undefined) return problem ?? 'expected a record, got nothing';
  try {
    const record = stageRecord(bytes, scratch);
    if (id === undefined || record === undefined || record.id === id) return record;
    return `expected the record of its name, got ${JSON.stringify(record.id.slice(0, 60))}`;
  } catch (error) {
    if (!(error instanceof PlimsollError) || error.code !== 'parse-failed') throw error;
    return error.message.slice(0, REASON_SHOWN);
  }
}

function noRecords(path: string, bad: readonly QuarantinedRecord[]): PlimsollError {
  const [first] = bad;
  const why = first ? `; ${first.record}: ${first.reason}` : '';
  return parseError(path, undefined, `expected advisory records of PyPI or npm, got none${why}`);
}
