// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import { groupBy } from '../../model/group.ts';
import { compareText } from '../../model/order.ts';
import { byKey, type Pairing } from './pairing.ts';
import { ruleKeys, type TrackedProblem } from './tracked.ts';

/**
 * Files that have moved, where no git says so. Nothing is found any more in the one and nothing was found before in the
 * other; all lines with findings of the one are in the other, and in no third file; and there are two of them, or the
 * file has kept its name. A line that somebody has copied, and mended in its old place, is then not taken for a move.
 */
export function guessedMoves(
  pairing: Pairing,
  earlier: readonly TrackedProblem[],
  current: readonly TrackedProblem[],
): [from: string, to: string][] {
  const uriOf = ({ place }: TrackedProblem) => place.uri;
  const [before, now] = [new Set(earlier.map(uriOf)), new Set(current.map(uriOf))];
  const gone = [...pairing.earlier].filter((problem) => hasLine(problem) && !now.has(uriOf(problem)));
  const come = byKey(
    [...pairing.current].filter((problem) => hasLine(problem) && !before.has(uriOf(problem))),
    lineKeys,
  );
  const moves: [string, string][] = [];
  for (const [from, problems] of groupBy(gone, uriOf)) {
    const targets = problems.map(
      (problem) => new Set(lineKeys(problem).flatMap((key) => (come.get(key) ?? []).map(uriOf))),
    );
    const [to, ...others] = new Set(targets.flatMap((each) => [...each]));
    const isWhole = targets.every(({ size }) => size > 0);
    if (to === undefined || others.length > 0 || !isWhole) continue;
    if (problems.length > 1 || posix.basename(from) === posix.basename(to)) moves.push([from, to]);
  }
  const perTarget = groupBy(moves, ([, to]) => to);
  return moves.filter(([, to]) => perTarget.get(to)?.length === 1).sort(([a], [b]) => compareText(a, b));
}

function hasLine({ first }: TrackedProblem): boolean {
  return first.lineHash !== undefined;
}

/** With the number behind the colon: in a file that only moved it stays. */
function lineKeys(problem: TrackedProblem): string[] {
  return ruleKeys(problem).map((rule) => JSON.stringify([rule, problem.first.lineHash]));
}
