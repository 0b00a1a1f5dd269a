// SPDX-License-Identifier: Apache-2.0
import * as fs from 'node:fs';
import { join } from 'node:path';
import { PlimsollError } from '../../platform/errors.ts';
import { systemErrorCode } from '../../platform/fs.ts';

/** The calls by which a mirror is written, so that a test can make each of them fail. */
export type WriteFs = Pick<
  typeof fs,
  | 'closeSync'
  | 'copyFileSync'
  | 'fsyncSync'
  | 'linkSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readdirSync'
  | 'renameSync'
  | 'rmSync'
  | 'writeSync'
>;

export const systemFs: WriteFs = fs;

/** Writes a small file whole or not at all: beside it, fsynced, renamed over it, the directory fsynced. */
export function writeWhole(writeFs: WriteFs, directory: string, name: string, bytes: Buffer): void {
  const temporary = join(directory, `.${name}.tmp`);
  const fd = writeFs.openSync(temporary, 'w');
  try {
    writeAll(writeFs, fd, bytes);
    writeFs.fsyncSync(fd);
  } finally {
    writeFs.closeSync(fd);
  }
  writeFs.renameSync(temporary, join(directory, name));
  syncDirectory(writeFs, directory);
}

/** Writes all bytes; the system may take fewer at once. */
export function writeAll(writeFs: WriteFs, fd: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) {
    const written = writeFs.writeSync(fd, bytes, done, bytes.length - done);
    if (written === 0)
      throw new PlimsollError('output-failed', 'expected bytes to be written, got none written');
    done += written;
  }
}

/** A second name for a file that never changes, or a copy where the file system has no such names. */
export function linkOrCopy(writeFs: WriteFs, from: string, to: string): void {
  try {
    writeFs.linkSync(from, to);
  } catch (error) {
    if (!lacksLinks(error)) throw error;
    writeFs.copyFileSync(from, to);
  }
}

/** Whether a link failed because the file system has none, or no more of them. */
export function lacksLinks(error: unknown): boolean {
  return ['EPERM', 'EXDEV', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'].includes(systemErrorCode(error));
}

/** Makes the names in a directory durable. Windows cannot open one, and there it is left to the system. */
export function syncDirectory(writeFs: WriteFs, path: string): void {
  if (process.platform === 'win32') return;
  const fd = writeFs.openSync(path, 'r');
  try {
    writeFs.fsyncSync(fd);
  } finally {
    writeFs.closeSync(fd);
  }
}

/** Removes a file or directory; where that fails the next import does it. */
export function removeQuietly(writeFs: WriteFs, path: string): void {
  try {
    writeFs.rmSync(path, { recursive: true, force: true });
  } catch {
    // The caller has something better to say.
  }
}

/** The error to throw for one of the system: the mirror could not be written. All others pass. */
export function writeFailed(directory: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('errno' in error)) return error;
  const code = systemErrorCode(error);
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new PlimsollError('output-failed', `${directory}: expected to write the mirror, got ${code}`, {
    file: directory,
    hint: `${full ? 'free some disk space, or name another directory with --db' : 'name a directory that can be written with --db'}; the former data are still in use`,
    cause: error,
  });
}
