// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import { markdown, markdownCode } from './encode.ts';
import type { Reporter } from './reporter.ts';
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
    yield* table('Policy', ['Outcome', 'Finding', 'Where'], policyRows(view));
    yield* table('Suppressed', ['Finding', 'By', 'Reason', 'Owner', 'Until'], suppressedRows(view));
    yield* table('Incomplete', ['What', 'Policy'], gapRows(report.verdict.incomplete));
    yield* table('Not checked', ['What', 'Policy'], gapRows(report.verdict.notChecked));
    yield* table('Left out', ['What'], leftOutRows(report));
    yield* footer(report);
  },
};

/** Characters per table; six tables stay below 1 MiB. */
const TABLE_BUDGET = 150_000;

type Row = readonly string[];

function* table(title: string, head: Row, rows: Iterable<Row>): Generator<string> {
  let written = 0;
  let left = 0;
  for (const row of rows) {
    const line = `| ${row.join(' | ')} |\n`;
    if (written + line.length > TABLE_BUDGET) {
      left += 1;
      continue;
    }
    if (written === 0) yield `### ${title}\n\n| ${head.join(' | ')} |\n|${' --- |'.repeat(head.length)}\n`;
    written += line.length;
    yield line;
  }
  if (left > 0) yield `\n${left} more rows do not fit here; the JSON report has them all.\n`;
  if (written > 0) yield '\n';
}

function* findingRows(view: ReportView, report: Report): Generator<Row> {
  const links = new Map(report.rules.map((rule) => [rule.id, rule.helpUri]));
  for (const group of view.components) {
    for (const entry of group.judged) yield findingRow(group, entry, view, links);
  }
}

function findingRow(
  { component }: ComponentGroup,
  { finding, decision }: JudgedFinding,
  view: ReportView,
  links: ReadonlyMap<string, string>,
): Row {
  const place = finding.locations[0];
  const until = decision.failsFrom === undefined ? '' : ` from ${decision.failsFrom}`;
  return [
    markdown(`${decision.outcome}${until === '' ? '' : `, fail${until}`}`),
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

function* policyRows(view: ReportView): Generator<Row> {
  for (const { finding, decision } of view.others) {
    const place = finding.locations[0];
    yield [
      decision.outcome,
      markdown(finding.message),
      place === undefined ? '' : markdownCode(placeLabel(place)),
    ];
  }
}

function* suppressedRows(view: ReportView): Generator<Row> {
  for (const { finding, decision } of view.suppressed) {
    const by = decision.suppression;
    yield [
      markdown(finding.title),
      by === undefined ? '' : `${by.kind} ${markdownCode(placeLabel(by.location))}`,
      markdown(by?.reason ?? ''),
      markdown(by?.owner ?? ''),
      markdown(by?.expires ?? ''),
    ];
  }
}

function* gapRows(gaps: Report['verdict']['incomplete']): Generator<Row> {
  for (const { coverage, policy } of gaps) yield [markdown(coverageText(coverage)), markdownCode(policy.key)];
}

function* leftOutRows(report: Report): Generator<Row> {
  for (const row of report.coverage) {
    if (!row.required && row.status !== 'succeeded') yield [markdown(coverageText(row))];
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
  yield markdown(
    `${plural(packageCount(report), 'package', 'packages')} in ${plural(report.inventory.projects.length, 'project', 'projects')}. Advisories: ${data.source}${generation}; ${[...ecosystems, ...enrichmentLabels(report)].join(', ')}${quarantined}. plimsoll ${report.tool.version}.`,
  );
  yield '\n';
}
