// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { PlacedHit } from './placed.ts';

/**
 * Hits that are alike in all that makes their identity, told apart by a number from 0 in the order given. Two reports of
 * one tool say the same twice, so of those with one identity only as many count as the report with the most has.
 */
export function numbered<Hit extends PlacedHit>(
  hits: readonly Hit[],
  identityOf: (hit: Hit) => string,
): { readonly hit: Hit; readonly occurrence: number }[] {
  const perReport = new Map<string, number>();
  const taken = new Map<string, number>();
  const reports = new Map([...new Set(hits.map(({ report }) => report))].map((report, i) => [report, i]));
  return hits.flatMap((hit) => {
    const identity = identityOf(hit);
    const inReport = JSON.stringify([reports.get(hit.report), identity]);
    const occurrence = perReport.get(inReport) ?? 0;
    perReport.set(inReport, occurrence + 1);
    if (occurrence < (taken.get(identity) ?? 0)) return [];
    taken.set(identity, occurrence + 1);
    return [{ hit, occurrence }];
  });
}

/** Weaknesses by which the line itself holds a credential. */
const CREDENTIALS: ReadonlySet<string> = new Set(['CWE-259', 'CWE-321', 'CWE-522', 'CWE-547', 'CWE-798']);
/** What stands in quotes. */
const QUOTED = /(["'`])(?:(?!\1).)*\1/g;
/** Characters of the lines that a line's hash may look at. */
const LOOKED_AT = 4000;

/** By what a line is known again. */
export interface LineIdentity {
  /** Lower-case hex sha256 of the line without its blanks; empty where it is not at hand. */
  readonly digest: string;
  /** See `Finding.lineHash`; absent where it would be the hash of a secret, which can be guessed. */
  readonly lineHash?: string;
}

/** @param scrub blanks secrets */
export function lineIdentity(
  { source, location, rule }: PlacedHit,
  scrub: (text: string) => string,
): LineIdentity {
  const at = location.startLine === undefined ? -1 : location.startLine - 1;
  const line = source?.lines[at];
  if (source === undefined || line === undefined) return { digest: '' };
  const isCredential = rule.cwes.some((cwe) => CREDENTIALS.has(cwe));
  const shown = scrub(isCredential ? line.replace(QUOTED, '""') : line).replace(/\s+/g, '');
  const digest = createHash('sha256').update(shown, 'utf8').digest('hex');
  const lookedAt = source.lines
    .slice(at, at + 100)
    .join('\n')
    .slice(0, LOOKED_AT);
  const lineHash = isCredential || scrub(lookedAt) !== lookedAt ? undefined : source.hashes()[at];
  return { digest, ...(lineHash === undefined ? {} : { lineHash }) };
}
