// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises';
import { compareText } from '../../model/order.ts';
import { throwIfAborted } from '../../platform/errors.ts';
import { packageKey } from '../source.ts';
import { compactAdvisory, type IndexKey } from './compact.ts';
import type { Gathered } from './gather.ts';
import type { MirroredEcosystem } from './manifest.ts';
import type { OutputFile } from './output.ts';
import type { Generation } from './reader.ts';
import {
  type EcosystemBits,
  ecosystemBit,
  type IndexPart,
  type StagedRecord,
  stageRecord,
} from './staging.ts';

/** An overlay above this part of its base is worked into it. */
const SHARE = 10;

/** What the files of an overlay hold, and what the mirror holds with it. */
export interface StagedOverlay {
  /** Sorted by id; those that were removed count in no ecosystem. */
  readonly records: readonly StagedRecord[];
  /** Whole entries: all records of every package that is touched. */
  readonly parts: readonly IndexPart[];
  readonly ecosystems: readonly MirroredEcosystem[];
}

/** Whether so many changes belong into an overlay, or the base is better built anew. */
export function fitsOverlay(
  { manifest }: Generation,
  changes: Pick<Gathered, 'records' | 'removed'>,
): boolean {
  const size = (manifest.overlay?.records.count ?? 0) + changes.records.size + changes.removed.size;
  return size * SHARE <= manifest.records.count;
}

/**
 * Works out the overlay of a generation after changes: what its overlay held before, the changed records, and for every
 * package that any of them speaks of, before or after, its whole entry. The base is not read but for those.
 *
 * @throws PlimsollError `data-damaged`, `aborted`
 */
export async function stageOverlay(
  context: { readonly scratch: OutputFile; readonly signal?: AbortSignal },
  former: Generation,
  { records: changed, removed }: Pick<Gathered, 'records' | 'removed'>,
): Promise<StagedOverlay> {
  const { scratch, signal } = context;
  const overlay = new Map<string, StagedRecord>();
  const touched = new Map<string, IndexKey>();
  const touch = (keys: readonly IndexKey[]) => {
    for (const { ecosystem, name } of keys) touched.set(packageKey(ecosystem, name), { ecosystem, name });
  };
  for (const body of former.overlay?.bodies() ?? []) {
    const record = restage(body, scratch);
    if (record) overlay.set(record.id, record);
  }
  touch(former.overlay?.keys() ?? []);

  const sums = ledger(former.manifest.ecosystems);
  const incoming = new Map([...changed.values()].map((record) => [record.id, record]));
  const stored = former.stored(new Set([...incoming.keys(), ...removed.keys()]));
  const before = (id: string) => {
    const body = stored.get(id);
    return body && restage(body, scratch);
  };
  const settle = (known: StagedRecord | undefined, next: StagedRecord) => {
    sums.replace(known, next);
    touch([...(known?.parts ?? []), ...next.parts]);
    overlay.set(next.id, next);
  };
  for (const record of incoming.values()) {
    const known = before(record.id);
    if (known && known.modified > record.modified) continue;
    settle(known, { ...record, counts: ((known?.counts ?? 0) | record.counts) & record.lists });
  }
  for (const [id, bits] of removed) {
    const known = before(id);
    if (known && !incoming.has(id)) settle(known, { ...known, counts: known.counts & ~bits });
  }
  await setImmediate();
  throwIfAborted(signal);
  return {
    records: [...overlay.values()].sort((a, b) => compareText(a.id, b.id)),
    parts: [...touched.values()].flatMap((key) => entryParts(key, former, overlay, scratch)),
    ecosystems: sums.ecosystems(),
  };
}

function restage(
  { bytes, counts }: { readonly bytes: Buffer; readonly counts: EcosystemBits },
  scratch: OutputFile,
): StagedRecord | undefined {
  const record = stageRecord(bytes, scratch);
  return record && { ...record, counts };
}

/** All records of a package in the order of their ids, or a part without text where none is left. */
function entryParts(
  key: IndexKey,
  former: Generation,
  overlay: ReadonlyMap<string, StagedRecord>,
  scratch: OutputFile,
): readonly IndexPart[] {
  const parts: { readonly id: string; readonly part: IndexPart }[] = [];
  for (const advisory of former.lookup(key)) {
    if (overlay.has(advisory.id)) continue;
    const json = Buffer.from(compactAdvisory(advisory, advisory.affected, key), 'utf8');
    parts.push({ id: advisory.id, part: { ...key, at: scratch.append(json), length: json.length } });
  }
  for (const { id, counts, parts: own } of overlay.values()) {
    if ((counts & ecosystemBit(key.ecosystem)) === 0) continue;
    const part = own.find(({ ecosystem, name }) => ecosystem === key.ecosystem && name === key.name);
    if (part) parts.push({ id, part });
  }
  if (parts.length === 0) return [{ ...key, at: 0, length: 0 }];
  return parts.sort((a, b) => compareText(a.id, b.id)).map(({ part }) => part);
}

/** Counts and watermarks, kept up instead of counted anew. */
function ledger(former: readonly MirroredEcosystem[]) {
  const sums = new Map(former.map((ecosystem) => [ecosystem.name, { ...ecosystem }]));
  function add(record: StagedRecord, sign: 1 | -1): void {
    for (const name of new Set(record.parts.map(({ ecosystem }) => ecosystem))) {
      if ((record.counts & ecosystemBit(name)) === 0) continue;
      const sum = sums.get(name) ?? { name, complete: false, records: 0, live: 0 };
      sums.set(name, {
        ...sum,
        records: sum.records + sign,
        live: sum.live + (record.live ? sign : 0),
        ...(sign === 1 ? newest(sum, record.modified) : {}),
      });
    }
  }
  return {
    replace(known: StagedRecord | undefined, next: StagedRecord): void {
      if (known) add(known, -1);
      add(next, 1);
    },
    ecosystems: (): MirroredEcosystem[] =>
      [...sums.values()]
        .filter(({ records, complete }) => records > 0 || complete)
        .sort((a, b) => compareText(a.name, b.name)),
  };
}

/** A watermark stays where it is when its record goes. */
function newest(
  { newestModified }: Pick<MirroredEcosystem, 'newestModified'>,
  modified: number,
): Pick<MirroredEcosystem, 'newestModified'> {
  if (modified < 0 || modified <= Date.parse(newestModified ?? '')) return {};
  return { newestModified: new Date(modified).toISOString() };
}
