// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * What lies below a folder: path, kind, mode and time of each entry, and the hash of each file. `except` names
 * entries of the folder that are left out.
 */
export function snapshot(root: string, except: readonly string[] = []): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(root, path);
    if (except.some((each) => name === each || name.startsWith(`${each}/`))) continue;
    const { mode, mtimeMs } = lstatSync(path);
    const content = entry.isFile()
      ? createHash('sha256').update(readFileSync(path)).digest('hex')
      : entry.isSymbolicLink()
        ? readlinkSync(path)
        : '';
    found.set(name, `${mode} ${mtimeMs} ${content}`);
  }
  return found;
}
