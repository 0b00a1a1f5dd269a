// SPDX-License-Identifier: Apache-2.0
import { type Finding, SEVERITIES, type Severity, type VulnerabilityDetail } from '../model/finding.ts';
import type { Outcome, PolicyReference } from '../model/verdict.ts';
import { readDate } from './dates.ts';
import type { LoadedPolicy } from './loaded.ts';
import type { Limits, Threshold } from './schema.ts';

/** What a policy says of a finding before exceptions are looked at. */
export interface Ruling {
  readonly outcome: Exclude<Outcome, 'suppressed'>;
  readonly policy: PolicyReference;
  /** `YYYY-MM-DD`, see {@link Decision.failsFrom}. */
  readonly failsFrom?: string;
}

export interface RulingContext {
  readonly policy: LoadedPolicy;
  readonly failOn?: Severity;
  readonly now: Date;
}

const OUTCOMES = ['note', 'warn', 'fail'] as const;
const FAIL_ON: PolicyReference = { uri: 'plimsoll:command-line', line: 1, key: '--fail-on' };

/** Rules on one finding of a package in `scope`, or of no package (`runtime`). */
export function decide(finding: Finding, scope: 'runtime' | 'dev', context: RulingContext): Ruling {
  const { policy, where } = context.policy;
  const { detail } = finding;
  switch (detail.kind) {
    case 'malware':
      return byWord(policy.advisories.malware, where('advisories.malware'));
    case 'vulnerability':
      return decideVulnerability(finding, detail, scope, context);
    case 'license':
      if (detail.result === 'reported') return { outcome: 'note', policy: where('licenses.allow') };
      return detail.result === 'fail'
        ? { outcome: 'fail', policy: where('licenses.allow') }
        : byWord(policy.licenses.unknown, where('licenses.unknown'));
    case 'secret':
      return decideOther(finding, 'secrets', policy.secrets, context);
    case 'code':
      return decideOther(finding, 'code', policy.code, context);
    case 'misconfiguration':
      return decideOther(finding, 'misconfigurations', policy.misconfigurations, context);
    case 'dependency':
      return finding.ruleId === 'unhashed-requirement'
        ? byWord(policy.dependencies.unhashed, where('dependencies.unhashed'))
        : { outcome: 'warn', policy: where('dependencies') };
    case 'policy':
      return { outcome: 'warn', policy: where('pullRequests') };
  }
}

function decideVulnerability(
  finding: Finding,
  detail: VulnerabilityDetail,
  scope: 'runtime' | 'dev',
  context: RulingContext,
): Ruling {
  const { policy, where } = context.policy;
  const { advisories } = policy;
  const judged =
    finding.severity === 'unscored'
      ? byWord(advisories.unscored, where('advisories.unscored'))
      : bySeverity(finding.severity, `advisories.${scope}`, advisories[scope], context);
  const ruling = tighten(judged, finding.severity, context);
  const listed = detail.kev === true && advisories.kev !== 'ignore';
  const graced = listed ? ruling : withGrace(ruling, finding, detail, context);
  const likely = worse(graced, byProbability(detail, context));
  return listed ? worse(byWord(advisories.kev, where('advisories.kev')), likely) : likely;
}

/** EPSS adds failures and warnings, which no grace puts off, and takes none away. */
function byProbability({ epss }: VulnerabilityDetail, { policy: { policy, where } }: RulingContext): Ruling {
  const { fail, warn } = policy.advisories.epss;
  const reached = (limit: number | undefined) =>
    epss !== undefined && limit !== undefined && epss.score >= limit;
  return {
    outcome: reached(fail) ? 'fail' : reached(warn) ? 'warn' : 'note',
    policy: where('advisories.epss'),
  };
}

/** Secrets, code and misconfigurations: a tool that gives no severity has not said that it is low. */
function decideOther(finding: Finding, section: string, limits: Limits, context: RulingContext): Ruling {
  const severity = finding.severity === 'unscored' ? 'critical' : finding.severity;
  return tighten(bySeverity(severity, section, limits, context), severity, context);
}

function bySeverity(severity: Severity, section: string, limits: Limits, { policy }: RulingContext): Ruling {
  for (const outcome of ['fail', 'warn'] as const) {
    if (reaches(severity, limits[outcome])) return { outcome, policy: policy.where(`${section}.${outcome}`) };
  }
  const nearest = limits.warn === 'never' ? 'fail' : 'warn';
  return { outcome: 'note', policy: policy.where(`${section}.${nearest}`) };
}

function byWord(word: 'fail' | 'warn' | 'ignore' | 'incomplete', policy: PolicyReference): Ruling {
  // A finding is a fact that was established, so the verdict cannot be incomplete for it: it is refused.
  if (word === 'incomplete') return { outcome: 'fail', policy };
  return { outcome: word === 'ignore' ? 'note' : word, policy };
}

/** `--fail-on` adds failures and takes none away. */
function tighten(ruling: Ruling, severity: Severity, { failOn }: RulingContext): Ruling {
  if (failOn === undefined || !reaches(severity, failOn)) return ruling;
  return worse(ruling, { outcome: 'fail', policy: FAIL_ON });
}

/** The worse of two rulings; the first where they are alike. */
function worse(a: Ruling, b: Ruling): Ruling {
  return OUTCOMES.indexOf(b.outcome) > OUTCOMES.indexOf(a.outcome) ? b : a;
}

/** `unscored` is below every severity and reaches only the threshold of that name. */
function reaches(severity: Severity, threshold: Threshold | Severity): boolean {
  return threshold !== 'never' && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(threshold);
}

/**
 * Grace counts from the day on which the problem was first published: that of the anchor (whose id is the rule
 * id), or the earliest of the records that hit where the anchor is not among them. A date that cannot be read or
 * lies ahead gives no grace.
 */
function withGrace(
  ruling: Ruling,
  finding: Finding,
  detail: VulnerabilityDetail,
  { policy: { policy, where }, now }: RulingContext,
): Ruling {
  const grace = policy.advisories.grace[finding.severity];
  if (ruling.outcome !== 'fail' || grace === undefined) return ruling;
  const anchor = detail.records.filter((record) => record.id === finding.ruleId);
  const dates = (anchor.length > 0 ? anchor : detail.records)
    .map((record) => readDate(record.published))
    .filter((date) => date !== undefined);
  const published = Math.min(...dates);
  const end = published + grace.milliseconds;
  if (dates.length === 0 || published > now.getTime() || now.getTime() >= end) return ruling;
  return {
    outcome: 'warn',
    policy: where(`advisories.grace.${finding.severity}`),
    failsFrom: new Date(end).toISOString().slice(0, 10),
  };
}
