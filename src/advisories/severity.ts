// SPDX-License-Identifier: Apache-2.0
import type { Advisory, AdvisorySeverity } from '../model/advisory.ts';
import { SEVERITIES, type Severity } from '../model/finding.ts';
import { compareText } from '../model/order.ts';
import type { ReportedVulnerability } from '../model/scanner.ts';
import { tabulatedScore } from './cvss-table.ts';
import { CVSS_VERSIONS, type CvssVector, type CvssVersion, parseCvssVector } from './cvss-vector.ts';

/** How bad a problem is, and on whose word. */
export interface Rating {
  readonly severity: Severity;
  /** CVSS base score, 0.0 to 10.0. */
  readonly score?: number;
  /** `VECTOR (RECORD)`, `label (RECORD)`, or `severity of TOOL`. */
  readonly scoreSource?: string;
}

/** What a record says of the severity of a problem in one package. */
export type RatedRecord = Pick<Advisory, 'id' | 'aliases' | 'severity' | 'severityLabel'>;

/** The base score of a vector that {@link parseCvssVector} accepted. */
export type CvssScorer = (vector: CvssVector) => number;

/**
 * A scorer for the vectors of `severities`. The calculator takes longer to load than a lock takes to match, and is loaded
 * only where one of them is of a version that the table does not hold.
 */
export async function loadCvssScorer(severities: Iterable<AdvisorySeverity>): Promise<CvssScorer> {
  const calculate = needsCalculator(severities) ? await loadCvssCalculator() : undefined;
  return (vector) => {
    const score = tabulatedScore(vector) ?? calculate?.(vector);
    if (score === undefined) throw new TypeError(`no base score for ${vector.base}`);
    return score;
  };
}

/** The calculator alone, from which the table is made. */
export async function loadCvssCalculator(): Promise<CvssScorer> {
  const { default: cvss } = await import('ae-cvss-calculator');
  const calculators = {
    '2.0': cvss.Cvss2,
    '3.0': cvss.Cvss3P0,
    '3.1': cvss.Cvss3P1,
    '4.0': cvss.Cvss4P0,
  } as const satisfies Record<CvssVersion, unknown>;
  const scores = new Map<string, number>();
  return ({ version, base }) => {
    const known = scores.get(base);
    if (known !== undefined) return known;
    const score = new calculators[version](base).calculateScores().base;
    if (score === undefined) throw new TypeError(`no base score for ${base}`);
    scores.set(base, score);
    return score;
  };
}

function needsCalculator(severities: Iterable<AdvisorySeverity>): boolean {
  for (const { score } of severities) if (score.startsWith('CVSS:4.0/')) return true;
  return false;
}

/** What a record says of severity, of itself and of every package. */
export function* severitiesOf({
  severity,
  affected,
}: Pick<Advisory, 'severity' | 'affected'>): Generator<AdvisorySeverity> {
  yield* severity;
  for (const entry of affected) yield* entry.severity;
}

/**
 * The highest severity among the records that hit. Where none of them has one, it is borrowed from the other
 * live records of the group; `scoreSource` names the record either way. Malware is critical, without a score.
 */
export function rate(
  hits: readonly RatedRecord[],
  others: readonly RatedRecord[],
  score: CvssScorer,
): Rating {
  if (hits.some(isMalware)) return { severity: 'critical' };
  return highest(hits, score) ?? highest(others, score) ?? { severity: 'unscored' };
}

/** Where no record says how bad it is, the worst word of the tools that report it. */
export function ratedByTools(
  rating: Rating,
  reports: readonly Pick<ReportedVulnerability, 'tool' | 'toolSeverity'>[],
): Rating {
  if (rating.severity !== 'unscored') return rating;
  const ratings = reports.flatMap(({ tool, toolSeverity = '' }): Rating[] => {
    const severity = LABELS.get(toolSeverity.toUpperCase());
    return severity === undefined ? [] : [{ severity, scoreSource: `severity of ${tool}` }];
  });
  return ratings.sort(compareRatings)[0] ?? rating;
}

/**
 * Whether a record speaks of a malicious package: by its own id, or by an alias from the malware database. A record
 * with such an alias counts for the versions that it names itself, whatever the aliased record lists.
 *
 * @see https://github.com/ossf/malicious-packages
 */
export function isMalware({ id, aliases }: Pick<Advisory, 'id' | 'aliases'>): boolean {
  return [id, ...aliases].some((each) => each.startsWith('MAL-'));
}

/** Vectors that claim to be CVSS and are not valid; they are kept as text and give no score. */
export function unreadableVectors(record: RatedRecord): readonly string[] {
  return record.severity
    .filter(({ type, score }) => type.startsWith('CVSS_') && !parseCvssVector(score))
    .map(({ score }) => score);
}

/** Bands of CVSS v3 and v4; v2 knows no `critical` and calls everything above zero and below 4.0 low. */
export function severityOfScore(score: number, version: CvssVersion): Severity {
  if (score <= 0) return 'info';
  if (score >= 9 && version !== '2.0') return 'critical';
  return score >= 7 ? 'high' : score >= 4 ? 'medium' : 'low';
}

function highest(records: readonly RatedRecord[], score: CvssScorer): Rating | undefined {
  const ratings = records.flatMap((record) => rateRecord(record, score) ?? []);
  return ratings.sort(compareRatings)[0];
}

function rateRecord(record: RatedRecord, score: CvssScorer): Rating | undefined {
  return rateByVector(record, score) ?? rateByLabel(record);
}

/** Within a record the newest version of CVSS decides; of several vectors of that version the highest. */
function rateByVector({ id, severity }: RatedRecord, score: CvssScorer): Rating | undefined {
  const vectors = severity.flatMap((entry) => readVector(entry) ?? []);
  const version = CVSS_VERSIONS.find((candidate) => vectors.some((vector) => vector.version === candidate));
  return vectors
    .filter((vector) => vector.version === version)
    .map((vector) => {
      const base = score(vector);
      return {
        severity: severityOfScore(base, vector.version),
        score: base,
        scoreSource: `${vector.text} (${id})`,
      };
    })
    .sort(compareRatings)[0];
}

function readVector({ type, score }: AdvisorySeverity): (CvssVector & { readonly text: string }) | undefined {
  const vector = type.startsWith('CVSS_') ? parseCvssVector(score) : undefined;
  return vector && { ...vector, text: score };
}

const LABELS: ReadonlyMap<string, Severity> = new Map([
  ['CRITICAL', 'critical'],
  ['HIGH', 'high'],
  ['MODERATE', 'medium'],
  ['MEDIUM', 'medium'],
  ['LOW', 'low'],
]);

/** The word that GitHub's advisories carry; other databases use the field for other things. */
function rateByLabel({ id, severityLabel }: RatedRecord): Rating | undefined {
  if (severityLabel === undefined || !id.startsWith('GHSA-')) return undefined;
  const severity = LABELS.get(severityLabel.toUpperCase());
  return severity && { severity, scoreSource: `label (${id})` };
}

/** The worst first; a score before a label; then by text, so that the order of records does not show. */
function compareRatings(a: Rating, b: Rating): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    (b.score ?? -1) - (a.score ?? -1) ||
    compareText(a.scoreSource ?? '', b.scoreSource ?? '')
  );
}
