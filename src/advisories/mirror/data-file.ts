// SPDX-License-Identifier: Apache-2.0
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { systemErrorCode } from '../../platform/fs.ts';
import { readExactly } from './byte-reader.ts';
import {
  checkDirectory,
  type DataFileKind,
  type Directory,
  damaged,
  decodeDirectory,
  decodeFrame,
  HEADER_BYTES,
  TRAILER_BYTES,
} from './format.ts';
import type { DataFile } from './manifest.ts';

/** An open index or records file. */
export interface OpenDataFile {
  readonly file: string;
  readonly count: number;
  readonly blocks: number;
  readonly directory: Directory;
  /** The data between two positions that the directory gives. @throws PlimsollError `data-damaged` */
  read(at: number, end: number): Buffer;
  close(): void;
}

const SMALL_FILE_LIMIT = 16 * 1024 * 1024;

/**
 * Opens a data file and checks its size, header, trailer and directory.
 * @throws PlimsollError `data-damaged`
 */
export function openDataFile(kind: DataFileKind, file: string, expected: DataFile): OpenDataFile {
  const fd = openRegularFile(file);
  if (fd === undefined) throw damaged(file, `a plimsoll ${kind} file`, 'nothing');
  try {
    const { size } = fstatSync(fd);
    if (size !== expected.size) throw damaged(file, `${expected.size} bytes`, String(size));
    if (size < HEADER_BYTES + TRAILER_BYTES) throw damaged(file, 'a header and a trailer', `${size} bytes`);
    const header = readAt(file, fd, 0, HEADER_BYTES);
    const trailer = readAt(file, fd, size - TRAILER_BYTES, TRAILER_BYTES);
    const { count, blocks, directoryAt, directoryChecksum } = decodeFrame(kind, file, {
      header,
      trailer,
      size,
    });
    if (count !== expected.count) throw damaged(file, `${expected.count} entries`, String(count));
    const directory = readAt(file, fd, directoryAt, size - TRAILER_BYTES - directoryAt);
    checkDirectory(file, directory, directoryChecksum);
    return {
      file,
      count,
      blocks,
      directory: decodeDirectory(directory),
      read(at, end) {
        if (at < HEADER_BYTES || end < at || end > directoryAt) {
          throw damaged(file, 'data before the directory', `bytes ${at} to ${end}`);
        }
        return readAt(file, fd, at, end - at);
      },
      close: () => closeSync(fd),
    };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** The bytes of `manifest.json` and the like, `undefined` where there is none. @throws PlimsollError `data-damaged` */
export function readSmallFile(file: string): Buffer | undefined {
  const fd = openRegularFile(file);
  if (fd === undefined) return undefined;
  try {
    const { size } = fstatSync(fd);
    if (size > SMALL_FILE_LIMIT) throw damaged(file, `at most ${SMALL_FILE_LIMIT} bytes`, String(size));
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** `undefined` where nothing exists. @throws PlimsollError `data-damaged` */
export function openRegularFile(file: string): number | undefined {
  let fd: number;
  try {
    // Without O_NONBLOCK a FIFO in the place of a file would hold the reader for ever.
    fd = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw damaged(file, 'a readable file', code, error);
  }
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw damaged(file, 'a regular file', 'another');
}

function readAt(file: string, fd: number, at: number, length: number): Buffer {
  return readExactly(file, fd, at, length, damaged);
}
