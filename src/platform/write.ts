// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { type FileHandle, lstat, open, realpath, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PlimsollError } from './errors.ts';
import { systemErrorCode } from './paths.ts';

const BATCH = 512 * 1024;
/** Of a UTF-16 code unit in UTF-8. */
const MAX_BYTES = 3;

/**
 * Writes a file whole or not at all: beside it, fsynced, renamed over it. A link is written through; what is not a
 * regular file (`/dev/stdout`, a FIFO) is written to as it is. `path` is an OS path whose directory exists.
 * No chunk ends within a character.
 * @throws PlimsollError `output-failed`; a failed write leaves the former file as it was. What `chunks` throws is
 * passed on.
 */
export async function writeFileAtomic(path: string, chunks: Iterable<string>): Promise<void> {
  const target = await failing(path, () => resolveTarget(path));
  if (target.special) {
    const file = await failing(path, () => open(target.path, 'w'));
    await writeAndClose(file, path, chunks, false);
    return;
  }
  const temporary = join(
    dirname(target.path),
    `.${basename(target.path)}.${randomBytes(6).toString('hex')}.tmp`,
  );
  const file = await failing(path, () => open(temporary, 'wx', target.mode));
  try {
    await writeAndClose(file, path, chunks, true);
    await failing(path, () => rename(temporary, target.path));
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncDirectory(dirname(target.path));
}

interface Target {
  readonly path: string;
  readonly special: boolean;
  readonly mode: number;
}

async function resolveTarget(path: string): Promise<Target> {
  const fresh = { path, special: false, mode: 0o666 };
  try {
    const real = await realpath(path);
    const stats = await lstat(real);
    return { path: real, special: !stats.isFile(), mode: stats.mode & 0o777 };
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return fresh;
    throw error;
  }
}

async function writeAndClose(file: FileHandle, path: string, chunks: Iterable<string>, sync: boolean) {
  try {
    // One batch is written while the next is made in the other buffer.
    let [filling, writing] = [Buffer.allocUnsafe(BATCH), Buffer.allocUnsafe(BATCH)];
    let length = 0;
    let written = Promise.resolve();
    const write = async (bytes: Uint8Array) => {
      await written;
      written = failing(path, () => file.writeFile(bytes));
      // Told of when it is waited for, unless what makes the chunks fails before.
      written.catch(() => {});
    };
    for (const chunk of chunks) {
      const most = chunk.length * MAX_BYTES;
      if (length + most > BATCH) {
        await write(filling.subarray(0, length));
        [filling, writing, length] = [writing, filling, 0];
      }
      if (most > BATCH) await write(Buffer.from(chunk));
      else length += filling.write(chunk, length);
    }
    await write(filling.subarray(0, length));
    await written;
    if (sync) await failing(path, () => file.sync());
  } finally {
    await file.close();
  }
}

/** Makes the rename itself durable; Windows cannot open a directory, and there it is left to the system. */
async function syncDirectory(path: string): Promise<void> {
  try {
    const directory = await open(path, 'r');
    await directory.sync().finally(() => directory.close());
  } catch {
    // The content is complete either way.
  }
}

async function failing<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw new PlimsollError('output-failed', `${path}: expected to write it, got ${systemErrorCode(error)}`, {
      cause: error,
    });
  }
}
