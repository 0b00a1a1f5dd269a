// SPDX-License-Identifier: Apache-2.0
import { type CompareOptions, compareRuns } from './findings/compare.ts';
import type { EarlierReport } from './model/comparison.ts';
import type { Report } from './model/report.ts';
import { PlimsollError } from './platform/errors.ts';
import { globMatcher } from './platform/glob.ts';

export interface CompareReportsOptions extends Pick<CompareOptions, 'renames'> {
  /** Whether a path was left out of the current run, besides what its own options say: by a policy, or by a tool. */
  readonly excludes?: (path: string) => boolean;
}

/**
 * The current report with a `baselineState` on each finding, and with what has become of those of an earlier report that
 * it lacks. The verdict is that of the current report: a state relaxes nothing.
 *
 * @throws PlimsollError `usage` where the reports are of two scan roots, whose paths mean other files
 */
export function compareReports(
  earlier: EarlierReport,
  current: Report,
  { renames, excludes }: CompareReportsOptions = {},
): Report {
  const roots = [earlier, current].map(({ subject }) => subject.path ?? '.');
  if (roots[0] !== roots[1])
    throw new PlimsollError('usage', `expected two reports of one scan root, got ${roots.join(' and ')}`);
  const { exclude, paths } = current.verdict.options;
  const isExcluded = globMatcher(exclude);
  // Nothing to scan: a checkout that failed has fixed nothing.
  const isNothing = current.verdict.exitCode === 4;
  const { findings, absent, unknown } = compareRuns(earlier, current, {
    ...(renames === undefined ? {} : { renames }),
    ...(paths === undefined ? {} : { paths }),
    excludes: (path) => isNothing || isExcluded(path) || excludes?.(path) === true,
    carried: earlier.comparison?.unknown ?? [],
  });
  const { evaluatedAt, subject } = earlier;
  return {
    ...current,
    findings,
    comparison: {
      earlier: { evaluatedAt, ...(subject.commit === undefined ? {} : { commit: subject.commit }) },
      absent,
      unknown,
    },
  };
}
