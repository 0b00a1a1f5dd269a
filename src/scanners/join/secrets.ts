// SPDX-License-Identifier: Apache-2.0
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { buildFinding } from '../../findings/build.ts';
import type { Finding } from '../../model/finding.ts';
import type { Location } from '../../model/location.ts';
import { compareKeys, compareText } from '../../model/order.ts';
import type { SecretHit } from '../../model/tool-report.ts';
import { maskOf } from '../../platform/mask.ts';
import { secretDigest, secretText } from './clues.ts';
import { numbered } from './occurrences.ts';
import type { PlacedHit } from './placed.ts';
import { byOwner, claimedSuppression, sourcesOf } from './sources.ts';

/** A secret hit with what is known of the secret, for use in memory alone. */
interface KnownHit extends PlacedHit<SecretHit> {
  readonly text?: string;
  /** Under the key of this run, so that no table made before helps with what is left in memory. */
  readonly key?: string;
}

interface Cluster {
  readonly hits: KnownHit[];
}

export interface SecretFindings {
  readonly findings: readonly Finding[];
  /** To be blanked in all other texts. */
  readonly secrets: ReadonlySet<string>;
}

/**
 * One finding per secret and file, whoever reported it and however often it stands there. Nothing of the secret leaves:
 * the mask tells its published prefix, and the identity rests on the line with the secrets blanked.
 */
export function secretFindings(
  placed: readonly PlacedHit<SecretHit>[],
  scrub: (text: string) => string,
): SecretFindings {
  const runKey = randomBytes(32);
  const known = placed.map((hit) => {
    const text = secretText(hit);
    const digest = secretDigest(hit.hit, text);
    const key = digest && createHmac('sha256', runKey).update(digest).digest('hex');
    return { ...hit, ...(text === undefined ? {} : { text }), ...(key === undefined ? {} : { key }) };
  });
  const secrets = new Set(known.flatMap(({ text }) => text ?? []));
  const clusters = clustersOf(known).map((cluster) => describe(cluster, secrets));
  clusters.sort((a, b) =>
    compareKeys(
      [a.uri, a.ruleId, a.lineHash, a.location.startLine, a.location.startColumn, a.commits[0]],
      [b.uri, b.ruleId, b.lineHash, b.location.startLine, b.location.startColumn, b.commits[0]],
    ),
  );
  const seen = new Map<string, number>();
  const findings = clusters.map((cluster) => {
    const alike = JSON.stringify([cluster.ruleId, cluster.uri, cluster.lineHash]);
    const occurrence = seen.get(alike) ?? 0;
    seen.set(alike, occurrence + 1);
    return findingOf(cluster, occurrence, scrub);
  });
  return { findings, secrets };
}

/** By file and secret; a hit whose secret is not known joins the only other secret on its line. */
function clustersOf(known: readonly KnownHit[]): Cluster[] {
  const byKey = new Map<string, Cluster>();
  const byLine = new Map<string, Set<Cluster>>();
  const clusters: Cluster[] = [];
  const join = (cluster: Cluster, hit: KnownHit) => {
    cluster.hits.push(hit);
    const line = lineOf(hit);
    if (line !== undefined) byLine.set(line, (byLine.get(line) ?? new Set<Cluster>()).add(cluster));
  };
  const add = (hit: KnownHit) => {
    const cluster = { hits: [] };
    clusters.push(cluster);
    join(cluster, hit);
    return cluster;
  };
  const sameLine = (hit: KnownHit) => [...(byLine.get(lineOf(hit) ?? '') ?? [])];
  const [sure, unsure] = [known.filter(({ key }) => key), known.filter(({ key }) => !key)];
  // What stands in the tree first, so that the same secret in the history of the file joins it.
  for (const hit of sure.toSorted((a, b) => Number(isHistory(a)) - Number(isHistory(b)))) {
    const id = JSON.stringify([hit.location.uri, hit.key]);
    const cluster = byKey.get(id) ?? sameLine(hit).find((each) => overlaps(each, hit));
    if (cluster === undefined) byKey.set(id, add(hit));
    else {
      join(cluster, hit);
      byKey.set(id, cluster);
    }
  }
  for (const { hit } of numbered(unsure, ofTool)) {
    const [only, ...others] = sameLine(hit);
    const isOther =
      only !== undefined && others.length === 0 && !only.hits.some(({ report }) => report === hit.report);
    if (isOther) join(only, hit);
    else add(hit);
  }
  return clusters;
}

/** Of the tree or of a commit; undefined where the line is not known. */
function lineOf({ location: { uri, startLine }, hit }: KnownHit): string | undefined {
  return startLine === undefined ? undefined : JSON.stringify([uri, startLine, hit.commit]);
}

/** Tools cut one secret differently: with its prefix, its quotes, or its second half. */
function overlaps({ hits }: Cluster, { text }: KnownHit): boolean {
  return hits.some(
    (each) =>
      text !== undefined && each.text !== undefined && (each.text.includes(text) || text.includes(each.text)),
  );
}

/** By what the hits of two reports of one tool are the same where the secret is not known. */
function ofTool({ report, rule, location, hit }: KnownHit): string {
  return JSON.stringify([report.tool, rule.id, location.uri, hit.commit]);
}

function isHistory({ hit }: KnownHit): boolean {
  return hit.commit !== undefined;
}

interface DescribedCluster {
  readonly hits: readonly KnownHit[];
  readonly uri: string;
  readonly ruleId: string;
  readonly lineHash: string;
  readonly location: Location;
  readonly locations: readonly Location[];
  readonly commits: readonly string[];
}

function describe({ hits }: Cluster, secrets: ReadonlySet<string>): DescribedCluster {
  const inTree = hits.filter((hit) => !isHistory(hit));
  const shown = inTree.length > 0 ? inTree : hits;
  const locations = uniqueLocations(shown.map(preciseLocation));
  const [location] = locations;
  const [owner] = byOwner('secret', hits);
  if (location === undefined || owner === undefined) throw new TypeError('a cluster without a hit');
  const commits = inTree.length > 0 ? [] : hits.flatMap(({ hit }) => hit.commit ?? []);
  return {
    hits,
    uri: location.uri,
    ruleId: owner.rule.id,
    lineHash: commits.length > 0 ? '' : blankedLineHash(location, shown, secrets),
    location,
    locations,
    commits: [...new Set(commits)].sort(compareText),
  };
}

/** The columns of the secret itself, where it stands in its line. */
function preciseLocation({ location, source, text }: KnownHit): Location {
  const { uri, outside, startLine } = location;
  const line = startLine === undefined ? undefined : source?.lines[startLine - 1];
  const at = text === undefined ? -1 : (line?.indexOf(text) ?? -1);
  if (startLine === undefined || text === undefined || at === -1) return location;
  const place = { uri, ...(outside === undefined ? {} : { outside }), startLine, endLine: startLine };
  return { ...place, startColumn: at + 1, endColumn: at + text.length + 1 };
}

function uniqueLocations(locations: readonly Location[]): Location[] {
  const byText = new Map<string, Location>();
  for (const location of locations) {
    const { uri, startLine = 0 } = location;
    const id = JSON.stringify([uri, startLine]);
    const other = byText.get(id);
    if (other?.startColumn === undefined) byText.set(id, location);
  }
  return [...byText.values()].sort((a, b) =>
    compareKeys([a.uri, a.startLine, a.startColumn], [b.uri, b.startLine, b.startColumn]),
  );
}

/** Empty where the line, or what of it is secret, is not known: a hash of it could be guessed. */
function blankedLineHash(
  { startLine }: Location,
  hits: readonly KnownHit[],
  secrets: ReadonlySet<string>,
): string {
  const source = hits.find((hit) => hit.source !== undefined)?.source;
  const line = startLine === undefined ? undefined : source?.lines[startLine - 1];
  const texts = hits.flatMap(({ text }) => text ?? []);
  if (line === undefined || !texts.some((text) => line.includes(text))) return '';
  let blanked = line;
  for (const secret of [...secrets].sort((a, b) => b.length - a.length || compareText(a, b)))
    blanked = blanked.replaceAll(secret, '***');
  return createHash('sha256').update(blanked.replace(/\s+/g, ' ').trim(), 'utf8').digest('hex');
}

function findingOf(cluster: DescribedCluster, occurrence: number, scrub: (text: string) => string): Finding {
  const { uri, ruleId, lineHash, locations, commits } = cluster;
  const hits = byOwner('secret', cluster.hits);
  const [owner] = hits;
  if (owner === undefined) throw new TypeError('a cluster without a hit');
  const verified = hits.some(({ hit }) => hit.verified === true);
  const text = hits.find((hit) => hit.text !== undefined)?.text;
  const mask = text === undefined ? '***' : maskOf(text);
  const suppression = claimedSuppression(hits);
  const names = [...new Set(hits.map(({ report }) => report.name))].join(' and ');
  const places = locations.length === 1 ? '' : ` at ${locations.length} places`;
  const where = commits.length > 0 ? `the history of ${uri}` : `${uri}${places}`;
  const works = verified ? ' It was tried out, and it works.' : '';
  return buildFinding(
    { kind: 'secret', ruleId, uri, lineHash: commits[0] === undefined ? lineHash : commits[0], occurrence },
    {
      ruleId,
      severity: verified ? 'critical' : owner.rule.severity,
      scoreSource: verified ? `verified by ${names}` : owner.rule.scoreSource,
      confidence: verified ? 'high' : owner.hit.confidence,
      title: scrub(owner.rule.title),
      message: `${names} found ${mask} in ${scrub(where)}.${works}`,
      tip:
        commits.length > 0
          ? 'Revoke it: whoever has the history has it. Rewriting the history alone does not help.'
          : 'Revoke it, take it out of the file, and keep the new one outside of the repository.',
      aliases: [],
      cwes: owner.rule.cwes,
      locations,
      sources: sourcesOf(hits),
      ...(suppression === undefined ? {} : { suppression }),
      detail: {
        kind: 'secret',
        detector: ruleId,
        mask,
        ...(verified ? { verified } : {}),
        ...(commits.length > 0 ? { commits } : {}),
      },
    },
  );
}
