// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '../../model/finding.ts';
import { compareText } from '../../model/order.ts';

/** Findings that one names, at most: a minified file has all of its code in one line. */
const MAX_RELATED = 100;

/** Findings with the other ones of the same weakness and file that another tool sees in at least one of their lines. */
export function withRelated(findings: readonly Finding[]): Finding[] {
  const places = groupedByPlace(findings);
  return findings.map((finding) => {
    const lines = linesOf(finding);
    if (lines === undefined) return finding;
    const related = new Set<string>();
    for (const cwe of finding.cwes)
      for (const [tool, spans] of places.get(placeOf(finding, cwe)) ?? [])
        if (tool !== toolOf(finding)) addOverlapping(lines, spans, related);
    return related.size === 0 ? finding : { ...finding, related: [...related].sort(compareText) };
  });
}

interface Lines {
  readonly from: number;
  readonly to: number;
}

interface Span extends Lines {
  readonly fingerprint: string;
  /** The last line of this one and of all before it. */
  reach: number;
}

/** Of each tool by file and weakness, in the order of their lines. */
function groupedByPlace(findings: readonly Finding[]): Map<string, Map<string, Span[]>> {
  const places = new Map<string, Map<string, Span[]>>();
  for (const finding of findings) {
    const lines = linesOf(finding);
    if (lines === undefined) continue;
    for (const cwe of finding.cwes) {
      const key = placeOf(finding, cwe);
      const tools = places.get(key) ?? new Map<string, Span[]>();
      places.set(key, tools);
      const span = { ...lines, fingerprint: finding.fingerprint, reach: lines.to };
      const spans = tools.get(toolOf(finding));
      if (spans === undefined) tools.set(toolOf(finding), [span]);
      else spans.push(span);
    }
  }
  for (const tools of places.values()) for (const spans of tools.values()) sortSpans(spans);
  return places;
}

function sortSpans(spans: Span[]): void {
  spans.sort((a, b) => a.from - b.from || a.to - b.to || compareText(a.fingerprint, b.fingerprint));
  let reach = 0;
  for (const span of spans) {
    reach = Math.max(reach, span.to);
    span.reach = reach;
  }
}

function addOverlapping({ from, to }: Lines, spans: readonly Span[], found: Set<string>): void {
  for (let i = firstAfter(spans, to) - 1; i >= 0; i -= 1) {
    const span = spans[i];
    if (span === undefined || span.reach < from || found.size >= MAX_RELATED) return;
    if (span.to >= from) found.add(span.fingerprint);
  }
}

/** Index of the first that begins behind a line. */
function firstAfter(spans: readonly Span[], line: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.from ?? 0) > line) high = middle;
    else low = middle + 1;
  }
  return low;
}

function placeOf({ locations: [at] }: Finding, cwe: string): string {
  return `${cwe} ${at?.uri ?? ''}`;
}

function toolOf({ sources: [owner] }: Finding): string {
  return owner?.tool ?? '';
}

function linesOf({ locations: [at] }: Finding): Lines | undefined {
  return at?.startLine === undefined ? undefined : { from: at.startLine, to: at.endLine ?? at.startLine };
}
