// SPDX-License-Identifier: Apache-2.0
import type { MatchedInventory } from './advisories/match.ts';
import { exportMirror } from './advisories/mirror/export.ts';
import { reportedFindings } from './advisories/reported.ts';
import { compareFindings } from './findings/build.ts';
import { mergeReported } from './findings/merge.ts';
import { componentsByRef, dependencyPaths } from './findings/paths.ts';
import type { Inventory } from './model/inventory.ts';
import type { ScannerRun, WantedScanner } from './model/scanner.ts';
import { toModelPath } from './platform/fs.ts';
import type { Http } from './platform/http.ts';
import { reportedPackages } from './scanners/packages.ts';
import { notRun, runScanners } from './scanners/run.ts';

export interface SecondOpinion extends Pick<MatchedInventory, 'findings' | 'rules' | 'coverage'> {
  readonly scanners?: readonly ScannerRun[];
}

export interface SecondOpinionOptions {
  readonly root: string;
  /** Directories in which programs are looked for, as in PATH. */
  readonly toolPath: string;
  /** Directory of the mirror. */
  readonly db?: string;
  /** Whether a tool may use the network where there is no mirror. */
  readonly http?: Http;
  readonly signal?: AbortSignal;
}

/**
 * Lets other tools look at what was collected, and joins what they report with what was matched. With the records of
 * the mirror they work offline, so that a difference is one of judgement and not of data.
 *
 * @throws PlimsollError `aborted`
 */
export async function secondOpinion(
  matched: MatchedInventory,
  inventory: Inventory,
  wanted: readonly WantedScanner[],
  options: SecondOpinionOptions,
): Promise<SecondOpinion> {
  const { root, toolPath, db, http, signal } = options;
  const hasRecords = matched.data.source === 'mirror' && db !== undefined;
  if (!hasRecords && http === undefined) {
    const message = 'expected a mirror whose records it can be given, got an offline run without';
    const rows = wanted.flatMap((each) => notRun(each, 'tool-failed', message).coverage);
    return { ...matched, coverage: [...matched.coverage, ...rows] };
  }
  const answer = await runScanners({
    wanted,
    root,
    inventory,
    path: toolPath,
    ...(hasRecords ? { archives: (target) => void exportMirror({ dbDir: db, target }) } : {}),
    ...(signal === undefined ? {} : { signal }),
  });
  const reported = reportedPackages(answer.reports, inventory, (path) => toModelPath(path, root));
  const merged = mergeReported(matched.findings, inventory.components, reported);
  const refs = new Set(
    inventory.components
      .filter((component) =>
        merged.unmatched.some(
          (report) =>
            report.project === component.project &&
            report.name === component.name &&
            report.version === component.version,
        ),
      )
      .map(({ ref }) => ref),
  );
  const disputed = [...componentsByRef(inventory.components, refs).values()];
  const added = await reportedFindings(merged.unmatched, disputed, dependencyPaths(inventory, refs));
  const known = new Set(matched.rules.map(({ id }) => id));
  return {
    findings: [...merged.findings, ...added.findings].sort(compareFindings),
    rules: [...matched.rules, ...added.rules.filter(({ id }) => !known.has(id))],
    coverage: [...matched.coverage, ...answer.coverage, ...merged.coverage],
    ...(answer.runs.length > 0 ? { scanners: answer.runs } : {}),
  };
}
