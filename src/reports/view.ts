// SPDX-License-Identifier: Apache-2.0
import type { Coverage } from '../model/coverage.ts';
import type { Finding } from '../model/finding.ts';
import type { Component } from '../model/inventory.ts';
import { compareText } from '../model/order.ts';
import type { Report } from '../model/report.ts';
import type { Decision } from '../model/verdict.ts';

/** A finding beside what the policy says of it. */
export interface JudgedFinding {
  readonly finding: Finding;
  readonly decision: Decision;
}

/** The findings of one component, as the reports for people group them. */
export interface ComponentGroup {
  readonly component: Component;
  readonly judged: readonly JudgedFinding[];
}

export interface ReportView {
  /** Components with at least one finding that is not suppressed, the worst first. */
  readonly components: readonly ComponentGroup[];
  /** Findings without a component. */
  readonly others: readonly JudgedFinding[];
  readonly suppressed: readonly JudgedFinding[];
  readonly counts: VerdictCounts;
  component(ref: string): Component | undefined;
}

export interface VerdictCounts {
  readonly fail: number;
  readonly warn: number;
  readonly note: number;
  readonly suppressed: number;
  readonly incomplete: number;
  readonly notChecked: number;
}

const MAX_COVERAGE_ERRORS = 5;
const OUTCOMES = ['fail', 'warn', 'note', 'suppressed'] as const;

/** Joins findings with decisions and groups them by component; pure and in a defined order. */
export function reportView(report: Report): ReportView {
  const components = new Map(report.inventory.components.map((component) => [component.ref, component]));
  const judged = report.findings.flatMap((finding, index): JudgedFinding[] => {
    const decision = report.verdict.decisions[index];
    return decision === undefined ? [] : [{ finding, decision }];
  });
  const open = judged.filter(({ decision }) => decision.outcome !== 'suppressed');
  return {
    components: groupByComponent(open, components),
    others: open.filter(({ finding }) => finding.component === undefined),
    suppressed: judged.filter(({ decision }) => decision.outcome === 'suppressed'),
    counts: {
      fail: count(judged, 'fail'),
      warn: count(judged, 'warn'),
      note: count(judged, 'note'),
      suppressed: count(judged, 'suppressed'),
      incomplete: report.verdict.incomplete.length,
      notChecked: report.verdict.notChecked.length,
    },
    component: (ref) => components.get(ref),
  };
}

/** The verdict in one line, the same words in every report; plain `pass` means no warnings and no gaps. */
export function verdictLine(report: Report, counts: VerdictCounts): string {
  const { result, exitCode, options } = report.verdict;
  const parts = [
    counts.fail > 0 ? plural(counts.fail, 'finding fails the policy', 'findings fail the policy') : '',
    counts.incomplete > 0 ? `${counts.incomplete} incomplete` : '',
    counts.warn > 0 ? plural(counts.warn, 'warning', 'warnings') : '',
    counts.notChecked > 0 ? `${counts.notChecked} not checked` : '',
    counts.suppressed > 0 ? `${counts.suppressed} suppressed` : '',
  ].filter((part) => part !== '');
  const nothing = exitCode === 4 ? ['nothing to scan'] : [];
  const replay = options.now === undefined ? [] : [`judged as of ${options.now}`];
  const lenient = options.onIncomplete === 'warn' && result === 'incomplete' ? ['--on-incomplete warn'] : [];
  return `${[result, ...nothing, ...parts, ...lenient, ...replay].join(', ')} (exit code ${exitCode})`;
}

export function plural(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** `name version`, or `name (unpinned)`. */
export function componentLabel(component: Component): string {
  return component.version === undefined
    ? `${component.name} (no version)`
    : `${component.name} ${component.version}`;
}

/** `path:line` of a location. */
export function placeLabel(location: { readonly uri: string; readonly startLine?: number }): string {
  return location.startLine === undefined ? location.uri : `${location.uri}:${location.startLine}`;
}

/** What a coverage row says, in one sentence with the first reasons. */
export function coverageText(row: Coverage): string {
  const isPackages = row.unit === 'packages' && row.expected > 0;
  const reasons = row.errors.slice(0, MAX_COVERAGE_ERRORS).map((error) => error.message);
  // A row about packages counts them all, and may name the first only.
  const left = (isPackages ? row.expected - row.processed : row.errors.length) - reasons.length;
  const more = left > 0 && row.errors.length > reasons.length ? [`and ${left} more`] : [];
  const counts = isPackages ? ` (${row.processed} of ${row.expected} packages)` : '';
  const cause = row.cause === undefined ? row.status : row.cause.replaceAll('-', ' ');
  return `${row.target}: ${cause}${counts}${reasons.length > 0 ? `: ${[...reasons, ...more].join('; ')}` : ''}`;
}

function groupByComponent(
  judged: readonly JudgedFinding[],
  components: ReadonlyMap<string, Component>,
): ComponentGroup[] {
  const groups = new Map<string, JudgedFinding[]>();
  for (const entry of judged) {
    const ref = entry.finding.component;
    if (ref === undefined) continue;
    const group = groups.get(ref);
    if (group) group.push(entry);
    else groups.set(ref, [entry]);
  }
  return [...groups]
    .flatMap(([ref, entries]): ComponentGroup[] => {
      const component = components.get(ref);
      const byOutcome = entries.toSorted((a, b) => outcomeRank(a) - outcomeRank(b));
      return component === undefined ? [] : [{ component, judged: byOutcome }];
    })
    .sort(
      (a, b) =>
        worst(a) - worst(b) ||
        b.judged.length - a.judged.length ||
        compareText(a.component.ref, b.component.ref),
    );
}

function worst(group: ComponentGroup): number {
  return Math.min(...group.judged.map(outcomeRank));
}

function outcomeRank({ decision }: JudgedFinding): number {
  return OUTCOMES.indexOf(decision.outcome);
}

function count(judged: readonly JudgedFinding[], outcome: Decision['outcome']): number {
  return judged.filter(({ decision }) => decision.outcome === outcome).length;
}
