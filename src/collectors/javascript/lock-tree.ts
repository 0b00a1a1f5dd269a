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
 *
 * @param nodes by install path, with the root
 */
export function walkTree(
  nodes: ReadonlyMap<string, LockNode>,
  visit: (node: LockNode, find: Find, isTop: boolean) => void,
): Map<LockNode, LockNode> {
  const parents = new Map<LockNode, LockNode>();
  const visible = new Map<string, LockNode>();
  const find: Find = (name) => visible.get(name);
  const open: Step[] = [];
  const enter = (folder: Folder, owner: LockNode | undefined) => {
    const { node } = folder;
    if (node !== undefined && owner !== undefined && owner.path !== '') parents.set(node, owner);
    const isEntered = node !== undefined && node.link === undefined;
    if (isEntered) {
      open.push({ leave: enterScope(folder, visible) });
      visit(node, find, !folder.isDependency);
    }
    for (const inner of folder.folders?.values() ?? []) {
      open.push({ folder: inner, owner: isEntered ? node : owner });
    }
  };
  const enterAll = () => {
    for (let step = open.pop(); step !== undefined; step = open.pop()) {
      if ('leave' in step) leaveScope(step.leave, visible);
      else enter(step.folder, step.owner);
    }
  };
  const { inside, outside, hoisted } = buildFolders(nodes);
  enter(outside, undefined);
  enterAll();
  const leaves = showLeaves(hoisted, inside.folders?.get('node_modules'), visible);
  enter(inside, undefined);
  for (const leaf of leaves) if (leaf.link === undefined) visit(leaf, find, false);
  enterAll();
  return parents;
}

interface Folder {
  node: LockNode | undefined;
  /** It is in the `node_modules` of an entry. */
  isDependency: boolean;
  folders: Map<string, Folder> | undefined;
}

/** A folder to go into, or the end of one: what its packages hid is in sight again. */
type Step = { readonly folder: Folder; readonly owner: LockNode | undefined } | { readonly leave: Hidden };
type Hidden = readonly (readonly [name: string, node: LockNode | undefined])[];

/**
 * `inside`: the folder of the lock; `outside`: what lies beside it (`../x`) and sees nothing of the root's. `hoisted`:
 * the packages of the root, without a folder unless something lies in it.
 */
function buildFolders(nodes: ReadonlyMap<string, LockNode>): {
  readonly inside: Folder;
  readonly outside: Folder;
  readonly hoisted: readonly LockNode[];
} {
  const inside = newFolder();
  const outside = newFolder();
  const hoisted: LockNode[] = [];
  for (const node of nodes.values()) {
    if (isHoisted(node)) hoisted.push(node);
    else openPath(/^\.\.(?:\/|$)/.test(node.path) ? outside : inside, node.path).node = node;
  }
  return { inside, outside, hoisted };
}

/**
 * Puts hoisted packages into their folders. Those that have nothing in theirs, which nearly all entries are and which
 * need no folder, are brought in sight and returned.
 */
function showLeaves(
  hoisted: readonly LockNode[],
  installed: Folder | undefined,
  visible: Map<string, LockNode>,
): LockNode[] {
  const leaves: LockNode[] = [];
  for (const node of hoisted) {
    if (node.alias === undefined) continue;
    const folder = installed && folderOf(installed, node.alias);
    if (folder !== undefined) folder.node = node;
    else {
      leaves.push(node);
      visible.set(node.alias, node);
    }
  }
  return leaves;
}

/** Whether it lies in the `node_modules` of the root itself. */
export function isHoisted({ path, alias }: LockNode): boolean {
  return alias !== undefined && path.length === 'node_modules/'.length + alias.length;
}

function openPath(from: Folder, path: string): Folder {
  let folder = from;
  for (const segment of path === '' ? [] : path.split('/')) {
    folder.folders ??= new Map();
    const inner = folder.folders.get(segment) ?? newFolder();
    folder.folders.set(segment, inner);
    folder = inner;
  }
  return folder;
}

/** The folder of a package in a `node_modules`, if anything else opened it. */
function folderOf({ folders }: Folder, alias: string): Folder | undefined {
  const slash = alias.indexOf('/');
  if (slash === -1) return folders?.get(alias);
  return folders?.get(alias.slice(0, slash))?.folders?.get(alias.slice(slash + 1));
}

function newFolder(): Folder {
  return { node: undefined, isDependency: false, folders: undefined };
}

/** Brings the packages in the `node_modules` of a folder in sight, and tells what they hide. */
function enterScope(folder: Folder, visible: Map<string, LockNode>): Hidden {
  const hidden: [string, LockNode | undefined][] = [];
  for (const inner of installedIn(folder)) {
    const { node } = inner;
    if (node?.alias === undefined) continue;
    inner.isDependency = true;
    hidden.push([node.alias, visible.get(node.alias)]);
    visible.set(node.alias, node);
  }
  return hidden;
}

function leaveScope(hidden: Hidden, visible: Map<string, LockNode>): void {
  for (const [name, node] of hidden) {
    if (node === undefined) visible.delete(name);
    else visible.set(name, node);
  }
}

function* installedIn(folder: Folder): Iterable<Folder> {
  for (const [segment, inner] of folder.folders?.get('node_modules')?.folders ?? []) {
    yield inner;
    if (segment.startsWith('@') && inner.folders !== undefined) yield* inner.folders.values();
  }
}
