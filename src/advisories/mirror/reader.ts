// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { crc32, inflateSync } from 'node:zlib';
import type { Advisory } from '../../model/advisory.ts';
import { PlimsollError } from '../../platform/errors.ts';
import { readAdvisory } from '../osv-record.ts';
import { packageKey } from '../source.ts';
import { expandEntry, type IndexKey } from './compact.ts';
import { type OpenDataFile, openDataFile, readSmallFile } from './data-file.ts';
import {
  BLOCK_BYTES,
  BODY_HEADER_BYTES,
  damaged,
  hashKey,
  lowerBound,
  RECORD_LIMIT,
  rowHasHash,
} from './format.ts';
import { type ImportNote, type Manifest, parseImportNote, parseManifest } from './manifest.ts';
import type { EcosystemBits } from './staging.ts';

/** An open generation: its directories are in memory, everything else is read where it lies. */
export interface Generation {
  /** sha256 of the manifest. */
  readonly sha256: string;
  readonly manifest: Manifest;
  /** Absent for the bundled data. */
  readonly note?: ImportNote;
  /** The records of a package, cut down to it, sorted by id. One read. @throws PlimsollError `data-damaged` */
  lookup(key: IndexKey): readonly Advisory[];
  /** Full records; ids without one, or whose block is damaged, are left out. */
  records(ids: Iterable<string>): Map<string, Advisory>;
  /** Every body with the ecosystems it counts in, sorted by id. @throws PlimsollError `data-damaged` */
  bodies(): Generator<StoredBody>;
  close(): void;
}

interface StoredBody {
  readonly counts: EcosystemBits;
  readonly bytes: Buffer;
}

/**
 * Opens the generation in a directory: header, size and directory of both files are checked, and the manifest's
 * sha256 where it is known. Takes no lock; a file that is replaced or deleted meanwhile stays readable.
 *
 * @throws PlimsollError `data-damaged`
 */
export function openGeneration(directory: string, expected?: string): Generation {
  const { manifest, sha256 } = readManifest(directory, expected);
  const note = readNote(directory);
  const index = openDataFile('index', join(directory, 'index'), manifest.index);
  try {
    const records = openDataFile('records', join(directory, 'records'), manifest.records);
    return {
      sha256,
      manifest,
      ...(note ? { note } : {}),
      lookup: (key) => lookup(index, key),
      records: (ids) => readRecords(records, ids),
      bodies: () => readBodies(records),
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

/** @throws PlimsollError `data-damaged`, also where it is not the `expected` one */
export function readManifest(directory: string, expected?: string): { manifest: Manifest; sha256: string } {
  const file = join(directory, 'manifest.json');
  const bytes = readSmallFile(file);
  if (bytes === undefined) throw damaged(file, 'a manifest', 'nothing');
  const sha256 = hash('sha256', bytes);
  // A later version first says so, whatever else it changes.
  const manifest = parseManifest(file, bytes);
  if (expected !== undefined && sha256 !== expected) throw damaged(file, `sha256 ${expected}`, sha256);
  return { manifest, sha256 };
}

/** When and from what the data were imported; absent for the bundled data. @throws PlimsollError `data-damaged` */
export function readNote(directory: string): ImportNote | undefined {
  const file = join(directory, 'import.json');
  const bytes = readSmallFile(file);
  return bytes && parseImportNote(file, bytes);
}

function lookup(index: OpenDataFile, key: IndexKey): readonly Advisory[] {
  const { file, count, directory } = index;
  const wanted = hashKey(packageKey(key.ecosystem, key.name));
  for (let row = lowerBound(directory, count, wanted); rowHasHash(directory, count, row, wanted); row++) {
    const column = 4 * (2 * count + row);
    const entry = index.read(directory.readUInt32LE(column), directory.readUInt32LE(column + 4));
    const json = entry.subarray(4);
    if (entry.length < 4 || entry.readUInt32LE(0) !== crc32(json)) {
      throw damaged(file, `the records of ${key.ecosystem} ${key.name}`, 'a wrong checksum');
    }
    const records = parsing(file, () => expandEntry(json.toString('utf8'), key));
    if (records) return records;
  }
  return [];
}

function readRecords(file: OpenDataFile, ids: Iterable<string>): Map<string, Advisory> {
  const places = [...new Set(ids)]
    .flatMap((id) => findId(file, id))
    .sort((a, b) => a.block - b.block || a.at - b.at);
  const found = new Map<string, Advisory>();
  let block: { readonly number: number; readonly bytes: Buffer | undefined } | undefined;
  for (const { id, block: number, at } of places) {
    if (block?.number !== number) block = { number, bytes: unlessDamaged(() => readBlock(file, number)) };
    const { bytes } = block;
    const record = bytes && unlessDamaged(() => readRecord(file, bytes, at));
    // Another id can have the same hash.
    if (record?.id === id) found.set(id, record);
  }
  return found;
}

function readRecord(file: OpenDataFile, block: Buffer, at: number): Advisory {
  const { bytes } = bodyAt(file, block, at);
  return parsing(file.file, () => readAdvisory(JSON.parse(bytes.toString('utf8'))));
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
      block: directory.readUInt32LE(4 * (2 * count + row)),
      at: directory.readUInt32LE(4 * (3 * count + row)),
    });
  }
  return places;
}

function* readBodies(file: OpenDataFile): Generator<StoredBody> {
  for (let number = 0; number < file.blocks; number++) {
    const block = readBlock(file, number);
    for (let at = 0; at < block.length; ) {
      const body = bodyAt(file, block, at);
      yield body;
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
  const column = 4 * (4 * count + number);
  const packed = source.read(directory.readUInt32LE(column), directory.readUInt32LE(column + 4));
  const length = directory.readUInt32LE(column + 4 * (blocks + 1));
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
