// SPDX-License-Identifier: Apache-2.0
import type { Result, Location as SarifLocation, Suppression } from 'sarif';
import type { Finding } from '../../model/finding.ts';
import type { Report } from '../../model/report.ts';
import type { Outcome } from '../../model/verdict.ts';
import { sarifText } from '../encode.ts';
import type { JudgedFinding } from '../view.ts';
import { sarifFingerprints } from './fingerprints.ts';
import { sarifLocation } from './location.ts';
import { sarifMessage } from './message.ts';
import { levelOfOutcome } from './rule.ts';

/** Locations that GitHub shows of a result. */
const MAX_LOCATIONS = 100;
const MAX_RELATED = 10;

/** One result for all findings with one fingerprint. */
export function sarifResult(
  group: readonly JudgedFinding[],
  ruleIndex: ReadonlyMap<string, number>,
  report: Report,
  owner: string,
): Result {
  const [first] = group;
  if (first === undefined) throw new TypeError('a result needs a finding');
  const { finding } = first;
  const index = ruleIndex.get(finding.ruleId);
  const locations = group.flatMap((entry) => entry.finding.locations).slice(0, MAX_LOCATIONS);
  const related = relatedLocations(finding, report);
  const suppressions = group.flatMap(suppressionOf);
  return {
    ruleId: finding.ruleId,
    ...(index === undefined ? {} : { ruleIndex: index }),
    level: levelOfOutcome(worstOutcome(group)),
    message: { text: sarifMessage(group.map((entry) => entry.finding)) },
    locations: locations.map((location) => sarifLocation(location, report.subject.path)),
    ...(related.length > 0 ? { relatedLocations: related } : {}),
    partialFingerprints: sarifFingerprints(finding),
    // The same for all findings with this fingerprint. GitHub does not look at it.
    ...(finding.baselineState === undefined ? {} : { baselineState: finding.baselineState }),
    ...(suppressions.length > 0 ? { suppressions } : {}),
    properties: {
      kind: finding.kind,
      severity: finding.severity,
      outcome: worstOutcome(group),
      ...(finding.scoreSource === undefined ? {} : { scoreSource: finding.scoreSource }),
      ...exploitation(finding),
      ...otherTools(finding, owner),
    },
  };
}

/** The same for all findings with this fingerprint: it hangs on the ids of the group alone. */
function exploitation({ detail }: Finding): Result['properties'] {
  if (detail.kind !== 'vulnerability' && detail.kind !== 'malware') return {};
  const { kev, epss } = detail;
  return {
    ...(kev === undefined ? {} : { kev }),
    ...(epss === undefined ? {} : { epss: epss.score, epssPercentile: epss.percentile }),
  };
}

/** Who else reports it, as `tool:rule`. */
function otherTools({ sources }: Finding, owner: string): Result['properties'] {
  const others = sources.filter(({ tool }) => tool !== owner && tool !== 'plimsoll');
  const names = [...new Set(others.map(({ tool, ruleId }) => `${tool}:${ruleId}`))];
  return names.length > 0 ? { alsoReportedBy: names } : {};
}

/** What another tool says of the same lines: it may be the same. */
function relatedLocations({ related = [] }: Finding, report: Report): SarifLocation[] {
  if (related.length === 0) return [];
  const wanted = new Set(related);
  return report.findings
    .filter(({ fingerprint }) => wanted.has(fingerprint))
    .slice(0, MAX_RELATED)
    .flatMap(({ locations: [location], sources: [source], title }) =>
      location === undefined
        ? []
        : [
            {
              ...sarifLocation(location, report.subject.path),
              message: { text: sarifText(`${source?.tool} ${source?.ruleId}: ${title}`) },
            },
          ],
    );
}

function suppressionOf({ decision: { outcome, suppression } }: JudgedFinding): Suppression[] {
  if (outcome !== 'suppressed') return [];
  return [
    {
      kind: suppression?.kind === 'inSource' ? 'inSource' : 'external',
      status: 'accepted',
      ...(suppression === undefined ? {} : { justification: sarifText(suppression.reason) }),
    },
  ];
}

/** Of two versions with one fingerprint, what the policy says of the worse. */
function worstOutcome(group: readonly JudgedFinding[]): Outcome {
  const outcomes = group.map(({ decision }) => decision.outcome);
  return (['fail', 'warn', 'note'] as const).find((outcome) => outcomes.includes(outcome)) ?? 'suppressed';
}
