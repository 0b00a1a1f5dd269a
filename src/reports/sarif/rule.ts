// SPDX-License-Identifier: Apache-2.0
import type { ReportingDescriptor, Result } from 'sarif';
import { plainMarkdown } from '../../findings/markdown-prose.ts';
import type { Confidence, Rule, Severity } from '../../model/finding.ts';
import type { Outcome } from '../../model/verdict.ts';
import { visible } from '../encode.ts';

const LEVELS: Readonly<Record<Severity, Result.level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  unscored: 'warning',
  low: 'note',
  info: 'note',
};

const LEVEL_OF_OUTCOME = { fail: 'error', warn: 'warning', note: 'note', suppressed: 'none' } as const;

/** For a severity without a score, the middle of its band; never a value at the edge of one. */
const MIDPOINTS: Readonly<Partial<Record<Severity, string>>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
};

/** Whoever has read a secret can use it until it is revoked, also where no file has it any more. */
const SECRET_HELP =
  'First revoke the secret where it was issued, and put a new one in its place: whoever has read the repository may have it, and its history keeps it. Then take it out of the file, and read it from the environment or a store of secrets.';

/** Above whatever a single vulnerability has by its label. */
const MALWARE = '9.8';

/**
 * The level of a result: what the policy makes of it, so that a gate on errors and the verdict agree. What nobody has
 * rated is no error, whatever becomes of it.
 */
export function levelOfOutcome(outcome: Outcome, severity: Severity): Result.level {
  const level = LEVEL_OF_OUTCOME[outcome];
  return severity === 'unscored' && level === 'error' ? LEVELS.unscored : level;
}

/** The default level of a rule, by severity. */
function levelOf(severity: Severity): Result.level {
  return LEVELS[severity];
}

/** By what a rule is rated; its own severity where absent. */
export interface RuleRating {
  readonly severity?: Severity;
  readonly score?: number;
  readonly confidence: Confidence;
}

/**
 * A reporting descriptor with all that GitHub requires. `security-severity` is a numeric string, on rules of security
 * findings only.
 */
export function sarifRule(
  rule: Rule,
  rated: RuleRating | undefined,
  { named = false }: { /** Whether it needs a name, whatever that says. */ readonly named?: boolean } = {},
): ReportingDescriptor {
  const severity = rated?.severity ?? rule.defaultSeverity;
  const security = rule.kind !== 'license' && rule.kind !== 'dependency' && rule.kind !== 'policy';
  const isSecret = rule.kind === 'secret';
  const rating = security ? securitySeverity(rule.kind, severity, rated?.score) : undefined;
  return {
    id: rule.id,
    // A name must say something that the id does not.
    ...(rule.name === rule.id && !named ? {} : { name: cut(rule.name, 255) }),
    shortDescription: { text: cut(rule.shortDescription, 1024) },
    fullDescription: { text: cut(rule.fullDescription, 1024) },
    help: {
      text: visible(
        [plainMarkdown(rule.helpMarkdown), ...(isSecret ? [SECRET_HELP] : []), rule.helpUri].join(' '),
      ),
      markdown: [...(isSecret ? [SECRET_HELP, ''] : []), ...rule.helpMarkdown.split('\n')]
        .map(visible)
        .join('\n'),
    },
    helpUri: rule.helpUri,
    defaultConfiguration: { level: levelOf(severity) },
    properties: {
      tags: [...(security ? ['security'] : []), ...rule.tags.filter((tag) => tag !== 'security')].slice(
        0,
        10,
      ),
      // GitHub's words for it are the same; what has no finding has none.
      ...(rated === undefined ? {} : { precision: rated.confidence }),
      ...(rating === undefined ? {} : { 'security-severity': rating }),
      ...(security ? {} : { 'problem.severity': problemSeverity(severity) }),
    },
  };
}

/** At most `max` code units, and no half of a character. */
function cut(text: string, max: number): string {
  return visible(text).slice(0, max).toWellFormed();
}

/** 9.0 is critical in CVSS and in GitHub's table neither high nor critical: it is written 9.1. */
function securitySeverity(
  kind: Rule['kind'],
  severity: Severity,
  score: number | undefined,
): string | undefined {
  if (kind === 'malware') return MALWARE;
  const text = score !== undefined && score > 0 ? score.toFixed(1) : MIDPOINTS[severity];
  return text === '9.0' ? '9.1' : text;
}

function problemSeverity(severity: Severity): string {
  const level = levelOf(severity);
  return level === 'note' ? 'recommendation' : String(level);
}
