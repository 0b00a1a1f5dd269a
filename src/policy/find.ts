// SPDX-License-Identifier: Apache-2.0
import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { packageRoot } from '../platform/assets.ts';
import { PlimsollError } from '../platform/errors.ts';
import {
  createFileSource,
  fromModelPath,
  isBelow,
  type RootedFiles,
  realRoot,
  toModelPath,
} from '../platform/fs.ts';
import { findRepositoryRoot } from '../platform/repository.ts';
import { defaultPolicy } from './default.ts';
import type { LoadedPolicy } from './loaded.ts';
import { type LoadPolicyOptions, locatePolicy } from './locate.ts';

/**
 * The policy of a scan, from disk: `file` where one is given, else `plimsoll.yaml` of `root` or of the nearest
 * directory above it up to the root of the repository, else the default policy. Outside a repository nothing above
 * `root` is looked at. `file` may lie outside the repository, and then what it extends lies beside it. Both are OS
 * paths, absolute or relative to the working directory.
 *
 * @throws PlimsollError as `loadPolicy`
 */
export async function findPolicy(root: string, file?: string): Promise<LoadedPolicy> {
  const builtins = createFileSource(packageRoot());
  const scanRoot = await realRoot(root);
  const tree = findRepositoryRoot(scanRoot) ?? scanRoot;
  const within = { builtins, root: policyFiles(tree), scanRoot: toModelPath(scanRoot, tree) };
  if (file === undefined) {
    return (await locatePolicy(within)) === undefined ? defaultPolicy(within.scanRoot) : load(within);
  }
  const path = await realPlace(file);
  if (isBelow(path, tree)) return load({ ...within, path: toModelPath(path, tree) });
  return load({ builtins, root: policyFiles(dirname(path)), path: basename(path) });
}

/** The files of a tree; what is there and cannot be read is no reason to take another policy. */
function policyFiles(root: string): RootedFiles {
  const files = createFileSource(root);
  return {
    async read(path) {
      const bytes = await files.read(path).catch((error: unknown) => {
        if (!(error instanceof PlimsollError) || error.code !== 'file-unreadable') throw error;
        throw new PlimsollError('policy-invalid', error.message, { file: path, cause: error });
      });
      if (bytes === undefined && (await isLink(fromModelPath(path, root))))
        throw new PlimsollError('policy-invalid', `${path}: expected a policy file, got a link to nothing`, {
          file: path,
        });
      return bytes;
    },
  };
}

async function isLink(path: string): Promise<boolean> {
  return await lstat(path).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
}

/** The readers of YAML and of the schema are loaded for a policy of one's own only. */
async function load(options: LoadPolicyOptions): Promise<LoadedPolicy> {
  const { loadPolicy } = await import('./load.ts');
  return loadPolicy(options);
}

/** Where the file stands: links on the way are resolved, one in its place is not. */
async function realPlace(file: string): Promise<string> {
  const path = resolve(file);
  const directory = await realpath(dirname(path)).catch(() => dirname(path));
  return join(directory, basename(path));
}
