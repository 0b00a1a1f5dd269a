// SPDX-License-Identifier: Apache-2.0
import type { Component, DependencyNode, Inventory, Project, Scope } from '../../src/model/inventory.ts';
import type { LicenseClaim } from '../../src/model/license.ts';
import { type CycloneDxInput, renderCycloneDx } from '../../src/sbom/cyclonedx.ts';
import { component as anyComponent } from '../support/component.ts';

export const LOCK = 'web/package-lock.json';

export function claim(expression: string | undefined, fields: Partial<LicenseClaim> = {}): LicenseClaim {
  return {
    raw: expression ?? 'as written',
    ...(expression === undefined ? {} : { expression }),
    acknowledgement: 'declared',
    source: 'package-lock',
    confidence: 'high',
    ...fields,
  };
}

export function component(name: string, fields: Partial<Component> = {}): Component {
  return anyComponent(name, { project: LOCK, ...fields });
}

export function rootComponent(project = LOCK): Component {
  const { purl: _, ecosystem: __, ...fields } = component('shop', { project });
  return { ...fields, ref: `${project}#.`, origin: 'workspace', direct: false };
}

export function project(id = LOCK, collector = 'package-lock'): Project {
  return { id, collector, manifest: id, files: [id], root: `${id}#.`, sources: [] };
}

/** `edges`: from name to names, `.` for the root. */
export function inventory(
  components: readonly Component[],
  edges: Readonly<Record<string, readonly string[]>> = {},
  fields: Partial<Inventory> = {},
): Inventory {
  const all = [rootComponent(), ...components];
  const refs = new Map(all.map((c) => [c.ref.endsWith('#.') ? '.' : c.name, c.ref]));
  const ref = (name: string) => refs.get(name) ?? name;
  const byName = new Map(Object.entries(edges));
  const dependencies: DependencyNode[] = all.map((c) => ({
    ref: c.ref,
    dependsOn: (byName.get(c.ref.endsWith('#.') ? '.' : c.name) ?? []).map((to) => ({
      ref: ref(to),
      kind: 'runtime',
    })),
  }));
  return { projects: [project()], components: all, dependencies, skipped: [], ...fields };
}

export function edge(ref: string, kind: Scope = 'runtime'): DependencyNode['dependsOn'][number] {
  return { ref, kind };
}

export function input(given: Inventory, fields: Partial<CycloneDxInput> = {}): CycloneDxInput {
  return {
    inventory: given,
    coverage: [],
    subject: {},
    tool: { name: 'plimsoll', version: '9.8.7' },
    timestamp: new Date('2026-01-02T03:04:05Z'),
    ...fields,
  };
}

// biome-ignore lint/suspicious/noExplicitAny: what a reader of the document gets
export function render(given: CycloneDxInput): any {
  return JSON.parse([...renderCycloneDx(given)].join(''));
}
