// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlimsollError } from './errors.ts';

let root: string | undefined;

/**
 * The directory of plimsoll's own package, where `policies/` and `data/` lie; the same from `src/`, from the
 * library in `lib/` and from the bundle in `dist/`, which differ in depth.
 */
export function packageRoot(): string {
  root ??= findRoot(dirname(fileURLToPath(import.meta.url)));
  return root;
}

function findRoot(from: string): string {
  for (let dir = from, up = dirname(dir); ; dir = up, up = dirname(dir)) {
    if (existsSync(join(dir, 'policies', 'default.yaml'))) return dir;
    if (up === dir)
      throw new PlimsollError(
        'file-not-found',
        'expected policies/default.yaml beside the program, found none',
      );
  }
}
