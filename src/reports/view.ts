// SPDX-License-Identifier: Apache-2.0
import { componentsByRef, dependencyPaths } from '../findings/paths.ts';
import type { Coverage, CoverageCause } from '../model/coverage.ts';
import { type Finding, SEVERITIES } from '../model/finding.ts';
import type { Component } from '../model/inventory.ts';
import { compareText } from '../model/order.ts';
import type { Report } from '../model/report.ts';
import type { Decision, Outcome } from '../model/verdict.ts';

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
  /** Findings without a component, but for those about the policy. */
  readonly others: readonly JudgedFinding[];
  /** Findings about the policy itself. */
  readonly policy: readonly JudgedFinding[];
  readonly suppressed: readonly JudgedFinding[];
  readonly counts: VerdictCounts;
  /** A component that has a finding, or that is on its path. */
  component(ref: string): Component | undefined;
  /** The shortest path from the root of its project to a component with an open finding, as refs. */
  path(ref: string): readonly string[] | undefined;
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
/** What becomes of findings, the worst first. */
export const OUTCOMES = ['fail', 'warn', 'note', 'suppressed'] as const satisfies readonly Outcome[];
const MAX_SCANNERS = 20;
/** Causes of rows that are about another tool, whichever it is. */
const TOOL_CAUSES: ReadonlySet<CoverageCause | undefined> = new Set([
  'tool-missing',
  'tool-failed',
  'report-unreadable',
  'disagreement',
]);
/** Reads reports before it is known whose they are; no tool. */
const IMPORT = 'import';

/** Joins findings with decisions and groups them by component; pure and in a defined order. */
export function reportView(report: Report): ReportView {
  const judged = judgedFindings(report);
  const open = judged.filter(({ decision }) => decision.outcome !== 'suppressed');
  const path = pathsOf(report, open);
  const affected = new Set(report.findings.flatMap(({ component }) => component ?? []));
  const shown = new Set([...affected].flatMap((ref) => [ref, ...(path(ref) ?? [])]));
  const components = componentsByRef(report.inventory.components, shown);
  return {
    components: groupByComponent(open, components),
    others: open.filter(({ finding }) => finding.component === undefined && finding.kind !== 'policy'),
    policy: open.filter(({ finding }) => finding.component === undefined && finding.kind === 'policy'),
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
    path,
  };
}

/** Findings with their decisions, in the order of the report. */
export function judgedFindings({ findings, verdict }: Report): JudgedFinding[] {
  const judged: JudgedFinding[] = [];
  for (const [index, finding] of findings.entries()) {
    const decision = verdict.decisions[index];
    if (decision !== undefined) judged.push({ finding, decision });
  }
  return judged;
}

/** Severity and, where there is one, score: `high 7.5`. */
export function severityLabel(finding: Finding): string {
  return finding.score === undefined ? finding.severity : `${finding.severity} ${finding.score.toFixed(1)}`;
}

/**
 * What is known of exploitation: `KEV`, `EPSS 12.3 %`. Cut, not rounded, so that a score below a limit never reads as
 * if it had reached it.
 */
export function exploitationLabels({ detail }: Finding): string[] {
  if (detail.kind !== 'vulnerability' && detail.kind !== 'malware') return [];
  const { kev, epss } = detail;
  return [...(kev === true ? ['KEV'] : []), ...(epss === undefined ? [] : [`EPSS ${percent(epss.score)}`])];
}

function percent(probability: number): string {
  const tenths = Math.floor(Math.round(probability * 1e6) / 1e3);
  return tenths === 0 ? 'below 0.1 %' : `${(tenths / 10).toFixed(1)} %`;
}

/** What findings were enriched with, and what of it could not be read: `EPSS 300000 scores (2026-11-20)`. */
export function enrichmentLabels({ advisoryData: { enrichment } }: Report): string[] {
  const label = (name: string, count: string, date: string, rejected = 0) =>
    `${name} ${count} (${date.slice(0, 10)}${rejected === 0 ? '' : `, ${rejected} unreadable`})`;
  const { epss, kev } = enrichment ?? {};
  return [
    ...(epss ? [label('EPSS', plural(epss.scores, 'score', 'scores'), epss.date, epss.rejected)] : []),
    ...(kev ? [label('KEV', plural(kev.entries, 'entry', 'entries'), kev.date, kev.rejected)] : []),
  ];
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

/** Components that are not the project's own. */
export function packageCount({ inventory }: Report): number {
  return inventory.components.filter((component) => component.origin !== 'workspace').length;
}

/** `n` with the word for it. */
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

/**
 * The scanners that a report rests on: `gitleaks 8.30.1, bandit 1.9.4 (imported from build/bandit.json)`; undefined where
 * there are none.
 */
export function scannersLabel({ scanners = [] }: Report): string | undefined {
  if (scanners.length === 0) return undefined;
  const labels = scanners.slice(0, MAX_SCANNERS).map(({ id, version, report, target }) => {
    const name = version === undefined ? id : `${id} ${version}`;
    const where = report === undefined ? [] : [`imported from ${report}`];
    const notes = [...where, ...(target === undefined ? [] : [`of ${target}`])];
    return notes.length === 0 ? name : `${name} (${notes.join(', ')})`;
  });
  const more = scanners.length - labels.length;
  return `${labels.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What a coverage row says, in one sentence: who, what is missing, of how many, and the first reasons. */
export function coverageText(row: Coverage): string {
  const missing = row.expected - row.processed;
  const isPackages = row.unit === 'packages' && missing > 0;
  const reasons = row.errors.slice(0, MAX_COVERAGE_ERRORS).map((error) => error.message);
  // A row about packages counts them all, and may name the first only.
  const left = (isPackages ? missing : row.errors.length) - reasons.length;
  const more = left > 0 && row.errors.length > reasons.length ? [`and ${left} more`] : [];
  const cause = (row.cause ?? row.status).replaceAll('-', ' ');
  const counts = isPackages ? `${missing} of ${plural(row.expected, 'package', 'packages')} ` : '';
  const isRepeated = counts === '' && reasons[0]?.startsWith(cause) === true;
  const what = isRepeated ? [] : [`${counts}${cause}`];
  const parts = [...subjectOf(row), ...what, [...reasons, ...more].join('; ')];
  return parts.filter((part) => part !== '').join(': ');
}

/** The tool where the row is about one, and the target unless that is the whole tree. */
function subjectOf({ plugin, target, cause }: Coverage): string[] {
  if (!TOOL_CAUSES.has(cause) || plugin === IMPORT) return [target];
  return target === '.' ? [plugin] : [plugin, target];
}

/** Advisory findings bring their paths; for others, such as those about licences, the graph is searched. */
function pathsOf(report: Report, open: readonly JudgedFinding[]): ReportView['path'] {
  const known = new Map<string, readonly string[] | undefined>();
  const wanted = new Set<string>();
  for (const { finding } of open) {
    if (finding.component === undefined || known.has(finding.component)) continue;
    if (finding.detail.kind !== 'vulnerability' && finding.detail.kind !== 'malware')
      wanted.add(finding.component);
    else known.set(finding.component, finding.detail.dependencyPaths[0]);
  }
  const searched = dependencyPaths(report.inventory, wanted);
  return (ref) => known.get(ref) ?? searched.to(ref)[0];
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
      const byOutcome = entries.toSorted(compareJudged);
      return component === undefined ? [] : [{ component, judged: byOutcome }];
    })
    .sort(
      (a, b) =>
        compareWorst(a, b) ||
        b.judged.length - a.judged.length ||
        compareText(a.component.ref, b.component.ref),
    );
}

/** What is known to be exploited, then by outcome, severity, probability of exploitation, score and title. */
function compareJudged(a: JudgedFinding, b: JudgedFinding): number {
  return compareRank(a, b) || compareText(a.finding.title, b.finding.title);
}

/** Like the order within a component, but for the title. */
export function compareRank(a: JudgedFinding, b: JudgedFinding): number {
  return (
    Number(isExploited(b)) - Number(isExploited(a)) ||
    outcomeRank(a) - outcomeRank(b) ||
    SEVERITIES.indexOf(a.finding.severity) - SEVERITIES.indexOf(b.finding.severity) ||
    probability(b) - probability(a) ||
    (b.finding.score ?? 0) - (a.finding.score ?? 0)
  );
}

/** The first of each group is its worst. */
function compareWorst({ judged: [a] }: ComponentGroup, { judged: [b] }: ComponentGroup): number {
  return a === undefined || b === undefined ? 0 : compareRank(a, b);
}

function isExploited({ finding: { detail } }: JudgedFinding): boolean {
  return 'kev' in detail && detail.kev === true;
}

/** No score is below every score. */
function probability({ finding: { detail } }: JudgedFinding): number {
  return ('epss' in detail ? detail.epss?.score : undefined) ?? -1;
}

function outcomeRank({ decision }: JudgedFinding): number {
  return OUTCOMES.indexOf(decision.outcome);
}

function count(judged: readonly JudgedFinding[], outcome: Decision['outcome']): number {
  return judged.filter(({ decision }) => decision.outcome === outcome).length;
}
