// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import type { Scope } from '../../model/inventory.ts';
import { compareKeys } from '../../model/order.ts';
import { type Entry, orderScopes } from '../fold.ts';
import { derivedScopes, type PoetryGraph } from './poetry-graph.ts';
import type { LocatedPackage, PoetryLock } from './poetry-read.ts';
import { type Provenance, provenanceOf } from './poetry-source.ts';
import type { Pyproject } from './pyproject.ts';

const ROOT = '.';

/**
 * The entries of a lock, and first that of the project itself. The order of the packages in the lock plays no part
 * but for their lines.
 *
 * Direct is what the pyproject.toml names. Where there is none, or it names nothing, the lock has to do: direct is
 * then what no other package depends on, and what the project's extras in the lock name.
 */
export function poetryEntries(
  id: string,
  lock: PoetryLock,
  graph: PoetryGraph,
  pyproject: Pyproject | undefined,
): Entry[] {
  const declared = pyproject?.dependencies ?? [];
  const derived = derivedScopes(graph, declared);
  const scopes = lock.packages.map((one, at) => scopesOf(one, derived.get(at)));
  const roots =
    declared.length > 0
      ? declared.flatMap((one) => edges(graph.targets(one), one.kind))
      : guessedRoots(lock, graph, scopes);
  const direct = new Set(roots.map(({ key }) => key));
  const provenances = lock.packages.map((one) => provenanceOf(one, posix.dirname(id)));
  const identities = identitiesOf(lock.packages, provenances);
  const entries = lock.packages.map((one, at): Entry => {
    const marker = one.marker === undefined ? {} : { marker: one.marker };
    return {
      key: String(at),
      identity: identities[at] as string,
      component: {
        name: one.name,
        version: one.version,
        ecosystem: 'PyPI',
        ...(provenances[at] as Provenance),
        scopes: scopes[at] as Scope[],
        ...(one.groups === undefined ? {} : { groups: one.groups }),
        ...marker,
        direct: direct.has(String(at)),
        artifacts: one.artifacts,
        licenses: [],
        flags: one.yanked ? { yanked: true } : {},
        locations: [{ uri: id, ...(one.line === undefined ? {} : { startLine: one.line }), ...marker }],
      },
      dependsOn: one.dependencies.flatMap((dependency) =>
        edges(graph.targets(dependency), dependency.optional ? 'optional' : 'runtime'),
      ),
    };
  });
  return [rootEntry(id, pyproject, roots), ...inOrderOfContent(entries)];
}

type Edge = Entry['dependsOn'][number];

function edges(targets: readonly number[], kind: Scope): Edge[] {
  return targets.map((at) => ({ key: String(at), kind }));
}

function rootEntry(id: string, pyproject: Pyproject | undefined, dependsOn: readonly Edge[]): Entry {
  const folder = posix.basename(posix.dirname(id));
  const line = pyproject?.nameLine;
  return {
    key: ROOT,
    identity: ROOT,
    component: {
      name: pyproject?.name ?? (folder === '.' ? id : folder),
      ...(pyproject?.version === undefined ? {} : { version: pyproject.version }),
      ecosystem: 'PyPI',
      origin: 'workspace',
      source: { path: posix.dirname(id) },
      pinning: 'resolved',
      scopes: ['runtime'],
      direct: false,
      artifacts: [],
      licenses: [],
      flags: {},
      locations: [{ uri: pyproject?.file ?? id, ...(line === undefined ? {} : { startLine: line }) }],
    },
    dependsOn,
  };
}

/** What the lock itself says, else what was walked from the pyproject.toml, else nothing is known. */
function scopesOf(one: LocatedPackage, derived: readonly Scope[] | undefined): Scope[] {
  if (one.groups === undefined) return orderScopes(derived ?? [one.optional ? 'optional' : 'unknown']);
  if (one.groups.length === 0) return ['unknown'];
  return orderScopes(
    one.groups.map((group) => (group !== 'main' ? 'dev' : one.optional ? 'optional' : 'runtime')),
  );
}

function guessedRoots(lock: PoetryLock, graph: PoetryGraph, scopes: readonly (readonly Scope[])[]): Edge[] {
  const needed = new Set<number>();
  for (const { name, dependencies } of lock.packages) {
    for (const dependency of dependencies) {
      if (dependency.name !== name) for (const at of graph.targets(dependency)) needed.add(at);
    }
  }
  return [
    ...lock.extras.flatMap((head) => edges(graph.targets({ name: head.name }), 'optional')),
    ...scopes.flatMap((kinds, at) => (needed.has(at) ? [] : kinds.flatMap((kind) => edges([at], kind)))),
  ];
}

/**
 * The purl, else the path, else name and version: also where a path is that of the project itself, looks like a
 * purl, or is claimed by two names, since what has one identity folds into one component.
 */
function identitiesOf(packages: readonly LocatedPackage[], provenances: readonly Provenance[]): string[] {
  const owner = new Map([[ROOT, '']]);
  const ambiguous = new Set<string>();
  for (const [at, { name }] of packages.entries()) {
    const path = provenances[at]?.source?.path;
    if (path === undefined) continue;
    if ((owner.get(path) ?? name) !== name || path.startsWith('pkg:')) ambiguous.add(path);
    owner.set(path, name);
  }
  return packages.map(({ name, version }, at) => {
    const { purl, source } = provenances[at] ?? {};
    const path = source?.path;
    return purl ?? (path === undefined || ambiguous.has(path) ? `${name}@${version}` : path);
  });
}

/** Entries that fold into one component (one version from two sources), in an order that their content gives. */
function inOrderOfContent(entries: readonly Entry[]): Entry[] {
  const first = new Map<string, Entry>();
  const repeated = new Set<string>();
  for (const entry of entries) {
    if (first.has(entry.identity)) repeated.add(entry.identity);
    else first.set(entry.identity, entry);
  }
  if (repeated.size === 0) return [...entries];
  const keyed = entries.map((entry) => {
    const content = repeated.has(entry.identity) ? { ...entry.component, locations: [] } : undefined;
    return { entry, key: [entry.identity, JSON.stringify(content)] };
  });
  return keyed.sort((a, b) => compareKeys(a.key, b.key)).map(({ entry }) => entry);
}
