// SPDX-License-Identifier: Apache-2.0
import { readSync } from 'node:fs';
import { parseError } from '../../platform/errors.ts';
import { systemErrorCode } from '../../platform/fs.ts';

/** Random access to the bytes of a file. */
export interface ByteReader {
  readonly size: number;
  /** `length` bytes from `at`. @throws PlimsollError `parse-failed` beyond the end */
  read(at: number, length: number): Buffer;
}

export function fileReader(file: string, fd: number, size: number): ByteReader {
  return {
    size,
    read(at, length) {
      const bytes = Buffer.allocUnsafe(length);
      fill(file, fd, bytes, at);
      return bytes;
    },
  };
}

const WINDOW_BYTES = 1024 * 1024;

/**
 * The same for a reader that goes through a file from its start to its end: reads ahead. The bytes are valid until
 * the next call.
 */
export function windowReader(file: string, fd: number, size: number): ByteReader {
  const far = fileReader(file, fd, size);
  const window = Buffer.allocUnsafe(Math.min(WINDOW_BYTES, size));
  let start = 0;
  let held = 0;
  return {
    size,
    read(at, length) {
      if (length > window.length) return far.read(at, length);
      if (at < start || at + length > start + held) {
        start = at;
        held = Math.max(length, Math.min(window.length, size - at));
        fill(file, fd, window.subarray(0, held), at);
      }
      return window.subarray(at - start, at - start + length);
    },
  };
}

function fill(file: string, fd: number, target: Buffer, at: number): void {
  if (readFully(fd, target, at) < target.length) {
    throw parseError(
      file,
      undefined,
      `expected ${target.length} bytes at byte ${at}, got the end of the file`,
    );
  }
}

/** Fills the buffer from position `at` of the file; fewer bytes only at its end. */
export function readFully(fd: number, target: Buffer, at: number): number {
  let done = 0;
  while (done < target.length) {
    const count = readSync(fd, target, done, target.length - done, at + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

/** The error for a file that is not what it should be. */
type Damaged = (file: string, expected: string, got: string, cause?: unknown) => Error;

/** `length` bytes from position `at` of the file. @throws what `damaged` makes, where they are not all there */
export function readExactly(file: string, fd: number, at: number, length: number, damaged: Damaged): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let done: number;
  try {
    done = readFully(fd, bytes, at);
  } catch (error) {
    throw damaged(file, `${length} bytes at byte ${at}`, systemErrorCode(error), error);
  }
  if (done < length) throw damaged(file, `${length} bytes at byte ${at}`, 'the end of the file');
  return bytes;
}
