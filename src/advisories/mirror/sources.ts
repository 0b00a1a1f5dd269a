// SPDX-License-Identifier: Apache-2.0
import { createHash, type Hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { compareText } from '../../model/order.ts';
import { PlimsollError } from '../../platform/errors.ts';
import { systemErrorCode } from '../../platform/fs.ts';
import { type ByteReader, fileReader, readFully } from './byte-reader.ts';
import { RECORD_LIMIT } from './format.ts';
import { type RawRecord, readZip } from './zip.ts';

/** Something that records are imported from. */
export interface RecordSource {
  readonly path: string;
  readonly name: string;
  /** A collection replaces the ecosystems it holds, a single record is merged. */
  readonly kind: 'collection' | 'record';
  /** Can be asked for once. */
  readonly records: Iterable<RawRecord>;
  /** Once all records were read; of a folder, over names and contents in order. */
  sha256(): string;
}

const ARCHIVE_LIMIT = 512 * 1024 * 1024;
const DEPTH_LIMIT = 32;
const FILE_LIMIT = 1_000_000;

/**
 * Opens an OSV archive, a folder of JSON files (links are not followed), or the JSON file of one record, told apart
 * by what they are, not by their names; hands it to `use` and closes it.
 *
 * @throws PlimsollError `file-not-found`, `file-unreadable`, `file-too-large`, `parse-failed`, `limit-exceeded`
 */
export async function withSource<T>(path: string, use: (source: RecordSource) => Promise<T>): Promise<T> {
  const name = basename(path);
  if (reading(path, () => statSync(path)).isDirectory()) {
    const sha256 = createHash('sha256');
    return await use({
      path,
      name,
      kind: 'collection',
      records: readFolder(path, sha256),
      sha256: () => sha256.digest('hex'),
    });
  }
  const { fd, size } = openFile(path);
  try {
    const source = fileReader(path, fd, size);
    const sha256 = () => hashFile(source);
    if (isArchive(source, name)) {
      if (size > ARCHIVE_LIMIT) throw tooLarge(path, ARCHIVE_LIMIT, size);
      return await use({ path, name, kind: 'collection', records: readZip(path, fd, size), sha256 });
    }
    if (size > RECORD_LIMIT) throw tooLarge(path, RECORD_LIMIT, size);
    return await use({
      path,
      name,
      kind: 'record',
      records: [{ name, bytes: source.read(0, size) }],
      sha256,
    });
  } finally {
    closeSync(fd);
  }
}

/** Every archive, an empty one too, begins with `PK`, and no JSON does. */
function isArchive(source: ByteReader, name: string): boolean {
  if (/\.zip$/i.test(name)) return true;
  return source.size >= 2 && source.read(0, 2).toString('latin1') === 'PK';
}

function* readFolder(root: string, sha256: Hash): Generator<RawRecord> {
  for (const { name, path, problem } of listFolder(root)) {
    const found = problem ?? readRecordFile(path);
    sha256.update(`${name}\0`);
    if (typeof found === 'string') {
      yield { name, problem: found };
      continue;
    }
    sha256.update(`${found.length}\0`).update(found);
    yield { name, bytes: found };
  }
}

interface FolderEntry {
  readonly name: string;
  readonly path: string;
  readonly problem?: string;
}

/** All `.json` files below, sorted by name relative to the root. */
function listFolder(root: string): FolderEntry[] {
  const found: FolderEntry[] = [];
  const todo = [{ path: root, name: '', depth: 0 }];
  for (let folder = todo.pop(); folder; folder = todo.pop()) {
    const { path, name: parent, depth } = folder;
    if (depth > DEPTH_LIMIT) throw tooMany(root, `folders at most ${DEPTH_LIMIT} deep`);
    for (const entry of reading(path, () => readdirSync(path, { withFileTypes: true }))) {
      const name = `${parent}${entry.name}`;
      const at = join(path, entry.name);
      if (entry.isDirectory()) todo.push({ path: at, name: `${name}/`, depth: depth + 1 });
      if (entry.isDirectory() || !/\.json$/i.test(entry.name)) continue;
      found.push({
        name,
        path: at,
        ...(entry.isFile() ? {} : { problem: 'expected a regular file, got another' }),
      });
    }
    if (found.length + todo.length > FILE_LIMIT) throw tooMany(root, `at most ${FILE_LIMIT} files`);
  }
  return found.sort((a, b) => compareText(a.name, b.name));
}

function readRecordFile(path: string): Buffer | string {
  try {
    const { fd, size } = openFile(path);
    try {
      if (size > RECORD_LIMIT) return `expected at most ${RECORD_LIMIT} bytes, got ${size}`;
      const bytes = Buffer.allocUnsafe(size);
      return bytes.subarray(0, readFully(fd, bytes, 0));
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    return `expected a readable file, got ${systemErrorCode(error instanceof PlimsollError ? error.cause : error)}`;
  }
}

/** Opens a regular file; anything else, such as a FIFO, is refused without waiting for it. */
function openFile(path: string): { fd: number; size: number } {
  const fd = reading(path, () => openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)));
  const stats = fstatSync(fd);
  if (stats.isFile()) return { fd, size: stats.size };
  closeSync(fd);
  throw new PlimsollError('file-unreadable', `${path}: expected a regular file, got another`, { file: path });
}

function hashFile(source: ByteReader): string {
  const sha256 = createHash('sha256');
  const step = 1024 * 1024;
  for (let at = 0; at < source.size; at += step)
    sha256.update(source.read(at, Math.min(step, source.size - at)));
  return sha256.digest('hex');
}

function reading<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const code = systemErrorCode(error);
    throw new PlimsollError(
      code === 'ENOENT' ? 'file-not-found' : 'file-unreadable',
      `${path}: expected an archive, a folder or a record, got ${code}`,
      { file: path, cause: error },
    );
  }
}

function tooLarge(path: string, limit: number, size: number): PlimsollError {
  return new PlimsollError('file-too-large', `${path}: expected at most ${limit} bytes, got ${size}`, {
    file: path,
  });
}

function tooMany(path: string, limit: string): PlimsollError {
  return new PlimsollError('limit-exceeded', `${path}: expected ${limit}, got more`, { file: path });
}
