// SPDX-License-Identifier: Apache-2.0
import { buildFinding } from '../../findings/build.ts';
import { ownerRank } from '../../findings/owners.ts';
import { type Finding, SEVERITIES } from '../../model/finding.ts';
import { groupBy } from '../../model/group.ts';
import { compareKeys } from '../../model/order.ts';
import type { MisconfigurationHit } from '../../model/tool-report.ts';
import { type LineIdentity, lineIdentities, numbered } from './occurrences.ts';
import type { PlacedHit } from './placed.ts';
import { byOwner, claimedSuppression, sourcesOf } from './sources.ts';

interface Placed extends PlacedHit<MisconfigurationHit> {
  readonly line: LineIdentity;
}

/** One finding per resource and control, whoever reported it. */
export function misconfigurationFindings(
  placed: readonly PlacedHit<MisconfigurationHit>[],
  scrub: (text: string) => string,
): Finding[] {
  const identify = lineIdentities(scrub);
  const sorted = placed
    .map((hit): Placed => ({ ...hit, line: identify(hit) }))
    .sort((a, b) => compareKeys(orderOf(a), orderOf(b)));
  const seen = new Map<string, number>();
  return clustersOf(sorted).map((cluster) => {
    const hits = byOwner('misconfiguration', cluster.hits);
    const [owner] = hits;
    if (owner === undefined) throw new TypeError('a cluster without a hit');
    const identity = JSON.stringify([controlOf(owner), owner.location.uri, subjectOf(owner)]);
    const occurrence = seen.get(identity) ?? 0;
    seen.set(identity, occurrence + 1);
    return findingOf(owner, hits, occurrence, scrub);
  });
}

interface Cluster {
  /** Among those of the first tool with this subject, from 0. */
  readonly occurrence: number;
  readonly hits: Placed[];
}

/** @param sorted the first owner first */
function clustersOf(sorted: readonly Placed[]): Cluster[] {
  const bySubject = new Map<string, Cluster[]>();
  for (const [tool, hits] of groupBy(sorted, ({ report }) => report.tool)) {
    for (const { hit, occurrence } of numbered(hits, subjectKey, placeOf)) {
      const key = subjectKey(hit);
      const clusters = bySubject.get(key) ?? [];
      bySubject.set(key, clusters);
      const same = clusters.find(
        (cluster) =>
          cluster.hits.every(({ report }) => report.tool !== tool) && isSame(cluster, hit, occurrence),
      );
      if (same === undefined) clusters.push({ occurrence, hits: [hit] });
      else same.hits.push(hit);
    }
  }
  return [...bySubject.values()].flat();
}

/** A tool reports a resource once, so the n-th is the n-th; what has no name is the same where its lines are. */
function isSame({ occurrence: other, hits: [first] }: Cluster, hit: Placed, occurrence: number): boolean {
  if (hit.hit.resource !== undefined) return occurrence === other;
  const [at, there] = [hit.location, first?.location];
  // Without a line it is of the file as a whole.
  if (at.startLine === undefined || there?.startLine === undefined) return true;
  return (
    at.startLine <= (there.endLine ?? there.startLine) && there.startLine <= (at.endLine ?? at.startLine)
  );
}

/** Two versions of a tool can name other lines of one resource. */
function placeOf({ hit, location }: Placed): string | number {
  return hit.resource === undefined ? (location.startLine ?? 0) : '';
}

/** Places of one subject in the order of the file. */
function orderOf({ report, rule, location, hit }: Placed) {
  const { uri, startLine, endLine } = location;
  const owner = [ownerRank('misconfiguration', report.tool), report.tool];
  const texts = [hit.message, rule.description, rule.title, hit.toolSeverity, report.version];
  return [...owner, uri, startLine, endLine, rule.id, SEVERITIES.indexOf(rule.severity), ...texts];
}

/** By which hits of different tools are the same. */
function subjectKey(placed: Placed): string {
  return JSON.stringify([controlOf(placed), placed.location.uri, placed.hit.resource ?? '']);
}

function controlOf({ hit, rule, report }: Placed): string {
  return hit.control ?? `${report.tool}/${rule.id}`;
}

function subjectOf(placed: Placed): string {
  return placed.hit.resource ?? placed.line.digest;
}

function findingOf(
  owner: Placed,
  hits: readonly Placed[],
  occurrence: number,
  scrub: (text: string) => string,
): Finding {
  const { report, rule, hit, location, line } = owner;
  const { resource, control } = hit;
  const suppression = claimedSuppression(hits);
  return buildFinding(
    {
      kind: 'misconfiguration',
      control: controlOf(owner),
      uri: location.uri,
      subject: subjectOf(owner),
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
      tip: scrub(rule.tip ?? `Look at ${report.name}'s rule ${rule.id}, and change ${location.uri}.`),
      aliases: hits.map((each) => each.rule.id).filter((id) => id !== rule.id),
      cwes: hits.flatMap((each) => each.rule.cwes),
      locations: [location],
      sources: sourcesOf(hits),
      ...(line.lineHash === undefined ? {} : { lineHash: line.lineHash }),
      ...(suppression === undefined ? {} : { suppression }),
      detail: {
        kind: 'misconfiguration',
        ...(resource === undefined ? {} : { resource: scrub(resource) }),
        ...(control === undefined ? {} : { control }),
      },
    },
  );
}
