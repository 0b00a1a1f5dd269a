// SPDX-License-Identifier: Apache-2.0
import { groupBy } from '../../model/group.ts';
import type { Scope } from '../../model/inventory.ts';
import { satisfiesConstraint } from './poetry-constraint.ts';
import type { LockedDependency, LockedPackage } from './poetry-package.ts';
import type { DeclaredDependency } from './pyproject.ts';

/**
 * Entries of one name to which edges are drawn. Real locks have a handful, for different platforms; without a
 * bound, n entries of one name that depend on it would make n * n edges.
 */
export const MAX_ALTERNATIVES = 20;

type Target = Pick<LockedDependency, 'name' | 'constraint'>;
type Request = Pick<LockedDependency, 'name' | 'constraint' | 'extras'>;

/** How the packages of a lock, known by their index, hang together. */
export interface PoetryGraph {
  /** Packages that a dependency may mean; empty where the lock has none of that name. */
  targets(dependency: Target): readonly number[];
  /** What gets installed when these are asked for. Optional dependencies count where their extra is asked for. */
  reach(requests: readonly Request[]): ReadonlySet<number>;
  /** Names with more than {@link MAX_ALTERNATIVES} entries; nothing leads to them. */
  readonly crowded: readonly string[];
}

export function poetryGraph(packages: readonly LockedPackage[]): PoetryGraph {
  const byName = groupBy([...packages.keys()], (at) => packages[at]?.name ?? '');
  const crowded = [...byName].filter(([, same]) => same.length > MAX_ALTERNATIVES).map(([name]) => name);
  for (const name of crowded) byName.delete(name);
  const decided = new Map<string, readonly number[]>();

  function targets({ name, constraint }: Target): readonly number[] {
    const all = byName.get(name) ?? [];
    if (all.length < 2 || constraint === undefined) return all;
    const key = `${name}\0${constraint}`;
    const known = decided.get(key);
    if (known) return known;
    const fits = all.map((at) => satisfiesConstraint(packages[at]?.version ?? '', constraint));
    // An alternative is ruled out only where each of them can be judged and another one fits.
    const found = fits.includes(undefined) || !fits.includes(true) ? all : all.filter((_, i) => fits[i]);
    decided.set(key, found);
    return found;
  }

  return { crowded, targets, reach: (requests) => reach(packages, targets, requests) };
}

/** The scopes by which each package gets installed, walked from what the project declares. */
export function derivedScopes(
  graph: PoetryGraph,
  declared: readonly DeclaredDependency[],
): ReadonlyMap<number, readonly Scope[]> {
  const scopes = new Map<number, Scope[]>();
  for (const [kind, requests] of groupBy(declared, (dependency) => dependency.kind)) {
    for (const at of graph.reach(requests)) scopes.set(at, [...(scopes.get(at) ?? []), kind]);
  }
  return scopes;
}

function reach(
  packages: readonly LockedPackage[],
  targets: PoetryGraph['targets'],
  requests: readonly Request[],
): Set<number> {
  const reached = new Map<number, ReturnType<typeof activation>>();
  const queue: Request[] = [...requests];
  for (let next = queue.pop(); next; next = queue.pop()) {
    for (const at of targets(next)) {
      const one = packages[at];
      if (one === undefined) continue;
      const activate = reached.get(at) ?? activation(one);
      reached.set(at, activate);
      for (const dependency of activate(next.extras)) queue.push(dependency);
    }
  }
  return new Set(reached.keys());
}

/**
 * Gives the dependencies that asking for a package with some extras brings, but for those that an earlier call has
 * given. Each extra and each dependency is looked at once, whatever is asked: a lock may be hostile.
 */
function activation(one: LockedPackage): (extras: readonly string[]) => readonly LockedDependency[] {
  let plain = one.dependencies.filter((dependency) => !dependency.optional);
  const optional = one.dependencies.filter((dependency) => dependency.optional);
  const waiting = groupBy(optional, (dependency) => dependency.name);
  const seen = new Set<string>();
  return (extras) => {
    const brought = [plain];
    plain = [];
    const queue = [...extras];
    for (let extra = queue.pop(); extra !== undefined && waiting.size > 0; extra = queue.pop()) {
      if (seen.has(extra)) continue;
      seen.add(extra);
      // A lock that does not list the extra cannot say which dependencies belong to it.
      const heads = one.extras.get(extra) ?? [...waiting.keys()].map((name) => ({ name, extras: [] }));
      for (const head of heads) {
        // `all = ["self[a,b]"]`
        if (head.name === one.name) for (const more of head.extras) queue.push(more);
        brought.push(waiting.get(head.name) ?? []);
        waiting.delete(head.name);
      }
    }
    return brought.flat();
  };
}
