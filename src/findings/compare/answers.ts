// SPDX-License-Identifier: Apache-2.0
import type { EarlierRun } from '../../model/comparison.ts';
import type { Coverage } from '../../model/coverage.ts';
import { imageName } from '../../model/image-name.ts';
import { type AnswerOptions, type CurrentRun, covers, gapText, type NoAnswer } from './no-answer.ts';
import { packageAnswers } from './package-answers.ts';
import type { TrackedProblem } from './tracked.ts';

const OWN = 'plimsoll';
/** Rows of discovery that say that a file was not read by anybody. */
const UNREAD = new Set<Coverage['cause']>(['excluded', 'unreadable', 'limit-exceeded']);

/** Whether a tool is in both runs with all that it could see. */
export function ranInBoth(earlier: EarlierRun, current: CurrentRun): (tool: string) => boolean {
  const runs = [toolParts(earlier), toolParts(current)];
  return (tool) => runs.every((parts) => parts.get(tool)?.gaps.length === 0);
}

/**
 * Judges whether the current run could have found again what the earlier one found: undefined where all that reported
 * it, and still count, looked again where it was. A tool that has no part in the run counts no more where another that
 * reported the same does.
 *
 * @param pathOf where a file of the earlier run is now
 */
export function missingAnswers(
  earlier: EarlierRun,
  current: CurrentRun,
  pathOf: (uri: string) => string,
  options: AnswerOptions,
): (problem: TrackedProblem) => NoAnswer | undefined {
  const [before, now] = [toolParts(earlier), toolParts(current)];
  const ofPackage = packageAnswers(earlier, current, pathOf, options);
  const unreadReport = current.coverage.find(
    ({ plugin, status }) => plugin === 'import' && status === 'failed',
  );

  return (problem) => {
    const { first } = problem;
    const { detail } = first;
    if (first.kind === 'policy') return undefined;
    if (detail.kind === 'secret' && detail.commits !== undefined)
      return { cause: 'in-history', reason: 'it stands in the history, which keeps it' };
    const tools = new Set(problem.findings.flatMap(({ sources }) => sources.map(({ tool }) => tool)));
    const others = [...tools].filter((tool) => tool !== OWN);
    const counting = others.filter((tool) => now.has(tool) || unreadReport !== undefined);
    for (const tool of counting) {
      const answer = ofTool(tool, problem);
      if (answer !== undefined) return answer;
    }
    // A licence that another tool lists bears plimsoll's name as well; plimsoll itself looks at projects alone.
    const isOwn = first.project !== undefined && (tools.has(OWN) || others.length === 0);
    if (!isOwn && others.length > 0 && counting.length === 0)
      return { cause: 'tool-did-not-run', reason: `${others.join(' and ')} did not run` };
    return first.project === undefined ? unreadPlace(problem.place.uri) : ofPackage(problem);
  };

  function ofTool(tool: string, problem: TrackedProblem): NoAnswer | undefined {
    const part = now.get(tool);
    if (part === undefined)
      return { cause: 'tool-incomplete', reason: `${unreadReport?.target} may be a report of ${tool}` };
    const gap = part.gaps.find((row) => concerns(row, problem, pathOf));
    if (gap !== undefined) return { cause: 'tool-incomplete', reason: `${tool} ${gapText(gap)}` };
    const reports = before.get(tool)?.reports ?? 0;
    if (part.reports < reports)
      return { cause: 'tool-incomplete', reason: `${reports} runs of ${tool} then, ${part.reports} now` };
    const targets = new Set(targetsOf(current, tool));
    const missing = targetsOf(earlier, tool).find((target) => !targets.has(target));
    if (problem.place.outside === true && missing !== undefined)
      return { cause: 'not-read', reason: `${tool} did not look at ${missing}` };
    return undefined;
  }

  function unreadPlace(uri: string): NoAnswer | undefined {
    const path = pathOf(uri);
    const row = current.coverage.find(
      ({ plugin, status, cause, target }) =>
        plugin === 'discover' && status !== 'succeeded' && UNREAD.has(cause) && covers(target, path),
    );
    if (row === undefined && options.excludes?.(path) !== true) return undefined;
    return { cause: 'not-read', reason: `${path} was not read` };
  }
}

interface ToolPart<Row> {
  readonly gaps: readonly Row[];
  /** Runs of it and reports of other runs. */
  readonly reports: number;
}

/** The part of each other tool in a run; a disagreement with plimsoll is no gap of it. */
function toolParts<Row extends EarlierRun['coverage'][number]>({
  coverage,
  scanners = [],
}: {
  readonly coverage: readonly Row[];
  readonly scanners?: EarlierRun['scanners'] | undefined;
}): Map<string, ToolPart<Row>> {
  const ids = new Set([...scanners.map(({ id }) => id), ...coverage.map(({ plugin }) => plugin)]);
  return new Map(
    [...ids].map((id) => [
      id,
      {
        gaps: coverage.filter(
          ({ plugin, status, cause }) => plugin === id && status !== 'succeeded' && cause !== 'disagreement',
        ),
        reports: scanners.filter((scanner) => scanner.id === id).length,
      },
    ]),
  );
}

/** A gap in the packages of one project says nothing of another, nor of what is in the code. */
function concerns(
  { unit, target }: Coverage,
  { first }: TrackedProblem,
  pathOf: (uri: string) => string,
): boolean {
  if (unit !== 'packages' || target === '.') return true;
  return first.project !== undefined && target === pathOf(first.project);
}

/** The next build of an image is the same target. */
function targetsOf({ scanners = [] }: Pick<EarlierRun, 'scanners'>, tool: string): string[] {
  return scanners.flatMap(({ id, target }) =>
    id === tool && target !== undefined ? [imageName(target)] : [],
  );
}
