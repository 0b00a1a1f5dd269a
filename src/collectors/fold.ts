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
  /** May have its place already, `<project>#<identity>`: it is then taken as it is, which spares a copy of each. */
  readonly component: Omit<Component, 'ref' | 'project'> & Partial<Pick<Component, 'ref' | 'project'>>;
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
  // All refs begin alike, so the order of the identities is theirs. Locks are nearly in that order already; a map of
  // identities would have to hash each of them.
  const sorted = entries.toSorted((a, b) => compareText(a.identity, b.identity));
  const components: Component[] = [];
  const placeOf = new Map<string, number>();
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    to = endOfSame(sorted, from);
    for (let i = from; i < to; i++) placeOf.set(sorted[i]?.key ?? '', components.length);
    components.push(foldComponent(project, sorted, from, to));
  }
  const edgesOf = edgeReader(components, placeOf);
  const dependencies: DependencyNode[] = [];
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    to = endOfSame(sorted, from);
    const ref = components[dependencies.length]?.ref ?? '';
    const first = sorted[from];
    const isOne = to - from === 1 && first !== undefined;
    const edges = isOne ? edgesOf(first) : sorted.slice(from, to).flatMap(edgesOf);
    dependencies.push({ ref, dependsOn: orderEdges(edges) });
  }
  return { components, dependencies };
}

/** The end of the entries that have the identity of the one at `from`. */
function endOfSame(sorted: readonly Entry[], from: number): number {
  let to = from + 1;
  while (to < sorted.length && sorted[to]?.identity === sorted[from]?.identity) to += 1;
  return to;
}

function foldComponent(project: string, sorted: readonly Entry[], from: number, to: number): Component {
  const first = sorted[from];
  if (first === undefined) throw new TypeError('nothing to fold');
  const merged = to - from === 1 ? first.component : mergeComponents(sorted.slice(from, to));
  return isPlaced(merged) ? merged : { ref: `${project}#${first.identity}`, project, ...merged };
}

function isPlaced(component: Unplaced): component is Component {
  return component.ref !== undefined && component.project !== undefined;
}

/** Scopes in model order, without repetition. */
export function orderScopes(scopes: Iterable<Scope>): Scope[] {
  const set = new Set(scopes);
  return SCOPES.filter((scope) => set.has(scope));
}

type Unplaced = Entry['component'];

function mergeComponents(entries: readonly Entry[]): Unplaced {
  const first = entries[0]?.component;
  if (first === undefined) throw new TypeError('nothing to fold');
  const same = entries.map((entry) => entry.component);
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

type EdgesOf = (entry: Entry) => DependencyEdge[];

/** Most packages are asked for by several others in one way: one object serves all of these edges. */
function edgeReader(components: readonly Component[], placeOf: ReadonlyMap<string, number>): EdgesOf {
  const latest: (DependencyEdge | undefined)[] = new Array(components.length);
  return (entry) =>
    entry.dependsOn.map(({ key, kind }) => {
      const place = placeOf.get(key) ?? -1;
      const known = latest[place];
      if (known?.kind === kind) return known;
      const ref = components[place]?.ref;
      if (ref === undefined) throw new TypeError(`edge from ${entry.key} to unknown entry ${key}`);
      const edge = { ref, kind };
      latest[place] = edge;
      return edge;
    });
}

/** Sorted by ref and kind, each once. */
function orderEdges(edges: DependencyEdge[]): DependencyEdge[] {
  // Most lists are in order already, and sorting many short ones is slow.
  if (isInOrder(edges)) return edges;
  edges.sort((a, b) => compareText(a.ref, b.ref) || compareText(a.kind, b.kind));
  return edges.filter(({ ref, kind }, i) => ref !== edges[i - 1]?.ref || kind !== edges[i - 1]?.kind);
}

function isInOrder(edges: readonly DependencyEdge[]): boolean {
  let previous = '';
  for (const { ref } of edges) {
    if (ref <= previous) return false;
    previous = ref;
  }
  return true;
}

function unique<T>(values: readonly T[]): T[] {
  if (values.length < 2) return [...values];
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
