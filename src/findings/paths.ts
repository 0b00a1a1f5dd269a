// SPDX-License-Identifier: Apache-2.0
import type { Inventory } from '../model/inventory.ts';
import { compareText } from '../model/order.ts';

const MAX_PATHS = 10;

/** Paths from a project's root to a component. */
export interface DependencyPaths {
  /**
   * The shortest path through each direct parent of `ref`, both ends included, the shortest first, at most 10;
   * empty where the graph does not reach it.
   */
  to(ref: string): readonly (readonly string[])[];
}

/** One breadth-first search per project, linear in its edges, run when a path of the project is first asked for. */
export function dependencyPaths(inventory: Inventory): DependencyPaths {
  const projectOf = new Map(inventory.components.map((component) => [component.ref, component.project]));
  const roots = new Map(inventory.projects.map((project) => [project.id, project.root]));
  let children: Map<string, readonly string[]> | undefined;
  const searches = new Map<string, Search>();

  return {
    to(ref) {
      const project = projectOf.get(ref);
      const root = project === undefined ? undefined : roots.get(project);
      if (root === undefined) return [];
      children ??= new Map(
        inventory.dependencies.map((node) => [node.ref, node.dependsOn.map((edge) => edge.ref)]),
      );
      let search = searches.get(root);
      if (!search) {
        search = breadthFirst(root, children);
        searches.set(root, search);
      }
      if (ref === root) return [[root]];
      const parents = search.parents.get(ref) ?? [];
      return parents
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
  readonly parents: ReadonlyMap<string, readonly string[]>;
}

function breadthFirst(root: string, children: ReadonlyMap<string, readonly string[]>): Search {
  const first = new Map<string, string | undefined>([[root, undefined]]);
  const parents = new Map<string, string[]>();
  const queue = [root];
  for (let i = 0; i < queue.length; i++) {
    const parent = queue[i] as string;
    for (const child of children.get(parent) ?? []) {
      const known = parents.get(child);
      if (known === undefined) parents.set(child, [parent]);
      else if (known.at(-1) !== parent) known.push(parent);
      if (first.has(child)) continue;
      first.set(child, parent);
      queue.push(child);
    }
  }
  return { first, parents };
}

function pathTo(ref: string, search: Search): string[] {
  const path: string[] = [];
  for (let at: string | undefined = ref; at !== undefined; at = search.first.get(at)) path.push(at);
  return path.reverse();
}
