// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { crc32, inflateSync } from 'node:zlib';
import type { Advisory } from '../../model/advisory.ts';
import { PlimsollError } from '../../platform/errors.ts';
import { packageKey } from '../source.ts';
import { expandEntry, type IndexKey, keyOfEntry } from './compact.ts';
import { type OpenDataFile, openDataFile } from './data-file.ts';
import {
  BLOCK_BYTES,
  BODY_HEADER_BYTES,
  damaged,
  hashKey,
  lowerBound,
  numberAt,
  RECORD_LIMIT,
  rowHasHash,
} from './format.ts';
import type { DataFiles } from './manifest.ts';
import type { EcosystemBits } from './staging.ts';

/** An index and a records file that belong together: the base of a generation, or its overlay. */
export interface Layer {
  /** The records of a package, `undefined` where the layer has no entry for it. @throws PlimsollError `data-damaged` */
  lookup(key: IndexKey): readonly Advisory[] | undefined;
  /** Bodies by id; what is not there, or is damaged, is left out. */
  stored(ids: Iterable<string>): Map<string, StoredRecord>;
  /** Every body but those at `hidden` places, sorted by id. @throws PlimsollError `data-damaged` */
  bodies(hidden?: ReadonlySet<string>): Generator<StoredBody>;
  /** Where bodies with these ids are, for `hidden`. */
  places(ids: Iterable<string>): Set<string>;
  /** The packages of the index, in no order that means anything. @throws PlimsollError `data-damaged` */
  keys(): IndexKey[];
  close(): void;
}

/** A record as it is stored: JSON text, and the ecosystems in which it counts; none for one that was removed. */
export interface StoredBody {
  readonly counts: EcosystemBits;
  readonly bytes: Buffer;
}

/** The same with its JSON, which was read to see that it has the id that was asked for. */
export interface StoredRecord extends StoredBody {
  readonly json: unknown;
}

/** `prefix` stands before the names of both files. @throws PlimsollError `data-damaged` */
export function openLayer(directory: string, prefix: string, files: DataFiles): Layer {
  const index = openDataFile('index', join(directory, `${prefix}index`), files.index);
  try {
    const records = openDataFile('records', join(directory, `${prefix}records`), files.records);
    return {
      lookup: (key) => lookup(index, key),
      stored: (ids) => readStored(records, ids),
      bodies: (hidden) => readBodies(records, hidden),
      places: (ids) => new Set([...ids].flatMap((id) => findId(records, id).map(placeName))),
      keys: () => readKeys(index),
      close() {
        index.close();
        records.close();
      },
    };
  } catch (error) {
    index.close();
    throw error;
  }
}

function lookup(index: OpenDataFile, key: IndexKey): readonly Advisory[] | undefined {
  const { file, count, directory } = index;
  const wanted = hashKey(packageKey(key.ecosystem, key.name));
  for (let row = lowerBound(directory, count, wanted); rowHasHash(directory, count, row, wanted); row++) {
    const column = 2 * count + row;
    const json = readEntry(index, numberAt(directory, column), numberAt(directory, column + 1), key);
    const records = parsing(file, () => expandEntry(json, key));
    if (records) return records;
  }
  return undefined;
}

function readEntry(index: OpenDataFile, at: number, end: number, key?: IndexKey): string {
  const entry = index.read(at, end);
  const json = entry.subarray(4);
  if (entry.length >= 4 && entry.readUInt32LE(0) === crc32(json)) return json.toString('utf8');
  const what = key === undefined ? 'an entry' : `the records of ${key.ecosystem} ${key.name}`;
  throw damaged(index.file, what, 'a wrong checksum');
}

function readKeys(index: OpenDataFile): IndexKey[] {
  const { count, directory, file } = index;
  return Array.from({ length: count }, (_, row) => {
    const column = 2 * count + row;
    const json = readEntry(index, numberAt(directory, column), numberAt(directory, column + 1));
    return parsing(file, () => keyOfEntry(json));
  });
}

function readStored(file: OpenDataFile, ids: Iterable<string>): Map<string, StoredRecord> {
  const places = [...new Set(ids)]
    .flatMap((id) => findId(file, id))
    .sort((a, b) => a.block - b.block || a.at - b.at);
  const found = new Map<string, StoredRecord>();
  let block: { readonly number: number; readonly bytes: Buffer | undefined } | undefined;
  for (const { id, block: number, at } of places) {
    if (block?.number !== number) block = { number, bytes: unlessDamaged(() => readBlock(file, number)) };
    const { bytes } = block;
    const record = bytes && unlessDamaged(() => recordAt(file, bytes, at));
    // Another id can have the same hash.
    if (record?.id === id) found.set(id, record);
  }
  return found;
}

function recordAt(file: OpenDataFile, block: Buffer, at: number): StoredRecord & { readonly id: unknown } {
  const body = bodyAt(file, block, at);
  return parsing(file.file, () => {
    const json: { readonly id?: unknown } = JSON.parse(body.bytes.toString('utf8'));
    return { ...body, json, id: json.id };
  });
}

interface Place {
  readonly id: string;
  readonly block: number;
  readonly at: number;
}

function findId({ directory, count }: OpenDataFile, id: string): Place[] {
  const wanted = hashKey(id);
  const places: Place[] = [];
  for (let row = lowerBound(directory, count, wanted); rowHasHash(directory, count, row, wanted); row++) {
    places.push({
      id,
      block: numberAt(directory, 2 * count + row),
      at: numberAt(directory, 3 * count + row),
    });
  }
  return places;
}

function placeName({ block, at }: { readonly block: number; readonly at: number }): string {
  return `${block}:${at}`;
}

function* readBodies(file: OpenDataFile, hidden?: ReadonlySet<string>): Generator<StoredBody> {
  for (let number = 0; number < file.blocks; number++) {
    const block = readBlock(file, number);
    for (let at = 0; at < block.length; ) {
      const body = bodyAt(file, block, at);
      if (!hidden?.has(placeName({ block: number, at }))) yield body;
      at += BODY_HEADER_BYTES + body.bytes.length;
    }
  }
}

function bodyAt({ file }: OpenDataFile, block: Buffer, at: number): StoredBody {
  const start = at + BODY_HEADER_BYTES;
  if (start > block.length) throw damaged(file, 'a record within its block', 'one beyond');
  const end = start + block.readUInt32LE(at + 1);
  if (end > block.length) throw damaged(file, 'a record within its block', 'one beyond');
  return { counts: block.readUInt8(at), bytes: block.subarray(start, end) };
}

function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof PlimsollError) return undefined;
    throw error;
  }
}

/** What has a right checksum and cannot be parsed was made by somebody else. */
function parsing<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw damaged(file, 'records', 'something else', error);
  }
}

/** zlib's own checksum tells a damaged block. */
function readBlock(source: OpenDataFile, number: number): Buffer {
  const { file, directory, count, blocks } = source;
  const column = 4 * count + number;
  const packed = source.read(numberAt(directory, column), numberAt(directory, column + 1));
  const length = numberAt(directory, column + blocks + 1);
  if (length > BLOCK_BYTES + BODY_HEADER_BYTES + RECORD_LIMIT)
    throw damaged(file, 'a block', `${length} bytes`);
  let block: Buffer;
  try {
    block = inflateSync(packed, { maxOutputLength: Math.max(length, 1), chunkSize: Math.max(length, 64) });
  } catch (error) {
    throw damaged(file, `block ${number}`, 'damaged data', error);
  }
  if (block.length !== length)
    throw damaged(file, `${length} bytes in block ${number}`, String(block.length));
  return block;
}
