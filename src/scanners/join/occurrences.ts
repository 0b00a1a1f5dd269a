// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import type { PlacedHit } from './placed.ts';
import type { SourceText } from './tree.ts';

/**
 * Hits that are alike in all that makes their identity, told apart by a number from 0 in the order given. Two reports of
 * one tool say the same twice, so of those at one place only as many count as the report with the most has.
 */
export function numbered<Hit extends PlacedHit>(
  hits: readonly Hit[],
  identityOf: (hit: Hit) => string,
  placeOf: (hit: Hit) => string | number = lineOf,
): { readonly hit: Hit; readonly occurrence: number }[] {
  const [only] = hits;
  if (only !== undefined && hits.length === 1) return [{ hit: only, occurrence: 0 }];
  const isNew = firstTellings(hits, placeOf);
  const next = new Map<string, number>();
  const counted: { hit: Hit; occurrence: number }[] = [];
  for (const hit of hits) {
    const identity = identityOf(hit);
    if (!isNew(hit, identity)) continue;
    const occurrence = next.get(identity) ?? 0;
    next.set(identity, occurrence + 1);
    counted.push({ hit, occurrence });
  }
  return counted;
}

/** Whether no other report has told of a hit, to be asked of each in their order. */
function firstTellings<Hit extends PlacedHit>(
  hits: readonly Hit[],
  placeOf: (hit: Hit) => string | number,
): (hit: Hit, identity: string) => boolean {
  const reports = new Map([...new Set(hits.map(({ report }) => report))].map((report, i) => [report, i]));
  if (reports.size === 1) return () => true;
  const perReport = new Map<string, number>();
  const taken = new Map<string, number>();
  return (hit, identity) => {
    const place = `${placeOf(hit)} ${identity}`;
    const inReport = `${reports.get(hit.report)} ${place}`;
    const count = (perReport.get(inReport) ?? 0) + 1;
    perReport.set(inReport, count);
    if (count <= (taken.get(place) ?? 0)) return false;
    taken.set(place, count);
    return true;
  };
}

/** Of what is in no file of the tree, such as in one of several images, the message tells where it is. */
function lineOf({ location, hit }: PlacedHit): string | number {
  const { outside, startLine = 0 } = location;
  return outside === true ? JSON.stringify([startLine, hit.message]) : startLine;
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

/**
 * Knows lines again; for the hits of one scan, in which many are of the same files and lines.
 * @param scrub blanks secrets
 */
export function lineIdentities(scrub: (text: string) => string): (hit: PlacedHit) => LineIdentity {
  /** The lines of files without secrets, as far as they are known; undefined for a file with some. */
  const clean = new Map<SourceText, LineIdentity[] | undefined>();
  const identitiesOf = (source: SourceText) => {
    if (!clean.has(source)) clean.set(source, holdsNoSecret(source, scrub) ? [] : undefined);
    return clean.get(source);
  };
  return ({ source, location, rule }) => {
    const at = location.startLine === undefined ? -1 : location.startLine - 1;
    const line = source?.lines[at];
    if (source === undefined || line === undefined) return { digest: '' };
    if (rule.cwes.some((cwe) => CREDENTIALS.has(cwe)))
      return { digest: digestOf(scrub(line.replace(QUOTED, '""'))) };
    const identities = identitiesOf(source);
    if (identities !== undefined) {
      const known = identities[at] ?? withHash(digestOf(line), source, at);
      identities[at] = known;
      return known;
    }
    const digest = digestOf(scrub(line));
    const lookedAt = source.lines
      .slice(at, at + 100)
      .join('\n')
      .slice(0, LOOKED_AT);
    return scrub(lookedAt) === lookedAt ? withHash(digest, source, at) : { digest };
  };
}

/** Whether no line of a file, nor any number of them, has what would be blanked. */
function holdsNoSecret({ lines }: SourceText, scrub: (text: string) => string): boolean {
  const text = lines.join('\n');
  // A key that begins in a part of the file can end behind it.
  return !text.includes('PRIVATE KEY-----') && scrub(text) === text;
}

function digestOf(shown: string): string {
  return hash('sha256', shown.replace(/\s+/g, ''), 'hex');
}

function withHash(digest: string, source: SourceText, at: number): LineIdentity {
  const lineHash = source.hashes()[at];
  return { digest, ...(lineHash === undefined ? {} : { lineHash }) };
}
