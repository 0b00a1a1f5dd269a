// SPDX-License-Identifier: Apache-2.0
import { PlimsollError, parseError } from '../../platform/errors.ts';
import type { ByteReader } from './byte-reader.ts';

/** What the central directory says of an entry. */
export interface ZipEntry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly checksum: number;
  readonly compressed: number;
  readonly uncompressed: number;
  /** Where its local header begins. */
  readonly at: number;
  /** Where the next entry or the central directory begins: its data end no later. */
  readonly end: number;
}

/** OSV's largest archive holds about a quarter of it. */
const ENTRY_LIMIT = 1_000_000;
/** Of all entries together, inflated. */
const TOTAL_LIMIT = 4 * 1024 ** 3;

const CENTRAL_HEADER = 0x02014b50;
const CENTRAL_HEADER_BYTES = 46;
const LOCAL_HEADER_BYTES = 30;
const END = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT = 0xffff;
const END_64 = 0x06064b50;
const END_64_BYTES = 56;
const LOCATOR_64 = 0x07064b50;
const LOCATOR_64_BYTES = 20;
const NAME_SHOWN = 200;

/**
 * The entries of a ZIP archive by position, made one by one from its directory. Every archive that says one thing in one place and another elsewhere is
 * refused: overlapping entries (the way of zip bombs), a wrong count, data before or behind, several disks.
 *
 * @throws PlimsollError `parse-failed`, `limit-exceeded`
 */
export function readDirectory(file: string, source: ByteReader): Iterable<ZipEntry> {
  const { count, at, size } = findDirectory(file, source);
  if (count > ENTRY_LIMIT) throw tooMuch(file, `${ENTRY_LIMIT} entries`, String(count));
  if (count * CENTRAL_HEADER_BYTES > size) throw refused(file, `${count} entries in its directory`, 'fewer');
  const directory = source.read(at, size);
  return inOrder(file, directory, checkEntries(file, directory, count, at), at);
}

interface DirectoryPlace {
  readonly count: number;
  readonly at: number;
  readonly size: number;
}

function findDirectory(file: string, source: ByteReader): DirectoryPlace {
  const tailBytes = Math.min(source.size, END_BYTES + MAX_COMMENT);
  const tailAt = source.size - tailBytes;
  const tail = source.read(tailAt, tailBytes);
  for (let i = tailBytes - END_BYTES; i >= 0; i--) {
    const ends = tail.readUInt32LE(i) === END && i + END_BYTES + tail.readUInt16LE(i + 20) === tailBytes;
    if (ends) return readEnd(file, source, tail.subarray(i, i + END_BYTES), tailAt + i);
  }
  throw refused(file, 'a ZIP archive', 'a file without the end of one');
}

function readEnd(file: string, source: ByteReader, end: Buffer, endAt: number): DirectoryPlace {
  const place = { count: end.readUInt16LE(10), size: end.readUInt32LE(12), at: end.readUInt32LE(16) };
  const large = place.count === 0xffff || place.size === 0xffff_ffff || place.at === 0xffff_ffff;
  const end64 = large ? readEnd64(file, source, endAt) : undefined;
  const onOneDisk =
    end.readUInt16LE(4) === 0 && end.readUInt16LE(6) === 0 && end.readUInt16LE(8) === place.count;
  if (!onOneDisk) throw refused(file, 'an archive in one piece', 'a part of several');
  const { directoryEnd, ...found } = end64 ?? { ...place, directoryEnd: endAt };
  if (found.at + found.size !== directoryEnd) {
    throw refused(file, 'a directory right before the end of the archive', 'one elsewhere');
  }
  return found;
}

/** The same in 64 bits, which archives of 65,536 entries and more have; absent for exactly 65,535. */
function readEnd64(
  file: string,
  source: ByteReader,
  endAt: number,
): (DirectoryPlace & { directoryEnd: number }) | undefined {
  const locatorAt = endAt - LOCATOR_64_BYTES;
  if (locatorAt < END_64_BYTES) return undefined;
  const locator = source.read(locatorAt, LOCATOR_64_BYTES);
  if (locator.readUInt32LE(0) !== LOCATOR_64) return undefined;
  const recordAt = Number(locator.readBigUInt64LE(8));
  if (recordAt + END_64_BYTES > locatorAt) throw refused(file, 'a ZIP64 record before its locator', 'none');
  const record = source.read(recordAt, END_64_BYTES);
  const oneRecord =
    record.readUInt32LE(0) === END_64 &&
    recordAt + 12 + Number(record.readBigUInt64LE(4)) === locatorAt &&
    record.readUInt32LE(16) === 0 &&
    record.readUInt32LE(20) === 0 &&
    record.readBigUInt64LE(24) === record.readBigUInt64LE(32);
  if (!oneRecord) throw refused(file, 'a ZIP64 record that fits', 'another');
  return {
    count: Number(record.readBigUInt64LE(32)),
    size: Number(record.readBigUInt64LE(40)),
    at: Number(record.readBigUInt64LE(48)),
    directoryEnd: recordAt,
  };
}

/** Positions of the entries in the directory. */
function checkEntries(file: string, directory: Buffer, count: number, limit: number): Uint32Array {
  const places = new Uint32Array(count);
  let position = 0;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const fits = position + CENTRAL_HEADER_BYTES <= directory.length;
    if (!fits || directory.readUInt32LE(position) !== CENTRAL_HEADER) {
      throw refused(file, `${count} entries in its directory`, String(i));
    }
    places[i] = position;
    const compressed = directory.readUInt32LE(position + 20);
    const at = directory.readUInt32LE(position + 42);
    const next = entryEnd(directory, position);
    if (next > directory.length) throw refused(file, 'an entry within the directory', 'a longer one');
    // 0xffffffff announces ZIP64 sizes, which nothing within the size limit needs; it lies beyond the file as well.
    if (at + LOCAL_HEADER_BYTES + compressed > limit) {
      throw refused(file, 'entries before the directory', `one at byte ${at} of ${compressed} bytes`);
    }
    total += directory.readUInt32LE(position + 24);
    position = next;
  }
  if (position !== directory.length) throw refused(file, `a directory of ${count} entries`, 'more');
  if (total > TOTAL_LIMIT) throw tooMuch(file, `${TOTAL_LIMIT} inflated bytes`, String(total));
  return places;
}

function parseEntry(directory: Buffer, position: number, end: number): ZipEntry {
  const nameAt = position + CENTRAL_HEADER_BYTES;
  return {
    name: showName(directory, nameAt, nameAt + directory.readUInt16LE(position + 28)),
    flags: directory.readUInt16LE(position + 8),
    method: directory.readUInt16LE(position + 10),
    checksum: directory.readUInt32LE(position + 16),
    compressed: directory.readUInt32LE(position + 20),
    uncompressed: directory.readUInt32LE(position + 24),
    at: directory.readUInt32LE(position + 42),
    end,
  };
}

/** Where the entry at `position` of the directory ends there. */
function entryEnd(directory: Buffer, position: number): number {
  const name = directory.readUInt16LE(position + 28);
  const extra = directory.readUInt16LE(position + 30);
  const comment = directory.readUInt16LE(position + 32);
  return position + CENTRAL_HEADER_BYTES + name + extra + comment;
}

/** A name is shown, and compared with nothing. The last characters hold the suffix. */
function showName(directory: Buffer, from: number, to: number): string {
  return directory.toString('utf8', Math.max(from, to - NAME_SHOWN), to);
}

/** The entries by position in the file, each with the beginning of the next as its end. */
function* inOrder(file: string, directory: Buffer, places: Uint32Array, limit: number): Generator<ZipEntry> {
  // Position in the file (29 bits) and in the list (20 bits) fit into one number, which a typed array sorts itself.
  const keys = Float64Array.from(
    places,
    (place, i) => directory.readUInt32LE(place + 42) * 2 ** 20 + i,
  ).sort();
  for (const [i, key] of keys.entries()) {
    const next = keys[i + 1];
    const end = next === undefined ? limit : Math.floor(next / 2 ** 20);
    const entry = parseEntry(directory, places[key % 2 ** 20] ?? 0, end);
    if (entry.at + LOCAL_HEADER_BYTES + entry.compressed > end) {
      throw refused(file, 'entries that do not overlap', `one at byte ${entry.at} that does`);
    }
    yield entry;
  }
}

function refused(file: string, expected: string, got: string): PlimsollError {
  return parseError(file, undefined, `expected ${expected}, got ${got}`);
}

function tooMuch(file: string, limit: string, got: string): PlimsollError {
  return new PlimsollError('limit-exceeded', `${file}: expected at most ${limit}, got ${got}`, { file });
}
