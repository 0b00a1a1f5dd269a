// SPDX-License-Identifier: Apache-2.0
import type { Component, DependencyNode, Inventory } from '../model/inventory.ts';
import { compareText } from '../model/order.ts';

const MAX_PATHS = 10;

/**
 * The components with these refs, by ref, in their order. An inventory is sorted by ref: where a few are wanted, as of
 * 50,000 a few have findings, they are searched for, since to look at every component would be the larger work.
 */
export function componentsByRef<Named extends Pick<Component, 'ref'>>(
  components: readonly Named[],
  refs: ReadonlySet<string>,
): ReadonlyMap<string, Named> {
  const found = new Map<string, Named>();
  if (refs.size * Math.log2(components.length + 1) < components.length) {
    for (const ref of [...refs].sort(compareText)) {
      const component = components[placeOf(ref, components)];
      if (component?.ref === ref) found.set(ref, component);
    }
  }
  // Reports can be from elsewhere, and may name what is not in their inventory.
  if (found.size === refs.size) return found;
  found.clear();
  for (const component of components) if (refs.has(component.ref)) found.set(component.ref, component);
  return found;
}

/** The first place whose ref is not before this one. */
function placeOf(ref: string, components: readonly Pick<Component, 'ref'>[]): number {
  let from = 0;
  let to = components.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((components[middle]?.ref ?? '') < ref) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Paths from a project's root to a component. */
export interface DependencyPaths {
  /**
   * The shortest path through each direct parent of `ref`, both ends included, the shortest first, at most 10;
   * empty where the graph does not reach it, or where `ref` was not wanted.
   */
  to(ref: string): readonly (readonly string[])[];
}

/**
 * One breadth-first search per project that a wanted component belongs to, linear in its edges. `wanted` is known
 * beforehand because the parents of 50,000 components, of which a few have findings, cost more than the search.
 */
export function dependencyPaths(inventory: Inventory, wanted: ReadonlySet<string>): DependencyPaths {
  if (wanted.size === 0) return { to: () => [] };
  const { dependencies } = inventory;
  const indexOf = new Map(dependencies.map((node, i) => [node.ref, i]));
  const roots = new Map(inventory.projects.map((project) => [project.id, project.root]));
  const rootOf = new Map<string, string | undefined>();
  for (const { ref, project } of inventory.components) {
    if (wanted.has(ref)) rootOf.set(ref, roots.get(project));
  }
  const searches = new Map<string, Search>();
  for (const root of new Set(rootOf.values())) {
    if (root !== undefined) searches.set(root, breadthFirst(root, dependencies, indexOf, wanted));
  }

  return {
    to(ref) {
      const root = rootOf.get(ref);
      const search = root === undefined ? undefined : searches.get(root);
      if (root === undefined || search === undefined) return [];
      if (ref === root) return [[root]];
      return (search.parents.get(ref) ?? [])
        .map((parent) => [...pathTo(parent, search), ref])
        .filter((path) => path.indexOf(ref) === path.length - 1)
        .sort((a, b) => a.length - b.length || compareText(a.join('\0'), b.join('\0')))
        .slice(0, MAX_PATHS);
    },
  };
}

interface Search {
  /** The parent by which a node was first reached. */
  first(ref: string): string | undefined;
  /** All parents of the wanted nodes that the root reaches. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
}

/** Goes by the numbers of the nodes: a lookup by ref for each edge is most of its time, and two would double it. */
function breadthFirst(
  root: string,
  nodes: readonly DependencyNode[],
  indexOf: ReadonlyMap<string, number>,
  wanted: ReadonlySet<string>,
): Search {
  const from = new Int32Array(nodes.length).fill(UNSEEN);
  const isWanted = new Uint8Array(nodes.length);
  for (const ref of wanted) {
    const index = indexOf.get(ref);
    if (index !== undefined) isWanted[index] = 1;
  }
  const parents = new Map<string, string[]>();
  const start = indexOf.get(root);
  const queue = start === undefined ? [] : [start];
  if (start !== undefined) from[start] = START;
  // The queue grows while it is walked.
  for (const parent of queue) {
    const node = nodes[parent];
    if (node === undefined) continue;
    for (const { ref } of node.dependsOn) {
      const child = indexOf.get(ref);
      if (child === undefined) continue;
      if (isWanted[child] === 1) addParent(parents, ref, node.ref);
      if (from[child] !== UNSEEN) continue;
      from[child] = parent;
      queue.push(child);
    }
  }
  return { first: (ref) => nodes[from[indexOf.get(ref) ?? -1] ?? UNSEEN]?.ref, parents };
}

/** Neither is the number of a node. */
const UNSEEN = -1;
const START = -2;

/** A parent's edges of several kinds come one after another. */
function addParent(parents: Map<string, string[]>, child: string, parent: string): void {
  const known = parents.get(child);
  if (known === undefined) parents.set(child, [parent]);
  else if (known.at(-1) !== parent) known.push(parent);
}

function pathTo(ref: string, search: Search): string[] {
  const path: string[] = [];
  for (let at: string | undefined = ref; at !== undefined; at = search.first(at)) path.push(at);
  return path.reverse();
}
