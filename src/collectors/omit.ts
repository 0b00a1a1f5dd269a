// SPDX-License-Identifier: Apache-2.0
import type { Coverage } from '../model/coverage.ts';
import type { Component, Inventory, Scope } from '../model/inventory.ts';
import type { VerdictOptions } from '../model/verdict.ts';

/**
 * Leaves out the components that only the omitted scopes install, as `npm ci --omit` does; what a runtime path also
 * reaches stays. One coverage row per project says how many went, so that an omission is never silent.
 */
export function omitScopes(
  inventory: Inventory,
  omit: VerdictOptions['omit'],
): { inventory: Inventory; coverage: Coverage[] } {
  if (omit.length === 0) return { inventory, coverage: [] };
  const scopes = new Set<Scope>(omit);
  const omitted = inventory.components.filter((component) => isOmitted(component, scopes));
  const gone = new Set(omitted.map((component) => component.ref));
  return {
    inventory: {
      ...inventory,
      components: inventory.components.filter((component) => !gone.has(component.ref)),
      dependencies: inventory.dependencies
        .filter((node) => !gone.has(node.ref))
        .map((node) => ({ ref: node.ref, dependsOn: node.dependsOn.filter((edge) => !gone.has(edge.ref)) })),
    },
    coverage: inventory.projects.flatMap(({ id }) => omissionRow(id, omitted, omit)),
  };
}

function isOmitted(component: Component, omit: ReadonlySet<Scope>): boolean {
  return component.origin !== 'workspace' && component.scopes.every((scope) => omit.has(scope));
}

function omissionRow(
  project: string,
  omitted: readonly Component[],
  omit: VerdictOptions['omit'],
): Coverage[] {
  const expected = omitted.filter((component) => component.project === project).length;
  if (expected === 0) return [];
  const message = `${expected} components of the scopes ${omit.join(', ')} are left out by --omit`;
  return [
    {
      plugin: 'omit',
      target: project,
      status: 'skipped',
      cause: 'omitted',
      unit: 'packages',
      expected,
      processed: 0,
      required: false,
      errors: [{ message }],
    },
  ];
}
