// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '../../model/finding.ts';
import { rememberLast } from '../../model/remember-last.ts';
import { sarifText } from '../encode.ts';
import { exploitationLabels } from '../view.ts';

const KNOWN = 'Known to be exploited (KEV)';

/**
 * Makes the text of a result: title (GitHub shows the first sentence as the alert's), what was found, what is known
 * of its exploitation, and what to do, for every finding with this fingerprint. Results come by rule, whose title and tip
 * are encoded once.
 */
export function messageMaker(): (findings: readonly Finding[]) => string {
  const [titleOf, tipOf] = [rememberLast(encodedSentence), rememberLast(encodedSentence)];
  return (findings) => {
    const [finding] = findings;
    const plain = findings.length > 1 || finding === undefined ? undefined : plainMessage(finding);
    return plain ?? sarifText([...new Set(findings.flatMap(sentencesOf))].join(' '));
  };

  /** Of a finding with three sentences; undefined where it has more, or one of them twice. */
  function plainMessage({ title, message, tip, score, detail }: Finding): string | undefined {
    if (score === 9 || detail.kind === 'vulnerability' || detail.kind === 'malware') return undefined;
    const [first, second, third] = [titleOf(title), sentence(message), tipOf(tip)];
    if (second === first.text || second === third.text || first.text === third.text) return undefined;
    return `${first.encoded} ${sarifText(second)} ${third.encoded}`;
  }
}

interface Sentence {
  readonly text: string;
  readonly encoded: string;
}

function encodedSentence(text: string): Sentence {
  const made = sentence(text);
  return { text: made, encoded: sarifText(made) };
}

function sentencesOf(finding: Finding): string[] {
  const parts = [sentence(finding.title), sentence(finding.message)];
  if (finding.score === 9) parts.push('The score is 9.0.');
  for (const label of exploitationLabels(finding)) parts.push(sentence(label === 'KEV' ? KNOWN : label));
  parts.push(sentence(finding.tip));
  return parts;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed.endsWith('.') || trimmed.endsWith('!') || trimmed.endsWith('?') ? trimmed : `${trimmed}.`;
}
