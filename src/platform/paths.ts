// SPDX-License-Identifier: Apache-2.0
import nodePath, { type PlatformPath } from 'node:path';
import { PlimsollError } from './errors.ts';

/**
 * An OS path as it stands in the model: relative to `root` (`.` for the root itself), `/`-separated, NFC.
 * A relative `osPath` is taken as relative to `root`.
 * @throws PlimsollError `path-outside-root`
 */
export function toModelPath(osPath: string, root: string, pathApi: PlatformPath = nodePath): string {
  const base = pathApi.resolve(root);
  const relative = pathApi.relative(base, pathApi.resolve(base, osPath));
  if (leaves(relative, pathApi)) throw outsideRoot(osPath);
  return relative === '' ? '.' : relative.split(pathApi.sep).join('/').normalize('NFC');
}

/**
 * The OS path of a model path below `root`. `..` is resolved by the text alone.
 * @throws PlimsollError `path-outside-root`
 */
export function fromModelPath(path: string, root: string, pathApi: PlatformPath = nodePath): string {
  // On Windows a backslash, a drive letter or an alternate stream would smuggle in another path.
  const smuggles = pathApi.sep === '\\' && /[\\:]/.test(path);
  if (path.includes('\0') || path.startsWith('/') || smuggles) throw outsideRoot(path);
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) throw outsideRoot(path);
  }
  return pathApi.join(root, ...segments);
}

/** The model path of an entry of a directory. */
export function childPath(directory: string, name: string): string {
  const child = name.normalize('NFC');
  return directory === '.' ? child : `${directory}/${child}`;
}

/** Whether a real path is `root` or lies below it. */
export function isBelow(real: string, root: string, pathApi: PlatformPath = nodePath): boolean {
  return !leaves(pathApi.relative(root, real), pathApi);
}

/** The `code` of a system error, e.g. `EACCES`; the name of anything else. */
export function systemErrorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function leaves(relative: string, pathApi: PlatformPath): boolean {
  return relative === '..' || relative.startsWith(`..${pathApi.sep}`) || pathApi.isAbsolute(relative);
}

/** The error of a path that leaves the scan root. */
export function outsideRoot(path: string): PlimsollError {
  return new PlimsollError(
    'path-outside-root',
    `${path}: expected a path below the scan root, got one that leaves it`,
  );
}
