// SPDX-License-Identifier: Apache-2.0
import { DEPENDENCIES, ownerOf, ownerRank } from '../../findings/owners.ts';
import type { Coverage, CoverageCause } from '../../model/coverage.ts';
import type { FindingKind } from '../../model/finding.ts';
import { compareText } from '../../model/order.ts';
import type { Report } from '../../model/report.ts';

/** A tool with a run of its own. */
export interface ToolState {
  /** {@link DEPENDENCIES} or a scanner id. */
  readonly id: string;
  /** Of the driver. */
  readonly name: string;
  readonly version?: string;
  /** Of its program. */
  readonly sha256?: string;
  /** What it did not do; empty where it did everything. */
  readonly gaps: readonly Coverage[];
  /**
   * Whether its answer is not to be taken for the whole: it failed, read a part, did not run, or lacks what a tool that
   * did not run would own. GitHub closes the alerts that an upload lacks, so such a tool uploads nothing.
   */
  readonly withheld: boolean;
}

/** Causes of rows that are about another tool, whichever it is. */
const TOOL_CAUSES: ReadonlySet<CoverageCause | undefined> = new Set([
  'tool-missing',
  'tool-failed',
  'report-unreadable',
]);
const CLUSTERED: readonly FindingKind[] = ['secret', 'misconfiguration'];

/** The tools of a report, plimsoll's own work first, the others by id. */
export function toolStates(report: Report): ToolState[] {
  const { scanners = [], coverage, findings, verdict } = report;
  const rows = coverage.filter(({ plugin, cause }) => TOOL_CAUSES.has(cause) || isScanner(plugin, report));
  const owners = findings.map(ownerOf).filter((id) => id !== DEPENDENCIES);
  const named = [...scanners.map(({ id }) => id), ...rows.map(({ plugin }) => plugin), ...owners];
  const ids = [...new Set(named)].sort(compareText);
  const gapsOf = (id: string) =>
    rows.filter(
      ({ plugin, status, cause }) => plugin === id && status !== 'succeeded' && cause !== 'disagreement',
    );
  const failed = ids.filter((id) => gapsOf(id).length > 0);
  const own = verdict.incomplete.map((each) => each.coverage).filter((row) => !ids.includes(row.plugin));
  const states = ids.map((id): ToolState => {
    const runs = scanners.filter((each) => each.id === id);
    const versions = [...new Set(runs.flatMap(({ version }) => version ?? []))];
    const sha256 = runs.find((run) => run.sha256 !== undefined)?.sha256;
    return {
      id,
      name: runs[0]?.name ?? id,
      // Two versions of one tool are no one version.
      ...(versions.length === 1 && versions[0] !== undefined ? { version: versions[0] } : {}),
      ...(sha256 === undefined ? {} : { sha256 }),
      gaps: gapsOf(id),
      withheld: failed.includes(id) || standsIn(id, failed, report),
    };
  });
  return [{ ...plimsoll(report), gaps: own, withheld: own.length > 0 }, ...states];
}

function plimsoll({ tool }: Report) {
  return { id: DEPENDENCIES, name: tool.name, version: tool.version };
}

function isScanner(plugin: string, { scanners = [] }: Report): boolean {
  return scanners.some(({ id }) => id === plugin);
}

/** Whether a finding of this tool may be that of one that did not run, and would move to it. */
function standsIn(id: string, failed: readonly string[], { findings }: Report): boolean {
  return CLUSTERED.some(
    (kind) =>
      failed.some((other) => ownerRank(kind, other) < ownerRank(kind, id)) &&
      findings.some((finding) => finding.kind === kind && ownerOf(finding) === id),
  );
}
