// SPDX-License-Identifier: Apache-2.0
import { DEPENDENCIES, ownerOf, ownerRank } from '../../findings/owners.ts';
import type { Coverage, CoverageCause } from '../../model/coverage.ts';
import type { FindingKind } from '../../model/finding.ts';
import { compareText } from '../../model/order.ts';
import type { Report } from '../../model/report.ts';
import { coverageText } from '../view.ts';

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
   * Why its answer is not to be taken for the whole: it failed, read a part, did not run, or lacks what a tool that did
   * not run would own. GitHub closes the alerts that an upload lacks, so such a tool uploads nothing.
   */
  readonly withheld?: string;
}

/** Causes of rows that are about another tool, whichever it is. */
const TOOL_CAUSES: ReadonlySet<CoverageCause | undefined> = new Set([
  'tool-missing',
  'tool-failed',
  'report-unreadable',
]);
/** What a report that is not read, and of which nobody said whose it is, goes by. */
const UNKNOWN_TOOL = 'import';
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
    const [name = id] = runs.map((run) => run.name).sort(compareText);
    const versions = [...new Set(runs.flatMap(({ version }) => version ?? []))];
    const sha256 = runs.find((run) => run.sha256 !== undefined)?.sha256;
    const gaps = gapsOf(id);
    const withheld = gaps[0] === undefined ? missingPart(id, failed, report) : coverageText(gaps[0]);
    return {
      id,
      name,
      // Two versions of one tool are no one version.
      ...(versions.length === 1 && versions[0] !== undefined ? { version: versions[0] } : {}),
      ...(sha256 === undefined ? {} : { sha256 }),
      gaps,
      ...(withheld === undefined ? {} : { withheld }),
    };
  });
  const [gap] = own;
  const withheld = gap === undefined ? {} : { withheld: coverageText(gap) };
  return [{ ...plimsoll(report), gaps: own, ...withheld }, ...states];
}

function plimsoll({ tool }: Report) {
  return { id: DEPENDENCIES, name: tool.name, version: tool.version };
}

function isScanner(plugin: string, { scanners = [] }: Report): boolean {
  return scanners.some(({ id }) => id === plugin);
}

/** Why a tool that did all of its work may lack something all the same. */
function missingPart(id: string, failed: readonly string[], report: Report): string | undefined {
  const { scanners = [] } = report;
  const isImported = scanners.some((run) => run.id === id && run.report !== undefined);
  if (isImported && failed.includes(UNKNOWN_TOOL))
    return 'a report that is not read may be one of it, unless TOOL=FILE says whose it is';
  return standsIn(id, failed, report) ? 'a tool that would own its findings did not run' : undefined;
}

/** Whether a finding of this tool may be that of one that did not run, and would move to it. */
function standsIn(id: string, failed: readonly string[], { findings }: Report): boolean {
  return CLUSTERED.some(
    (kind) =>
      failed.some((other) => firstRank(kind, other) < ownerRank(kind, id)) &&
      findings.some((finding) => finding.kind === kind && ownerOf(finding) === id),
  );
}

/** A tool that is not known may be the first of all. */
function firstRank(kind: FindingKind, tool: string): number {
  return tool === UNKNOWN_TOOL ? 0 : ownerRank(kind, tool);
}
