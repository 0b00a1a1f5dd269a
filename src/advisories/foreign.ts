// SPDX-License-Identifier: Apache-2.0
import { buildFinding } from '../findings/build.ts';
import { reportingSources } from '../findings/merge.ts';
import type { Finding, Rule } from '../model/finding.ts';
import { groupBy } from '../model/group.ts';
import type { Component } from '../model/inventory.ts';
import type { Location } from '../model/location.ts';
import { compareText } from '../model/order.ts';
import type { ForeignVulnerability } from '../model/scanner.ts';
import { type AdvisoryFinding, advisoryRules } from './advisory-rules.ts';
import type { Problem } from './problem.ts';
import { leadingId, summaryOf } from './prose.ts';
import { problemsOf, severitiesToRate } from './reported.ts';
import { type CvssScorer, isMalware, loadCvssScorer, rate, ratedByTools } from './severity.ts';

/**
 * Findings of what other tools report of packages that no project has: of an image, of another ecosystem, or of a report
 * that is read without a scan. Grouped and rated as plimsoll's own; whether they hit is the tool's word.
 *
 * @param placeOf where the tool found it
 */
export async function foreignFindings(
  reported: readonly ForeignVulnerability[],
  placeOf: (report: ForeignVulnerability) => Location,
): Promise<{ readonly findings: readonly Finding[]; readonly rules: readonly Rule[] }> {
  if (reported.length === 0) return { findings: [], rules: [] };
  const packages = groupBy(reported, (report) => {
    const { ecosystem, name, version } = report;
    return JSON.stringify([placeOf(report).uri, ecosystem, name, version]);
  });
  const problems = [...packages.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const place = placeOf(first);
    const { ecosystem } = first;
    return problemsOf(componentOf(first, place), own).map((each) => ({ ...each, ecosystem, place }));
  });
  const score = await loadCvssScorer(problems.flatMap(severitiesToRate));
  const found = problems.map(
    ({ problem, reports, ecosystem, place }): AdvisoryFinding => ({
      problem,
      finding: findingOf(problem, reports, ecosystem, place, score),
    }),
  );
  return { findings: found.map(({ finding }) => finding), rules: advisoryRules(found) };
}

function componentOf({ name, version }: ForeignVulnerability, place: Location): Component {
  return {
    ref: `${place.uri}#${name}@${version}`,
    project: place.uri,
    name,
    version,
    origin: 'unknown',
    pinning: 'resolved',
    scopes: ['unknown'],
    direct: false,
    artifacts: [],
    licenses: [],
    flags: {},
    locations: [place],
  };
}

function findingOf(
  { match, component, hits }: Problem,
  reports: readonly ForeignVulnerability[],
  ecosystem: string,
  place: Location,
  score: CvssScorer,
): Finding {
  const { anchor, ids } = match.group;
  const { name, version = '' } = component;
  const label = version === '' ? name : `${name} ${version}`;
  const kind = hits.some(isMalware) ? 'malware' : 'vulnerability';
  const tools = [...new Set(reports.map(({ tool }) => tool))].join(' and ');
  const targets = [...new Set(reports.flatMap(({ target }) => target ?? []))].sort(compareText);
  const where = targets.length === 0 ? place.uri : `${place.uri} (${targets.join(', ')})`;
  const summary = summaryOf(hits);
  const fixed = fixesOf(hits);
  return buildFinding(
    { kind, ecosystem, name, projectId: place.uri, anchor },
    {
      ruleId: anchor,
      ...ratedByTools(rate(hits, [], score), reports),
      confidence: 'medium',
      title: `${leadingId(match.group)}: ${label}${summary === undefined ? '' : `: ${summary}`}`,
      message: `${label} in ${where} is affected by ${match.records.map(({ id }) => id).join(', ')}, ${tools} reports.`,
      tip: fixed.length === 0 ? 'No fixed version is known.' : `Fixed in ${fixed.join(', ')}.`,
      aliases: ids.filter((id) => id !== anchor),
      cwes: hits.flatMap(({ cwes }) => cwes),
      locations: [place],
      sources: reportingSources(reports),
      detail: { kind, records: match.records, fixedVersions: fixed, dependencyPaths: [] },
    },
  );
}

/** As the records list them; of foreign ecosystems there is no order of versions here. */
function fixesOf(hits: Problem['hits']): string[] {
  const events = hits.flatMap(({ affected }) =>
    affected.flatMap(({ ranges }) => ranges.flatMap((range) => range.events)),
  );
  return [...new Set(events.flatMap((event) => event.fixed ?? []))];
}
