// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { closeSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { PlimsollError } from '../../platform/errors.ts';
import { openRegularFile } from './data-file.ts';
import { damaged } from './format.ts';
import { OVERLAY_PREFIX } from './manifest.ts';
import { openGeneration, readManifest } from './reader.ts';

/**
 * Reads a whole generation and compares every byte with the hashes of its manifest, and the manifest with `sha256`
 * where that is known.
 *
 * @returns what is wrong, a line per problem; nothing where all is well
 */
export function verifyGeneration(directory: string, sha256?: string): string[] {
  return problems(() => {
    const { manifest } = readManifest(directory, sha256);
    return [
      ...verifyFile(join(directory, 'index'), manifest.index.sha256),
      ...verifyFile(join(directory, 'records'), manifest.records.sha256),
      ...(manifest.overlay === undefined
        ? []
        : [
            ...verifyFile(join(directory, `${OVERLAY_PREFIX}index`), manifest.overlay.index.sha256),
            ...verifyFile(join(directory, `${OVERLAY_PREFIX}records`), manifest.overlay.records.sha256),
          ]),
      ...problems(() => {
        openGeneration(directory, sha256).close();
        return [];
      }),
    ];
  });
}

function verifyFile(file: string, sha256: string): string[] {
  return problems(() => {
    const fd = openRegularFile(file);
    if (fd === undefined) throw damaged(file, 'a file', 'nothing');
    try {
      const got = hashOf(fd);
      if (got !== sha256) throw damaged(file, `sha256 ${sha256}`, got);
      return [];
    } finally {
      closeSync(fd);
    }
  });
}

function hashOf(fd: number): string {
  const sha256 = createHash('sha256');
  const buffer = Buffer.allocUnsafe(1024 * 1024);
  for (let count = readSync(fd, buffer); count > 0; count = readSync(fd, buffer)) {
    sha256.update(buffer.subarray(0, count));
  }
  return sha256.digest('hex');
}

function problems(look: () => string[]): string[] {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    return [error.message];
  }
}
