// SPDX-License-Identifier: Apache-2.0
import { defusedMarkdown, plainMarkdown } from '../findings/markdown-prose.ts';
import { markdownText } from '../findings/markdown-text.ts';
import { type Finding, type Rule, SEVERITIES } from '../model/finding.ts';
import { compareText } from '../model/order.ts';
import { affectedPackages } from './affected-packages.ts';
import type { Problem } from './problem.ts';
import { leadingId, oneLine, summaryOf } from './prose.ts';

/** A finding with what it was made from. */
export interface AdvisoryFinding {
  readonly finding: Finding;
  readonly problem: Problem;
}

const MAX_DESCRIPTION = 1000;
/** Characters of a record's details that the help of its rule has; the record itself is a link away. */
const MAX_HELP = 3000;
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
  const affected = affectedPackages(found);
  const cwes = sortedSet(found.flatMap(({ finding }) => finding.cwes));
  return {
    id,
    kind,
    name,
    shortDescription,
    fullDescription: details === undefined ? shortDescription : descriptionOf(details, shortDescription),
    helpMarkdown: [
      markdownText(shortDescription),
      ...(affected.length > 0 ? [affected.map((line) => `- ${markdownText(line)}`).join('\n')] : []),
      ...(details === undefined ? [] : helpOf(details)),
      `[${markdownText(id)}](${helpUri})`,
      ...(aliases.length > 0 ? [`Also known as ${aliases.map(markdownText).join(', ')}`] : []),
    ].join('\n\n'),
    helpUri,
    tags: ['security', kind, ...cwes.map((cwe) => `external/cwe/${cwe.toLowerCase()}`)].slice(0, MAX_TAGS),
    defaultSeverity:
      SEVERITIES.find((severity) => found.some((f) => f.finding.severity === severity)) ?? 'unscored',
  };
}

/** The details are Markdown, and this is read as plain text. */
function descriptionOf(details: string, otherwise: string): string {
  // No more is looked at than can be kept: the text may be megabytes of marks.
  const text = oneLine(plainMarkdown(details.slice(0, 4 * MAX_DESCRIPTION)), MAX_DESCRIPTION);
  return text === '' ? otherwise : text;
}

function helpOf(details: string): string[] {
  const text = defusedMarkdown(details.slice(0, MAX_HELP).toWellFormed());
  if (text === '') return [];
  return details.length > MAX_HELP ? [text, '…'] : [text];
}

function sortedSet(values: readonly string[]): string[] {
  return [...new Set(values)].sort(compareText);
}

/** Parentheses too, which would end the target of a Markdown link. */
function encodePathSegment(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('(', '%28').replaceAll(')', '%29');
}
