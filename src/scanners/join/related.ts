// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '../../model/finding.ts';
import { groupBy } from '../../model/group.ts';
import { compareText, firstIndex } from '../../model/order.ts';

/** Findings that one names, at most: a minified file has all of its code in one line. */
const MAX_RELATED = 100;

/** Findings with the other ones of the same weakness and file that another tool sees in at least one of their lines. */
export function withRelated(findings: readonly Finding[]): Finding[] {
  const related = new Map<Finding, Set<string>>();
  // File by file, so that what is known of one is forgotten before the next.
  for (const inFile of groupBy(findings, uriOf).values()) addRelated(inFile, related);
  return findings.map((finding) => {
    const found = related.get(finding);
    if (found === undefined) return finding;
    // Not by a spread: V8 gives each copy of a copy that gets one more key a shape of its own, and is slow to read them all.
    return Object.assign({}, finding, { related: [...found].sort(compareText) });
  });
}

function addRelated(inFile: readonly Finding[], related: Map<Finding, Set<string>>): void {
  const placed = withLines(inFile);
  const weaknesses = spansByWeakness(placed);
  for (const each of placed)
    for (const cwe of each.finding.cwes)
      for (const [tool, spans] of weaknesses.get(cwe) ?? [])
        if (tool !== each.tool) addOverlapping(each, spans);
  for (const { finding, found } of placed) if (found !== undefined) related.set(finding, found);
}

interface Lines {
  readonly from: number;
  readonly to: number;
}

interface PlacedFinding extends Lines {
  readonly finding: Finding;
  readonly tool: string;
  /** Fingerprints of those that it is related to; undefined where there are none: that is so of most. */
  found: Set<string> | undefined;
}

/** Those whose lines are known. */
function withLines(findings: readonly Finding[]): PlacedFinding[] {
  const placed: PlacedFinding[] = [];
  for (const finding of findings) {
    const at = finding.locations[0];
    const from = at?.startLine;
    if (from === undefined) continue;
    const tool = finding.sources[0]?.tool ?? '';
    placed.push({ finding, tool, from, to: at?.endLine ?? from, found: undefined });
  }
  return placed;
}

interface Span extends Lines {
  readonly fingerprint: string;
  /** The last line of this one and of all before it. */
  reach: number;
}

/** Of each tool by weakness, in the order of their lines. */
function spansByWeakness(placed: readonly PlacedFinding[]): Map<string, Map<string, Span[]>> {
  const weaknesses = new Map<string, Map<string, Span[]>>();
  for (const { finding, tool, from, to } of placed) {
    const { fingerprint, cwes } = finding;
    for (const cwe of cwes) {
      const tools = weaknesses.get(cwe);
      const spans = tools?.get(tool);
      const span = { from, to, fingerprint, reach: to };
      if (spans !== undefined) spans.push(span);
      else if (tools !== undefined) tools.set(tool, [span]);
      else weaknesses.set(cwe, new Map([[tool, [span]]]));
    }
  }
  for (const tools of weaknesses.values()) for (const spans of tools.values()) sortSpans(spans);
  return weaknesses;
}

function sortSpans(spans: Span[]): void {
  if (spans.length === 1) return;
  spans.sort((a, b) => a.from - b.from || a.to - b.to || compareText(a.fingerprint, b.fingerprint));
  let reach = 0;
  for (const span of spans) {
    reach = Math.max(reach, span.to);
    span.reach = reach;
  }
}

function addOverlapping(placed: PlacedFinding, spans: readonly Span[]): void {
  const { from, to } = placed;
  for (let i = firstAfter(spans, to) - 1; i >= 0; i -= 1) {
    const span = spans[i];
    if (span === undefined || span.reach < from || (placed.found?.size ?? 0) >= MAX_RELATED) return;
    if (span.to < from) continue;
    placed.found ??= new Set();
    placed.found.add(span.fingerprint);
  }
}

/** Index of the first that begins behind a line. */
function firstAfter(spans: readonly Span[], line: number): number {
  return firstIndex(spans.length, (index) => (spans[index]?.from ?? 0) <= line);
}

function uriOf({ locations: [at] }: Finding): string {
  return at?.uri ?? '';
}
