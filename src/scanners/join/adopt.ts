// SPDX-License-Identifier: Apache-2.0
import type { Finding, Rule } from '../../model/finding.ts';
import type { ToolReport } from '../../model/tool-report.ts';
import { scrubber } from '../../platform/mask.ts';
import { codeFindings } from './code.ts';
import { misconfigurationFindings } from './misconfigurations.ts';
import { type PlaceableHit, type PlacedHit, placeHits } from './placed.ts';
import { secretFindings } from './secrets.ts';
import { toolRules } from './tool-rules.ts';
import type { ScannedTree } from './tree.ts';

export interface AdoptedReports {
  readonly findings: readonly Finding[];
  /** The tools' rules that findings are of. */
  readonly rules: readonly Rule[];
  /** Blanks what the tools reported as secrets, and what looks like one. */
  readonly scrub: (text: string) => string;
}

/**
 * Makes findings of what tools report of the tree: secrets, code and misconfigurations. The same problem is one finding
 * with all who report it, in whatever order the reports come. Packages are joined elsewhere: they need the inventory.
 */
export async function adoptReports(
  reports: readonly ToolReport[],
  tree: ScannedTree,
): Promise<AdoptedReports> {
  const placed: PlacedHit[] = [];
  for (const report of reports) for (const hit of await placeHits(report, tree)) placed.push(hit);
  const general = scrubber([]);
  const { findings: secret, secrets } = secretFindings(ofKind(placed, 'secret'), general);
  const scrub = scrubber(secrets);
  const findings = [
    ...secret,
    ...codeFindings(ofKind(placed, 'code'), scrub),
    ...misconfigurationFindings(ofKind(placed, 'misconfiguration'), scrub),
  ];
  return { findings, rules: toolRules(reports, rulesByTool(findings), scrub), scrub };
}

function rulesByTool(findings: readonly Finding[]): Map<string, Set<string>> {
  const used = new Map<string, Set<string>>();
  for (const { sources, ruleId } of findings) {
    const tool = sources[0]?.tool ?? '';
    const ids = used.get(tool);
    if (ids === undefined) used.set(tool, new Set([ruleId]));
    else ids.add(ruleId);
  }
  return used;
}

function ofKind<Kind extends PlaceableHit['kind']>(
  placed: readonly PlacedHit[],
  kind: Kind,
): PlacedHit<Extract<PlaceableHit, { readonly kind: Kind }>>[] {
  return placed.filter(
    (each): each is PlacedHit<Extract<PlaceableHit, { readonly kind: Kind }>> => each.hit.kind === kind,
  );
}
