// SPDX-License-Identifier: Apache-2.0
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, readdir, realpath } from 'node:fs/promises';
import nodePath from 'node:path';
import { PlimsollError } from './errors.ts';
import { fromModelPath, isBelow, outsideRoot, systemErrorCode } from './paths.ts';

export { childPath, fromModelPath, isBelow, systemErrorCode, toModelPath } from './paths.ts';
export { writeFileAtomic } from './write.ts';

/** Bytes that are read of one file at most; no lock of a real project comes near. */
const DEFAULT_READ_LIMIT = 128 * 1024 * 1024;

/** Files below one directory; paths are model paths: relative to it, `/`-separated, NFC. */
export interface RootedFiles {
  /**
   * The bytes of a regular file, `undefined` where none exists.
   * @throws PlimsollError `file-too-large`, `file-unreadable`, `path-outside-root`
   */
  read(path: string): Promise<Uint8Array | undefined>;
}

/**
 * Reads files below `root` (an OS path). A path that leaves the root is refused, also where a symbolic link leads
 * out of it; anything but a regular file is refused without waiting for it.
 */
export function createFileSource(root: string, options: { limit?: number } = {}): RootedFiles {
  const limit = options.limit ?? DEFAULT_READ_LIMIT;
  let real: Promise<string> | undefined;
  return {
    async read(path) {
      real ??= realRoot(root);
      const located = await locate(await real, path);
      return located === undefined ? undefined : await readRegularFile(located, path, limit);
    },
  };
}

/** The root itself, symbolic links resolved. @throws PlimsollError `file-not-found`, `file-unreadable` */
export async function realRoot(root: string): Promise<string> {
  const real = await realpathOrUndefined(root, root);
  if (real === undefined)
    throw new PlimsollError('file-not-found', `${root}: expected a directory, got nothing`);
  return real;
}

/**
 * The real OS path of a model path, `undefined` where nothing exists. `root` is a real path.
 * @throws PlimsollError `path-outside-root`, `file-unreadable`
 */
export async function locate(root: string, path: string): Promise<string | undefined> {
  const osPath = fromModelPath(path, root);
  const real = (await realpathOrUndefined(osPath, path)) ?? (await locateUnnormalized(root, path));
  if (real !== undefined && !isBelow(real, root)) throw outsideRoot(path);
  return real;
}

async function realpathOrUndefined(osPath: string, shown: string): Promise<string | undefined> {
  try {
    return await realpath(osPath);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unreadable(shown, code, error);
  }
}

/** Model paths are NFC, names on disk need not be: looks each segment up in its directory. */
async function locateUnnormalized(root: string, path: string): Promise<string | undefined> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: asks for ASCII, where NFC changes nothing
  if (/^[\x00-\x7f]*$/.test(path)) return undefined;
  const wanted = nodePath.relative(root, fromModelPath(path, root)).split(nodePath.sep);
  let at = root;
  for (const segment of wanted) {
    const names = await readdir(at).catch((): string[] => []);
    const name = names.includes(segment) ? segment : names.sort().find((n) => n.normalize('NFC') === segment);
    if (name === undefined) return undefined;
    at = nodePath.join(at, name);
  }
  return realpathOrUndefined(at, path);
}

async function readRegularFile(osPath: string, path: string, limit: number): Promise<Uint8Array | undefined> {
  // Without O_NONBLOCK, opening a FIFO waits for a writer that never comes. Windows has neither flag.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
  let file: FileHandle;
  try {
    file = await open(osPath, flags);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT') return undefined;
    throw unreadable(path, code, error);
  }
  try {
    const stats = await file.stat();
    if (!stats.isFile()) {
      throw new PlimsollError('file-unreadable', `${path}: expected a regular file, got ${fileType(stats)}`);
    }
    return await readBounded(file, stats.size, path, limit);
  } catch (error) {
    throw error instanceof PlimsollError ? error : unreadable(path, systemErrorCode(error), error);
  } finally {
    await file.close();
  }
}

/**
 * All of an open file, in one piece. The size is only a hint: a file can grow while it is read, and files of some file
 * systems say 0. `path` is what it is called in errors.
 * @throws PlimsollError `file-too-large`: more bytes than `limit`
 */
export async function readBounded(
  file: FileHandle,
  size: number,
  path: string,
  limit: number,
): Promise<Uint8Array> {
  let buffer = Buffer.allocUnsafe(Math.min(size, limit) + 1);
  let length = 0;
  while (length <= limit) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
    if (bytesRead === 0) return buffer.subarray(0, length);
    length += bytesRead;
    if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(length * 2, limit) + 1);
  }
  throw new PlimsollError('file-too-large', `${path}: expected at most ${limit} bytes, got more`);
}

/** In the words of an error message: `a directory`. */
export function fileType(
  stats: Pick<Stats, 'isDirectory' | 'isFIFO' | 'isSocket' | 'isCharacterDevice'>,
): string {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  return stats.isCharacterDevice() ? 'a character device' : 'a block device';
}

function unreadable(path: string, code: string, cause: unknown): PlimsollError {
  return new PlimsollError('file-unreadable', `${path}: expected a readable file, got ${code}`, { cause });
}
