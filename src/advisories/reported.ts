// SPDX-License-Identifier: Apache-2.0
import { buildFinding } from '../findings/build.ts';
import { reportingSources } from '../findings/merge.ts';
import type { DependencyPaths } from '../findings/paths.ts';
import type { Advisory, AdvisorySeverity } from '../model/advisory.ts';
import type { Finding, Rule } from '../model/finding.ts';
import type { Component } from '../model/inventory.ts';
import { plainLocation } from '../model/location.ts';
import { compareKeys, compareText } from '../model/order.ts';
import type { ReportedVulnerability } from '../model/scanner.ts';
import { PlimsollError } from '../platform/errors.ts';
import { advisoryRules } from './advisory-rules.ts';
import { groupRecords } from './groups.ts';
import { readAdvisory } from './osv-record.ts';
import type { Problem } from './problem.ts';
import { leadingId, summaryOf } from './prose.ts';
import { type CvssScorer, isMalware, loadCvssScorer, rate, ratedByTools, severitiesOf } from './severity.ts';

/**
 * Findings of what another tool alone reports: nothing that somebody found is lost, and each says whose word it is.
 * Records of one problem become one finding, by the same rule as plimsoll's own.
 *
 * @param components by ref; those that the reports speak of
 */
export async function reportedFindings(
  reported: readonly ReportedVulnerability[],
  components: readonly Component[],
  paths: DependencyPaths,
): Promise<{ readonly findings: readonly Finding[]; readonly rules: readonly Rule[] }> {
  if (reported.length === 0) return { findings: [], rules: [] };
  const problems = components.flatMap((component) =>
    problemsOf(
      component,
      reported.filter((report) => isOf(report, component)),
    ),
  );
  const score = await loadCvssScorer(problems.flatMap(severitiesToRate));
  const found = problems.map(({ problem, reports }) => ({
    problem,
    finding: findingOf(problem, reports, score, paths),
  }));
  return { findings: found.map(({ finding }) => finding), rules: advisoryRules(found) };
}

/** What the records say of severity that other tools report. */
export function severitiesToRate({ problem }: { readonly problem: Problem }): AdvisorySeverity[] {
  return problem.hits.flatMap((record) => [...severitiesOf(record)]);
}

type ReportedRecord = Pick<ReportedVulnerability, 'tool' | 'id' | 'aliases' | 'record'>;

/** The reported records of one package, those of one problem together, in whatever order they came. */
export function problemsOf<Reported extends ReportedRecord>(
  component: Component,
  reported: readonly Reported[],
): { readonly problem: Problem; readonly reports: readonly Reported[] }[] {
  const own = reported.toSorted(compareReports);
  const records = own.map(readReported).filter(({ withdrawn }) => withdrawn === undefined);
  const groups = groupRecords(records);
  return [...new Set(groups.values())].map((group) => {
    const hits = records.filter(({ id }) => groups.get(id) === group);
    const reports = own.filter(({ id }) => groups.get(id) === group);
    const problem: Problem = {
      match: {
        component: component.ref,
        group,
        records: unique(hits).map((hit) => matchedOf(hit, component)),
      },
      component,
      version: component.version ?? '',
      hits,
      others: [],
      ...(component.ecosystem === undefined ? {} : { ecosystem: component.ecosystem }),
    };
    return { problem, reports };
  });
}

function compareReports(a: ReportedRecord, b: ReportedRecord): number {
  return (
    compareKeys([a.id, a.tool], [b.id, b.tool]) ||
    compareText(JSON.stringify(a.record) ?? '', JSON.stringify(b.record) ?? '')
  );
}

/** Several tools can have told one record, each in its own words; all of them count for the severity. */
function unique(records: readonly Advisory[]): Advisory[] {
  return [...new Map(records.toReversed().map((record) => [record.id, record])).values()].reverse();
}

/** Of a record that cannot be read the id is kept: the tool found something. */
function readReported({
  record,
  id,
  aliases,
}: Pick<ReportedVulnerability, 'id' | 'aliases' | 'record'>): Advisory {
  try {
    return readAdvisory(record);
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    return readAdvisory({ id, aliases });
  }
}

function isOf(
  report: ReportedVulnerability,
  { project, ecosystem, name, version, origin }: Component,
): boolean {
  return (
    origin === 'registry' &&
    report.project === project &&
    report.ecosystem === ecosystem &&
    report.name === name &&
    report.version === version
  );
}

function matchedOf({ id, modified, published, aliases }: Advisory, { version = '' }: Component) {
  return {
    id,
    modified,
    ...(published === undefined ? {} : { published }),
    aliases,
    matched: { by: 'version', value: version },
    fixed: [],
  } as const;
}

function findingOf(
  { match, component, hits }: Problem,
  reports: readonly ReportedVulnerability[],
  score: CvssScorer,
  paths: DependencyPaths,
): Finding {
  const { anchor, ids } = match.group;
  const { name, version = '', ecosystem = '', project, ref } = component;
  const kind = hits.some(isMalware) ? 'malware' : 'vulnerability';
  const tools = [...new Set(reports.map(({ tool }) => tool))].join(' and ');
  const summary = summaryOf(hits);
  return buildFinding(
    { kind, ecosystem, name, projectId: project, anchor },
    {
      ruleId: anchor,
      ...ratedByTools(rate(hits, [], score), reports),
      confidence: 'medium',
      title: `${leadingId(match.group)}: ${name} ${version}${summary === undefined ? '' : `: ${summary}`}`,
      message: `${name} ${version} is affected by ${match.records.map(({ id }) => id).join(', ')}, ${tools} reports; plimsoll's own matching does not say so.`,
      tip: `Look at the record: whether ${name} ${version} is affected is disputed.`,
      project,
      component: ref,
      aliases: ids.filter((id) => id !== anchor),
      cwes: hits.flatMap(({ cwes }) => cwes),
      locations: component.locations.map(plainLocation),
      sources: reportingSources(reports),
      detail: { kind, records: match.records, fixedVersions: [], dependencyPaths: paths.to(ref) },
    },
  );
}
