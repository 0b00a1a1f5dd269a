// SPDX-License-Identifier: Apache-2.0
import { groupBy } from '../../model/group.ts';
import { compareText } from '../../model/order.ts';
import { match, type Pairing } from './pairing.ts';
import { compareProblems, isOfProject, problemIds, type TrackedProblem } from './tracked.ts';

/**
 * Matches what is left over of packages by the ids that both sides know: a late alias that moves the anchor opens nothing.
 * Where an alias joins two problems, or one falls apart, each half is matched with the whole, so this alone is not one
 * to one.
 *
 * @param pathOf where a file of the earlier run is now
 */
export function matchPackages(
  pairing: Pairing,
  earlier: readonly TrackedProblem[],
  current: readonly TrackedProblem[],
  pathOf: (uri: string) => string,
): void {
  const known = groupBy(earlier.filter(isOfProject), (problem) => packageKey(problem, pathOf));
  const now = groupBy(current.filter(isOfProject), (problem) => packageKey(problem, (uri) => uri));
  // As it was before this pass, so that its order does not show.
  const [leftEarlier, leftCurrent] = [new Set(pairing.earlier), new Set(pairing.current)];
  for (const key of [...known.keys()].sort(compareText)) {
    const byId = problemsById(now.get(key) ?? []);
    for (const one of known.get(key) ?? []) {
      const sharing = new Set([...problemIds(one)].flatMap((id) => byId.get(id) ?? []));
      for (const other of [...sharing].sort(compareProblems)) {
        if (!leftEarlier.has(one) && !leftCurrent.has(other)) continue;
        const moved = pathOf(one.first.project ?? '') !== one.first.project;
        match(pairing, { earlier: one, current: other, by: moved ? 'rename' : 'ids' });
      }
    }
  }
  matchForeign(pairing, pathOf);
}

/**
 * Of packages that no project has only the place is known, where one CVE can affect several: a pair counts where each
 * side has no other that could be meant.
 */
function matchForeign(pairing: Pairing, pathOf: (uri: string) => string): void {
  const isForeign = ({ first: { kind, project } }: TrackedProblem) =>
    project === undefined && (kind === 'vulnerability' || kind === 'malware');
  const now = groupBy([...pairing.current].filter(isForeign), ({ place }) => place.uri);
  for (const [uri, problems] of groupBy([...pairing.earlier].filter(isForeign), ({ place }) =>
    pathOf(place.uri),
  )) {
    const [byId, known] = [problemsById(now.get(uri) ?? []), problemsById(problems)];
    for (const earlier of problems.toSorted(compareProblems)) {
      const current = only(problemIds(earlier), byId);
      if (current !== undefined && only(problemIds(current), known) === earlier)
        match(pairing, { earlier, current, by: 'ids' });
    }
  }
}

function only(
  ids: ReadonlySet<string>,
  byId: ReadonlyMap<string, TrackedProblem[]>,
): TrackedProblem | undefined {
  const [first, ...others] = new Set([...ids].flatMap((id) => byId.get(id) ?? []));
  return others.length === 0 ? first : undefined;
}

function problemsById(problems: readonly TrackedProblem[]): Map<string, TrackedProblem[]> {
  const byId = new Map<string, TrackedProblem[]>();
  for (const problem of problems)
    for (const id of problemIds(problem)) byId.set(id, [...(byId.get(id) ?? []), problem]);
  return byId;
}

/** Malware was often a vulnerability first; the ids say that it is the same. */
function packageKey({ first, packages: [named] }: TrackedProblem, pathOf: (uri: string) => string): string {
  const family = first.kind === 'malware' ? 'vulnerability' : first.kind;
  return JSON.stringify([family, named?.ecosystem, named?.name, pathOf(first.project ?? '')]);
}
