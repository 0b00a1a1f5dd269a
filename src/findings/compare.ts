// SPDX-License-Identifier: Apache-2.0
import type { ComparedPackage, EarlierRun, Rename, UnknownFinding } from '../model/comparison.ts';
import type { Finding } from '../model/finding.ts';
import { groupBy } from '../model/group.ts';
import { compareText } from '../model/order.ts';
import { compareFindings } from './build.ts';
import { missingAnswers, ranInBoth } from './compare/answers.ts';
import { type MatchedRuns, matchProblems, NEAR } from './compare/match-problems.ts';
import { nearestOf, shiftedLines } from './compare/nearest.ts';
import type { AnswerOptions, CurrentRun, NoAnswer } from './compare/no-answer.ts';
import type { Match, MatchedBy } from './compare/pairing.ts';
import { factsOf, type TrackedProblem, trackProblems } from './compare/tracked.ts';

export interface CompareOptions extends AnswerOptions {
  /** Files that have moved between the runs; absent where that is not known. */
  readonly renames?: readonly Rename[];
  /** What an earlier comparison could not tell, with the packages: it is looked for again. */
  readonly carried?: readonly UnknownFinding[];
}

/** A finding with its state. */
type StatedFinding = Finding & { readonly baselineState: NonNullable<Finding['baselineState']> };

export interface RunComparison {
  /** Those of the current run, in the order given: `new`, `unchanged` or `updated`. */
  readonly findings: readonly StatedFinding[];
  /** Earlier ones that are fixed, in report order: `absent`. */
  readonly absent: readonly StatedFinding[];
  /** Earlier ones of which nothing says whether they are fixed, in report order. */
  readonly unknown: readonly UnknownFinding[];
  /** Fingerprints of the pairs, sorted, and how they were known again. */
  readonly matches: readonly { readonly earlier: string; readonly current: string; readonly by: MatchedBy }[];
}

/**
 * Compares the findings of a run with those of an earlier one of the same tree. Pure: the answer does not depend on the
 * order of what is given. Findings with one fingerprint are one problem, and have one state.
 *
 * `unchanged` and `updated` are known again; `updated` has another severity, version or message, or another line of code
 * near by. `absent` is what all that reported it looked for again, and did not find; what could not be looked for is
 * `unknown`. A secret whose line has changed is `new`: a new one must not pass for a known one.
 */
export function compareRuns(
  earlier: EarlierRun,
  current: CurrentRun,
  options: CompareOptions = {},
): RunComparison {
  const packages = new Map<Finding, ComparedPackage>();
  const before = earlier.findings.map(withoutState);
  const seen = new Set(before.map(({ fingerprint }) => fingerprint));
  for (const { finding, package: named } of options.carried ?? []) {
    if (seen.has(finding.fingerprint)) continue;
    const carried = withoutState(finding);
    before.push(carried);
    if (named !== undefined) packages.set(carried, named);
  }
  const known = trackProblems(before, earlier.inventory, packages);
  const found = trackProblems(current.findings, current.inventory);
  const renames = options.renames === undefined ? {} : { renames: options.renames };
  const matched = matchProblems(known, found, { ...renames, ranInBoth: ranInBoth(earlier, current) });
  const states = statesOf(matched.matches);
  const { absent, unknown } = judgeLost(matched, missingAnswers(earlier, current, matched.pathOf, options));
  return {
    findings: current.findings.map((finding) => ({
      ...finding,
      baselineState: states.get(finding.fingerprint) ?? 'new',
    })),
    absent,
    unknown,
    matches: matched.matches
      .map((pair) => ({
        earlier: pair.earlier.fingerprint,
        current: pair.current.fingerprint,
        by: pair.by,
      }))
      .sort(comparePairs),
  };
}

/** Of a comparison as many were known as of this one: a state is that of this run. */
function withoutState({ baselineState: _, ...finding }: Finding): Finding {
  return finding;
}

/** By fingerprint. What is matched with several, or with one that shares it, has changed with the ids. */
function statesOf(matches: readonly Match[]): Map<string, 'unchanged' | 'updated'> {
  const byEarlier = groupBy(matches, ({ earlier }) => earlier);
  const states = new Map<string, 'unchanged' | 'updated'>();
  for (const [{ fingerprint }, pairs] of groupBy(matches, ({ current }) => current)) {
    const [pair, ...others] = pairs;
    const isSame =
      pair !== undefined &&
      others.length === 0 &&
      byEarlier.get(pair.earlier)?.length === 1 &&
      pair.by !== 'nearest' &&
      factsOf(pair.earlier) === factsOf(pair.current);
    states.set(fingerprint, isSame ? 'unchanged' : 'updated');
  }
  return states;
}

function judgeLost(
  { earlier, current, matches, pathOf }: MatchedRuns,
  missing: (problem: TrackedProblem) => NoAnswer | undefined,
): Pick<RunComparison, 'absent' | 'unknown'> {
  const secrets = new Set([...current].filter(({ first }) => first.kind === 'secret'));
  const near = nearestOf(secrets, shiftedLines(matches, pathOf));
  const distances = Array.from({ length: NEAR + 1 }, (_, distance) => distance);
  const changedLine = (problem: TrackedProblem): NoAnswer | undefined => {
    const other = distances.flatMap((distance) => near(problem, distance))[0];
    if (problem.first.kind !== 'secret' || other === undefined) return undefined;
    const { uri, startLine } = other.place;
    return { cause: 'line-changed', reason: `${uri}:${startLine} has one of the same rule` };
  };
  const absent: StatedFinding[] = [];
  const unknown: UnknownFinding[] = [];
  for (const problem of earlier) {
    const answer = missing(problem) ?? changedLine(problem);
    for (const [i, finding] of problem.findings.entries()) {
      const named = problem.packages[i];
      if (answer === undefined) absent.push({ ...finding, baselineState: 'absent' });
      else unknown.push({ finding, ...answer, ...(named === undefined ? {} : { package: named }) });
    }
  }
  return {
    absent: absent.sort(compareFindings),
    unknown: unknown.sort((a, b) => compareFindings(a.finding, b.finding)),
  };
}

function comparePairs(a: RunComparison['matches'][number], b: RunComparison['matches'][number]): number {
  return compareText(a.current, b.current) || compareText(a.earlier, b.earlier);
}
