// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import { leftOutText, outcomeCounts } from './cap.ts';
import { markdown, markdownCode } from './encode.ts';
import type { Reporter } from './reporter.ts';
import {
  type PlaceGroup,
  placeGroups,
  placesLabel,
  type RuleGroup,
  ruleSections,
  rulesLabel,
} from './rule-groups.ts';
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

/**
 * For a step summary or a pull request: GitHub aborts the upload of a summary above 1 MiB, so rows past the
 * budget are counted instead of written. Dates, never ages: the same report gives the same bytes on any day.
 */
export const markdownReporter: Reporter = {
  format: 'markdown',
  *render(report) {
    const view = reportView(report);
    yield `## plimsoll: ${markdown(verdictLine(report, view.counts))}\n\n`;
    yield* table(
      'Findings',
      ['Outcome', 'Severity', 'Package', 'Finding', 'Fix', 'Where'],
      findingRows(view, report),
    );
    for (const { title, groups } of ruleSections(view.others))
      yield* table(title, ['Outcome', 'Severity', 'Finding', 'Rule', 'Fix', 'Where'], ruleRows(groups));
    yield* table('Policy', ['Outcome', 'Finding', 'Where'], policyRows(view));
    yield* table('Suppressed', ['Finding', 'Where', 'By', 'Reason', 'Owner', 'Until'], suppressedRows(view));
    yield* table('Incomplete', ['What', 'Policy'], gapRows(report.verdict.incomplete));
    yield* table('Not checked', ['What', 'Policy'], gapRows(report.verdict.notChecked));
    yield* table('Left out', ['What'], leftOutRows(report));
    yield* footer(report);
  },
};

/** Bytes per table; ten tables stay below 1 MiB. */
const TABLE_BUDGET = 100_000;
/** Places of one note in a cell. */
const MAX_PLACES = 50;
/** Notes in a cell. */
const MAX_NOTES = 20;

type Cells = readonly string[];

interface Row {
  readonly cells: Cells;
  /** The findings that it tells; none where it is about something else. */
  readonly judged: readonly JudgedFinding[];
}

function* table(title: string, head: Cells, rows: Iterable<Row>): Generator<string> {
  let written = 0;
  let leftRows = 0;
  const left: JudgedFinding[] = [];
  for (const { cells, judged } of rows) {
    const line = `| ${cells.join(' | ')} |\n`;
    const size = Buffer.byteLength(line);
    if (written + size > TABLE_BUDGET) {
      if (judged.length === 0) leftRows += 1;
      left.push(...judged);
      continue;
    }
    if (written === 0) yield `### ${title}\n\n| ${head.join(' | ')} |\n|${' --- |'.repeat(head.length)}\n`;
    written += size;
    yield line;
  }
  const text = leftOutText(outcomeCounts(left), leftRows);
  if (text !== undefined)
    yield `${written === 0 ? `### ${title}\n` : ''}\n${text}; \`-o report.json\` has them all.\n`;
  if (written > 0 || text !== undefined) yield '\n';
}

function* findingRows(view: ReportView, report: Report): Generator<Row> {
  const links = new Map(report.rules.map((rule) => [rule.id, rule.helpUri]));
  for (const group of view.components) {
    for (const entry of group.judged)
      yield { cells: findingCells(group, entry, view, links), judged: [entry] };
  }
}

function findingCells(
  { component }: ComponentGroup,
  { finding, decision }: JudgedFinding,
  view: ReportView,
  links: ReadonlyMap<string, string>,
): Cells {
  const place = finding.locations[0];
  return [
    outcomeText(decision),
    [severityLabel(finding), ...exploitationLabels(finding)].map(markdown).join('<br>'),
    `${markdownCode(componentLabel(component))}${pathText(component.ref, view)}`,
    findingText(finding, links),
    markdown(finding.tip),
    place === undefined ? '' : markdownCode(placeLabel(place)),
  ];
}

/** The shortest path, without its two ends. */
function pathText(ref: string, view: ReportView): string {
  const between = view.path(ref)?.slice(1, -1) ?? [];
  if (between.length === 0) return '';
  const names = between.map((step) => view.component(step)?.name ?? step);
  return `<br>via ${markdown(names.join(' > '))}`;
}

/** The title, linked to what is known about the rule. */
function findingText(finding: Finding, links: ReadonlyMap<string, string>): string {
  const text = markdown(finding.kind === 'license' ? finding.message : finding.title);
  const uri = links.get(finding.ruleId);
  return uri?.startsWith('https://') === true ? `[${text}](${plainUri(uri)})` : text;
}

/** An address without any sign that Markdown reads: ids of records, which are part of it, come from outside. */
function plainUri(uri: string): string {
  return uri
    .toWellFormed()
    .replace(/[^\w./#%:-]/gu, (sign) =>
      [...Buffer.from(sign, 'utf8')]
        .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
        .join(''),
    );
}

function outcomeText({ outcome, failsFrom }: Pick<RuleGroup, 'outcome' | 'failsFrom'>): string {
  return markdown(failsFrom === undefined ? outcome : `${outcome}, fail from ${failsFrom}`);
}

function* ruleRows(groups: readonly RuleGroup[]): Generator<Row> {
  for (const group of groups) {
    const { severity, title, rules, message, tips, judged } = group;
    const cells = [
      outcomeText(group),
      markdown(severity),
      [title, ...(message === undefined ? [] : [message])].map(markdown).join('<br>'),
      markdownCode(rules),
      tips.map(markdown).join('<br>'),
      placesCell(placeGroups(group)),
    ];
    yield { cells, judged };
  }
}

function placesCell(groups: readonly PlaceGroup[]): string {
  const lines = groups.slice(0, MAX_NOTES).map(({ places, note }) => {
    const shown = places.slice(0, MAX_PLACES).map(markdownCode).join(', ');
    const more = places.length > MAX_PLACES ? ` and ${places.length - MAX_PLACES} more` : '';
    return `${shown}${more}${note === '' ? '' : ` ${markdown(note)}`}`;
  });
  const rest = groups.slice(MAX_NOTES).reduce((sum, { places }) => sum + places.length, 0);
  return [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join('<br>');
}

function* policyRows(view: ReportView): Generator<Row> {
  for (const entry of view.policy) {
    const place = entry.finding.locations[0];
    const where = place === undefined ? '' : markdownCode(placeLabel(place));
    yield { cells: [entry.decision.outcome, markdown(entry.finding.message), where], judged: [entry] };
  }
}

function* suppressedRows(view: ReportView): Generator<Row> {
  for (const entry of view.suppressed) {
    const { finding, decision } = entry;
    const by = decision.suppression;
    const rule = finding.component === undefined ? ` ${markdownCode(rulesLabel(finding))}` : '';
    const cells = [
      `${markdown(finding.title)}${rule}`,
      markdownCode(placesLabel(finding)),
      by === undefined ? '' : `${by.kind} ${markdownCode(placeLabel(by.location))}`,
      markdown(by?.reason ?? ''),
      markdown(by?.owner ?? ''),
      markdown(by?.expires ?? ''),
    ];
    yield { cells, judged: [entry] };
  }
}

function* gapRows(gaps: Report['verdict']['incomplete']): Generator<Row> {
  for (const { coverage, policy } of gaps)
    yield { cells: [markdown(coverageText(coverage)), markdownCode(policy.key)], judged: [] };
}

function* leftOutRows(report: Report): Generator<Row> {
  for (const row of report.coverage) {
    if (!row.required && row.status !== 'succeeded')
      yield { cells: [markdown(coverageText(row))], judged: [] };
  }
}

function* footer(report: Report): Generator<string> {
  const data = report.advisoryData;
  const ecosystems = data.ecosystems.map(
    ({ name, records, newestModified }) =>
      `${name} ${records} (newest ${newestModified?.slice(0, 10) ?? 'without date'})`,
  );
  const generation = data.generation === undefined ? '' : `, generation ${data.generation.slice(0, 12)}`;
  const quarantined = data.quarantined > 0 ? `, ${data.quarantined} unreadable` : '';
  const parts = [...ecosystems, ...enrichmentLabels(report)].join(', ');
  const advisories = [`${data.source}${generation}`, ...(parts === '' ? [] : [parts])].join('; ');
  const scanners = scannersLabel(report);
  if (scanners !== undefined) yield `${markdown(`Scanners: ${scanners}.`)}\n\n`;
  const packages = plural(packageCount(report), 'package', 'packages');
  const projects = plural(report.inventory.projects.length, 'project', 'projects');
  yield markdown(
    `${packages} in ${projects}. Advisories: ${advisories}${quarantined}. plimsoll ${report.tool.version}.`,
  );
  yield '\n';
}
