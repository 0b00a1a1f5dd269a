// SPDX-License-Identifier: Apache-2.0
import type { LockNode } from './lock-node.ts';

/** What `require` finds from the folder of one entry: in its own `node_modules` first, then upward. */
export type Find = (name: string) => LockNode | undefined;

/**
 * Calls `visit` for each entry that is no link, outer folders first. `isTop`: it does not lie in the `node_modules` of
 * another entry, as the root, workspace members and other link targets do not. Returns the entry in whose folder each
 * nested one lies, at any depth; what lies in no folder but the root's is left out.
 *
 * Linear: names are not looked for upward one by one; those in sight are kept as a scope during the walk.
 */
export function walkTree(
  nodes: Iterable<LockNode>,
  visit: (node: LockNode, find: Find, isTop: boolean) => void,
): Map<LockNode, LockNode> {
  const parents = new Map<LockNode, LockNode>();
  const visible = new Map<string, Scope>();
  const find: Find = (name) => visible.get(name)?.node;
  const open: Step[] = buildFolders(nodes).map((folder) => ({ folder, owner: undefined }));
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    if ('leave' in step) {
      leaveScope(step.leave, visible);
      continue;
    }
    const { folder, owner } = step;
    const { node } = folder;
    if (node !== undefined && owner !== undefined && owner.path !== '') parents.set(node, owner);
    const isEntered = node !== undefined && node.link === undefined;
    if (isEntered) {
      const names = enterScope(folder, visible);
      if (names.length > 0) open.push({ leave: names });
      visit(node, find, !folder.isDependency);
    }
    for (const inner of folder.folders?.values() ?? [])
      open.push({ folder: inner, owner: isEntered ? node : owner });
  }
  return parents;
}

interface Folder {
  node: LockNode | undefined;
  /** It is in the `node_modules` of an entry. */
  isDependency: boolean;
  /** Absent in most: a lock has far more leaves than branches. */
  folders: Map<string, Folder> | undefined;
}

/** A folder to go into, or names that go out of sight once all that lies below their folder is done. */
type Step =
  | { readonly folder: Folder; readonly owner: LockNode | undefined }
  | { readonly leave: readonly string[] };

interface Scope {
  readonly node: LockNode;
  readonly outer: Scope | undefined;
}

/** The folder of the lock, and beside it those outside (`../x`), which see nothing of the root's. */
function buildFolders(nodes: Iterable<LockNode>): [inside: Folder, outside: Folder] {
  const inside = newFolder();
  const outside = newFolder();
  for (const node of nodes) {
    let folder = /^\.\.(?:\/|$)/.test(node.path) ? outside : inside;
    for (const segment of segmentsOf(node.path)) folder = openFolder(folder, segment);
    folder.node = node;
  }
  return [inside, outside];
}

function segmentsOf(path: string): readonly string[] {
  // Nearly all entries lie right below the root: this saves splitting them.
  if (path.lastIndexOf('/') === 'node_modules'.length && path.startsWith('node_modules')) {
    return ['node_modules', path.slice('node_modules/'.length)];
  }
  return path === '' ? [] : path.split('/');
}

function newFolder(): Folder {
  return { node: undefined, isDependency: false, folders: undefined };
}

function openFolder(folder: Folder, segment: string): Folder {
  const known = folder.folders?.get(segment);
  if (known !== undefined) return known;
  const inner = newFolder();
  folder.folders ??= new Map();
  folder.folders.set(segment, inner);
  return inner;
}

/** Makes the packages in the `node_modules` of a folder visible, and tells their names. */
function enterScope(folder: Folder, visible: Map<string, Scope>): string[] {
  const names: string[] = [];
  for (const inner of installedIn(folder)) {
    const { node } = inner;
    if (node?.alias === undefined) continue;
    inner.isDependency = true;
    visible.set(node.alias, { node, outer: visible.get(node.alias) });
    names.push(node.alias);
  }
  return names;
}

function leaveScope(names: readonly string[], visible: Map<string, Scope>): void {
  for (const name of names) {
    const outer = visible.get(name)?.outer;
    if (outer === undefined) visible.delete(name);
    else visible.set(name, outer);
  }
}

function* installedIn(folder: Folder): Iterable<Folder> {
  for (const [segment, inner] of folder.folders?.get('node_modules')?.folders ?? []) {
    yield inner;
    if (segment.startsWith('@') && inner.folders !== undefined) yield* inner.folders.values();
  }
}
