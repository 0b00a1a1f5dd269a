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
import type { SarifLimits } from './profiles.ts';
import { levelOfOutcome } from './rule.ts';

const MAX_RELATED = 10;

export interface ResultContext {
  readonly report: Report;
  readonly related: RelatedFindings;
  /** The tool whose run it is. */
  readonly owner: string;
  readonly limits: SarifLimits;
}

/** The findings with these fingerprints, in the order of the report. */
export type RelatedFindings = (fingerprints: readonly string[]) => Finding[];

/** Looks findings of a report up by fingerprint. */
export function relatedFindings({ findings }: Report): RelatedFindings {
  let places: ReadonlyMap<string, number> | undefined;
  return (fingerprints) => {
    places ??= new Map(findings.map(({ fingerprint }, i) => [fingerprint, i]));
    const found = fingerprints.flatMap((fingerprint) => places?.get(fingerprint) ?? []);
    return found.sort((a, b) => a - b).flatMap((i) => findings[i] ?? []);
  };
}

/** One result for all findings with one fingerprint. */
export function sarifResult(
  group: readonly JudgedFinding[],
  ruleIndex: ReadonlyMap<string, number>,
  { report, related: lookUp, owner, limits }: ResultContext,
): Result {
  const [first] = group;
  if (first === undefined) throw new TypeError('a result needs a finding');
  const { finding } = first;
  const index = ruleIndex.get(finding.ruleId);
  const locations = group.flatMap((entry) => entry.finding.locations).slice(0, limits.locations.shown);
  const related = finding.related === undefined ? [] : relatedLocations(lookUp(finding.related), report);
  const suppressions = group.flatMap(suppressionOf);
  const outcome = worstOutcome(group);
  return {
    ruleId: finding.ruleId,
    ...(index === undefined ? {} : { ruleIndex: index }),
    level: levelOfOutcome(outcome, finding.severity),
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
      outcome,
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
  if (others.length === 0) return {};
  return { alsoReportedBy: [...new Set(others.map(({ tool, ruleId }) => `${tool}:${ruleId}`))] };
}

/** What another tool says of the same lines: it may be the same. */
function relatedLocations(related: readonly Finding[], report: Report): SarifLocation[] {
  return related.slice(0, MAX_RELATED).flatMap(({ locations: [location], sources: [source], title }) =>
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
  if (group.length === 1 && group[0] !== undefined) return group[0].decision.outcome;
  const outcomes = group.map(({ decision }) => decision.outcome);
  return (['fail', 'warn', 'note'] as const).find((outcome) => outcomes.includes(outcome)) ?? 'suppressed';
}
