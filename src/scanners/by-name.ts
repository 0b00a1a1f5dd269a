// SPDX-License-Identifier: Apache-2.0
import { fromModelPath } from '../platform/fs.ts';
import type { ProcessResult } from '../platform/process.ts';
import { pathChunks } from './arguments.ts';
import { lastLine, parsedJson } from './output.ts';
import type { ScannerContext } from './scanner.ts';

export interface RunByName {
  /** What stands before the names. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether a run that ended so has answered with a report. */
  isReport(report: unknown, exitCode: ProcessResult['exitCode']): boolean;
  /** Why it has not, where what it printed tells; else its last words do. */
  reason?(report: unknown): string | undefined;
}

/** What a tool printed for some of the files, as JSON, and its log. */
export interface PartOfRun {
  readonly report: unknown;
  readonly stderr: string;
}

/** Runs a tool on files that are named, so that it does not walk the tree, as often as command lines need. */
export async function runByName(
  files: readonly string[],
  { root, run }: Pick<ScannerContext, 'root' | 'run'>,
  { args, env, isReport, reason }: RunByName,
): Promise<{ readonly parts: readonly PartOfRun[] } | { readonly failure: string }> {
  const parts: PartOfRun[] = [];
  for (const paths of pathChunks(files.map((path) => fromModelPath(path, root)))) {
    const { stdout, stderr, exitCode, failure } = await run([...args, '--', ...paths], env);
    if (failure !== undefined) return { failure };
    const report = parsedJson(stdout);
    if (!isReport(report, exitCode))
      return { failure: `exit status ${exitCode} and no report${reason?.(report) ?? lastLine(stderr)}` };
    parts.push({ report, stderr });
  }
  return { parts };
}

/** A list that each part has, of all parts. */
export function listsOf(parts: readonly PartOfRun[], list: (report: unknown) => unknown): unknown[] {
  return parts.flatMap(({ report }) => list(report) as unknown[]);
}
