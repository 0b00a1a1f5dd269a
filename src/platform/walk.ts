// SPDX-License-Identifier: Apache-2.0
import type { Dirent } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compareKeys, compareText } from '../model/order.ts';
import { PlimsollError, throwIfAborted } from './errors.ts';
import { childPath, fileType, isBelow, locate, realRoot, systemErrorCode, toModelPath } from './fs.ts';
import { followLink } from './links.ts';
import { lookInto } from './look.ts';
import {
  ENTRY_LIMIT,
  newState,
  type Place,
  type TreeWalk,
  type WalkOptions,
  type WalkState,
} from './walk-state.ts';

/**
 * Walks the tree below `root` (an OS path) once, level by level. `.git` and `node_modules` are not entered, nor
 * the packages of a virtual environment (below a `pyvenv.cfg`), nor links to directories: their target
 * is walked under its own name. What is left out is looked into just enough to say what it holds.
 * @throws PlimsollError `file-not-found` for a start that does not exist, `path-outside-root`, `aborted`
 */
export async function walkTree(root: string, options: WalkOptions): Promise<TreeWalk> {
  const state = newState(await realRoot(root), options);
  let level = await enterStarts(state);
  while (level.length > 0 && !state.full) level = await walkLevel(level, state);
  for (const link of state.links.sort((a, b) => compareText(a.path, b.path))) await followLink(link, state);
  for (const skip of state.skips.sort((a, b) => compareText(a.path, b.path))) {
    throwIfAborted(options.signal);
    const note = await lookInto(skip, state);
    if (note !== undefined) state.notes.push(note);
  }
  const files = [...state.files].sort(compareText);
  return {
    files,
    nearby: [...state.nearby].filter((path) => !state.files.has(path)).sort(compareText),
    notes: state.notes.sort((a, b) => compareKeys([a.path, a.kind], [b.path, b.kind])),
  };
}

/** The directories to begin with; files among the starts are taken at once. */
async function enterStarts(state: WalkState): Promise<Place[]> {
  const directories: Place[] = [];
  for (const start of [...new Set(state.options.starts ?? ['.'])].sort(compareText)) {
    const osPath = await locate(state.root, start);
    if (osPath === undefined) {
      throw new PlimsollError('file-not-found', `${start}: expected a file or directory, got nothing`);
    }
    const place = { osPath, path: toModelPath(osPath, state.root) };
    const stats = await stat(osPath);
    await noteNearby(stats.isDirectory() ? osPath : join(osPath, 'file'), state);
    if (stats.isDirectory()) {
      if (excludesAllOf(place.path, state)) leaveOut(place, true, state);
      else directories.push(place);
    } else if (state.options.excludes?.(place.path)) leaveOut(place, false, state);
    else if (stats.isFile()) state.files.add(place.path);
    else noteSpecial(place, fileType(stats), state);
  }
  return directories;
}

/** Lists the directories from above `osPath` up to the root: a lock or a workspace may stand there. */
async function noteNearby(osPath: string, state: WalkState): Promise<void> {
  for (let at = osPath; at !== state.root; ) {
    at = dirname(at);
    if (!isBelow(at, state.root)) return;
    const entries = await state.read(at).catch(() => []);
    for (const entry of entries) {
      const path = childPath(toModelPath(at, state.root), entry.name);
      if (!entry.isDirectory() && state.options.wants(path)) state.nearby.add(path);
    }
  }
}

async function walkLevel(level: readonly Place[], state: WalkState): Promise<Place[]> {
  const concurrency = Math.min(Math.max(state.options.concurrency ?? 8, 1), 8);
  const next: Place[] = [];
  for (let i = 0; i < level.length; i += concurrency) {
    throwIfAborted(state.options.signal);
    const batch = level.slice(i, i + concurrency);
    const listings = await Promise.all(batch.map((place) => list(place, state)));
    // Judged in the order of the level, so that the answers' order of arrival shows nowhere.
    for (const [n, place] of batch.entries()) {
      // Two starts, one below the other, reach a directory twice.
      if (state.full || state.walked.has(place.path)) continue;
      state.walked.add(place.path);
      const listing = listings[n];
      if (Array.isArray(listing)) await visit(place, listing, next, state);
      else noteUnreadable(place.path, listing, state);
    }
    if (state.full) break;
  }
  return next;
}

/** The entries of a directory, or the error. */
async function list(place: Place, state: WalkState): Promise<Dirent[] | Error> {
  try {
    const entries = await state.read(place.osPath);
    return entries.sort((a, b) => compareText(a.name, b.name));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function visit(directory: Place, entries: readonly Dirent[], next: Place[], state: WalkState) {
  const names = new Set(entries.map((entry) => entry.name));
  const besideMarker = names.has('pyvenv.cfg');
  const inEnvironment = besideMarker || directory.inEnvironment === true;
  for (const entry of entries) {
    if (state.budget === 0) return noteLimit(directory.path, state);
    state.budget -= 1;
    const { name } = entry;
    const place = {
      osPath: join(directory.osPath, name),
      path: childPath(directory.path, name),
      inEnvironment,
    };
    const nfc = name.normalize('NFC');
    if (name !== nfc && names.has(nfc)) {
      noteName(place, entry, 'one that another file has after Unicode normalisation', state);
    } else if (name.includes('\uFFFD') && !(await exists(place.osPath))) {
      noteName(place, entry, 'one that is not UTF-8', state);
    } else if (entry.isDirectory()) visitDirectory(place, name, besideMarker, next, state);
    else visitFile(place, entry, state);
    names.add(nfc);
  }
}

function visitDirectory(place: Place, name: string, besideMarker: boolean, next: Place[], state: WalkState) {
  if (name === '.git') return;
  if (name === 'node_modules') state.skips.push({ ...place, kind: 'node-modules' });
  else if (excludesAllOf(place.path, state)) leaveOut(place, true, state);
  else if (isEnvironmentFolder(place, name, besideMarker)) {
    state.skips.push({ ...place, kind: 'virtual-environment' });
  } else next.push(place);
}

/**
 * Where an installer puts packages in a virtual environment. The rest of one is walked: a `pyvenv.cfg` dropped
 * beside a manifest must not hide it.
 */
function isEnvironmentFolder(place: Place, name: string, besideMarker: boolean): boolean {
  return name === 'share' ? besideMarker : name === 'site-packages' && place.inEnvironment === true;
}

function visitFile(place: Place, entry: Dirent, state: WalkState): void {
  if (entry.isSymbolicLink()) {
    if (!state.options.excludes?.(place.path)) state.links.push(place);
    else if (state.options.wants(place.path)) leaveOut(place, false, state);
    return;
  }
  if (!state.options.wants(place.path)) return;
  if (state.options.excludes?.(place.path)) leaveOut(place, false, state);
  else if (entry.isFile()) state.files.add(place.path);
  else noteSpecial(place, fileType(entry), state);
}

/**
 * A glob like `dir/**` names what lies in a directory. All of it is left out if names that nothing has would be, a
 * short and a long one, so that `dir/?` does not count.
 */
function excludesAllOf(directory: string, state: WalkState): boolean {
  const { excludes } = state.options;
  return excludes !== undefined && PROBES.every((name) => excludes(childPath(directory, name)));
}

const PROBES = ['\0', '\0'.repeat(300)];

function leaveOut(place: Place, isDirectory: boolean, state: WalkState): void {
  if (isDirectory) state.skips.push({ ...place, kind: 'excluded' });
  else state.notes.push({ path: place.path, kind: 'excluded', message: 'excluded', found: [place.path] });
}

/**
 * A name that is not UTF-8 reads as one with U+FFFD in it, by which nothing can be opened. A directory of such a
 * name could hold anything; a file matters if it is wanted.
 */
function noteName(place: Place, entry: Dirent, got: string, state: WalkState): void {
  const wanted = state.options.wants(place.path);
  if (entry.isFile() && !wanted) return;
  const message = `expected a name of its own in UTF-8, got ${got}`;
  state.notes.push({ path: place.path, kind: 'name-not-usable', message, found: wanted ? [place.path] : [] });
}

async function exists(osPath: string): Promise<boolean> {
  return lstat(osPath).then(
    () => true,
    () => false,
  );
}

function noteLimit(path: string, state: WalkState): void {
  state.full = true;
  const limit = state.options.entryLimit ?? ENTRY_LIMIT;
  const message = `expected at most ${limit} entries in the tree, got more: the walk ended here`;
  state.notes.push({ path, kind: 'limit', message, found: [] });
}

function noteSpecial(place: Place, type: string, state: WalkState): void {
  const message = `expected a regular file, got ${type}`;
  state.notes.push({ path: place.path, kind: 'special-file', message, found: [place.path] });
}

function noteUnreadable(path: string, error: unknown, state: WalkState): void {
  const message = `expected a readable directory, got ${systemErrorCode(error)}`;
  state.notes.push({ path, kind: 'unreadable', message, found: [] });
}
