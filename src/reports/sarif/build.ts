// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Invocation, Notification, Result, Run } from 'sarif';
import type { Finding, Severity } from '../../model/finding.ts';
import type { Report } from '../../model/report.ts';
import type { Outcome } from '../../model/verdict.ts';
import { visible } from '../encode.ts';
import { batched, jsonChunks } from '../json.ts';
import type { Reporter } from '../reporter.ts';
import { coverageText, type JudgedFinding, judgedFindings } from '../view.ts';
import { sarifLocation } from './location.ts';
import { sarifMessage } from './message.ts';
import { levelOfOutcome, sarifRule } from './rule.ts';

/** GitHub rejects a file with more results in a run. */
const MAX_RESULTS = 25_000;

/**
 * SARIF 2.1.0 that GitHub code scanning accepts: one run, one result per fingerprint. Suppressed findings are left
 * out, because GitHub ignores `suppressions` and would open them as alerts; leaving them out closes the alert.
 * @see https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
export const sarifReporter: Reporter = {
  format: 'sarif',
  *render(report) {
    const log = {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [sarifRun(report)],
    };
    yield* batched(jsonChunks(log));
    yield '\n';
  },
};

/**
 * `plimsoll/dependencies/<target>/`: the category under which GitHub keeps the alerts, the same from the first
 * release on. The target is the slug of the scan root relative to the repository root, `root` when equal. GitHub takes
 * categories that differ in case or punctuation alone for one, so a path that its slug does not tell apart from others
 * (`a-b` from `a/b`) gets eight digits of its sha256.
 */
export function sarifCategory(report: Report): string {
  const path = report.subject.path ?? '.';
  if (path === '.' || path === '') return 'plimsoll/dependencies/root/';
  const slug = path
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
  const isPlain = /^[a-z0-9]+(\/[a-z0-9]+)*$/.test(path) && path !== 'root';
  const digest = createHash('sha256').update(path, 'utf8').digest('hex').slice(0, 8);
  return `plimsoll/dependencies/${isPlain ? slug : [slug, digest].filter((part) => part !== '').join('-')}/`;
}

function sarifRun(report: Report): Run {
  const merged = mergeByFingerprint(report);
  const kept = merged.slice(0, MAX_RESULTS);
  const ruleIds = new Set(kept.map(([first]) => first?.finding.ruleId));
  const rules = report.rules.filter((rule) => ruleIds.has(rule.id));
  const index = new Map(rules.map((rule, i) => [rule.id, i]));
  const severities = worstSeverities(kept);
  return {
    tool: {
      driver: {
        name: 'plimsoll',
        version: report.tool.version,
        semanticVersion: report.tool.version,
        informationUri: 'https://github.com/plimsoll-dev/plimsoll',
        rules: rules.map((rule) => sarifRule(rule, severities.get(rule.id))),
      },
    },
    automationDetails: { id: sarifCategory(report) },
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
    columnKind: 'utf16CodeUnits',
    invocations: [invocation(report, merged.length - kept.length)],
    results: kept.map((group) => sarifResult(group, index, report)),
    properties: { verdict: report.verdict.result },
  };
}

function sarifResult(
  group: readonly JudgedFinding[],
  ruleIndex: ReadonlyMap<string, number>,
  report: Report,
): Result {
  const [first] = group;
  if (first === undefined) throw new TypeError('a result needs a finding');
  const { finding } = first;
  const index = ruleIndex.get(finding.ruleId);
  const locations = group.flatMap((entry) => entry.finding.locations).slice(0, 100);
  return {
    ruleId: finding.ruleId,
    ...(index === undefined ? {} : { ruleIndex: index }),
    level: levelOfOutcome(worstOutcome(group)),
    message: { text: sarifMessage(group.map((entry) => entry.finding)) },
    locations: locations.map((location) => sarifLocation(location, report.subject.path)),
    partialFingerprints: {
      primaryLocationLineHash: `${finding.fingerprint.slice(0, 16)}:1`,
      'plimsoll/v1': finding.fingerprint,
    },
    properties: {
      kind: finding.kind,
      severity: finding.severity,
      outcome: worstOutcome(group),
      ...exploitation(finding),
    },
  };
}

/** The same for all findings with this fingerprint: it hangs on the ids of the group alone. */
function exploitation({ detail }: Finding): Result['properties'] {
  if (detail.kind !== 'vulnerability' && detail.kind !== 'malware') return {};
  const { kev, epss } = detail;
  return {
    ...(kev === undefined ? {} : { kev }),
    ...(epss === undefined ? {} : { epss: epss.score, epssPercentile: epss.percentile }),
  };
}

/** Of two versions with one fingerprint, what the policy says of the worse. */
function worstOutcome(group: readonly JudgedFinding[]): Outcome {
  const outcomes = group.map(({ decision }) => decision.outcome);
  return (['fail', 'warn'] as const).find((outcome) => outcomes.includes(outcome)) ?? 'note';
}

/** What could not be checked is a notification, and makes the invocation unsuccessful. */
function invocation(report: Report, leftOut: number): Invocation {
  const notifications: Notification[] = [
    ...report.verdict.incomplete.map(({ coverage, policy }) =>
      notification('error', coverageText(coverage), policy.key),
    ),
    ...report.verdict.notChecked.map(({ coverage, policy }) =>
      notification('warning', coverageText(coverage), policy.key),
    ),
  ];
  if (leftOut > 0) {
    notifications.push(
      notification(
        'warning',
        `${leftOut} results are left out: GitHub takes ${MAX_RESULTS} in a run`,
        'limit',
      ),
    );
  }
  return {
    executionSuccessful: report.verdict.result !== 'incomplete' && report.verdict.incomplete.length === 0,
    exitCode: report.verdict.exitCode,
    ...(notifications.length > 0 ? { toolExecutionNotifications: notifications } : {}),
  };
}

function notification(level: Notification.level, text: string, key: string): Notification {
  return { level, message: { text: visible(text) }, descriptor: { id: key } };
}

/** Findings that are not suppressed, by fingerprint, in the order of the report. */
function mergeByFingerprint(report: Report): JudgedFinding[][] {
  const groups = new Map<string, JudgedFinding[]>();
  for (const judged of judgedFindings(report)) {
    if (judged.decision.outcome === 'suppressed') continue;
    const { fingerprint } = judged.finding;
    const group = groups.get(fingerprint);
    if (group) group.push(judged);
    else groups.set(fingerprint, [judged]);
  }
  return [...groups.values()];
}

/** GitHub shows one severity per rule: the worst of its findings. */
function worstSeverities(groups: readonly (readonly JudgedFinding[])[]): Map<string, Finding> {
  const order: readonly Severity[] = ['unscored', 'info', 'low', 'medium', 'high', 'critical'];
  const worst = new Map<string, Finding>();
  for (const { finding } of groups.flat()) {
    const known = worst.get(finding.ruleId);
    const difference =
      known === undefined ? 1 : order.indexOf(finding.severity) - order.indexOf(known.severity);
    if (difference > 0 || (difference === 0 && (finding.score ?? 0) > (known?.score ?? 0)))
      worst.set(finding.ruleId, finding);
  }
  return worst;
}
