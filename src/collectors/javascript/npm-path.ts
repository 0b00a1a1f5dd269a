// SPDX-License-Identifier: Apache-2.0

// biome-ignore lint/suspicious/noControlCharactersInRegex: any character beyond ASCII may need normalising.
const NEEDS_WORK = /\\|(?:^|\/)\.{0,2}(?:\/|$)|^[A-Za-z]:|[^\x00-\x7f]/;

/**
 * A path of a lock in one spelling: `/` as separator (npm on Windows wrote `\`), no empty and `.` segments, `..`
 * only in front, NFC. `''` is the folder of the lock. `undefined` for an absolute path.
 */
export function normalizePath(path: string): string | undefined {
  if (!NEEDS_WORK.test(path)) return path;
  const slashed = path.replaceAll('\\', '/');
  if (slashed.startsWith('/') || /^[A-Za-z]:/.test(slashed)) return undefined;
  const segments: string[] = [];
  for (const segment of slashed.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..' && segments.length > 0 && segments.at(-1) !== '..') segments.pop();
    else segments.push(segment);
  }
  return segments.join('/').normalize('NFC');
}

/** `path` (normalised) seen from the folder above `folder`: `joinPath('a/b', '../c')` is `a/c`. */
export function joinPath(folder: string, path: string): string {
  if (folder === '') return path;
  if (path === '') return folder;
  return path.startsWith('..') ? (normalizePath(`${folder}/${path}`) ?? path) : `${folder}/${path}`;
}

/** The folder of a path, `''` at the top. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** `a` and `@scope/a`, the only names that npm installs; nothing that could leave `node_modules`. */
export function isInstallName(name: string): boolean {
  const slash = name.indexOf('/');
  const scoped = name.startsWith('@') && slash > 1;
  const base = scoped ? name.slice(slash + 1) : name;
  return base !== '' && base !== '.' && base !== '..' && !base.includes('/') && !name.includes('\\');
}

/** The name under which a normalised path is installed, `undefined` where it does not lie directly in a `node_modules`. */
export function installName(path: string): string | undefined {
  const at = path.lastIndexOf('node_modules/');
  if (at === -1 || (at > 0 && path[at - 1] !== '/')) return undefined;
  const name = path.slice(at + 'node_modules/'.length);
  return isInstallName(name) ? name : undefined;
}

/** The name that npm gives to a folder whose package.json has none. */
export function folderName(path: string): string {
  const segments = path.split('/');
  const scope = segments.at(-2);
  const base = segments.at(-1) ?? '';
  return scope?.startsWith('@') ? `${scope}/${base}` : base;
}
