// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import { PlimsollError } from '../../platform/errors.ts';
import { DATA_FILE_LIMIT } from './format.ts';
import { type WriteFs, writeAll } from './write-fs.ts';

/** A file that only grows; appends are gathered, and can be read back at once. */
export interface OutputFile {
  /** Appends bytes and says where they begin. @throws PlimsollError `limit-exceeded` */
  append(bytes: Uint8Array): number;
  /** Bytes so far. */
  size(): number;
  /** Reads back what was appended: `length` bytes from `at` into `target`. */
  read(at: number, length: number, target: Buffer, offset: number): void;
  /** Writes what is left and fsyncs. */
  finish(): { readonly sha256: string; readonly size: number };
  /** May be called at any time, and twice. */
  close(): void;
}

const BUFFER_BYTES = 1024 * 1024;

export function createOutput(writeFs: WriteFs, path: string, limit: number = DATA_FILE_LIMIT): OutputFile {
  const fd = writeFs.openSync(path, 'wx+');
  const sha256 = createHash('sha256');
  const pending = Buffer.allocUnsafe(BUFFER_BYTES);
  let held = 0;
  let written = 0;
  let open = true;

  function write(bytes: Buffer): void {
    writeAll(writeFs, fd, bytes);
    sha256.update(bytes);
    written += bytes.length;
  }
  function flush(): void {
    if (held === 0) return;
    write(pending.subarray(0, held));
    held = 0;
  }

  return {
    append(bytes) {
      const at = written + held;
      if (at + bytes.length > limit) {
        throw new PlimsollError('limit-exceeded', `${path}: expected at most ${limit} bytes, got more`);
      }
      if (held + bytes.length > BUFFER_BYTES) flush();
      if (bytes.length >= BUFFER_BYTES) write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
      else {
        pending.set(bytes, held);
        held += bytes.length;
      }
      return at;
    },
    size: () => written + held,
    read(at, length, target, offset) {
      if (at + length > written) flush();
      for (let done = 0; done < length; ) {
        const count = readSync(fd, target, offset + done, length - done, at + done);
        if (count === 0)
          throw new PlimsollError('output-failed', `${path}: expected ${length} bytes, got fewer`);
        done += count;
      }
    },
    finish() {
      flush();
      writeFs.fsyncSync(fd);
      return { sha256: sha256.digest('hex'), size: written };
    },
    close() {
      if (!open) return;
      open = false;
      writeFs.closeSync(fd);
    },
  };
}
