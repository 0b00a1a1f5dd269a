// SPDX-License-Identifier: Apache-2.0
import type { Coverage } from '../model/coverage.ts';
import type { Inventory } from '../model/inventory.ts';
import { compareText } from '../model/order.ts';

export interface Composition {
  readonly aggregate: 'complete' | 'incomplete';
  readonly dependencies?: readonly string[];
}

/**
 * What the document claims of its own completeness: one statement about the whole, and one about the direct
 * dependencies of each project. `complete` only where every file was read in full and states the whole graph with
 * exact versions.
 */
export function compositions(inventory: Inventory, coverage: readonly Coverage[]): Composition[] {
  const collectors = new Set(['discover', 'omit', ...inventory.projects.map(({ collector }) => collector)]);
  const gaps = coverage.filter((row) => row.status !== 'succeeded' && collectors.has(row.plugin));
  const partial = partialProjects(inventory, gaps);
  const direct = new Map(
    inventory.dependencies.map((node) => [node.ref, node.dependsOn.map(({ ref }) => ref)]),
  );
  const projects = [...inventory.projects].sort((a, b) => compareText(a.id, b.id));
  const whole =
    projects.length > 0 && gaps.length === 0 && partial.size === 0 && inventory.skipped.length === 0;
  return [
    { aggregate: whole ? 'complete' : 'incomplete' },
    ...projects.map(({ id, root }) => ({
      aggregate: partial.has(id) ? ('incomplete' as const) : ('complete' as const),
      dependencies: [...new Set([root, ...(direct.get(root) ?? [])])].sort(compareText),
    })),
  ];
}

function partialProjects(inventory: Inventory, gaps: readonly Coverage[]): ReadonlySet<string> {
  const targets = new Set(gaps.map(({ target }) => target));
  const partial = new Set<string | undefined>(inventory.skipped.map(({ project }) => project));
  const inner = projectsWithInnerEdges(inventory);
  for (const project of inventory.projects) {
    if (project.files.some((file) => targets.has(file)) || targets.has(project.id)) partial.add(project.id);
    // pip's format lists packages; only the comments of a compiler add what asks for them.
    if (project.collector === 'requirements' && !inner.has(project.id)) partial.add(project.id);
  }
  for (const { project, pinning, origin } of inventory.components) {
    if (pinning === 'unresolved' && origin !== 'workspace') partial.add(project);
  }
  return new Set([...partial].filter((id) => id !== undefined));
}

/** Projects in which something else than the root has a dependency. */
function projectsWithInnerEdges({ projects, components, dependencies }: Inventory): ReadonlySet<string> {
  const roots = new Set(projects.map(({ root }) => root));
  const projectOf = new Map(components.map(({ ref, project }) => [ref, project]));
  const inner = dependencies.filter(({ ref, dependsOn }) => dependsOn.length > 0 && !roots.has(ref));
  return new Set(inner.map(({ ref }) => projectOf.get(ref)).filter((id) => id !== undefined));
}
