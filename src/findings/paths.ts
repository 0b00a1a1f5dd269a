// SPDX-License-Identifier: Apache-2.0
import type { Component, DependencyNode, Inventory } from '../model/inventory.ts';
import { compareText, firstIndex } from '../model/order.ts';
import { edgePlaces } from './edge-places.ts';

const MAX_PATHS = 10;

/** The components with these refs, by ref, in their order. */
export function componentsByRef<Named extends Pick<Component, 'ref'>>(
  components: readonly Named[],
  refs: ReadonlySet<string>,
): ReadonlyMap<string, Named> {
  const found = new Map<string, Named>();
  for (const place of placesOf(refs, components)) {
    const component = components[place];
    if (component !== undefined) found.set(component.ref, component);
  }
  return found;
}

/**
 * Where these refs stand, in order. An inventory is sorted by ref: where a few are wanted, as of 50,000 a few have
 * findings, they are searched for, since to look at every one would be the larger work.
 */
function placesOf(refs: ReadonlySet<string>, sorted: readonly Pick<Component, 'ref'>[]): number[] {
  const places: number[] = [];
  if (refs.size * Math.log2(sorted.length + 1) < sorted.length) {
    for (const ref of [...refs].sort(compareText)) {
      const place = firstIndex(sorted.length, (index) => (sorted[index]?.ref ?? '') < ref);
      if (sorted[place]?.ref === ref) places.push(place);
    }
    if (places.length === refs.size) return places;
  }
  // Reports can be from elsewhere, and may name what is not in their inventory.
  places.length = 0;
  for (const [place, { ref }] of sorted.entries()) if (refs.has(ref)) places.push(place);
  return places;
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
  const { components, dependencies } = inventory;
  const roots = new Map(inventory.projects.map((project) => [project.id, project.root]));
  const rootOf = new Map<string, string | undefined>();
  for (const { ref, project } of componentsByRef(components, wanted).values()) {
    rootOf.set(ref, roots.get(project));
  }
  const searches = new Map<string, Search>();
  const isWanted = new Uint8Array(dependencies.length);
  for (const place of placesOf(wanted, dependencies)) isWanted[place] = 1;
  for (const root of new Set(rootOf.values())) {
    if (root !== undefined) searches.set(root, breadthFirst(root, dependencies, isWanted));
  }

  return {
    to(ref) {
      const root = rootOf.get(ref);
      const search = root === undefined ? undefined : searches.get(root);
      if (root === undefined || search === undefined) return [];
      if (ref === root) return [[root]];
      return (search.parents.get(ref) ?? [])
        .map((parent) => [...pathTo(parent, search, dependencies), ref])
        .filter((path) => path.indexOf(ref) === path.length - 1)
        .sort((a, b) => a.length - b.length || compareText(a.join('\0'), b.join('\0')))
        .slice(0, MAX_PATHS);
    },
  };
}

/** Nodes go by their places. */
interface Search {
  /** The parent by which a node was first reached. */
  readonly first: Int32Array;
  /** All parents of the wanted nodes that the root reaches. */
  readonly parents: ReadonlyMap<string, readonly number[]>;
}

function breadthFirst(root: string, nodes: readonly DependencyNode[], isWanted: Uint8Array): Search {
  const { ends, targets } = edgePlaces(nodes);
  const first = new Int32Array(nodes.length).fill(UNSEEN);
  const parents = new Map<string, number[]>();
  const queue = placesOf(new Set([root]), nodes);
  for (const start of queue) first[start] = START;
  // The queue grows while it is walked.
  for (const parent of queue) {
    for (let edge = ends[parent - 1] ?? 0; edge < (ends[parent] ?? 0); edge++) {
      const child = targets[edge] ?? -1;
      if (isWanted[child] === 1) addParent(parents, nodes[child]?.ref ?? '', parent);
      if (first[child] !== UNSEEN) continue;
      first[child] = parent;
      queue.push(child);
    }
  }
  return { first, parents };
}

/** Neither is the place of a node. */
const UNSEEN = -1;
const START = -2;

/** A parent's edges of several kinds come one after another. */
function addParent(parents: Map<string, number[]>, child: string, parent: number): void {
  const known = parents.get(child);
  if (known === undefined) parents.set(child, [parent]);
  else if (known.at(-1) !== parent) known.push(parent);
}

function pathTo(place: number, { first }: Search, nodes: readonly DependencyNode[]): string[] {
  const path: string[] = [];
  for (let at = place; at >= 0; at = first[at] ?? START) path.push(nodes[at]?.ref ?? '');
  return path.reverse();
}
