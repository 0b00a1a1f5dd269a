// SPDX-License-Identifier: Apache-2.0
import type { Component, DependencyEdge, DependencyNode, Scope } from '../model/inventory.ts';
import { SCOPES } from '../model/inventory.ts';
import { compareText } from '../model/order.ts';

/** One entry of a lock or manifest, before entries of the same package are folded into one component. */
export interface Entry {
  /** Unique in the project: an install path, or name and version. */
  readonly key: string;
  /** What follows `#` in the ref: the purl, or a path for what has none. The root is `.`. */
  readonly identity: string;
  readonly component: Omit<Component, 'ref' | 'project'>;
  /** Edges by entry key; an edge to an unknown key is an error of the collector. */
  readonly dependsOn: readonly { readonly key: string; readonly kind: Scope }[];
}

/**
 * Folds entries with the same identity (npm installs one version at several paths; a requirements root names one
 * package on several lines) into one component with several locations and the union of the edges.
 * Sorted by ref; linear apart from the sorting.
 */
export function foldEntries(
  project: string,
  entries: readonly Entry[],
): { components: Component[]; dependencies: DependencyNode[] } {
  const refOfKey = new Map<string, string>();
  const groups = new Map<string, Group>();
  for (const entry of entries) {
    let group = groups.get(entry.identity);
    if (group === undefined) {
      group = { ref: `${project}#${entry.identity}`, same: [] };
      groups.set(entry.identity, group);
    }
    group.same.push(entry);
    refOfKey.set(entry.key, group.ref);
  }
  // All refs begin alike, so the order of the identities is theirs.
  const sorted = [...groups].sort(([a], [b]) => compareText(a, b)).map(([, group]) => group);
  return {
    components: sorted.map((group) => foldComponent(project, group)),
    dependencies: sorted.map(({ ref, same }) => ({ ref, dependsOn: mergeEdges(same, refOfKey) })),
  };
}

interface Group {
  readonly ref: string;
  readonly same: Entry[];
}

function foldComponent(project: string, { ref, same }: Group): Component {
  return { ...mergeComponents(same.map((entry) => entry.component)), ref, project };
}

/** Scopes in model order, without repetition. */
export function orderScopes(scopes: Iterable<Scope>): Scope[] {
  const set = new Set(scopes);
  return SCOPES.filter((scope) => set.has(scope));
}

type Unplaced = Entry['component'];

function mergeComponents(same: readonly Unplaced[]): Unplaced {
  const [first, ...others] = same;
  if (first === undefined) throw new TypeError('nothing to fold');
  if (others.length === 0) return first;
  const groups = same.flatMap((c) => c.groups ?? []);
  const known = same.some((c) => c.groups !== undefined);
  return {
    ...first,
    pinning:
      (['pinned', 'resolved', 'unresolved'] as const).find((p) => same.some((c) => c.pinning === p)) ??
      first.pinning,
    scopes: orderScopes(same.flatMap((c) => c.scopes)),
    ...(known ? { groups: [...new Set(groups)].sort(compareText) } : {}),
    direct: same.some((c) => c.direct),
    artifacts: unique(same.flatMap((c) => c.artifacts)),
    licenses: unique(same.flatMap((c) => c.licenses)),
    flags: mergeFlags(same),
    locations: unique(same.flatMap((c) => c.locations)),
  };
}

function mergeFlags(same: readonly Unplaced[]): Component['flags'] {
  return {
    // A copy that is not bundled can be upgraded alone.
    ...(same.every((c) => c.flags.bundled) ? { bundled: true } : {}),
    ...(same.some((c) => c.flags.devOptional) ? { devOptional: true } : {}),
    ...(same.some((c) => c.flags.installScript) ? { installScript: true } : {}),
    ...(same.some((c) => c.flags.deprecated) ? { deprecated: true } : {}),
    ...(same.some((c) => c.flags.yanked) ? { yanked: true } : {}),
  };
}

function mergeEdges(same: readonly Entry[], refOfKey: ReadonlyMap<string, string>): DependencyEdge[] {
  const edges: DependencyEdge[] = [];
  for (const entry of same) {
    for (const { key, kind } of entry.dependsOn) {
      const ref = refOfKey.get(key);
      if (ref === undefined) throw new TypeError(`edge from ${entry.key} to unknown entry ${key}`);
      edges.push({ ref, kind });
    }
  }
  if (edges.length < 2) return edges;
  edges.sort((a, b) => compareText(a.ref, b.ref) || compareText(a.kind, b.kind));
  return edges.filter(({ ref, kind }, i) => ref !== edges[i - 1]?.ref || kind !== edges[i - 1]?.kind);
}

function unique<T>(values: readonly T[]): T[] {
  if (values.length < 2) return [...values];
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
