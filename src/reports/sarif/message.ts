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
  const parts = findings.flatMap((finding) => [
    sentence(finding.title),
    sentence(finding.message),
    ...(finding.score === 9 ? ['The score is 9.0.'] : []),
    ...exploitationLabels(finding).map((label) => sentence(label === 'KEV' ? KNOWN : label)),
    sentence(finding.tip),
  ]);
  return [...new Set(parts)].map(sarifText).join(' ');
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
