// SPDX-License-Identifier: Apache-2.0
import type { Entry } from '../fold.ts';
import { crowdedName, MAX_ALTERNATIVES, type PlacedRequirement } from './requirements-entries.ts';
import type { Gap } from './requirements-set.ts';

/** Key and identity of the root entry. */
export const ROOT_KEY = '.';

/**
 * Adds the edges that `# via` tells: from each package named there to the requirement below which it is named. The
 * root has an edge to all that is direct, and to what has no parent in the project, so that everything is reached.
 * `gaps`: the parents of which there are more versions than {@link MAX_ALTERNATIVES}, the others having no edges.
 */
export function connect(
  root: Omit<Entry, 'dependsOn'>,
  placed: readonly PlacedRequirement[],
): { readonly entries: readonly Entry[]; readonly gaps: readonly Gap[] } {
  const { parentsOf, gaps } = parentFinder(placed);
  const edges = new Map<string, Edge[]>();
  for (const child of placed) {
    const parents = parentsOf(child);
    const isReached = parents.length > 0 && !child.entry.component.direct;
    for (const key of [...parents.map((parent) => parent.entry.key), ...(isReached ? [] : [root.key])]) {
      const edge = { key: child.entry.key, kind: child.occurrence.scope };
      const known = edges.get(key);
      if (known) known.push(edge);
      else edges.set(key, [edge]);
    }
  }
  const entries = [root, ...placed.map(({ entry }) => entry)].map((entry) => ({
    ...entry,
    dependsOn: edges.get(entry.key) ?? [],
  }));
  return { entries, gaps };
}

type Edge = Entry['dependsOn'][number];

/**
 * A parent is sought in the same file first, since each compiled file is complete in itself, then in the project. Of
 * the lines of one package one is enough, and of its versions the first {@link MAX_ALTERNATIVES}, or a file that
 * repeats itself would have as many edges as the square of its lines.
 */
function parentFinder(placed: readonly PlacedRequirement[]): {
  readonly parentsOf: (child: PlacedRequirement) => readonly PlacedRequirement[];
  readonly gaps: readonly Gap[];
} {
  const wanted = new Set(placed.flatMap(({ occurrence }) => occurrence.requirement.via?.parents ?? []));
  const inFile = new Map<string, PlacedRequirement[]>();
  const inProject = new Map<string, PlacedRequirement[]>();
  const crowded = new Map<string, Gap>();
  for (const requirement of placed) {
    const { name } = requirement.entry.component;
    if (!wanted.has(name)) continue;
    const { location } = requirement.occurrence;
    const fits = addAlternative(inFile, `${location.uri}\0${name}`, requirement);
    if (addAlternative(inProject, name, requirement) && fits) continue;
    if (!crowded.has(name)) crowded.set(name, crowdedName(location, `versions of ${name} with edges`));
  }
  return {
    gaps: [...crowded.values()],
    parentsOf: ({ occurrence: { requirement, location }, entry }) =>
      (requirement.via?.parents ?? []).flatMap((name) => {
        const found = inFile.get(`${location.uri}\0${name}`) ?? inProject.get(name) ?? [];
        return found.filter((parent) => parent.entry.identity !== entry.identity);
      }),
  };
}

/** Whether it is one of the alternatives now. */
function addAlternative(
  byName: Map<string, PlacedRequirement[]>,
  key: string,
  requirement: PlacedRequirement,
): boolean {
  const known = byName.get(key);
  if (!known) byName.set(key, [requirement]);
  else if (known.every(({ entry }) => entry.identity !== requirement.entry.identity)) {
    if (known.length >= MAX_ALTERNATIVES) return false;
    known.push(requirement);
  }
  return true;
}
