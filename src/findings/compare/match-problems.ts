// SPDX-License-Identifier: Apache-2.0
import type { Rename } from '../../model/comparison.ts';
import { compareText } from '../../model/order.ts';
import { matchPackages } from './match-packages.ts';
import { guessedMoves } from './moved-files.ts';
import { pairNearest, shiftedLines } from './nearest.ts';
import { match, type Pairing, pairByKeys } from './pairing.ts';
import { contentKey, placeKey, ruleKeys, type TrackedProblem } from './tracked.ts';

/** Lines by which the nearest may be away from where it is expected: as many as a small edit moves. */
export const NEAR = 5;

export interface MatchContext {
  /** Absent where nobody knows: then a file counts as moved only where all that was found in it says so. */
  readonly renames?: readonly Rename[];
  /** Whether a tool is in both runs with all that it could see. */
  readonly ranInBoth: (tool: string) => boolean;
}

export interface MatchedRuns extends Pairing {
  /** Where a file of the earlier run is now. */
  readonly pathOf: (uri: string) => string;
}

/**
 * Knows the problems of one run again in another, in passes from the surest to the least sure; what one pass has matched
 * the next ones leave alone. The answer does not depend on the order of what is given.
 */
export function matchProblems(
  earlier: readonly TrackedProblem[],
  current: readonly TrackedProblem[],
  { renames, ranInBoth }: MatchContext,
): MatchedRuns {
  const pairing: Pairing = { earlier: new Set(earlier), current: new Set(current), matches: [] };
  const given = new Map(sortedRenames(renames ?? []).map((rename) => [rename.from, rename]));
  const moves = new Map([...given].map(([from, { to }]) => [from, to]));
  const pathOf = (uri: string) => moves.get(uri) ?? uri;

  matchFingerprints(pairing, current);
  matchPackages(pairing, earlier, current, pathOf);
  const contentAt = (path: (uri: string) => string) => (problem: TrackedProblem) =>
    contentKeys(problem, path(problem.place.uri));
  const here = contentAt((uri) => uri);
  pairByKeys(pairing, 'content', here, here);
  pairOwners(pairing, pathOf, ranInBoth);
  if (renames === undefined)
    for (const [from, to] of guessedMoves(pairing, earlier, current)) moves.set(from, to);
  pairByKeys(pairing, 'rename', contentAt(pathOf), here);
  const isIdentical = ({ place }: TrackedProblem) => given.get(place.uri)?.identical === true;
  pairByKeys(
    pairing,
    'rename',
    (problem) => (isIdentical(problem) ? placeKeys(problem, pathOf(problem.place.uri)) : []),
    (problem) => placeKeys(problem, problem.place.uri),
  );
  pairNearest(pairing, {
    by: 'nearest',
    within: NEAR,
    // A guessed move says nothing of lines that have changed.
    lineOf: shiftedLines(pairing.matches, (uri) => given.get(uri)?.to ?? uri),
    mayBe: isChangedLine,
  });
  return { ...pairing, pathOf };
}

/** A resource is known by its name: one of another name is another. */
function isChangedLine({ first }: TrackedProblem, { first: other }: TrackedProblem): boolean {
  const named = [first.detail, other.detail].every(
    (detail) => detail.kind === 'misconfiguration' && detail.resource !== undefined,
  );
  return first.kind === 'code' || (first.kind === 'misconfiguration' && !named);
}

function matchFingerprints(pairing: Pairing, current: readonly TrackedProblem[]): void {
  const byFingerprint = new Map(current.map((problem) => [problem.fingerprint, problem]));
  for (const earlier of pairing.earlier) {
    const same = byFingerprint.get(earlier.fingerprint);
    if (same !== undefined) match(pairing, { earlier, current: same, by: 'fingerprint' });
  }
}

/** A file has one name before and one after; of what says otherwise the first counts. */
function sortedRenames(renames: readonly Rename[]): Rename[] {
  const taken = new Set<string>();
  return renames
    .toSorted((a, b) => compareText(a.to, b.to) || compareText(a.from, b.from))
    .filter(({ from, to }) => {
      if (from === to || taken.has(`from ${from}`) || taken.has(`to ${to}`)) return false;
      taken.add(`from ${from}`).add(`to ${to}`);
      return true;
    });
}

function contentKeys(problem: TrackedProblem, uri: string): string[] {
  const content = contentKey(problem);
  return content === undefined ? [] : ruleKeys(problem).map((rule) => JSON.stringify([rule, uri, content]));
}

function placeKeys(problem: TrackedProblem, uri: string): string[] {
  return ruleKeys(problem).map((rule) => JSON.stringify([rule, uri, placeKey(problem)]));
}

/**
 * A secret that several tools report has the rule of one of them. Where that one came, went or failed, the secret is the
 * one that another reports at the same place in both runs. Where it looked both times, its word stands: the secret that
 * it no longer reports is another than the one beside it.
 */
function pairOwners(
  pairing: Pairing,
  pathOf: (uri: string) => string,
  ranInBoth: (tool: string) => boolean,
): void {
  pairNearest(pairing, {
    by: 'owner',
    within: 0,
    lineOf: shiftedLines(pairing.matches, pathOf),
    mayBe: (earlier, current) => {
      const [before, now] = [earlier.first.sources[0]?.tool ?? '', current.first.sources[0]?.tool ?? ''];
      return (
        earlier.first.detail.kind === 'secret' &&
        current.first.detail.kind === 'secret' &&
        earlier.first.detail.mask === current.first.detail.mask &&
        before !== now &&
        !(ranInBoth(before) && ranInBoth(now))
      );
    },
  });
}
