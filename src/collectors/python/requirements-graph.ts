// SPDX-License-Identifier: Apache-2.0
import type { Entry } from '../fold.ts';
import { MAX_ALTERNATIVES, type PlacedRequirement } from './requirements-entries.ts';

/** Key and identity of the root entry. */
export const ROOT_KEY = '.';

/**
 * Adds the edges that `# via` tells: from each package named there to the requirement below which it is named. The
 * root has an edge to all that is direct, and to what has no parent in the project, so that everything is reached.
 */
export function connect(root: Omit<Entry, 'dependsOn'>, placed: readonly PlacedRequirement[]): Entry[] {
  const parentsOf = parentFinder(placed);
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
  return [root, ...placed.map(({ entry }) => entry)].map((entry) => ({
    ...entry,
    dependsOn: edges.get(entry.key) ?? [],
  }));
}

type Edge = Entry['dependsOn'][number];

/**
 * A parent is sought in the same file first, since each compiled file is complete in itself, then in the project. Of
 * the lines of one package one is enough, and of its versions the first {@link MAX_ALTERNATIVES}, or a file that
 * repeats itself would have as many edges as the square of its lines.
 */
function parentFinder(
  placed: readonly PlacedRequirement[],
): (child: PlacedRequirement) => readonly PlacedRequirement[] {
  const wanted = new Set(placed.flatMap(({ occurrence }) => occurrence.requirement.via?.parents ?? []));
  const inFile = new Map<string, PlacedRequirement[]>();
  const inProject = new Map<string, PlacedRequirement[]>();
  for (const requirement of placed) {
    const { name } = requirement.entry.component;
    if (!wanted.has(name)) continue;
    addAlternative(inFile, `${requirement.occurrence.location.uri}\0${name}`, requirement);
    addAlternative(inProject, name, requirement);
  }
  return ({ occurrence: { requirement, location }, entry }) =>
    (requirement.via?.parents ?? []).flatMap((name) => {
      const found = inFile.get(`${location.uri}\0${name}`) ?? inProject.get(name) ?? [];
      return found.filter((parent) => parent.entry.identity !== entry.identity);
    });
}

function addAlternative(
  byName: Map<string, PlacedRequirement[]>,
  key: string,
  requirement: PlacedRequirement,
): void {
  const known = byName.get(key);
  if (!known) byName.set(key, [requirement]);
  else if (known.length < MAX_ALTERNATIVES) {
    if (known.every(({ entry }) => entry.identity !== requirement.entry.identity)) known.push(requirement);
  }
}
