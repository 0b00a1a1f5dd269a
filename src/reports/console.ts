// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import type { CoverageDecision, Outcome } from '../model/verdict.ts';
import { capped, leftOutText, type OutcomeCounts, outcomeCounts } from './cap.ts';
import { terminal } from './encode.ts';
import type { Reporter } from './reporter.ts';
import {
  type PlaceGroup,
  placeGroups,
  placesLabel,
  type RuleGroup,
  ruleSections,
  rulesLabel,
} from './rule-groups.ts';
import { type Painter, painter, type Style, wrap } from './terminal.ts';
import {
  type ComponentGroup,
  componentLabel,
  coverageText,
  enrichmentLabels,
  exploitationLabels,
  type JudgedFinding,
  packageCount,
  placeLabel,
  plural,
  type ReportView,
  reportView,
  scannersLabel,
  severityLabel,
  verdictLine,
} from './view.ts';

/** For people at a terminal: what fails and how to mend it first, the verdict last. */
export const consoleReporter: Reporter = {
  format: 'console',
  *render(report, options) {
    const view = reportView(report);
    const page: Page = { columns: Math.max(options.columns, 40), paint: painter(options.color) };
    yield* header(report, page);
    yield* componentSections(view, page);
    yield* scannerSections(view, page);
    yield* policySection(view, page);
    yield* suppressedSection(view, page);
    yield* coverageSection(report, page);
    yield* dataSection(report, page);
    yield* block(page, '', verdictLine(report, view.counts), verdictStyle(report), undefined, VERDICT_INDENT);
  },
};

/** Findings or rows of a section: a terminal keeps some thousand lines, and nobody reads more. */
const SECTION_LIMIT = 200;
const NO_FINDINGS = outcomeCounts([]);
/** Of the lines after the first. */
const VERDICT_INDENT = 2;

interface Page {
  readonly columns: number;
  readonly paint: Painter;
}

const BADGES = {
  fail: { mark: '✖', style: 'red' },
  warn: { mark: '▲', style: 'yellow' },
  note: { mark: '•', style: 'dim' },
  suppressed: { mark: '○', style: 'dim' },
} as const satisfies Record<Outcome, { mark: string; style: Style }>;

function* header(report: Report, page: Page): Generator<string> {
  const { projects } = report.inventory;
  const packages = packageCount(report);
  const name = report.subject.name === undefined ? '' : ` · ${report.subject.name}`;
  const text = `plimsoll ${report.tool.version}${name} · ${plural(packages, 'package', 'packages')} in ${plural(projects.length, 'project', 'projects')}`;
  yield* block(page, '', text, 'dim');
  yield '\n';
}

function* componentSections(view: ReportView, page: Page): Generator<string> {
  const { shown, left } = capped(view.components, SECTION_LIMIT);
  for (const group of shown) yield* componentSection(group, view, page);
  if (leftOutText(left) === undefined) return;
  yield* leftOut(left, 0, page);
  yield '\n';
}

function* componentSection(group: ComponentGroup, view: ReportView, page: Page): Generator<string> {
  const { component } = group;
  const place = component.locations[0];
  const how = component.direct ? 'direct' : 'transitive';
  const where = place === undefined ? component.project : placeLabel(place);
  yield* block(
    page,
    '',
    `${componentLabel(component)}  ${where}  ${how}, ${component.scopes.join(' + ')}`,
    'bold',
  );
  for (const entry of group.judged) yield* findingLines(entry, page, componentLabel(component));
  const path = view.path(component.ref);
  if (path !== undefined) {
    const names = path.map((ref) => pathLabel(ref, view));
    yield* block(page, '    path  ', names.join(' > '), 'dim');
  }
  for (const tip of new Set(group.judged.map(({ finding }) => finding.tip)))
    yield* block(page, '    fix   ', tip, 'cyan');
  yield '\n';
}

function* findingLines({ finding, decision }: JudgedFinding, page: Page, heading: string): Generator<string> {
  const { mark, style } = BADGES[decision.outcome];
  const badge = `  ${mark} ${severityLabel(finding).padEnd(13)} `;
  const until = decision.failsFrom === undefined ? '' : ` (fails from ${decision.failsFrom})`;
  const title =
    finding.kind === 'license' ? finding.message : `${shortTitle(finding, heading)}${fixedIn(finding)}`;
  const text = [...exploitationLabels(finding), title].join(' · ');
  yield* block(page, badge, `${text}${until}`, undefined, style);
}

/** The title without the package, which stands above it, and with the id of the record. */
function shortTitle({ title, ruleId }: Finding, heading: string): string {
  const short = title.replace(`: ${heading}`, '');
  return short.includes(ruleId) ? short : `${short} [${ruleId}]`;
}

function fixedIn({ detail }: Finding): string {
  if (detail.kind !== 'vulnerability' && detail.kind !== 'malware') return '';
  return detail.fixedVersions.length === 0
    ? ' (no fix known)'
    : ` (fixed in ${detail.fixedVersions.join(', ')})`;
}

/** What other tools found, by kind and rule. */
function* scannerSections(view: ReportView, page: Page): Generator<string> {
  for (const { title, groups } of ruleSections(view.others)) {
    const { shown, left } = capped(groups, SECTION_LIMIT);
    yield* block(page, '', title, 'bold');
    for (const group of shown) yield* ruleLines(group, page);
    yield* leftOut(left, 0, page);
    yield '\n';
  }
}

function* ruleLines(group: RuleGroup, page: Page): Generator<string> {
  const { mark, style } = BADGES[group.outcome];
  const badge = `  ${mark} ${group.severity.padEnd(13)} `;
  const until = group.failsFrom === undefined ? '' : ` (fails from ${group.failsFrom})`;
  yield* block(page, badge, `${group.title} [${group.rules}]${until}`, undefined, style);
  if (group.message !== undefined) yield* block(page, '    why   ', group.message);
  for (const places of placeGroups(group)) yield* block(page, '    at    ', placesText(places));
  for (const tip of group.tips) yield* block(page, '    fix   ', tip, 'cyan');
}

function placesText({ places, note }: PlaceGroup): string {
  return [places.join(', '), ...(note === '' ? [] : [note])].join(' · ');
}

function* policySection(view: ReportView, page: Page): Generator<string> {
  const { shown, left } = capped([{ judged: view.policy }], SECTION_LIMIT);
  if (shown.length === 0) return;
  yield* block(page, '', 'Policy', 'bold');
  for (const { finding, decision } of shown.flatMap(({ judged }) => judged)) {
    const { mark, style } = BADGES[decision.outcome];
    const place = finding.locations[0];
    const where = place === undefined ? '' : ` (${placeLabel(place)})`;
    yield* block(page, `  ${mark} `, `${finding.message}${where}`, undefined, style);
  }
  yield* leftOut(left, 0, page);
  yield '\n';
}

function* suppressedSection(view: ReportView, page: Page): Generator<string> {
  const { shown, left } = capped([{ judged: view.suppressed }], SECTION_LIMIT);
  if (shown.length === 0) return;
  yield* block(page, '', 'Suppressed', 'bold');
  for (const { finding, decision } of shown.flatMap(({ judged }) => judged)) {
    const by = decision.suppression;
    const owner = by?.owner === undefined ? '' : `, owner ${by.owner}`;
    const until = by?.expires === undefined ? '' : `, until ${by.expires}`;
    const where = by === undefined ? '' : ` (${by.kind} at ${placeLabel(by.location)}${owner}${until})`;
    const reason = by === undefined || by.reason === '' ? '' : `: ${by.reason}`;
    yield* block(page, '  ○ ', `${suppressedLabel(finding)}${reason}${where}`, 'dim');
  }
  yield* leftOut(left, 0, page);
  yield '\n';
}

/** A package stands in the title; what other tools found is known by rule and place. */
function suppressedLabel(finding: Finding): string {
  return finding.component === undefined
    ? `${finding.title} [${rulesLabel(finding)}] at ${placesLabel(finding)}`
    : finding.title;
}

function* coverageSection(report: Report, page: Page): Generator<string> {
  const { incomplete, notChecked } = report.verdict;
  const gapText = ({ coverage, policy }: CoverageDecision) =>
    `${coverageText(coverage)} (policy: ${policy.key})`;
  yield* gapSection('Incomplete', incomplete.map(gapText), 'fail', page);
  yield* gapSection('Not checked', notChecked.map(gapText), 'warn', page);
  const mentioned = report.coverage.filter((row) => !row.required && row.status !== 'succeeded');
  yield* gapSection('Left out', mentioned.map(coverageText), 'note', page);
}

function* gapSection(
  title: string,
  texts: readonly string[],
  outcome: 'fail' | 'warn' | 'note',
  page: Page,
): Generator<string> {
  if (texts.length === 0) return;
  const { mark, style } = BADGES[outcome];
  yield* block(page, '', title, 'bold');
  for (const text of texts.slice(0, SECTION_LIMIT))
    yield* block(page, `  ${mark} `, text, outcome === 'note' ? style : undefined, style);
  yield* leftOut(NO_FINDINGS, Math.max(texts.length - SECTION_LIMIT, 0), page);
  yield '\n';
}

function* leftOut(left: OutcomeCounts, rows: number, page: Page): Generator<string> {
  const text = leftOutText(left, rows);
  if (text !== undefined) yield* block(page, '  … ', `${text}; -o report.json has them all`, 'bold');
}

function* dataSection(report: Report, page: Page): Generator<string> {
  const scanners = scannersLabel(report);
  if (scanners !== undefined) yield* block(page, '', `Scanners: ${scanners}`, 'dim');
  const data = report.advisoryData;
  const evaluatedAt = Date.parse(report.evaluatedAt);
  const parts = data.ecosystems.map(({ name, records, newestModified }) => {
    const newest =
      newestModified === undefined
        ? 'no date'
        : `newest ${newestModified.slice(0, 10)}, ${age(evaluatedAt, newestModified)}`;
    return `${name} ${plural(records, 'record', 'records')} (${newest})`;
  });
  const quarantined =
    data.quarantined > 0 ? `, ${plural(data.quarantined, 'record', 'records')} unreadable` : '';
  yield* block(
    page,
    '',
    `Advisories: ${[data.source, ...parts, ...enrichmentLabels(report)].join(' · ')}${quarantined}`,
    'dim',
  );
}

function pathLabel(ref: string, view: ReportView): string {
  const component = view.component(ref);
  if (component === undefined) return ref;
  return component.origin === 'workspace' || component.version === undefined
    ? component.name
    : `${component.name}@${component.version}`;
}

function verdictStyle(report: Report): Style {
  const styles = { pass: 'greenBold', fail: 'redBold', incomplete: 'yellowBold' } as const;
  return styles[report.verdict.result];
}

function age(now: number, then: string): string {
  const hours = Math.floor((now - Date.parse(then)) / 3_600_000);
  if (!Number.isFinite(hours)) return 'age unknown';
  return hours < 48
    ? plural(Math.max(hours, 0), 'hour old', 'hours old')
    : plural(Math.floor(hours / 24), 'day old', 'days old');
}

/** One paragraph: `prefix` on the first line, a hanging indent on the others, everything encoded for a terminal. */
function* block(
  page: Page,
  prefix: string,
  text: string,
  style?: Style,
  prefixStyle: Style | undefined = style,
  indent = [...prefix].length,
): Generator<string> {
  const lines = wrap(terminal(text), page.columns - indent);
  for (const [i, line] of lines.entries()) {
    const lead = i === 0 ? prefix : ' '.repeat(indent);
    const painted = style === undefined ? line : page.paint(line, style);
    yield `${lead.trim() === '' || prefixStyle === undefined ? lead : page.paint(lead, prefixStyle)}${painted}\n`;
  }
}
