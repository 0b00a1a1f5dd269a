// SPDX-License-Identifier: Apache-2.0
import { markdownText } from '../findings/markdown-text.ts';
import { type Finding, type Rule, SEVERITIES } from '../model/finding.ts';
import { compareText } from '../model/order.ts';
import type { Problem } from './problem.ts';
import { leadingId, oneLine, summaryOf } from './prose.ts';

/** A finding with what it was made from. */
export interface AdvisoryFinding {
  readonly finding: Finding;
  readonly problem: Problem;
}

const MAX_DESCRIPTION = 1000;
const MAX_TAGS = 10;

/** One rule per anchor, whatever the number of packages, projects and versions it was found in; sorted by id. */
export function advisoryRules(found: readonly AdvisoryFinding[]): Rule[] {
  const byAnchor = new Map<string, AdvisoryFinding[]>();
  for (const each of found) {
    const same = byAnchor.get(each.problem.match.group.anchor);
    if (same) same.push(each);
    else byAnchor.set(each.problem.match.group.anchor, [each]);
  }
  return [...byAnchor].map(([anchor, same]) => toRule(anchor, same)).sort((a, b) => compareText(a.id, b.id));
}

function toRule(id: string, found: readonly AdvisoryFinding[]): Rule {
  const hits = found.flatMap(({ problem }) => problem.hits);
  const packages = sortedSet(found.map(({ problem }) => problem.component.name));
  const aliases = sortedSet(found.flatMap(({ problem }) => problem.match.group.ids)).filter(
    (alias) => alias !== id,
  );
  const [name = id] = sortedSet(found.map(({ problem }) => leadingId(problem.match.group)));
  const kind = found.some(({ finding }) => finding.kind === 'malware') ? 'malware' : 'vulnerability';
  const shortDescription = summaryOf(hits) ?? `${name} in ${packages.join(', ')}`;
  const details = hits.find((record) => record.details !== undefined)?.details;
  const helpUri = `https://osv.dev/vulnerability/${encodePathSegment(id)}`;
  const cwes = sortedSet(found.flatMap(({ finding }) => finding.cwes));
  return {
    id,
    kind,
    name,
    shortDescription,
    fullDescription: details === undefined ? shortDescription : oneLine(details, MAX_DESCRIPTION),
    helpMarkdown: [
      `${markdownText(shortDescription)}\n\n[${markdownText(id)}](${helpUri})`,
      ...(aliases.length > 0 ? [`Also known as ${aliases.map(markdownText).join(', ')}`] : []),
    ].join('\n\n'),
    helpUri,
    tags: ['security', kind, ...cwes.map((cwe) => `external/cwe/${cwe.toLowerCase()}`)].slice(0, MAX_TAGS),
    defaultSeverity:
      SEVERITIES.find((severity) => found.some((f) => f.finding.severity === severity)) ?? 'unscored',
  };
}

function sortedSet(values: readonly string[]): string[] {
  return [...new Set(values)].sort(compareText);
}

/** Parentheses too, which would end the target of a Markdown link. */
function encodePathSegment(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('(', '%28').replaceAll(')', '%29');
}
