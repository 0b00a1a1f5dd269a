// SPDX-License-Identifier: Apache-2.0
import type { LockNode } from './lock-node.ts';

/** What `require` finds from the folder of one entry: in its own `node_modules` first, then upward. */
export type Find = (name: string) => LockNode | undefined;

/**
 * Calls `visit` for each entry that is no link, outer folders first. `isTop`: it does not lie in the `node_modules` of
 * another entry, as the root, workspace members and other link targets do not. Returns the entry whose folder each
 * one lies in, at any depth; the root has none, nor what lies outside of it.
 *
 * Linear: names are not looked for upward one by one; those in sight are kept as a scope during the walk.
 */
export function walkTree(
  nodes: readonly LockNode[],
  visit: (node: LockNode, find: Find, isTop: boolean) => void,
): Map<LockNode, LockNode> {
  const parents = new Map<LockNode, LockNode>();
  const dependencies = new Set<LockNode>();
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
    if (node !== undefined && owner !== undefined) parents.set(node, owner);
    const isEntered = node !== undefined && node.link === undefined;
    if (isEntered) {
      const names = enterScope(folder, visible, dependencies);
      if (names.length > 0) open.push({ leave: names });
      visit(node, find, !dependencies.has(node));
    }
    for (const inner of folder.folders?.values() ?? [])
      open.push({ folder: inner, owner: isEntered ? node : owner });
  }
  return parents;
}

interface Folder {
  node: LockNode | undefined;
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
function buildFolders(nodes: readonly LockNode[]): [inside: Folder, outside: Folder] {
  const inside: Folder = { node: undefined, folders: undefined };
  const outside: Folder = { node: undefined, folders: undefined };
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

function openFolder(folder: Folder, segment: string): Folder {
  const known = folder.folders?.get(segment);
  if (known !== undefined) return known;
  const inner: Folder = { node: undefined, folders: undefined };
  folder.folders ??= new Map();
  folder.folders.set(segment, inner);
  return inner;
}

/** Makes the packages in the `node_modules` of a folder visible, and tells their names. */
function enterScope(folder: Folder, visible: Map<string, Scope>, dependencies: Set<LockNode>): string[] {
  const names: string[] = [];
  for (const node of installedIn(folder)) {
    if (node.alias === undefined) continue;
    dependencies.add(node);
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

function* installedIn(folder: Folder): Iterable<LockNode> {
  for (const [segment, inner] of folder.folders?.get('node_modules')?.folders ?? []) {
    if (inner.node !== undefined) yield inner.node;
    if (!segment.startsWith('@')) continue;
    for (const { node } of inner.folders?.values() ?? []) if (node !== undefined) yield node;
  }
}
