// SPDX-License-Identifier: Apache-2.0
import type { Location } from './location.ts';

/** Why something could not be, or was not, checked. A policy decides by this word. */
export type CoverageCause =
  | 'no-collector'
  | 'no-lock'
  | 'out-of-scope'
  | 'excluded'
  | 'omitted'
  | 'unreadable'
  | 'unparsable'
  | 'limit-exceeded'
  | 'include-not-followed'
  | 'unpinned'
  | 'unmatchable'
  | 'invalid-version'
  | 'license-unknown'
  | 'advisory-data-missing'
  | 'advisory-data-stale'
  | 'advisory-data-damaged'
  | 'advisory-source-failed'
  | 'advisory-update-refused'
  | 'advisory-records-unreadable'
  | 'report-unreadable'
  | 'tool-missing'
  | 'tool-failed'
  | 'disagreement';

/** One thing that went wrong in a row, at its place where it has one. */
export interface CoverageError {
  /** `FILE:LINE: expected X, got Y` where there is a file. */
  readonly message: string;
  readonly location?: Location;
}

/**
 * One row of the coverage ledger: what one plug-in did with one target, and why not more.
 * One row per plug-in, target and cause; sorted by target, plugin, cause.
 */
export interface Coverage {
  /** Collector id, `discover`, `advisories`, `matcher`, `licenses`, or a scanner id. */
  readonly plugin: string;
  /** A path relative to the scan root, a project id, or an ecosystem name. */
  readonly target: string;
  readonly status: 'succeeded' | 'partial' | 'failed' | 'skipped';
  /** Absent on `succeeded`. */
  readonly cause?: CoverageCause;
  readonly unit: 'files' | 'packages' | 'records' | 'blobs';
  readonly expected: number;
  readonly processed: number;
  /** Whether a verdict needs it: `false` for what is only mentioned (other ecosystems, what an option left out). */
  readonly required: boolean;
  readonly errors: readonly CoverageError[];
}
