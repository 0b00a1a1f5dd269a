// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '../../model/finding.ts';
import { compareText } from '../../model/order.ts';

/** Findings that one names, at most: a minified file has all of its code in one line. */
const MAX_RELATED = 100;

/** Findings with the other ones of the same weakness and file that another tool sees in at least one of their lines. */
export function withRelated(findings: readonly Finding[]): Finding[] {
  const places = groupedByPlace(findings);
  return findings.map((finding) => {
    const related = relatedTo(finding, places);
    return related === undefined ? finding : { ...finding, related: [...related].sort(compareText) };
  });
}

/** Undefined where there are none: that is so of most. */
function relatedTo(finding: Finding, places: Places): Set<string> | undefined {
  const lines = linesOf(finding);
  if (lines === undefined) return undefined;
  const own = toolOf(finding);
  let related: Set<string> | undefined;
  for (const cwe of finding.cwes)
    for (const [tool, spans] of places.get(cwe)?.get(uriOf(finding)) ?? [])
      if (tool !== own) related = withOverlapping(lines, spans, related);
  return related;
}

/** Of each weakness and file by tool, in the order of their lines. */
type Places = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, Span[]>>>;

interface Lines {
  readonly from: number;
  readonly to: number;
}

interface Span extends Lines {
  readonly fingerprint: string;
  /** The last line of this one and of all before it. */
  reach: number;
}

function groupedByPlace(findings: readonly Finding[]): Places {
  const places = new Map<string, Map<string, Map<string, Span[]>>>();
  for (const finding of findings) {
    const lines = linesOf(finding);
    if (lines === undefined) continue;
    const { fingerprint } = finding;
    for (const cwe of finding.cwes) {
      const tools = mapIn(mapIn(places, cwe), uriOf(finding));
      const span = { from: lines.from, to: lines.to, fingerprint, reach: lines.to };
      const spans = tools.get(toolOf(finding));
      if (spans === undefined) tools.set(toolOf(finding), [span]);
      else spans.push(span);
    }
  }
  for (const files of places.values())
    for (const tools of files.values()) for (const spans of tools.values()) sortSpans(spans);
  return places;
}

/** The map at a key, made where there is none. */
function mapIn<Key, Value>(maps: Map<string, Map<Key, Value>>, key: string): Map<Key, Value> {
  const known = maps.get(key);
  if (known !== undefined) return known;
  const made = new Map<Key, Value>();
  maps.set(key, made);
  return made;
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

/** `found` with those that have a line in common; it is made for the first. */
function withOverlapping(
  { from, to }: Lines,
  spans: readonly Span[],
  found: Set<string> | undefined,
): Set<string> | undefined {
  let all = found;
  for (let i = firstAfter(spans, to) - 1; i >= 0; i -= 1) {
    const span = spans[i];
    if (span === undefined || span.reach < from || (all?.size ?? 0) >= MAX_RELATED) return all;
    if (span.to < from) continue;
    all ??= new Set();
    all.add(span.fingerprint);
  }
  return all;
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

function uriOf({ locations: [at] }: Finding): string {
  return at?.uri ?? '';
}

function toolOf({ sources: [owner] }: Finding): string {
  return owner?.tool ?? '';
}

function linesOf({ locations: [at] }: Finding): Lines | undefined {
  return at?.startLine === undefined ? undefined : { from: at.startLine, to: at.endLine ?? at.startLine };
}
