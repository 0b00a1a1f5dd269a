// SPDX-License-Identifier: Apache-2.0
import { compareText } from '../../model/order.ts';
import { compareProblems, type TrackedProblem } from './tracked.ts';

/** How a problem was known again. */
export type MatchedBy = 'fingerprint' | 'ids' | 'content' | 'owner' | 'rename' | 'nearest';

/** An earlier problem and the current one that it is. */
export interface Match {
  readonly earlier: TrackedProblem;
  readonly current: TrackedProblem;
  readonly by: MatchedBy;
}

/** What was matched so far, and what is left over. */
export interface Pairing {
  readonly earlier: Set<TrackedProblem>;
  readonly current: Set<TrackedProblem>;
  readonly matches: Match[];
}

/** Keys under which a problem may be paired; none where the pass is not for it. */
export type KeysOf = (problem: TrackedProblem) => readonly string[];

/** Takes both out of what is left over. */
export function match(pairing: Pairing, found: Match): void {
  pairing.earlier.delete(found.earlier);
  pairing.current.delete(found.current);
  pairing.matches.push(found);
}

/**
 * Pairs what is left over and has a key in common, one to one, from the top of a file down. The cost is that of the
 * keys: a thousand lines that are all alike are paired as they stand.
 */
export function pairByKeys(pairing: Pairing, by: MatchedBy, earlierKeys: KeysOf, currentKeys: KeysOf): void {
  const sides = {
    earlier: byKey(pairing.earlier, earlierKeys),
    current: byKey(pairing.current, currentKeys),
  };
  for (const key of [...sides.earlier.keys()].sort(compareText)) {
    const there = (sides.current.get(key) ?? []).filter((each) => pairing.current.has(each));
    const here = (sides.earlier.get(key) ?? []).filter((each) => pairing.earlier.has(each));
    for (const [i, current] of there.slice(0, here.length).entries()) {
      const earlier = here[i];
      if (earlier !== undefined) match(pairing, { earlier, current, by });
    }
  }
}

/** The problems under each of their keys, in order. */
export function byKey(problems: Iterable<TrackedProblem>, keysOf: KeysOf): Map<string, TrackedProblem[]> {
  const buckets = new Map<string, TrackedProblem[]>();
  for (const problem of [...problems].sort(compareProblems)) {
    for (const key of keysOf(problem)) {
      const bucket = buckets.get(key);
      if (bucket) bucket.push(problem);
      else buckets.set(key, [problem]);
    }
  }
  return buckets;
}
