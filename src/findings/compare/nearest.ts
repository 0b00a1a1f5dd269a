// SPDX-License-Identifier: Apache-2.0
import { groupBy } from '../../model/group.ts';
import { firstIndex } from '../../model/order.ts';
import { byKey, type Match, type MatchedBy, match, type Pairing } from './pairing.ts';
import { compareProblems, ruleKeys, type TrackedProblem } from './tracked.ts';

/** Where an earlier problem is expected now; undefined where its line is not known. */
export type ExpectedLine = (
  problem: TrackedProblem,
) => { readonly uri: string; readonly line: number } | undefined;

export interface NearestOptions {
  readonly by: MatchedBy;
  /** Lines that it may be away from where it is expected. */
  readonly within: number;
  readonly lineOf: ExpectedLine;
  readonly mayBe: (earlier: TrackedProblem, current: TrackedProblem) => boolean;
}

/** Pairs what is left over with the nearest of the same rule, the nearest pairs first. */
export function pairNearest(pairing: Pairing, { by, within, lineOf, mayBe }: NearestOptions): void {
  const near = nearestOf(pairing.current, lineOf);
  for (let distance = 0; distance <= within; distance += 1) {
    for (const earlier of [...pairing.earlier].sort(compareProblems)) {
      const current = near(earlier, distance).find((each) => mayBe(earlier, each));
      if (current !== undefined) match(pairing, { earlier, current, by });
    }
  }
}

/** Of those that stand in one line and are left over so many are looked at: a minified file has thousands in one. */
const LOOKED_AT = 100;

/**
 * Finds the problems of a rule of an earlier one, so many lines from where that is expected.
 *
 * @param left those left over; what is taken out of it later is not found any more
 */
export function nearestOf(
  left: ReadonlySet<TrackedProblem>,
  lineOf: ExpectedLine,
): (earlier: TrackedProblem, distance: number) => TrackedProblem[] {
  const keyOf = (rule: string, uri: string, line: number) => JSON.stringify([rule, uri, line]);
  const there = byKey(left, (problem) => {
    const { uri, startLine } = problem.place;
    return startLine === undefined ? [] : ruleKeys(problem).map((rule) => keyOf(rule, uri, startLine));
  });
  /** Of each key the index of the first that may be left. */
  const begins = new Map<string, number>();
  const leftAt = (key: string): TrackedProblem[] => {
    const problems = there.get(key) ?? [];
    let at = begins.get(key) ?? 0;
    for (let each = problems[at]; each !== undefined && !left.has(each); each = problems[at]) at += 1;
    begins.set(key, at);
    return problems.slice(at, at + LOOKED_AT).filter((each) => left.has(each));
  };
  return (earlier, distance) => {
    const expected = lineOf(earlier);
    if (expected === undefined) return [];
    const { uri, line } = expected;
    // What is inserted moves lines down: below comes first.
    const lines = distance === 0 ? [line] : [line + distance, line - distance];
    return lines.flatMap((at) => ruleKeys(earlier).flatMap((rule) => leftAt(keyOf(rule, uri, at))));
  };
}

/** Lines moved as far as the nearest line of the file that was known again. */
export function shiftedLines(matches: readonly Match[], pathOf: (uri: string) => string): ExpectedLine {
  const known = matches.flatMap(({ earlier: { place }, current: { place: now } }) => {
    if (place.startLine === undefined || now.startLine === undefined || pathOf(place.uri) !== now.uri)
      return [];
    return [{ uri: place.uri, line: place.startLine, shift: now.startLine - place.startLine }];
  });
  const byFile = groupBy(
    known.sort((a, b) => a.line - b.line || a.shift - b.shift),
    ({ uri }) => uri,
  );
  return ({ place: { uri, startLine } }) => {
    if (startLine === undefined) return undefined;
    const anchors = byFile.get(uri) ?? [];
    const after = firstFrom(anchors, startLine);
    const [above, below] = [anchors[after - 1], anchors[after]];
    const isAbove =
      above !== undefined && (below === undefined || startLine - above.line <= below.line - startLine);
    const { shift = 0 } = (isAbove ? above : below) ?? {};
    return { uri: pathOf(uri), line: startLine + shift };
  };
}

/** The index of the first at or after a line, in lines that are sorted. */
function firstFrom(anchors: readonly { readonly line: number }[], line: number): number {
  return firstIndex(anchors.length, (index) => (anchors[index]?.line ?? 0) < line);
}
