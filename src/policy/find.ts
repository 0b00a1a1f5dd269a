// SPDX-License-Identifier: Apache-2.0
import { dirname, resolve } from 'node:path';
import { packageRoot } from '../platform/assets.ts';
import { createFileSource, isBelow, toModelPath } from '../platform/fs.ts';
import { type LoadedPolicy, loadPolicy } from './load.ts';

/**
 * The policy of a scan, from disk: `file` where one is given (it may lie outside the scanned tree, and then what
 * it extends lies beside it), else `plimsoll.yaml` of `root`, else the default policy. Both are OS paths, absolute
 * or relative to the working directory.
 *
 * @throws PlimsollError as {@link loadPolicy}
 */
export async function findPolicy(root: string, file?: string): Promise<LoadedPolicy> {
  const builtins = createFileSource(packageRoot());
  if (file === undefined) return loadPolicy({ root: createFileSource(root), builtins });
  const path = resolve(file);
  const base = isBelow(path, resolve(root)) ? resolve(root) : dirname(path);
  const name = toModelPath(path, base);
  return loadPolicy({ root: createFileSource(base), builtins, path: name });
}
