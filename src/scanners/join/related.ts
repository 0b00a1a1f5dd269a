// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '../../model/finding.ts';
import { compareText } from '../../model/order.ts';

/** Findings of another tool that are looked at for one: more in the same lines tell nothing new. */
const MAX_LOOKED_AT = 100;

/** Names in each finding those of other tools that are of one weakness and have at least a line in common with it. */
export function withRelated(findings: readonly Finding[]): Finding[] {
  const related = new Map<string, Set<string>>();
  for (const tools of groupedByPlace(findings).values()) {
    if (tools.size < 2) continue;
    const sorted = [...tools.values()].map(sortedByLine);
    for (const own of sorted) {
      for (const others of sorted) if (others !== own) relate(own, others, related);
    }
  }
  return findings.map((finding) => {
    const known = related.get(finding.fingerprint);
    return known === undefined ? finding : { ...finding, related: [...known].sort(compareText) };
  });
}

function relate(own: readonly Lines[], others: readonly Lines[], related: Map<string, Set<string>>): void {
  for (const { fingerprint, from, to } of own) {
    const found = overlapping(from, to, others);
    if (found.length === 0) continue;
    const known = related.get(fingerprint) ?? new Set<string>();
    related.set(fingerprint, known);
    for (const other of found) known.add(other);
  }
}

/** By file and weakness, then by tool; what has no line has none in common with anything. */
function groupedByPlace(findings: readonly Finding[]): Map<string, Map<string, Finding[]>> {
  const byPlace = new Map<string, Map<string, Finding[]>>();
  for (const finding of findings) {
    const { cwes, locations, sources } = finding;
    const [{ uri = '', startLine } = {}] = locations;
    if (startLine === undefined) continue;
    const tool = sources[0]?.tool ?? '';
    for (const cwe of cwes) {
      const place = `${cwe} ${uri}`;
      const tools = byPlace.get(place) ?? new Map<string, Finding[]>();
      byPlace.set(place, tools);
      const own = tools.get(tool);
      if (own === undefined) tools.set(tool, [finding]);
      else own.push(finding);
    }
  }
  return byPlace;
}

interface Lines {
  readonly fingerprint: string;
  readonly from: number;
  readonly to: number;
}

function sortedByLine(findings: readonly Finding[]): Lines[] {
  return findings
    .map(({ fingerprint, locations: [location] }): Lines => {
      const { startLine: from = 0, endLine: to = from } = location ?? {};
      return { fingerprint, from, to };
    })
    .sort((a, b) => a.from - b.from || a.to - b.to || compareText(a.fingerprint, b.fingerprint));
}

/** Those in the lines from the last that begins in them back. */
function overlapping(from: number, to: number, sorted: readonly Lines[]): string[] {
  const end = firstBehind(to, sorted);
  return sorted
    .slice(Math.max(0, end - MAX_LOOKED_AT), end)
    .filter((other) => other.to >= from)
    .map(({ fingerprint }) => fingerprint);
}

/** The number of the first that begins behind a line. */
function firstBehind(line: number, sorted: readonly Lines[]): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.from ?? 0) > line) high = middle;
    else low = middle + 1;
  }
  return low;
}
