// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import { type CompareOptions, compareRuns } from './findings/compare.ts';
import type { EarlierReport } from './model/comparison.ts';
import type { Report } from './model/report.ts';
import type { Verdict } from './model/verdict.ts';
import { PlimsollError } from './platform/errors.ts';
import { globMatcher } from './platform/glob.ts';

export interface CompareReportsOptions extends Pick<CompareOptions, 'renames'> {
  /** Whether a path was left out of the current run, besides what its options and its policy say: by a tool of its own accord. */
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
  const { paths } = current.verdict.options;
  const isLeftOut = leftOut(current.verdict);
  const { findings, absent, unknown } = compareRuns(earlier, current, {
    ...(renames === undefined ? {} : { renames }),
    ...(paths === undefined ? {} : { paths }),
    excludes: (path) => isLeftOut(path) || excludes?.(path) === true,
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

/** By an option or the policy; all, where there was nothing to scan: a checkout that failed has fixed nothing. */
function leftOut({ exitCode, options, ignored }: Verdict): (path: string) => boolean {
  if (exitCode === 4) return () => true;
  const isExcluded = globMatcher(options.exclude);
  if (ignored === undefined) return isExcluded;
  const isIgnored = globMatcher(ignored.globs);
  return (path) => isExcluded(path) || isIgnored(posix.join(ignored.base, path));
}
