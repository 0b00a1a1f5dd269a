// SPDX-License-Identifier: Apache-2.0
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import type * as Serialize from '@cyclonedx/cyclonedx-library/Serialize';
import { PROJECT_URL } from '../findings/rules.ts';
import type { Component, DependencyNode, Inventory } from '../model/inventory.ts';
import type { Subject } from '../model/report.ts';
import type { CycloneDxInput } from './cyclonedx.ts';

export interface BomRoot {
  readonly component: Component;
  /** Of a root that is not in the inventory: the roots of all projects. */
  readonly dependsOn?: DependencyNode['dependsOn'];
}

/** What the document is about: the root of the one project, or one made up for several, with a ref no other has. */
export function rootOf({ projects, components }: Inventory, subject: Subject): BomRoot {
  const [project, ...others] = projects;
  if (project !== undefined && others.length === 0) {
    const component = components.find(({ ref }) => ref === project.root);
    if (component !== undefined) return { component };
  }
  return {
    component: {
      ref: '#.',
      project: '',
      name: subject.name ?? 'root',
      origin: 'workspace',
      pinning: 'unresolved',
      scopes: ['runtime'],
      direct: false,
      artifacts: [],
      licenses: [],
      flags: {},
      locations: [],
    },
    dependsOn: projects.map(({ root }) => ({ ref: root, kind: 'runtime' })),
  };
}

/** The normalised `metadata`, with `component` already rendered. */
export function bomMetadata(
  { tool, timestamp }: CycloneDxInput,
  factory: Serialize.JSON.Normalize.Factory,
  component: object,
) {
  const website = new Models.ExternalReference(PROJECT_URL, Enums.ExternalReferenceType.Website);
  const plimsoll = new Models.Component(Enums.ComponentType.Application, tool.name, {
    version: tool.version,
    externalReferences: new Models.ExternalReferenceRepository([website]),
  });
  const metadata = new Models.Metadata({
    timestamp,
    lifecycles: new Models.LifecycleRepository([Enums.LifecyclePhase.PreBuild]),
    tools: new Models.Tools({ components: new Models.ComponentRepository([plimsoll]) }),
  });
  return { ...factory.makeForMetadata().normalize(metadata, { sortLists: false }), component };
}
