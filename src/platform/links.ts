// SPDX-License-Identifier: Apache-2.0
import { realpath, stat } from 'node:fs/promises';
import { isBelow, systemErrorCode, toModelPath } from './fs.ts';
import type { Place, WalkNoteKind, WalkState } from './walk-state.ts';

/**
 * Judges one symbolic link after the walk. A wanted link to a file in the tree counts as that file, unless the file
 * is wanted under its own name. Nothing is read through a link that leaves the tree.
 */
export async function followLink(link: Place, state: WalkState): Promise<void> {
  const wanted = state.options.wants(link.path);
  const target = await resolveLink(link, state);
  if (target.kind !== 'in-tree') {
    if (wanted || target.isDirectory) note(link, target.kind, target.message, wanted, state);
  } else if (target.isFile) {
    if (!wanted) return;
    if (state.files.has(target.path)) state.nearby.add(link.path);
    else state.files.add(link.path);
  } else if (!target.isDirectory) {
    if (wanted) note(link, 'special-file', 'expected a regular file, got a special one', true, state);
  } else if (target.path === '.' || `${link.path}/`.startsWith(`${target.path}/`)) {
    note(link, 'link-loop', 'a symbolic link to a directory above it', false, state);
  } else if (!state.walked.has(target.path)) {
    note(link, 'link-not-followed', 'a symbolic link to a directory that was not walked', false, state);
  }
}

type Target =
  | {
      readonly kind: 'in-tree';
      readonly path: string;
      readonly isFile: boolean;
      readonly isDirectory: boolean;
    }
  | {
      readonly kind: 'link-outside' | 'link-broken' | 'link-loop';
      readonly message: string;
      readonly isDirectory: boolean;
    };

async function resolveLink(link: Place, state: WalkState): Promise<Target> {
  try {
    const real = await realpath(link.osPath);
    const stats = await stat(real);
    const isDirectory = stats.isDirectory();
    if (isBelow(real, state.root)) {
      return { kind: 'in-tree', path: toModelPath(real, state.root), isFile: stats.isFile(), isDirectory };
    }
    const message = 'expected a file of the tree, got a symbolic link out of it';
    return { kind: 'link-outside', message, isDirectory };
  } catch (error) {
    const code = systemErrorCode(error);
    const message = `expected a link to a readable file, got ${code}`;
    // A link into itself can be neither file nor directory, and is told of all the same.
    return { kind: code === 'ELOOP' ? 'link-loop' : 'link-broken', message, isDirectory: code === 'ELOOP' };
  }
}

function note(link: Place, kind: WalkNoteKind, message: string, wanted: boolean, state: WalkState): void {
  state.notes.push({ path: link.path, kind, message, found: wanted ? [link.path] : [] });
}
