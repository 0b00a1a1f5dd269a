// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '../../model/finding.ts';
import { sarifText } from '../encode.ts';
import { exploitationLabels } from '../view.ts';

const KNOWN = 'Known to be exploited (KEV)';

/**
 * The text of a result: title (GitHub shows the first sentence as the alert's), what was found, what is known
 * of its exploitation, and what to do, for every finding with this fingerprint.
 */
export function sarifMessage(findings: readonly Finding[]): string {
  const parts = new Set<string>();
  for (const finding of findings) {
    parts.add(sentence(finding.title)).add(sentence(finding.message));
    if (finding.score === 9) parts.add('The score is 9.0.');
    for (const label of exploitationLabels(finding)) parts.add(sentence(label === 'KEV' ? KNOWN : label));
    parts.add(sentence(finding.tip));
  }
  return sarifText([...parts].join(' '));
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
