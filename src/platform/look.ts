// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { compareText } from '../model/order.ts';
import { childPath } from './fs.ts';
import type { Place, Skip, WalkNote, WalkState } from './walk-state.ts';

/** Entries that are looked at in one directory that is left out. */
const LOOK_LIMIT = 10_000;

const REASONS = {
  excluded: 'excluded',
  'node-modules': 'installed packages are not read, their lock is',
  'virtual-environment': 'part of a virtual environment',
} as const satisfies Record<Skip['kind'], string>;

/** What a directory that is left out holds; `undefined` where there is nothing to tell. */
export async function lookInto(skip: Skip, state: WalkState): Promise<WalkNote | undefined> {
  const note = { path: skip.path, kind: skip.kind, message: REASONS[skip.kind] };
  if (skip.kind === 'node-modules') {
    return (await holdsPackages(skip, state)) ? { ...note, found: [] } : undefined;
  }
  const { found, cut } = await search(skip, state);
  if (found.length === 0 && !cut) return undefined;
  return { ...note, found: found.sort(compareText), ...(cut ? { cut } : {}) };
}

/** Packages are looked for by the names in the directory alone. */
async function holdsPackages(skip: Skip, state: WalkState): Promise<boolean> {
  const entries = await state.read(skip.osPath).catch(() => []);
  return entries.some(({ name }) => !name.startsWith('.') || name === '.package-lock.json');
}

interface Look {
  readonly found: string[];
  readonly cut: boolean;
}

async function search(skip: Skip, state: WalkState): Promise<Look> {
  const found: string[] = [];
  let left = Math.min(LOOK_LIMIT, state.lookBudget);
  const open: Place[] = [skip];
  for (let place = open.shift(); place !== undefined; place = open.shift()) {
    const directory = place;
    const entries = await state.read(directory.osPath).catch(() => []);
    for (const entry of entries.sort((a, b) => compareText(a.name, b.name))) {
      if (left === 0) return { found, cut: true };
      left -= 1;
      state.lookBudget -= 1;
      const child = {
        osPath: join(directory.osPath, entry.name),
        path: childPath(directory.path, entry.name),
      };
      if (!entry.isDirectory()) {
        if (state.options.wants(child.path)) found.push(child.path);
      } else if (entry.name !== '.git' && entry.name !== 'node_modules') open.push(child);
    }
  }
  return { found, cut: false };
}
