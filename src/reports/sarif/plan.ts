// SPDX-License-Identifier: Apache-2.0
import { DEPENDENCIES, ownerOf } from '../../findings/owners.ts';
import { SEVERITIES, type Severity } from '../../model/finding.ts';
import type { Report } from '../../model/report.ts';
import { type JudgedFinding, judgedFindings } from '../view.ts';
import { partOf, partsNeeded } from './parts.ts';
import { limitsOf, type SarifLimits, type SarifProfile } from './profiles.ts';
import { statusRun } from './status.ts';
import { type ToolState, toolStates } from './tools.ts';

/** The findings with one fingerprint, which are one result. */
export type FindingGroup = readonly [JudgedFinding, ...JudgedFinding[]];

/** A run before it is made: the results of a tool, or a part of them. */
export interface PlannedRun {
  readonly tool: ToolState;
  /** From 1. */
  readonly part: number;
  /** The worst first. */
  readonly groups: readonly FindingGroup[];
  /** Those of all parts. */
  readonly all: readonly FindingGroup[];
  /** The tools without a run, of which this one tells instead of having results. */
  readonly tellsOf?: readonly ToolState[];
}

/** Results of a tool that a file has no room for. */
export interface LeftOut {
  readonly tool: ToolState;
  /** Which limit it is. */
  readonly limit: 'runs' | 'results' | 'rules' | 'gzipBytes';
  /** How many, by severity, the worst first; without those that are none. */
  readonly counts: ReadonlyMap<Severity, number>;
}

export interface SarifPlan {
  readonly tools: readonly ToolState[];
  readonly runs: readonly PlannedRun[];
  readonly leftOut: readonly LeftOut[];
}

export interface PlanOptions {
  readonly profile: SarifProfile;
  /** Whether plimsoll has a run of its own where it found nothing, but faults of the policy. */
  readonly ownRun: 'always' | 'with-results';
  /** Which share of each run is kept, the worst of it: 1 but where the file is too large. */
  readonly share: number;
}

/**
 * Which results stand in which run. A run that has more than its reader keeps is split into parts, as far as the file has
 * room for runs; beyond that the worst are kept. But in an archive there always is a run.
 */
export function planRuns(report: Report, { profile, ownRun, share }: PlanOptions): SarifPlan {
  const limits = limitsOf(profile);
  const groups = groupsByTool(report, limits !== undefined);
  const tools = toolStates(report);
  const whole = tools
    .filter((tool) => limits === undefined || tool.withheld === undefined)
    .map((tool): PlannedRun => {
      const all = groups.get(tool.id) ?? [];
      return { tool, part: 1, groups: all, all };
    })
    .filter((run) => run.tool.id !== DEPENDENCIES || ownRun === 'always' || run.groups.some(isOfTree));
  if (limits === undefined) return { tools, runs: whole, leftOut: [] };
  const leftOut: LeftOut[] = [];
  const inFile = withinRuns(whole, limits, leftOut).map((run) => withinRules(run, limits, leftOut));
  const split = splitRuns(inFile, limits);
  const runs = split.map((run) => withinResults(run, limits, leftOut));
  return {
    tools,
    runs:
      runs.length === 0
        ? [statusRun(report, tools, profile)]
        : runs.map((run) => (share >= 1 ? run : withinShare(run, share, leftOut))),
    leftOut: merged(leftOut),
  };
}

/** Rather than of the policy alone. */
function isOfTree([{ finding }]: FindingGroup): boolean {
  return finding.kind !== 'policy';
}

/** Results in all, as `3 high, 9 low`. */
export function countsText({ counts }: LeftOut): string {
  return [...counts].map(([severity, count]) => `${count} ${severity}`).join(', ');
}

/** The findings of each tool by fingerprint, in the order of the report. */
function groupsByTool(report: Report, isUploaded: boolean): Map<string, FindingGroup[]> {
  const tools = new Map<string, Map<string, [JudgedFinding, ...JudgedFinding[]]>>();
  for (const judged of judgedFindings(report)) {
    if (isUploaded && !isShown(judged)) continue;
    const owner = ownerOf(judged.finding);
    const groups = tools.get(owner) ?? new Map();
    tools.set(owner, groups);
    const group = groups.get(judged.finding.fingerprint);
    if (group) group.push(judged);
    else groups.set(judged.finding.fingerprint, [judged]);
  }
  return new Map([...tools].map(([tool, groups]) => [tool, [...groups.values()]]));
}

/** Not what is suppressed, nor what no file shows: secrets of the history, and licences that are only listed. */
function isShown({ finding: { detail }, decision: { outcome } }: JudgedFinding): boolean {
  if (outcome === 'suppressed') return false;
  if (detail.kind === 'secret') return detail.commits === undefined;
  return detail.kind !== 'license' || detail.result !== 'reported';
}

/** The runs that a file takes: those with the worst results. */
function withinRuns(
  runs: readonly PlannedRun[],
  { runs: { max } }: SarifLimits,
  leftOut: LeftOut[],
): PlannedRun[] {
  const kept = new Set(runs.toSorted((a, b) => worstRank(a) - worstRank(b)).slice(0, max));
  for (const run of runs) if (!kept.has(run)) leave(run.tool, 'runs', run.groups, leftOut);
  return runs.filter((run) => kept.has(run));
}

function worstRank({ groups: [worst] }: PlannedRun): number {
  return worst === undefined ? SEVERITIES.length : SEVERITIES.indexOf(worst[0].finding.severity);
}

/** The results of the rules that come first, which are the worst. */
function withinRules(run: PlannedRun, { rules: { max } }: SarifLimits, leftOut: LeftOut[]): PlannedRun {
  if (run.groups.length <= max) return run;
  const rules = new Set([...new Set(run.groups.map(([{ finding }]) => finding.ruleId))].slice(0, max));
  const isKept = ([{ finding }]: FindingGroup) => rules.has(finding.ruleId);
  leave(
    run.tool,
    'rules',
    run.groups.filter((group) => !isKept(group)),
    leftOut,
  );
  return { ...run, groups: run.groups.filter(isKept) };
}

/**
 * In the order of tools, each takes the parts that it needs while there are runs. One part more is empty where the run is
 * more than half full: it may have had results before, and without a run their alerts would stay open for ever.
 */
function splitRuns(runs: readonly PlannedRun[], limits: SarifLimits): PlannedRun[] {
  if (!limits.categories) return [...runs];
  const size = keptOf(limits);
  let spare = limits.runs.max - runs.length;
  const partsOfRuns = runs.map((run) => {
    const fingerprints = run.groups.map(([{ finding }]) => finding.fingerprint);
    const parts = partsNeeded(fingerprints, size, 1 + spare);
    spare -= parts - 1;
    return partsOf(run, parts);
  });
  return partsOfRuns.flatMap((parts) => {
    const total = parts.reduce((sum, { groups }) => sum + groups.length, 0);
    const [first] = parts;
    if (first === undefined || spare === 0 || total <= size / 2) return parts;
    spare -= 1;
    return [...parts, { ...first, part: parts.length + 1, groups: [] }];
  });
}

function partsOf(run: PlannedRun, parts: number): PlannedRun[] {
  if (parts === 1) return [run];
  const groups = Array.from({ length: parts }, (): FindingGroup[] => []);
  for (const group of run.groups) groups[partOf(group[0].finding.fingerprint, parts)]?.push(group);
  return groups.map((each, i) => ({ ...run, part: i + 1, groups: each }));
}

function withinResults(run: PlannedRun, limits: SarifLimits, leftOut: LeftOut[]): PlannedRun {
  const size = keptOf(limits);
  leave(run.tool, 'results', run.groups.slice(size), leftOut);
  return { ...run, groups: run.groups.slice(0, size) };
}

/** Results of a run that the reader keeps; it would choose itself among more, and not say which. */
function keptOf({ results }: SarifLimits): number {
  return results.shown ?? results.max;
}

function withinShare(run: PlannedRun, share: number, leftOut: LeftOut[]): PlannedRun {
  const size = Math.floor(run.groups.length * share);
  leave(run.tool, 'gzipBytes', run.groups.slice(size), leftOut);
  return { ...run, groups: run.groups.slice(0, size) };
}

function leave(
  tool: ToolState,
  limit: LeftOut['limit'],
  groups: readonly FindingGroup[],
  leftOut: LeftOut[],
): void {
  // A run without results is told of too: its alerts are not closed.
  if (groups.length === 0 && limit !== 'runs') return;
  const counts = new Map<Severity, number>();
  for (const [{ finding }] of groups) counts.set(finding.severity, (counts.get(finding.severity) ?? 0) + 1);
  leftOut.push({ tool, limit, counts: sum(counts, new Map()) });
}

/** One per tool and limit, in the order in which they were met. */
function merged(leftOut: readonly LeftOut[]): LeftOut[] {
  const byKey = new Map<string, LeftOut>();
  for (const each of leftOut) {
    const key = JSON.stringify([each.tool.id, each.limit]);
    byKey.set(key, { ...each, counts: sum(byKey.get(key)?.counts ?? new Map(), each.counts) });
  }
  return [...byKey.values()];
}

function sum(a: LeftOut['counts'], b: LeftOut['counts']): Map<Severity, number> {
  const counts = SEVERITIES.map((each): [Severity, number] => [
    each,
    (a.get(each) ?? 0) + (b.get(each) ?? 0),
  ]);
  return new Map(counts.filter(([, count]) => count > 0));
}
