// SPDX-License-Identifier: Apache-2.0
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import type * as Serialize from '@cyclonedx/cyclonedx-library/Serialize';
import { type Component, judgedScope, type Project } from '../model/inventory.ts';
import { evidence, type SbomComponent } from './evidence.ts';
import { statedLicenses } from './licenses.ts';
import { componentHashes, externalReferences } from './references.ts';

/** CycloneDX refuses a longer one; it then stands in the purl alone. */
const MAX_VERSION_LENGTH = 1024;

/** Renders components as the normalised objects of CycloneDX; `root`: as the subject of the document. */
export function componentRenderer(
  factory: Serialize.JSON.Normalize.Factory,
  projects: readonly Project[],
): (component: Component, role?: 'root') => SbomComponent {
  const normalizer = factory.makeForComponent();
  const evidenceNormalizer = factory.makeForComponentEvidence();
  const collectors = new Map(projects.map(({ id, collector }) => [id, collector]));
  const licenses = statedLicenses();

  return (component, role) => {
    const { group, name } = splitName(component);
    const { version = '', purl } = component;
    const stated = licenses(component.licenses);
    const model = new Models.Component(
      component.origin === 'workspace' ? Enums.ComponentType.Application : Enums.ComponentType.Library,
      name,
      {
        bomRef: component.ref,
        licenses: stated.licenses,
        hashes: componentHashes(component),
        externalReferences: externalReferences(component),
        properties: properties(component, collectors.get(component.project)),
        ...(group === undefined ? {} : { group }),
        ...(version.length > MAX_VERSION_LENGTH ? {} : { version }),
        ...(purl === undefined ? {} : { purl }),
        ...(role === 'root' ? {} : { scope: scopeOf(component) }),
      },
    );
    const normalized = normalizer.normalize(model, OPTIONS);
    if (normalized === undefined) throw new TypeError(`CycloneDX knows no component of type ${model.type}`);
    const detected =
      stated.detected &&
      evidenceNormalizer.normalize(new Models.ComponentEvidence({ licenses: stated.detected }), OPTIONS);
    return { ...normalized, ...evidence(component, detected?.licenses) };
  };
}

const OPTIONS = { sortLists: false } as const;

/** `@scope/name` of npm is group and name. */
function splitName({ ecosystem, name }: Component): { group?: string; name: string } {
  const slash = ecosystem === 'npm' && name.startsWith('@') ? name.indexOf('/') : -1;
  return slash > 1 ? { group: name.slice(0, slash), name: name.slice(slash + 1) } : { name };
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
  return new Models.PropertyRepository(found.map(([name, value]) => new Models.Property(name, value)));
}
