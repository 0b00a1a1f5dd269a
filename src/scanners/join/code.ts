// SPDX-License-Identifier: Apache-2.0
import { buildAlike, buildFinding } from '../../findings/build.ts';
import type { FindingIdentity } from '../../findings/fingerprint.ts';
import { type Finding, SEVERITIES } from '../../model/finding.ts';
import { compareKey, compareText } from '../../model/order.ts';
import type { CodeHit, ToolRule } from '../../model/tool-report.ts';
import { type LineIdentity, lineIdentities, numbered } from './occurrences.ts';
import type { PlacedHit } from './placed.ts';
import { withRelated } from './related.ts';
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
  const findingOf = findingMaker(scrub);
  const findings: Finding[] = [];
  for (const hits of byRule(placed)) {
    const sorted = hits
      .map((hit): PlacedLine => {
        const { report, rule, location } = hit;
        return { report, rule, hit: hit.hit, location, line: identify(hit) };
      })
      .sort(comparePlaces);
    // Of one tool and rule already.
    for (const inFile of byFile(sorted))
      for (const { hit, occurrence } of numbered(inFile, ({ line }) => line.digest))
        findings.push(findingOf(hit, occurrence));
  }
  return withRelated(findings);
}

/** @param sorted the lines of a file one after another */
function* byFile(sorted: readonly PlacedLine[]): Generator<readonly PlacedLine[]> {
  let start = 0;
  for (let i = 1; i <= sorted.length; i += 1) {
    if (sorted[i]?.location.uri === sorted[start]?.location.uri) continue;
    yield sorted.slice(start, i);
    start = i;
  }
}

interface PlacedLine extends PlacedHit<CodeHit> {
  readonly line: LineIdentity;
}

/** What the findings of a rule have in common. */
type RuleParts = Pick<Finding, 'title' | 'tip' | 'sources' | 'detail'>;

/** The hits of each tool and rule, by their ids. */
function byRule(placed: readonly PlacedHit<CodeHit>[]): PlacedHit<CodeHit>[][] {
  const tools = new Map<string, Map<string, PlacedHit<CodeHit>[]>>();
  for (const hit of placed) {
    const rules = tools.get(hit.report.tool);
    const hits = rules?.get(hit.rule.id);
    if (hits !== undefined) hits.push(hit);
    else if (rules !== undefined) rules.set(hit.rule.id, [hit]);
    else tools.set(hit.report.tool, new Map([[hit.rule.id, [hit]]]));
  }
  return sortedValues(tools).flatMap(sortedValues);
}

function sortedValues<T>(map: ReadonlyMap<string, T>): T[] {
  return [...map].sort(([a], [b]) => compareText(a, b)).map(([, value]) => value);
}

function comparePlaces(a: PlacedLine, b: PlacedLine): number {
  const at = a.location;
  const there = b.location;
  return (
    compareKey(at.uri, there.uri) ||
    compareKey(at.startLine, there.startLine) ||
    compareKey(at.startColumn, there.startColumn) ||
    compareKey(at.endLine, there.endLine) ||
    compareKey(at.endColumn, there.endColumn) ||
    compareKey(a.hit.message, b.hit.message) ||
    SEVERITIES.indexOf(a.rule.severity) - SEVERITIES.indexOf(b.rule.severity) ||
    compareKey(a.rule.description, b.rule.description) ||
    compareKey(a.rule.title, b.rule.title) ||
    compareKey(a.hit.toolSeverity, b.hit.toolSeverity) ||
    compareKey(a.report.version, b.report.version)
  );
}

/** Made once for each rule and the tool's own word for its severity: rules are few, and hits can be many. */
function ruleParts(scrub: (text: string) => string): (placed: PlacedLine) => RuleParts {
  const known = new Map<ToolRule, Map<string | undefined, RuleParts>>();
  return (placed) => {
    const { report, rule, hit } = placed;
    const bySeverity = known.get(rule);
    const same = bySeverity?.get(hit.toolSeverity);
    if (same !== undefined) return same;
    const parts: RuleParts = {
      title: scrub(rule.title),
      tip: scrub(rule.tip ?? `Look at ${report.name}'s rule ${rule.id}, and change the code or accept it.`),
      sources: sourcesOf([placed]),
      detail: { kind: 'code' },
    };
    if (bySeverity === undefined) known.set(rule, new Map([[hit.toolSeverity, parts]]));
    else bySeverity.set(hit.toolSeverity, parts);
    return parts;
  };
}

/** Makes the first finding of each rule, and the others after its model. */
function findingMaker(scrub: (text: string) => string) {
  const partsOf = ruleParts(scrub);
  const [withHash, withoutHash] = [new Map<RuleParts, Finding>(), new Map<RuleParts, Finding>()];
  return (placed: PlacedLine, occurrence: number): Finding => {
    const { hit, rule, location, line } = placed;
    const parts = partsOf(placed);
    const message = scrub(hit.message ?? rule.description ?? rule.title);
    const models = line.lineHash === undefined ? withoutHash : withHash;
    const model = models.get(parts);
    if (model !== undefined && hit.suppression === undefined)
      return buildAlike(model, identityOf(placed, occurrence), {
        message,
        confidence: hit.confidence,
        locations: [location],
        lineHash: line.lineHash,
      });
    const finding = findingOf(placed, occurrence, parts, message);
    if (hit.suppression === undefined) models.set(parts, finding);
    return finding;
  };
}

function identityOf({ report, rule, location, line }: PlacedLine, occurrence: number): FindingIdentity {
  return {
    kind: 'code',
    tool: report.tool,
    ruleId: rule.id,
    uri: location.uri,
    lineHash: line.digest,
    occurrence,
  };
}

function findingOf(
  placed: PlacedLine,
  occurrence: number,
  { title, tip, sources, detail }: RuleParts,
  message: string,
): Finding {
  const { rule, hit, location, line } = placed;
  const suppression = hit.suppression === undefined ? undefined : claimedSuppression([placed]);
  return buildFinding(identityOf(placed, occurrence), {
    ruleId: rule.id,
    severity: rule.severity,
    ...(rule.score === undefined ? {} : { score: rule.score }),
    scoreSource: rule.scoreSource,
    confidence: hit.confidence,
    title,
    message,
    tip,
    aliases: [],
    cwes: rule.cwes,
    locations: [location],
    sources,
    ...(line.lineHash === undefined ? {} : { lineHash: line.lineHash }),
    ...(suppression === undefined ? {} : { suppression }),
    detail,
  });
}
