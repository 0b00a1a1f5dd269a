// SPDX-License-Identifier: Apache-2.0
import { ownerRank } from '../../findings/owners.ts';
import type { ClaimedSuppression, FindingSource } from '../../model/finding.ts';
import { compareKeys } from '../../model/order.ts';
import type { ToolHit } from '../../model/tool-report.ts';
import type { PlaceableHit, PlacedHit } from './placed.ts';

/** Rules that say of a secret only that there is one. */
const GENERIC = /generic|high.?entropy|keyword|password-in-code/i;

/** The hits of one problem, that of its owner first. */
export function byOwner<Hit extends PlacedHit>(kind: ToolHit['kind'], hits: readonly Hit[]): Hit[] {
  return hits.toSorted(
    (a, b) =>
      ownerRank(kind, a.report.tool) - ownerRank(kind, b.report.tool) ||
      compareKeys(
        [a.report.tool, Number(GENERIC.test(a.rule.id)), a.rule.id, a.location.startLine],
        [b.report.tool, Number(GENERIC.test(b.rule.id)), b.rule.id, b.location.startLine],
      ),
  );
}

/** Who reports it, each tool and rule once, in the order given. */
export function sourcesOf(hits: readonly PlacedHit[]): FindingSource[] {
  const sources = new Map<string, FindingSource>();
  for (const { report, rule, hit } of hits) {
    const key = JSON.stringify([report.tool, rule.id]);
    if (sources.has(key)) continue;
    sources.set(key, {
      tool: report.tool,
      ...(report.version === undefined ? {} : { version: report.version }),
      ruleId: rule.id,
      ...(hit.toolSeverity === undefined ? {} : { severity: hit.toolSeverity }),
    });
  }
  return [...sources.values()];
}

/** Accepted only where every tool that reports it says so; in the source where one of them says that. */
export function claimedSuppression(hits: readonly PlacedHit<PlaceableHit>[]): ClaimedSuppression | undefined {
  const claims = hits.map(({ hit }) => hit.suppression);
  if (claims.some((claim) => claim === undefined)) return undefined;
  return claims.find((claim) => claim?.kind === 'inSource') ?? claims[0];
}
