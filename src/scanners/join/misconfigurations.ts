// SPDX-License-Identifier: Apache-2.0
import { buildFinding } from '../../findings/build.ts';
import { ownerRank } from '../../findings/owners.ts';
import type { Finding } from '../../model/finding.ts';
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
  const clusters = new Map<string, Placed[]>();
  // The n-th of one tool is the n-th of another: a tool reports a resource once, and two places are two problems.
  const byTool = groupBy(sorted, ({ report }) => report.tool);
  for (const hits of byTool.values()) {
    for (const { hit, occurrence } of numbered(hits, subjectKey)) {
      const key = JSON.stringify([subjectKey(hit), occurrence]);
      clusters.set(key, [...(clusters.get(key) ?? []), hit]);
    }
  }
  const seen = new Map<string, number>();
  return [...clusters.values()].map((hits) => {
    const [owner] = byOwner('misconfiguration', hits);
    if (owner === undefined) throw new TypeError('a cluster without a hit');
    const identity = JSON.stringify([controlOf(owner), owner.location.uri, subjectOf(owner)]);
    const occurrence = seen.get(identity) ?? 0;
    seen.set(identity, occurrence + 1);
    return findingOf(owner, byOwner('misconfiguration', hits), occurrence, scrub);
  });
}

/** Places of one subject in the order of the file. */
function orderOf({ report, rule, location }: Placed) {
  const { uri, startLine, endLine } = location;
  return [ownerRank('misconfiguration', report.tool), report.tool, uri, startLine, endLine, rule.id];
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
