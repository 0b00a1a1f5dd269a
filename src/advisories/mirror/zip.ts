// SPDX-License-Identifier: Apache-2.0
import { crc32, inflateRawSync } from 'node:zlib';
import { parseError } from '../../platform/errors.ts';
import { type ByteReader, fileReader, windowReader } from './byte-reader.ts';
import { RECORD_LIMIT } from './format.ts';
import { readDirectory, type ZipEntry } from './zip-directory.ts';

/** One entry: its bytes, or why there are none. The name is never used as a path. */
export interface RawRecord {
  readonly name: string;
  /** Valid until the next one is asked for. */
  readonly bytes?: Buffer;
  readonly problem?: string;
}

/**
 * The `.json` entries of a ZIP archive in the order in which they lie there, each inflated in memory under its own
 * limit; nothing is unpacked to disk. An entry that cannot be read carries its problem, the others are read on.
 * Written here because entry streams (yauzl) take 15 times as long for hundreds of thousands of small entries.
 *
 * @throws PlimsollError `parse-failed` where the archive's own structure is broken or deceitful, `limit-exceeded`
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function* readZip(file: string, fd: number, size: number): Generator<RawRecord> {
  const window = windowReader(file, fd, size);
  for (const entry of readDirectory(file, fileReader(file, fd, size))) {
    if (!/\.json$/i.test(entry.name)) continue;
    const found = readEntry(file, window, entry);
    yield typeof found === 'string'
      ? { name: entry.name, problem: found }
      : { name: entry.name, bytes: found };
  }
}

const LOCAL_HEADER = 0x04034b50;
const LOCAL_HEADER_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 0x2041;

/** The bytes of the entry, or why there are none. */
function readEntry(file: string, source: ByteReader, entry: ZipEntry): Buffer | string {
  const { at, end, method, compressed, uncompressed } = entry;
  const header = source.read(at, LOCAL_HEADER_BYTES);
  if (header.readUInt32LE(0) !== LOCAL_HEADER) {
    throw parseError(file, undefined, `expected an entry at byte ${at}, got other data`);
  }
  const dataAt = at + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (dataAt + compressed > end) {
    throw parseError(
      file,
      undefined,
      `expected entries that do not overlap, got one at byte ${at} that does`,
    );
  }
  if ((entry.flags & ENCRYPTED) !== 0) return 'expected a plain entry, got an encrypted one';
  if (method !== STORED && method !== DEFLATED) return `expected method stored or deflated, got ${method}`;
  if (uncompressed > RECORD_LIMIT || compressed > RECORD_LIMIT) {
    return `expected at most ${RECORD_LIMIT} bytes, got ${Math.max(compressed, uncompressed)}`;
  }
  const data = source.read(dataAt, compressed);
  const bytes = method === STORED ? data : inflate(data, uncompressed);
  if (bytes === undefined) return 'expected deflated data, got something else';
  if (bytes.length !== uncompressed) return `expected ${uncompressed} bytes, got ${bytes.length}`;
  return crc32(bytes) === entry.checksum ? bytes : 'expected data with the right checksum, got other data';
}

/** The stated size is the limit: what inflates to more is refused as soon as it does. */
function inflate(data: Buffer, size: number): Buffer | undefined {
  const chunkSize = Math.min(Math.max(size, 64), 64 * 1024);
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(size, 1), chunkSize });
  } catch {
    return undefined;
  }
}
