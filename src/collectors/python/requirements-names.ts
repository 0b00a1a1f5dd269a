// SPDX-License-Identifier: Apache-2.0
import type { Scope } from '../../model/inventory.ts';

/**
 * Whether pip would read a file of that name: `requirements.txt`, `*requirements*.txt`, any `.txt` below a folder
 * `requirements`, and `.in` of these. Names with `constraint` are read where `-c` names them, never for themselves.
 */
export function isRequirementsPath(path: string): boolean {
  const folders = path.toLowerCase().split('/');
  const name = folders.pop() ?? '';
  if (!/\.(?:txt|in)$/.test(name) || name.includes('constraint')) return false;
  return name.includes('requirements') || folders.includes('requirements');
}

/** The file that pip-compile or uv writes for a `.in`; `undefined` for other names. */
export function compiledPath(path: string): string | undefined {
  return /\.in$/i.test(path) ? `${path.slice(0, -3)}.txt` : undefined;
}

/**
 * What the requirements of a file are for, by the words of its name: `requirements-dev.txt`, `tests.txt` and
 * `lint-requirements.txt` are `dev`, `build-requirements.txt` is `build`, everything else `runtime`. Folders say
 * nothing: `docs/requirements.txt` may be the only file of a deployed site.
 */
function scopeOfName(path: string): Scope {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const words = name.replace(/\.(?:txt|in)$/, '').split(/[^a-z]+/);
  if (words.some((word) => DEV_WORDS.has(word))) return 'dev';
  return words.includes('build') ? 'build' : 'runtime';
}

/**
 * The scope of an included file: that of the root where the root is not for run time, since nothing else asks for
 * the file there; else by the file's own name.
 */
export function scopeWithin(root: string, path: string): Scope {
  const scope = scopeOfName(root);
  return scope === 'runtime' ? scopeOfName(path) : scope;
}

const DEV_WORDS = new Set([
  'ci',
  'dev',
  'develop',
  'development',
  'doc',
  'docs',
  'lint',
  'test',
  'testing',
  'tests',
]);
