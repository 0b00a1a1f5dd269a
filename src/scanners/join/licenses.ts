// SPDX-License-Identifier: Apache-2.0
import { buildFinding, compareFindings } from '../../findings/build.ts';
import type { Finding } from '../../model/finding.ts';
import type { Inventory } from '../../model/inventory.ts';
import { compareText } from '../../model/order.ts';
import type { LicenseHit, ToolReport, ToolRule } from '../../model/tool-report.ts';
import { placesOf, type ScannedTree } from './tree.ts';

const RULE_ID = 'license-reported';

/**
 * One finding per licence that a tool lists. Those of packages in the inventory are judged by their own claims, so a
 * finding of another package alone can be refused.
 *
 * @param refused the licences that the allow list lacks, undefined where it allows this one, or where there is no list
 */
export async function reportedLicenses(
  reports: readonly ToolReport[],
  inventory: Inventory,
  tree: ScannedTree,
  refused: (license: string) => readonly string[] | undefined,
): Promise<Finding[]> {
  const judged = new Set(inventory.components.map(({ name }) => name));
  const findings = new Map<string, Finding>();
  for (const report of reports) {
    const rules = new Map(report.rules.map((rule) => [rule.id, rule]));
    const hits = report.hits.filter((hit) => hit.kind === 'license');
    const paths = hits.map(({ place }) => place.path);
    const places = await placesOf(report, paths, tree);
    for (const hit of hits) {
      const place = places.get(hit.place.path);
      if (place === undefined) throw new TypeError('a path without a place');
      const isJudged = hit.package !== undefined && judged.has(hit.package);
      const failing = isJudged ? undefined : refused(hit.license);
      const finding = findingOf(report, hit, rules.get(hit.ruleId), place, failing);
      const known = findings.get(finding.fingerprint);
      findings.set(finding.fingerprint, known === undefined ? finding : joined(known, finding));
    }
  }
  return [...findings.values()];
}

/** Said twice, by two reports or two tools, it is one finding: the worse, of all who say it. */
function joined(a: Finding, b: Finding): Finding {
  const [own, ...tools] = [...a.sources, ...b.sources].filter(
    ({ tool }, i) => i === 0 || tool !== 'plimsoll',
  );
  const byText = new Map(tools.map((source) => [JSON.stringify(source), source]));
  const sorted = [...byText].sort(([x], [y]) => compareText(x, y)).map(([, source]) => source);
  return {
    ...(compareFindings(a, b) <= 0 ? a : b),
    sources: [...(own === undefined ? [] : [own]), ...sorted],
  };
}

function findingOf(
  report: ToolReport,
  hit: LicenseHit,
  rule: ToolRule | undefined,
  place: Finding['locations'][number],
  failing: readonly string[] | undefined,
): Finding {
  const what = hit.package ?? place.uri;
  const refusal = failing === undefined ? '' : `, and the allow list lacks ${failing.join(', ')}`;
  return buildFinding(
    {
      kind: 'license',
      ecosystem: '',
      name: hit.package ?? '',
      projectId: place.uri,
      ruleId: RULE_ID,
      expression: hit.license,
    },
    {
      ruleId: RULE_ID,
      severity: failing === undefined ? (rule?.severity ?? 'unscored') : 'high',
      scoreSource: rule?.scoreSource ?? `${report.name}`,
      confidence: hit.confidence,
      title: `${what}: licence ${hit.license}`,
      message: `${what} is licensed under ${hit.license}, ${report.name} reports${refusal}.`,
      tip: 'Have the licence looked at, and add it to the allow list or replace the package.',
      aliases: [],
      cwes: [],
      locations: [place],
      sources: [
        { tool: 'plimsoll', ruleId: RULE_ID },
        {
          tool: report.tool,
          ...(report.version === undefined ? {} : { version: report.version }),
          ruleId: hit.ruleId,
          ...(hit.toolSeverity === undefined ? {} : { severity: hit.toolSeverity }),
        },
      ],
      detail: {
        kind: 'license',
        expression: hit.license,
        result: failing === undefined ? 'reported' : 'fail',
        failing: failing ?? [],
      },
    },
  );
}
