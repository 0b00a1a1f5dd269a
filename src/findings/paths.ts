// SPDX-License-Identifier: Apache-2.0
import type { DependencyEdge, Inventory } from '../model/inventory.ts';
import { compareText } from '../model/order.ts';

const MAX_PATHS = 10;

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
  const children = new Map(inventory.dependencies.map((node) => [node.ref, node.dependsOn]));
  const roots = new Map(inventory.projects.map((project) => [project.id, project.root]));
  const rootOf = new Map<string, string | undefined>();
  for (const { ref, project } of inventory.components) {
    if (wanted.has(ref)) rootOf.set(ref, roots.get(project));
  }
  const searches = new Map<string, Search>();
  for (const root of new Set(rootOf.values())) {
    if (root !== undefined) searches.set(root, breadthFirst(root, children, wanted));
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
  readonly first: ReadonlyMap<string, string | undefined>;
  /** All parents of the wanted nodes that the root reaches. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
}

function breadthFirst(
  root: string,
  children: ReadonlyMap<string, readonly DependencyEdge[]>,
  wanted: ReadonlySet<string>,
): Search {
  const first = new Map<string, string | undefined>([[root, undefined]]);
  const parents = new Map<string, string[]>();
  const queue = [root];
  // The queue grows while it is walked.
  for (const parent of queue) {
    for (const { ref: child } of children.get(parent) ?? []) {
      if (wanted.has(child)) addParent(parents, child, parent);
      if (first.has(child)) continue;
      first.set(child, parent);
      queue.push(child);
    }
  }
  return { first, parents };
}

/** A parent's edges of several kinds come one after another. */
function addParent(parents: Map<string, string[]>, child: string, parent: string): void {
  const known = parents.get(child);
  if (known === undefined) parents.set(child, [parent]);
  else if (known.at(-1) !== parent) known.push(parent);
}

function pathTo(ref: string, search: Search): string[] {
  const path: string[] = [];
  for (let at: string | undefined = ref; at !== undefined; at = search.first.get(at)) path.push(at);
  return path.reverse();
}
