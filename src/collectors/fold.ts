// SPDX-License-Identifier: Apache-2.0
import { rememberEdgePlaces } from '../findings/edge-places.ts';
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
): { readonly components: readonly Component[]; readonly dependencies: readonly DependencyNode[] } {
  // All refs begin alike, so the order of the identities is theirs. Locks are nearly in that order already; a map of
  // identities would have to hash each of them.
  const sorted = entries.toSorted((a, b) => compareText(a.identity, b.identity));
  const components: Component[] = [];
  /** Where the entries of each component end. */
  const ends: number[] = [];
  const placeOf = new Map<string, number>();
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    to = endOfSame(sorted, from);
    for (let i = from; i < to; i++) placeOf.set(sorted[i]?.key ?? '', components.length);
    components.push(foldComponent(project, sorted, from, to));
    ends.push(to);
  }
  return { components, dependencies: readDependencies(sorted, ends, components, placeOf) };
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

/** The edges of all components. Their places are remembered for who searches the graph. */
function readDependencies(
  sorted: readonly Entry[],
  entryEnds: readonly number[],
  components: readonly Component[],
  placeOf: ReadonlyMap<string, number>,
): DependencyNode[] {
  const targets: number[] = [];
  const edgeTo = edgeMaker(components);
  const edgesOf = (entry: Entry): DependencyEdge[] =>
    entry.dependsOn.map(({ key, kind }) => {
      const place = placeOf.get(key);
      if (place === undefined) throw new TypeError(`edge from ${entry.key} to unknown entry ${key}`);
      targets.push(place);
      return edgeTo(place, kind);
    });
  const ends: number[] = [];
  const dependencies = components.map(({ ref }, place): DependencyNode => {
    const from = entryEnds[place - 1] ?? 0;
    const to = entryEnds[place] ?? from;
    const begin = targets.length;
    const only = to - from === 1 ? sorted[from] : undefined;
    const edges = only ? edgesOf(only) : sorted.slice(from, to).flatMap(edgesOf);
    ends.push(targets.length);
    return { ref, dependsOn: isRising(targets, begin) ? edges : orderEdges(edges, targets, begin) };
  });
  rememberEdgePlaces(dependencies, { ends, targets });
  return dependencies;
}

/** Most packages are asked for by several others in one way: one object serves all of these edges. */
function edgeMaker(components: readonly Component[]): (place: number, kind: Scope) => DependencyEdge {
  const latest: (DependencyEdge | undefined)[] = new Array(components.length);
  return (place, kind) => {
    const known = latest[place];
    if (known?.kind === kind) return known;
    const edge = { ref: components[place]?.ref ?? '', kind };
    latest[place] = edge;
    return edge;
  };
}

/** Most lists are in order already, and sorting many short ones is slow. */
function isRising(numbers: readonly number[], from: number): boolean {
  for (let i = from + 1; i < numbers.length; i++) {
    if ((numbers[i - 1] ?? 0) >= (numbers[i] ?? 0)) return false;
  }
  return true;
}

/** Sorts edges, and their places from `begin` on, by ref and kind, and leaves each edge once. */
function orderEdges(edges: DependencyEdge[], places: number[], begin: number): DependencyEdge[] {
  // Refs are in the order of the places.
  for (const [i, place] of places
    .splice(begin)
    .sort((a, b) => a - b)
    .entries())
    places[begin + i] = place;
  edges.sort((a, b) => compareText(a.ref, b.ref) || compareText(a.kind, b.kind));
  return edges.filter(({ ref, kind }, i) => ref !== edges[i - 1]?.ref || kind !== edges[i - 1]?.kind);
}

function unique<T>(values: readonly T[]): T[] {
  if (values.length < 2) return [...values];
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
