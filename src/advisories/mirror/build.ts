// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { crc32, deflateSync } from 'node:zlib';
import { ECOSYSTEMS } from '../../model/inventory.ts';
import { compareText } from '../../model/order.ts';
import { PlimsollError, throwIfAborted } from '../../platform/errors.ts';
import { packageKey } from '../source.ts';
import {
  BLOCK_BYTES,
  BODY_HEADER_BYTES,
  type DataFileKind,
  ENTRY_LIMIT,
  encodeHeader,
  encodeTrailer,
} from './format.ts';
import { orderByHash } from './hash-order.ts';
import type { DataFile, DataFiles, MirroredEcosystem } from './manifest.ts';
import { createOutput, type OutputFile } from './output.ts';
import { type EcosystemBits, ecosystemBit, type IndexPart, type StagedRecord } from './staging.ts';
import type { WriteFs } from './write-fs.ts';

export interface BuildContext {
  readonly writeFs: WriteFs;
  /** An existing directory for the files. */
  readonly directory: string;
  readonly scratch: OutputFile;
  readonly signal?: AbortSignal;
  /** Called now and then with the number of records written. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Writes `index` and `records`, fsynced, with `prefix` before their names.
 * @param records sorted by id
 * @param parts what the index holds, of one package in the order of ids
 */
export async function writeDataFiles(
  context: BuildContext,
  records: readonly StagedRecord[],
  parts: readonly IndexPart[] = countingParts(records),
  prefix = '',
): Promise<DataFiles> {
  return {
    index: await writeIndex(context, parts, prefix),
    records: await writeRecords(context, records, prefix),
  };
}

/** What the records add to the index, in their order. */
export function countingParts(records: readonly StagedRecord[]): IndexPart[] {
  return records.flatMap(({ counts, parts }) =>
    parts.filter(({ ecosystem }) => (counts & ecosystemBit(ecosystem)) !== 0),
  );
}

/** Counts and watermarks of the ecosystems that have records or are complete. */
export function summarizeEcosystems(
  records: Iterable<StagedRecord>,
  complete: EcosystemBits,
): MirroredEcosystem[] {
  const sums = ECOSYSTEMS.map((name) => ({ name, bit: ecosystemBit(name), records: 0, live: 0, newest: -1 }));
  for (const record of records) {
    for (const sum of sums) {
      if ((record.counts & sum.bit) === 0) continue;
      sum.records++;
      if (record.live) sum.live++;
      sum.newest = Math.max(sum.newest, record.modified);
    }
  }
  return sums
    .filter((sum) => sum.records > 0 || (complete & sum.bit) !== 0)
    .sort((a, b) => compareText(a.name, b.name))
    .map(({ name, bit, records, live, newest }) => ({
      name,
      complete: (complete & bit) !== 0,
      records,
      live,
      ...(newest < 0 ? {} : { newestModified: new Date(newest).toISOString() }),
    }));
}

/** Work between two looks at the signal. */
const STEP = 4_000;

async function writeRecords(
  context: BuildContext,
  records: readonly StagedRecord[],
  prefix: string,
): Promise<DataFile> {
  return await writeDataFile(context, 'records', prefix, async (output) => {
    const { order, high, low } = orderByHash(records.map((record) => record.id));
    const blockOf = new Uint32Array(records.length);
    const placeOf = new Uint32Array(records.length);
    const offsets: number[] = [];
    const lengths: number[] = [];
    let from = 0;
    let length = 0;
    for (const [i, record] of records.entries()) {
      if (i % STEP === 0) await pause(context, i);
      blockOf[i] = offsets.length;
      placeOf[i] = length;
      length += BODY_HEADER_BYTES + record.body.length;
      if (length < BLOCK_BYTES && i + 1 < records.length) continue;
      const block = assembleBlock(context.scratch, records.slice(from, i + 1), length);
      offsets.push(output.append(deflateSync(block, { level: 1 })));
      lengths.push(length);
      from = i + 1;
      length = 0;
    }
    offsets.push(output.size());
    const directory = columns([
      order.map((i) => high[i] ?? 0),
      order.map((i) => low[i] ?? 0),
      order.map((i) => blockOf[i] ?? 0),
      order.map((i) => placeOf[i] ?? 0),
      offsets,
      lengths,
    ]);
    return { count: records.length, blocks: lengths.length, directory };
  });
}

function assembleBlock(scratch: OutputFile, records: readonly StagedRecord[], length: number): Buffer {
  const block = Buffer.allocUnsafe(length);
  let at = 0;
  for (const { body, counts } of records) {
    block.writeUInt8(counts, at);
    block.writeUInt32LE(body.length, at + 1);
    scratch.read(body.at, body.length, block, at + BODY_HEADER_BYTES);
    at += BODY_HEADER_BYTES + body.length;
  }
  return block;
}

async function writeIndex(
  context: BuildContext,
  parts: readonly IndexPart[],
  prefix: string,
): Promise<DataFile> {
  return await writeDataFile(context, 'index', prefix, async (output) => {
    const keys = parts.map(({ ecosystem, name }) => packageKey(ecosystem, name));
    const { order, high, low } = orderByHash(keys);
    const highs: number[] = [];
    const lows: number[] = [];
    const offsets: number[] = [];
    let same: IndexPart[] = [];
    for (const [row, i] of order.entries()) {
      if (row % STEP === 0) await pause(context, 0);
      same.push(...parts.slice(i, i + 1));
      const next = order[row + 1];
      if (next !== undefined && keys[next] === keys[i]) continue;
      highs.push(high[i] ?? 0);
      lows.push(low[i] ?? 0);
      offsets.push(output.append(assembleEntry(context.scratch, same)));
      same = [];
    }
    const count = offsets.length;
    offsets.push(output.size());
    return { count, blocks: 0, directory: columns([highs, lows, offsets]) };
  });
}

/** `["npm","name",[RECORD,...]]` behind its checksum. A part without text says that the package has an entry. */
function assembleEntry(scratch: OutputFile, all: readonly IndexPart[]): Buffer {
  const head = Buffer.from(`${JSON.stringify([all[0]?.ecosystem, all[0]?.name]).slice(0, -1)},[`);
  const parts = all.filter(({ length }) => length > 0);
  // Each part is followed by a comma or, the last, by the first closing bracket.
  const length =
    4 +
    head.length +
    Math.max(
      1,
      parts.reduce((sum, part) => sum + part.length + 1, 0),
    ) +
    1;
  if (length > ENTRY_LIMIT) {
    const name = parts[0]?.name ?? '';
    throw new PlimsollError(
      'limit-exceeded',
      `${name}: expected at most ${ENTRY_LIMIT} bytes of records, got ${length}`,
    );
  }
  const entry = Buffer.allocUnsafe(length);
  let end = 4 + head.copy(entry, 4);
  for (const part of parts) {
    scratch.read(part.at, part.length, entry, end);
    end += part.length;
    end += entry.write(',', end);
  }
  entry.write(']]', parts.length === 0 ? end : end - 1);
  entry.writeUInt32LE(crc32(entry.subarray(4)), 0);
  return entry;
}

async function writeDataFile(
  { writeFs, directory }: BuildContext,
  kind: DataFileKind,
  prefix: string,
  fill: (output: OutputFile) => Promise<{ count: number; blocks: number; directory: Buffer }>,
): Promise<DataFile> {
  const output = createOutput(writeFs, join(directory, `${prefix}${kind}`));
  try {
    output.append(encodeHeader(kind));
    const { count, blocks, directory } = await fill(output);
    const directoryAt = output.append(directory);
    output.append(encodeTrailer(kind, { count, blocks, directoryAt }, directory));
    return { ...output.finish(), count };
  } finally {
    output.close();
  }
}

function columns(lists: readonly (readonly number[] | Uint32Array)[]): Buffer {
  const bytes = Buffer.allocUnsafe(4 * lists.reduce((sum, list) => sum + list.length, 0));
  let end = 0;
  for (const list of lists) for (const value of list) end = bytes.writeUInt32LE(value, end);
  return bytes;
}

async function pause(context: BuildContext, done: number): Promise<void> {
  context.onProgress?.(done);
  await setImmediate();
  throwIfAborted(context.signal);
}
