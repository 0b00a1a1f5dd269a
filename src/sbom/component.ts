// SPDX-License-Identifier: Apache-2.0
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import type * as Serialize from '@cyclonedx/cyclonedx-library/Serialize';
import { type Component, judgedScope, type Project } from '../model/inventory.ts';
import { evidence } from './evidence.ts';
import { statedLicenses } from './licenses.ts';
import { filesOf } from './references.ts';

/** Renders components as the normalised objects of CycloneDX; `root`: as the subject of the document. */
export function componentRenderer(
  factory: Serialize.JSON.Normalize.Factory,
  projects: readonly Project[],
): (component: Component, role?: 'root') => Serialize.JSON.Types.Normalized.Component {
  const normalizer = factory.makeForComponent();
  const evidenceNormalizer = factory.makeForComponentEvidence();
  const collectors = new Map(projects.map(({ id, collector }) => [id, collector]));
  const licenses = statedLicenses();

  return (component, role) => {
    const { group, name } = splitName(component);
    const stated = licenses(component.licenses);
    const files = filesOf(component);
    const type =
      component.origin === 'workspace' ? Enums.ComponentType.Application : Enums.ComponentType.Library;
    // One shape of options for all: spreads cost a third of the time here.
    const model = new Models.Component(type, name, {
      bomRef: component.ref,
      group,
      version: isWritable(component.version) ? component.version : undefined,
      purl: component.purl,
      scope: role === 'root' ? undefined : scopeOf(component),
      licenses: stated.licenses,
      hashes: files.hashes,
      externalReferences: files.references,
      properties: properties(component, collectors.get(component.project)),
      components: NO_COMPONENTS,
      dependencies: NO_EDGES,
    });
    const normalized = normalizer.normalize(model, OPTIONS);
    if (normalized === undefined) throw new TypeError(`CycloneDX knows no component of type ${type}`);
    const detected =
      stated.detected &&
      evidenceNormalizer.normalize(new Models.ComponentEvidence({ licenses: stated.detected }), OPTIONS);
    const found = evidence(component, detected?.licenses);
    if (found !== undefined) normalized.evidence = found;
    return normalized;
  };
}

/** CycloneDX refuses a longer one; it then stands in the purl alone. */
function isWritable(version: string | undefined): boolean {
  return version !== undefined && version.length <= 1024;
}

// The library makes empty ones for each component; for 50,000 of them that is felt.
const NO_COMPONENTS = new Models.ComponentRepository();
const NO_EDGES = new Models.BomRefRepository();
const NO_PROPERTIES = new Models.PropertyRepository();

const OPTIONS = { sortLists: false } as const;

/** `@scope/name` of npm is group and name. */
function splitName({ ecosystem, name }: Component): { group: string | undefined; name: string } {
  const slash = ecosystem === 'npm' && name.startsWith('@') ? name.indexOf('/') : -1;
  return slash > 1
    ? { group: name.slice(0, slash), name: name.slice(slash + 1) }
    : { group: undefined, name };
}

/** What only development needs cannot be reached at run time, which is what CycloneDX calls excluded. */
function scopeOf(component: Component): Enums.ComponentScope {
  if (judgedScope(component) === 'dev') return Enums.ComponentScope.Excluded;
  const required = component.scopes.some((scope) => scope === 'runtime' || scope === 'unknown');
  return required ? Enums.ComponentScope.Required : Enums.ComponentScope.Optional;
}

/** Only names that are registered: https://github.com/CycloneDX/cyclonedx-property-taxonomy */
function properties(component: Component, collector: string | undefined): Models.PropertyRepository {
  const found: [name: string, value: string][] = [];
  if (component.ecosystem === 'npm' && component.origin !== 'workspace') {
    if (component.flags.bundled) found.push(['cdx:npm:package:bundled', 'true']);
    if (judgedScope(component) === 'dev') found.push(['cdx:npm:package:development', 'true']);
  }
  if (collector === 'poetry-lock') {
    for (const group of component.groups ?? []) if (group !== '') found.push(['cdx:poetry:group', group]);
    const { commit } = component.source ?? {};
    if (commit !== undefined) found.push(['cdx:poetry:package:source:resolved_reference', commit]);
  }
  if (found.length === 0) return NO_PROPERTIES;
  return new Models.PropertyRepository(found.map(([name, value]) => new Models.Property(name, value)));
}
