// SPDX-License-Identifier: Apache-2.0
import type { UnknownCause } from '../../model/comparison.ts';
import type { Coverage } from '../../model/coverage.ts';
import type { Report } from '../../model/report.ts';

/** What of a run is looked at to tell what it could find. */
export type CurrentRun = Pick<Report, 'findings' | 'coverage' | 'inventory' | 'advisoryData' | 'scanners'>;

/** Why the silence of a run is no answer. */
export interface NoAnswer {
  readonly cause: UnknownCause;
  readonly reason: string;
}

export interface AnswerOptions {
  /** Whether a path was left out of the current run, where its coverage does not tell. */
  readonly excludes?: (path: string) => boolean;
  /** The only files and directories of which the current run read manifests; the whole tree where absent. */
  readonly paths?: readonly string[];
}

/** Whether a path of a coverage row is that file, or a directory above it. */
export function covers(target: string, path: string): boolean {
  return target === '.' || target === path || path.startsWith(`${target}/`);
}

/** What a row did not do, in a few words. */
export function gapText({ status, target, cause }: Coverage): string {
  const what = { failed: 'failed', partial: 'read a part', skipped: 'did not run', succeeded: 'ran' }[status];
  return `${what}${target === '.' ? '' : ` (${target})`}${cause === undefined ? '' : `: ${cause}`}`;
}
