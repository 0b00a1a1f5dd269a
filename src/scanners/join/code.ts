// SPDX-License-Identifier: Apache-2.0
import { buildFinding } from '../../findings/build.ts';
import type { Finding } from '../../model/finding.ts';
import { compareKey, compareText } from '../../model/order.ts';
import type { CodeHit } from '../../model/tool-report.ts';
import { type LineIdentity, lineIdentities, numbered } from './occurrences.ts';
import type { PlacedHit } from './placed.ts';
import { claimedSuppression, sourcesOf } from './sources.ts';

/**
 * One finding per hit. Two tools may mean the same by different words, and may not: where both name the same weakness
 * in the same lines, each finding names the other, and none is dropped.
 */
export function codeFindings(
  placed: readonly PlacedHit<CodeHit>[],
  scrub: (text: string) => string,
): Finding[] {
  const identify = lineIdentities(scrub);
  const sorted = placed.map((hit) => ({ ...hit, line: identify(hit) })).sort(compareHits);
  const identityOf = ({ report, rule, location, line }: PlacedLine) =>
    JSON.stringify([report.tool, rule.id, location.uri, line.digest]);
  const findings = numbered(sorted, identityOf).map(({ hit, occurrence }) =>
    findingOf(hit, occurrence, scrub),
  );
  return withRelated(findings);
}

interface PlacedLine extends PlacedHit<CodeHit> {
  readonly line: LineIdentity;
}

function compareHits(a: PlacedLine, b: PlacedLine): number {
  const [at, there] = [a.location, b.location];
  return (
    compareKey(a.report.tool, b.report.tool) ||
    compareKey(a.rule.id, b.rule.id) ||
    compareKey(at.uri, there.uri) ||
    compareKey(at.startLine, there.startLine) ||
    compareKey(at.startColumn, there.startColumn) ||
    compareKey(at.endLine, there.endLine) ||
    compareKey(at.endColumn, there.endColumn) ||
    compareKey(a.hit.message, b.hit.message)
  );
}

function findingOf(placed: PlacedLine, occurrence: number, scrub: (text: string) => string): Finding {
  const { report, rule, hit, location, line } = placed;
  const suppression = claimedSuppression([placed]);
  return buildFinding(
    {
      kind: 'code',
      tool: report.tool,
      ruleId: rule.id,
      uri: location.uri,
      lineHash: line.digest,
      occurrence,
    },
    {
      ruleId: rule.id,
      severity: rule.severity,
      ...(rule.score === undefined ? {} : { score: rule.score }),
      scoreSource: rule.scoreSource,
      confidence: hit.confidence,
      title: scrub(rule.title),
      message: scrub(hit.message ?? rule.description ?? rule.title),
      tip: scrub(rule.tip ?? `Look at ${report.name}'s rule ${rule.id}, and change the code or accept it.`),
      aliases: [],
      cwes: rule.cwes,
      locations: [location],
      sources: sourcesOf([placed]),
      ...(line.lineHash === undefined ? {} : { lineHash: line.lineHash }),
      ...(suppression === undefined ? {} : { suppression }),
      detail: { kind: 'code' },
    },
  );
}

function withRelated(findings: readonly Finding[]): Finding[] {
  const byPlace = groupedByPlace(findings);
  return findings.map((finding) => {
    const places = byPlace.get(finding.locations[0]?.uri ?? '');
    const related = new Set<string>();
    for (const cwe of finding.cwes)
      for (const other of places?.get(cwe) ?? [])
        if (other !== finding && overlap(finding, other)) related.add(other.fingerprint);
    return related.size === 0 ? finding : { ...finding, related: [...related].sort(compareText) };
  });
}

/** By file and weakness. */
function groupedByPlace(findings: readonly Finding[]): Map<string, Map<string, Finding[]>> {
  const byPlace = new Map<string, Map<string, Finding[]>>();
  for (const finding of findings) {
    const uri = finding.locations[0]?.uri ?? '';
    const places = byPlace.get(uri) ?? new Map<string, Finding[]>();
    byPlace.set(uri, places);
    for (const cwe of finding.cwes) {
      const found = places.get(cwe);
      if (found) found.push(finding);
      else places.set(cwe, [finding]);
    }
  }
  return byPlace;
}

/** Of different tools, in at least one line in common. */
function overlap(finding: Finding, other: Finding): boolean {
  if (finding.sources[0]?.tool === other.sources[0]?.tool) return false;
  const [at, there] = [finding.locations[0], other.locations[0]];
  const [from, to] = [at?.startLine, at?.endLine ?? at?.startLine];
  const [start, end] = [there?.startLine, there?.endLine ?? there?.startLine];
  if (from === undefined || to === undefined || start === undefined || end === undefined) return false;
  return from <= end && start <= to;
}
