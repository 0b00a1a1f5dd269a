// SPDX-License-Identifier: Apache-2.0
import type { OutputFile } from './output.ts';
import type { EcosystemBits, Span, StagedRecord } from './staging.ts';

/**
 * The ecosystems that an archive or folder holds, and so replaces, given which ecosystems each of its records
 * lists: those that some record lists alone. A record of PyPI's archive that also names an npm package does not
 * make it an archive of npm.
 */
export function heldEcosystems(lists: Iterable<EcosystemBits>): EcosystemBits {
  let alone = 0;
  let everywhere = ~0;
  for (const bits of lists) {
    if ((bits & (bits - 1)) === 0) alone |= bits;
    everywhere &= bits;
  }
  return alone === 0 ? everywhere : alone;
}

/** Records by id; of two with one id the newer one stays, whatever the order in which they come. */
export interface RecordSet {
  readonly size: number;
  add(record: StagedRecord): void;
  /** Adds a record of the generation before, which must be newer to win. */
  addFormer(record: StagedRecord): void;
  values(): Iterable<StagedRecord>;
}

export function createRecordSet(scratch: OutputFile): RecordSet {
  const records = new Map<string, StagedRecord>();
  function put(record: StagedRecord, wins: (known: StagedRecord) => boolean): void {
    const known = records.get(record.id);
    const winner = known && !wins(known) ? known : record;
    winner.counts = ((known?.counts ?? 0) | record.counts) & winner.lists;
    records.set(record.id, winner);
  }
  return {
    get size() {
      return records.size;
    },
    add: (record) =>
      put(record, (known) =>
        record.modified === known.modified
          ? compareBodies(scratch, record.body, known.body) > 0
          : record.modified > known.modified,
      ),
    addFormer: (record) => put(record, (known) => record.modified > known.modified),
    values: () => records.values(),
  };
}

function compareBodies(scratch: OutputFile, a: Span, b: Span): number {
  return Buffer.compare(readSpan(scratch, a), readSpan(scratch, b));
}

function readSpan(scratch: OutputFile, { at, length }: Span): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  scratch.read(at, length, bytes, 0);
  return bytes;
}
