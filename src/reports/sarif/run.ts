// SPDX-License-Identifier: Apache-2.0
import type { Invocation, Notification, Result, Run } from 'sarif';
import { DEPENDENCIES } from '../../findings/owners.ts';
import { TOOL_SITES } from '../../findings/tool-sites.ts';
import { CONFIDENCES, type Finding, SEVERITIES, type Severity } from '../../model/finding.ts';
import type { Report } from '../../model/report.ts';
import { visible } from '../encode.ts';
import { coverageText, placeLabel, plural } from '../view.ts';
import type { AzurePipeline } from './azure.ts';
import { sarifCategory } from './category.ts';
import { absentResults, unknownNotification } from './comparison.ts';
import { resultErrors, ruleErrors } from './lint.ts';
import { isSound } from './lint-result.ts';
import { LINT_RULES } from './lint-rules.ts';
import { countsText, type FindingGroup, type LeftOut, type PlannedRun } from './plan.ts';
import { limitsOf, SARIF_LIMITS, type SarifProfile } from './profiles.ts';
import { type RelatedFindings, resultMaker } from './result.ts';
import { resultWriter } from './result-text.ts';
import { type RuleRating, sarifRule } from './rule.ts';
import { withheldTexts } from './status.ts';
import type { ToolState } from './tools.ts';

/** A result that its reader would refuse, or refuse the file for. */
export interface Quarantined {
  readonly tool: ToolState;
  readonly ruleId: string;
  /** `path:line` */
  readonly place: string;
  /** Id of the lint rule, and what it says. */
  readonly reason: string;
}

export interface RunContext {
  readonly report: Report;
  readonly related: RelatedFindings;
  readonly profile: SarifProfile;
  /** Ids of the tools that have a run in the file. */
  readonly tools: ReadonlySet<string>;
  readonly pipeline?: AzurePipeline;
}

/** A run whose results are made as they are written, and which says after them what they lack. */
export interface SarifRun extends Omit<Run, 'results' | 'invocations'> {
  /** Each as JSON. */
  readonly results: Iterable<string>;
  /** To be called when the results have been written. */
  readonly invocations: () => Invocation[];
}

/**
 * @param leftOut what this run is to say of limits
 * @param quarantined gets what is not written, as the results are written
 */
export function sarifRun(
  planned: PlannedRun,
  leftOut: readonly LeftOut[],
  context: RunContext,
  quarantined: Quarantined[],
): SarifRun {
  const { report, profile, pipeline } = context;
  const { tool, part } = planned;
  const site = TOOL_SITES.get(planned.tellsOf === undefined ? tool.id : DEPENDENCIES);
  const isAzure = profile === 'azure';
  const rules = rulesOf(planned, context);
  const version = tool.version === undefined ? {} : { version: tool.version };
  const isSemver = /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/.test(tool.version ?? '');
  const start = quarantined.length;
  return {
    tool: {
      driver: {
        name: tool.name,
        ...(isAzure ? { fullName: [tool.name, tool.version].filter(Boolean).join(' ') } : {}),
        ...version,
        ...(isSemver ? { semanticVersion: tool.version } : {}),
        ...(site === undefined ? {} : { informationUri: site }),
        rules,
      },
    },
    automationDetails:
      isAzure && pipeline !== undefined ? pipeline : { id: sarifCategory(report.subject, tool.id, part) },
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
    columnKind: 'utf16CodeUnits',
    results: results(planned, rules, context, quarantined),
    invocations: () => [invocation(planned, leftOut, context, quarantined.slice(start))],
    properties: {
      verdict: report.verdict.result,
      ...(tool.sha256 === undefined ? {} : { sha256: tool.sha256 }),
    },
  };
}

/** Without those for which the file would be refused; their results find none. */
function rulesOf({ tool, groups, all }: PlannedRun, { report, profile }: RunContext) {
  const isOwn = tool.id === DEPENDENCIES;
  const used = new Set(groups.map(([{ finding }]) => finding.ruleId));
  const rules = report.rules.filter(
    (rule) => used.has(rule.id) && rule.tool === (isOwn ? undefined : tool.id),
  );
  const ratings = isOwn ? worstFindings(all) : toolRatings(all);
  const limits = limitsOf(profile);
  return rules
    .map((rule) => sarifRule(rule, ratings.get(rule.id), { named: profile === 'azure' }))
    .filter((rule) => limits === undefined || ruleErrors(rule, limits).length === 0);
}

function* results(
  { tool, groups }: PlannedRun,
  rules: Run['tool']['driver']['rules'] & {},
  { report, related, profile, tools }: RunContext,
  quarantined: Quarantined[],
): Generator<string> {
  const limits = limitsOf(profile);
  const index = new Map(rules.map((rule, i) => [rule.id, i]));
  const known = { rules, ids: new Set(index.keys()) };
  const context = { report, related, owner: tool.id, limits: limits ?? SARIF_LIMITS.github };
  const [resultOf, textOf] = [resultMaker(index, context), resultWriter()];
  for (const group of groups) {
    const result = resultOf(group);
    const reason =
      limits === undefined || isSound(result, known, limits)
        ? undefined
        : refusalOf(result, index, () => resultErrors(result, known, limits));
    if (reason === undefined) yield textOf(result);
    else quarantined.push(quarantinedOf(tool, group, reason));
  }
  // Whoever opens alerts would open one for each, whatever its state.
  if (limits !== undefined) return;
  for (const absent of absentResults(report, tool.id, tools)) yield JSON.stringify(absent);
}

function refusalOf(
  { ruleId = '' }: Result,
  index: ReadonlyMap<string, number>,
  errors: () => ReturnType<typeof resultErrors>,
): string | undefined {
  if (ruleId !== '' && !index.has(ruleId)) return 'its rule is refused';
  const [first] = errors();
  return first === undefined
    ? undefined
    : `${first.rule}: ${first.message} (${LINT_RULES[first.rule].effect})`;
}

function quarantinedOf(tool: ToolState, [{ finding }]: FindingGroup, reason: string): Quarantined {
  const [location] = finding.locations;
  const place = location === undefined ? '' : placeLabel(location);
  return { tool, ruleId: finding.ruleId, place, reason };
}

/** What could not be checked is a notification; what makes the answer a part makes the invocation unsuccessful. */
function invocation(
  { tool, tellsOf }: PlannedRun,
  leftOut: readonly LeftOut[],
  { report, profile, tools }: RunContext,
  quarantined: readonly Quarantined[],
): Invocation {
  const { verdict } = report;
  const isOwn = tool.id === DEPENDENCIES;
  const notifications: Notification[] =
    tellsOf === undefined
      ? tool.gaps.map((row) => notification('error', coverageText(row), row.cause ?? row.status))
      : tellsOf.flatMap(withheldTexts).map(({ text, key }) => notification('error', text, key));
  if (isOwn) {
    for (const { coverage, policy } of verdict.notChecked)
      notifications.push(notification('warning', coverageText(coverage), policy.key));
  }
  for (const each of leftOut) notifications.push(leftOutNotification(each, profile));
  for (const { ruleId, place, reason } of quarantined)
    notifications.push(
      notification('warning', `a result of ${ruleId} at ${place} is left out: ${reason}`, 'quarantine'),
    );
  if (limitsOf(profile) === undefined) notifications.push(...unknownNotification(report, tool.id, tools));
  return {
    executionSuccessful: tool.gaps.length === 0,
    ...(isOwn ? { exitCode: verdict.exitCode } : {}),
    ...(notifications.length > 0 ? { toolExecutionNotifications: notifications } : {}),
  };
}

function leftOutNotification(each: LeftOut, profile: SarifProfile): Notification {
  return {
    ...notification('warning', leftOutText(each, profile), 'limit'),
    properties: { leftOut: Object.fromEntries(each.counts), limit: each.limit },
  };
}

/** `Bandit: 7 results are left out (3 high, 4 low): github keeps 5000 in a run and takes 20 runs in a file` */
export function leftOutText(each: LeftOut, profile: SarifProfile): string {
  const total = [...each.counts.values()].reduce((a, b) => a + b, 0);
  const what =
    total === 0
      ? 'its run is left out'
      : `${plural(total, 'result is', 'results are')} left out (${countsText(each)})`;
  return `${each.tool.name}: ${what}: ${limitText(each, profile)}`;
}

function limitText({ limit }: LeftOut, profile: SarifProfile): string {
  const limits = limitsOf(profile) ?? SARIF_LIMITS.github;
  const { runs, results, rules, gzipBytes, categories } = limits;
  switch (limit) {
    case 'runs':
      return `${profile} takes ${runs.max} runs in a file`;
    case 'rules':
      return `${profile} takes ${rules.max} rules in a run`;
    case 'gzipBytes':
      return `${profile} takes ${gzipBytes.max / 1e6} MB in a compressed file`;
    case 'results':
      return `${profile} keeps ${results.shown ?? results.max} in a run and takes ${categories ? `${runs.max} runs in a file` : 'one run of a tool'}`;
  }
}

function notification(level: Notification.level, text: string, key: string): Notification {
  return { level, message: { text: visible(text) }, descriptor: { id: key } };
}

/** GitHub shows one severity per rule: the worst of its findings. */
function worstFindings(groups: readonly FindingGroup[]): Map<string, Finding> {
  const rank = (severity: Severity) => SEVERITIES.length - SEVERITIES.indexOf(severity);
  const worst = new Map<string, Finding>();
  for (const { finding } of groups.flat()) {
    const known = worst.get(finding.ruleId);
    const difference = known === undefined ? 1 : rank(finding.severity) - rank(known.severity);
    if (difference > 0 || (difference === 0 && (finding.score ?? 0) > (known?.score ?? 0)))
      worst.set(finding.ruleId, finding);
  }
  return worst;
}

/** A tool's rule has one severity, of its own: of its findings come the score that the tool gives it, and how sure it is. */
function toolRatings(groups: readonly FindingGroup[]): Map<string, RuleRating> {
  const ratings = new Map<string, { score?: number; confidence: Finding['confidence'] }>();
  for (const { finding } of groups.flat()) {
    const { ruleId, score, confidence } = finding;
    const known = ratings.get(ruleId) ?? { confidence };
    ratings.set(ruleId, known);
    if (CONFIDENCES.indexOf(confidence) < CONFIDENCES.indexOf(known.confidence))
      known.confidence = confidence;
    if (score !== undefined && score > (known.score ?? -1)) known.score = score;
  }
  return ratings;
}
