// SPDX-License-Identifier: Apache-2.0
import { type JudgedFinding, OUTCOMES, plural } from './view.ts';

/** How many findings of each outcome. */
export type OutcomeCounts = Readonly<Record<(typeof OUTCOMES)[number], number>>;

interface Group {
  readonly judged: readonly JudgedFinding[];
}

/** Groups with no more than `limit` findings in all, and what is left out of them. What fails is kept first. */
export function capped<G extends Group>(
  groups: readonly G[],
  limit: number,
): { readonly shown: readonly G[]; readonly left: OutcomeCounts } {
  const left = { ...outcomeCounts(groups.flatMap(({ judged }) => judged)) };
  const quota = { ...left };
  let free = limit;
  for (const outcome of OUTCOMES) {
    quota[outcome] = Math.min(left[outcome], free);
    free -= quota[outcome];
    left[outcome] -= quota[outcome];
  }
  const take = ({ decision: { outcome } }: JudgedFinding) => quota[outcome]-- > 0;
  const shown = groups
    .map((group) => ({ ...group, judged: group.judged.filter(take) }))
    .filter(({ judged }) => judged.length > 0);
  return { shown, left };
}

/** How many of these fail, warn and so on. */
export function outcomeCounts(judged: readonly JudgedFinding[]): OutcomeCounts {
  const counts = { fail: 0, warn: 0, note: 0, suppressed: 0 };
  for (const { decision } of judged) counts[decision.outcome] += 1;
  return counts;
}

/**
 * Says what is left out and where the whole is; undefined where nothing is.
 *
 * @param rows how many rows about something else than findings are left out
 */
export function leftOutText(left: OutcomeCounts, rows = 0): string | undefined {
  const findings = OUTCOMES.reduce((sum, outcome) => sum + left[outcome], 0);
  if (findings + rows === 0) return undefined;
  const counts = [
    left.fail > 0 ? plural(left.fail, 'fails', 'fail') : '',
    left.warn > 0 ? plural(left.warn, 'warning', 'warnings') : '',
    left.note > 0 ? plural(left.note, 'note', 'notes') : '',
    left.suppressed > 0 ? `${left.suppressed} suppressed` : '',
  ].filter((text) => text !== '');
  const what = [
    ...(findings > 0 ? [`${plural(findings, 'more finding', 'more findings')} (${counts.join(', ')})`] : []),
    ...(rows > 0 ? [plural(rows, 'more row', 'more rows')] : []),
  ];
  return `${what.join(' and ')} ${findings + rows === 1 ? 'is' : 'are'} not shown here`;
}
