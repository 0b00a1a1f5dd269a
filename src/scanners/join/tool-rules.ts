// SPDX-License-Identifier: Apache-2.0
import { markdownText } from '../../findings/markdown-text.ts';
import { PROJECT_URL } from '../../findings/rules.ts';
import { type Rule, SEVERITIES } from '../../model/finding.ts';
import { compareKeys, compareText } from '../../model/order.ts';
import type { ToolReport, ToolRule } from '../../model/tool-report.ts';

const MAX_TAGS = 10;

/**
 * The rules of tools that findings are of, sorted by id and tool. Where two reports describe one rule, the worse severity
 * counts, else the text that sorts first, whichever was read first.
 *
 * @param used ids of rules by tool
 */
export function toolRules(
  reports: readonly ToolReport[],
  used: ReadonlyMap<string, ReadonlySet<string>>,
  scrub: (text: string) => string,
): Rule[] {
  const rules = new Map<string, Rule>();
  for (const report of reports) {
    for (const rule of report.rules) {
      if (used.get(report.tool)?.has(rule.id) !== true) continue;
      const key = JSON.stringify([report.tool, rule.id]);
      const known = rules.get(key);
      const made = ruleOf(report, rule, scrub);
      if (known === undefined || compareRules(made, known) < 0) rules.set(key, made);
    }
  }
  return [...rules.values()].sort((a, b) => compareKeys([a.id, a.tool], [b.id, b.tool]));
}

function compareRules(a: Rule, b: Rule): number {
  return (
    SEVERITIES.indexOf(a.defaultSeverity) - SEVERITIES.indexOf(b.defaultSeverity) ||
    compareText(JSON.stringify(a), JSON.stringify(b))
  );
}

function ruleOf({ tool, name }: ToolReport, rule: ToolRule, scrub: (text: string) => string): Rule {
  const title = scrub(rule.title);
  const description = scrub(rule.description ?? rule.title);
  const helpUri = rule.helpUri ?? `${PROJECT_URL}/blob/main/docs/scanners.md#${tool}`;
  const tip = rule.tip === undefined ? [] : [markdownText(scrub(rule.tip))];
  return {
    id: rule.id,
    tool,
    kind: rule.kind,
    name: rule.id,
    shortDescription: title,
    fullDescription: description,
    helpMarkdown: [
      markdownText(description),
      ...tip,
      `[${markdownText(`${name} ${rule.id}`)}](${helpUri.replaceAll('(', '%28').replaceAll(')', '%29')})`,
    ].join('\n\n'),
    helpUri,
    tags: [
      'security',
      rule.kind,
      tool,
      ...rule.cwes.map((cwe) => `external/cwe/${cwe.toLowerCase()}`),
      ...rule.tags.filter((tag) => /^[\w./-]{1,40}$/.test(tag)),
    ].slice(0, MAX_TAGS),
    defaultSeverity: rule.severity,
  };
}
