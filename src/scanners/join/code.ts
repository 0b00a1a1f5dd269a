// SPDX-License-Identifier: Apache-2.0
import { buildFinding } from '../../findings/build.ts';
import type { Finding } from '../../model/finding.ts';
import { compareKeys, compareText } from '../../model/order.ts';
import type { CodeHit } from '../../model/tool-report.ts';
import { type LineIdentity, lineIdentity, numbered } from './occurrences.ts';
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
  const sorted = placed
    .map((hit) => ({ ...hit, line: lineIdentity(hit, scrub) }))
    .sort((a, b) => compareKeys(orderOf(a), orderOf(b)));
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

function orderOf({ report, rule, location, hit }: PlacedHit<CodeHit>) {
  const { uri, startLine, startColumn, endLine, endColumn } = location;
  return [report.tool, rule.id, uri, startLine, startColumn, endLine, endColumn, hit.message];
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
  const byPlace = new Map<string, Finding[]>();
  for (const finding of findings) {
    for (const cwe of finding.cwes) {
      const key = JSON.stringify([finding.locations[0]?.uri, cwe]);
      byPlace.set(key, [...(byPlace.get(key) ?? []), finding]);
    }
  }
  return findings.map((finding) => {
    const near = finding.cwes.flatMap(
      (cwe) => byPlace.get(JSON.stringify([finding.locations[0]?.uri, cwe])) ?? [],
    );
    const related = near.filter((other) => other !== finding && overlap(finding, other));
    if (related.length === 0) return finding;
    return { ...finding, related: [...new Set(related.map((each) => each.fingerprint))].sort(compareText) };
  });
}

/** Of different tools, in at least one line in common. */
function overlap({ sources: [a], locations: [at] }: Finding, other: Finding): boolean {
  const {
    sources: [b],
    locations: [there],
  } = other;
  const [from, to] = [at?.startLine, at?.endLine ?? at?.startLine];
  const [start, end] = [there?.startLine, there?.endLine ?? there?.startLine];
  if (from === undefined || to === undefined || start === undefined || end === undefined) return false;
  return a?.tool !== b?.tool && from <= end && start <= to;
}
