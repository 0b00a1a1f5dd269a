// SPDX-License-Identifier: Apache-2.0
import type { PropertyBag, Result, Location as SarifLocation, Suppression } from 'sarif';
import type { Finding, FindingDetail, FindingSource } from '../../model/finding.ts';
import type { Location } from '../../model/location.ts';
import type { Report } from '../../model/report.ts';
import type { Decision, Outcome } from '../../model/verdict.ts';
import { sarifText } from '../encode.ts';
import type { JudgedFinding } from '../view.ts';
import { sarifFingerprints } from './fingerprints.ts';
import { locationMaker } from './location.ts';
import { messageMaker } from './message.ts';
import type { FindingGroup } from './plan.ts';
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

/** Looks up by fingerprint those findings of a report that others of it name. */
export function relatedFindings({ findings }: Report): RelatedFindings {
  const named = new Set<string>();
  for (const { related = [] } of findings) for (const fingerprint of related) named.add(fingerprint);
  const places = new Map<string, number>();
  findings.forEach(({ fingerprint }, i) => {
    if (named.has(fingerprint)) places.set(fingerprint, i);
  });
  return (fingerprints) => {
    const found = fingerprints.flatMap((fingerprint) => places.get(fingerprint) ?? []);
    return found.sort((a, b) => a - b).flatMap((i) => findings[i] ?? []);
  };
}

/**
 * Makes results: one for all findings with one fingerprint.
 * @param ruleIndex the places of the run's rules
 */
export function resultMaker(
  ruleIndex: ReadonlyMap<string, number>,
  { report, related: lookUp, owner, limits }: ResultContext,
): (group: FindingGroup) => Result {
  const locationOf = locationMaker(report.subject.path);
  const propertiesOf = propertyMaker(owner);
  const messageOf = messageMaker();
  return (group) => {
    const { finding } = group[0];
    const locations = locationsOf(group).slice(0, limits.locations.shown);
    const related = finding.related === undefined ? [] : lookUp(finding.related);
    const outcome = worstOutcome(group);
    // What is undefined is not written; a result that is put together takes several times as long.
    return {
      ruleId: finding.ruleId,
      ruleIndex: ruleIndex.get(finding.ruleId),
      level: levelOfOutcome(outcome, finding.severity),
      message: { text: messageOf(group.map((entry) => entry.finding)) },
      locations: locations.map(locationOf),
      relatedLocations: related.length > 0 ? relatedLocations(related, locationOf) : undefined,
      partialFingerprints: sarifFingerprints(finding),
      // The same for all findings with this fingerprint. GitHub does not look at it.
      baselineState: finding.baselineState,
      suppressions: suppressionsOf(group),
      properties: propertiesOf(finding, outcome),
    };
  };
}

function locationsOf(group: FindingGroup): readonly Location[] {
  return group.length === 1 ? group[0].finding.locations : group.flatMap(({ finding }) => finding.locations);
}

/** Results come by rule, and most have the properties of the one before: these are the same object then. */
function propertyMaker(owner: string): (finding: Finding, outcome: Outcome) => PropertyBag {
  let last: PropertyBag = {};
  return ({ kind, severity, scoreSource, detail, sources }, outcome) => {
    const others = sources.filter(({ tool }) => tool !== owner && tool !== 'plimsoll');
    if (others.length > 0 || detail.kind === 'vulnerability' || detail.kind === 'malware')
      return { kind, severity, outcome, scoreSource, ...exploitation(detail), ...otherTools(others) };
    const isSame =
      last.kind === kind &&
      last.severity === severity &&
      last.outcome === outcome &&
      last.scoreSource === scoreSource;
    if (!isSame) last = { kind, severity, outcome, scoreSource };
    return last;
  };
}

/** The same for all findings with this fingerprint: it hangs on the ids of the group alone. */
function exploitation(detail: FindingDetail): PropertyBag {
  if (detail.kind !== 'vulnerability' && detail.kind !== 'malware') return {};
  const { kev, epss } = detail;
  return {
    ...(kev === undefined ? {} : { kev }),
    ...(epss === undefined ? {} : { epss: epss.score, epssPercentile: epss.percentile }),
  };
}

/** Who else reports it, as `tool:rule`. */
function otherTools(others: readonly FindingSource[]): PropertyBag {
  if (others.length === 0) return {};
  return { alsoReportedBy: [...new Set(others.map(({ tool, ruleId }) => `${tool}:${ruleId}`))] };
}

/** What another tool says of the same lines: it may be the same. */
function relatedLocations(
  related: readonly Finding[],
  locationOf: (location: Location) => SarifLocation,
): SarifLocation[] {
  return related.slice(0, MAX_RELATED).flatMap(({ locations: [location], sources: [source], title }) =>
    location === undefined
      ? []
      : [
          {
            ...locationOf(location),
            message: { text: sarifText(`${source?.tool} ${source?.ruleId}: ${title}`) },
          },
        ],
  );
}

/** Undefined where there are none: that is so of most. */
function suppressionsOf(group: FindingGroup): Suppression[] | undefined {
  const suppressed = group.filter(({ decision }) => decision.outcome === 'suppressed');
  return suppressed.length === 0 ? undefined : suppressed.map(({ decision }) => suppressionOf(decision));
}

function suppressionOf({ suppression }: Decision): Suppression {
  return {
    kind: suppression?.kind === 'inSource' ? 'inSource' : 'external',
    status: 'accepted',
    ...(suppression === undefined ? {} : { justification: sarifText(suppression.reason) }),
  };
}

/** Of two versions with one fingerprint, what the policy says of the worse. */
function worstOutcome(group: readonly JudgedFinding[]): Outcome {
  if (group.length === 1 && group[0] !== undefined) return group[0].decision.outcome;
  const outcomes = group.map(({ decision }) => decision.outcome);
  return (['fail', 'warn', 'note'] as const).find((outcome) => outcomes.includes(outcome)) ?? 'suppressed';
}
