// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import type { Artifact, Component, ComponentLocation } from '../../model/inventory.ts';
import type { Location } from '../../model/location.ts';
import { normalizePypiName, packagePurl } from '../../model/purl.ts';
import type { Entry } from '../fold.ts';
import { admits, exactVersion } from './pep508.ts';
import type { RequirementLine } from './requirements-file.ts';
import { type Link, linkQualifiers, pathBelow } from './requirements-link.ts';
import { type Gap, gapAt, type Occurrence, type RequirementSet } from './requirements-set.ts';

/** A requirement as an entry of the project, before its edges. */
export interface PlacedRequirement {
  readonly occurrence: Occurrence;
  readonly entry: Omit<Entry, 'dependsOn'>;
}

/** So many constraints of one name are tried per requirement, and so many versions of one name have edges. */
export const MAX_ALTERNATIVES = 50;

/**
 * One entry per requirement; several where constraints under different markers offer several versions, since markers
 * are never evaluated. A constraint never adds an entry: it gives its version to a requirement of the same name that
 * has none and admits it, and its line as second location. `gaps`: the names of which there are more constraints than
 * {@link MAX_ALTERNATIVES}, the others being left out.
 */
export function placeRequirements(set: RequirementSet): {
  readonly placed: PlacedRequirement[];
  readonly gaps: readonly Gap[];
} {
  const { pins, gaps } = constraintPins(set.constraints);
  const folder = posix.dirname(set.root);
  const placed: PlacedRequirement[] = [];
  for (const occurrence of set.requirements) {
    for (const resolution of resolve(occurrence, pins)) {
      const { identity, component } = describe(occurrence, resolution, folder);
      placed.push({ occurrence, entry: { key: String(placed.length), identity, component } });
    }
  }
  return { placed, gaps };
}

interface Pin {
  readonly version: string;
  readonly location: ComponentLocation;
}

interface Resolution extends Pick<Component, 'pinning'> {
  readonly version?: string;
  readonly constraint?: ComponentLocation;
}

function constraintPins(constraints: readonly Occurrence[]): {
  readonly pins: ReadonlyMap<string, readonly Pin[]>;
  readonly gaps: readonly Gap[];
} {
  const pins = new Map<string, Pin[]>();
  const crowded = new Map<string, Gap>();
  for (const { requirement, location } of constraints) {
    const version = exactVersion(requirement.clauses);
    if (requirement.name === undefined || version === undefined) continue;
    const name = normalizePypiName(requirement.name);
    const pin = { version, location: writtenAt(location, requirement) };
    const same = pins.get(name);
    if (!same) pins.set(name, [pin]);
    else if (same.length < MAX_ALTERNATIVES) same.push(pin);
    else if (!crowded.has(name)) crowded.set(name, crowdedName(location, `constraints of ${name}`));
  }
  return { pins, gaps: [...crowded.values()] };
}

/** The gap where the limit of a name is passed. */
export function crowdedName(location: Location, what: string): Gap {
  const expected = `expected at most ${MAX_ALTERNATIVES} ${what}, got more; the others are left out`;
  return gapAt('limit-exceeded', location, expected);
}

function resolve({ requirement }: Occurrence, pins: ReadonlyMap<string, readonly Pin[]>): Resolution[] {
  const { link, name, clauses } = requirement;
  if (link) return [linkResolution(link)];
  const version = exactVersion(clauses);
  if (version !== undefined) return [{ pinning: 'pinned', version }];
  const offered = name === undefined ? [] : (pins.get(normalizePypiName(name)) ?? []);
  const fitting = clauses.some((clause) => clause.version.includes('${'))
    ? []
    : offered.filter((pin) => admits(clauses, pin.version));
  if (fitting.length === 0) return [{ pinning: 'unresolved' }];
  return fitting.map((pin) => ({ pinning: 'resolved', version: pin.version, constraint: pin.location }));
}

/** A commit is as exact as a version. */
function linkResolution({ version, source }: Link): Resolution {
  if (version !== undefined) return { pinning: 'pinned', version };
  return { pinning: source.commit === undefined ? 'unresolved' : 'pinned' };
}

function describe(
  { requirement, location, includedFrom, scope }: Occurrence,
  { pinning, version, constraint }: Resolution,
  folder: string,
): Pick<Entry, 'identity' | 'component'> {
  const { link, marker, via } = requirement;
  const written = writtenAt(location, requirement);
  const named = identify(requirement, version, folder);
  return {
    identity: named.identity,
    component: {
      ...named.fields,
      ...(version === undefined ? {} : { version }),
      ...(requirement.specifier === '' ? {} : { requirement: requirement.specifier }),
      ...(includedFrom.length === 0 ? {} : { includedFrom }),
      origin: link?.origin ?? 'registry',
      pinning,
      scopes: [scope],
      ...(marker === undefined ? {} : { marker }),
      direct: via?.direct ?? true,
      artifacts: artifactsOf(requirement),
      licenses: [],
      flags: {},
      locations: constraint === undefined ? [written] : [written, constraint],
    },
  };
}

type Identified = {
  readonly identity: string;
  readonly fields: Pick<Component, 'name' | 'purl' | 'ecosystem' | 'source'>;
};

/** A path is marked by `./`, so that none can pass for the root (`.`) or for a purl. */
function identify({ name, link }: RequirementLine, version: string | undefined, folder: string): Identified {
  const normalized = name === undefined ? undefined : normalizePypiName(name);
  if (link?.origin === 'path') {
    const path = pathBelow(folder, link.locator);
    return {
      identity: `./${path ?? link.locator}`,
      fields: {
        name: normalized ?? path ?? link.locator,
        source: path === undefined ? link.source : { path },
      },
    };
  }
  const source = link === undefined ? {} : { source: link.source };
  if (normalized === undefined) {
    const locator = link?.locator ?? '';
    return { identity: locator, fields: { name: link?.filename ?? locator, ...source } };
  }
  const purl = packagePurl('PyPI', normalized, version, link ? linkQualifiers(link) : {});
  return { identity: purl, fields: { name: normalized, purl, ecosystem: 'PyPI', ...source } };
}

/** Each hash is of another file of the release, except that of a URL, which names the one file. */
function artifactsOf({ link, hashes }: RequirementLine): Artifact[] {
  if (!link) return hashes.map((hash) => ({ hashes: [hash] }));
  const all = [...link.hashes, ...hashes];
  if (link.origin !== 'url' || link.filename === undefined) return all.length === 0 ? [] : [{ hashes: all }];
  return [{ filename: link.filename, url: link.locator, hashes: all }];
}

function writtenAt(location: ComponentLocation, { specifier, marker }: RequirementLine): ComponentLocation {
  return {
    ...location,
    ...(specifier === '' ? {} : { requirement: specifier }),
    ...(marker === undefined ? {} : { marker }),
  };
}
