// SPDX-License-Identifier: Apache-2.0
import type { Invocation, Notification, Run } from 'sarif';
import { DEPENDENCIES, ownerOf } from '../../findings/owners.ts';
import { type Finding, SEVERITIES, type Severity } from '../../model/finding.ts';
import type { Report } from '../../model/report.ts';
import { visible } from '../encode.ts';
import { batched, jsonChunks } from '../json.ts';
import type { Reporter } from '../reporter.ts';
import { coverageText, type JudgedFinding, judgedFindings } from '../view.ts';
import { sarifCategory } from './category.ts';
import { absentResults, unknownNotification } from './comparison.ts';
import { sarifResult } from './result.ts';
import { sarifRule } from './rule.ts';
import { type ToolState, toolStates } from './tools.ts';

/** Results of a run beyond which GitHub rejects the file. */
const MAX_RESULTS = 25_000;

/**
 * For whom a file is. `github`: what a tool does not answer for is left out, so that its alerts stay as they are, and so
 * is what is suppressed or absent, which GitHub would open. `archive`: everything, with what suppresses it, what failed,
 * and what an earlier run found that is gone.
 */
export type SarifProfile = (typeof SARIF_PROFILES)[number];
export const SARIF_PROFILES = ['github', 'archive'] as const;

export interface SarifOptions {
  /** Whether plimsoll has a run of its own where it found nothing. */
  readonly ownRun?: 'always' | 'with-results';
}

/**
 * SARIF 2.1.0 with one run per tool and one result per fingerprint.
 * @see https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
export const sarifReporter: Reporter = {
  format: 'sarif',
  render: (report) => renderSarif(report, 'github'),
};

/** Chunks of the document, to be written in order. */
export function* renderSarif(
  report: Report,
  profile: SarifProfile,
  { ownRun = 'always' }: SarifOptions = {},
): Generator<string> {
  const tools = toolStates(report).filter((tool) => profile === 'archive' || !tool.withheld);
  const ids = new Set(tools.map(({ id }) => id));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: tools
      .map((tool) => ({ tool, run: sarifRun(report, tool, profile, ids) }))
      .filter(({ tool, run }) => tool.id !== DEPENDENCIES || ownRun === 'always' || run.results?.length !== 0)
      .map(({ run }) => run),
  };
  yield* batched(jsonChunks(log));
  yield '\n';
}

/** The tools whose runs a file for GitHub lacks: their alerts stay as they are. */
export function withheldTools(report: Report): ToolState[] {
  return toolStates(report).filter(({ withheld }) => withheld);
}

function sarifRun(report: Report, tool: ToolState, profile: SarifProfile, tools: ReadonlySet<string>): Run {
  const merged = mergeByFingerprint(report, tool, profile);
  const kept = profile === 'github' ? merged.slice(0, MAX_RESULTS) : merged;
  const ruleIds = new Set(kept.map(([first]) => first?.finding.ruleId));
  const isOwn = tool.id === DEPENDENCIES;
  const rules = report.rules.filter(
    (rule) => ruleIds.has(rule.id) && rule.tool === (isOwn ? undefined : tool.id),
  );
  const index = new Map(rules.map((rule, i) => [rule.id, i]));
  // A tool's rule has one severity, from a table; that of an advisory is the worst of its findings.
  const severities = isOwn ? worstSeverities(kept) : new Map<string, Finding>();
  const { version, sha256 } = tool;
  const isSemver = version !== undefined && /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/.test(version);
  // GitHub would open an alert for what is absent, whatever its state.
  const absent = profile === 'archive' ? absentResults(report, tool.id, tools) : [];
  const unknown = profile === 'archive' ? unknownNotification(report, tool.id, tools) : [];
  const hasNotes = isOwn || tool.gaps.length > 0 || merged.length > kept.length || unknown.length > 0;
  return {
    tool: {
      driver: {
        name: tool.name,
        ...(version === undefined ? {} : { version }),
        ...(isSemver ? { semanticVersion: version } : {}),
        ...(isOwn ? { informationUri: 'https://github.com/plimsoll-dev/plimsoll' } : {}),
        rules: rules.map((rule) => sarifRule(rule, severities.get(rule.id))),
      },
    },
    automationDetails: { id: sarifCategory(report.subject, tool.id) },
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
    columnKind: 'utf16CodeUnits',
    invocations: hasNotes
      ? [invocation(report, tool, merged.length - kept.length, unknown)]
      : [{ executionSuccessful: true }],
    results: [...kept.map((group) => sarifResult(group, index, report, tool.id)), ...absent],
    properties: { verdict: report.verdict.result, ...(sha256 === undefined ? {} : { sha256 }) },
  };
}

/** What could not be checked is a notification; what makes the answer a part makes the invocation unsuccessful. */
function invocation(
  report: Report,
  tool: ToolState,
  leftOut: number,
  unknown: readonly Notification[],
): Invocation {
  const { verdict } = report;
  const isOwn = tool.id === DEPENDENCIES;
  const notifications: Notification[] = tool.gaps.map((row) =>
    notification('error', coverageText(row), row.cause ?? row.status),
  );
  if (isOwn) {
    for (const { coverage, policy } of verdict.notChecked)
      notifications.push(notification('warning', coverageText(coverage), policy.key));
  }
  if (leftOut > 0) {
    const text = `${leftOut} results are left out: GitHub takes ${MAX_RESULTS} in a run`;
    notifications.push(notification('warning', text, 'limit'));
  }
  notifications.push(...unknown);
  return {
    executionSuccessful: tool.gaps.length === 0,
    ...(isOwn ? { exitCode: verdict.exitCode } : {}),
    ...(notifications.length > 0 ? { toolExecutionNotifications: notifications } : {}),
  };
}

function notification(level: Notification.level, text: string, key: string): Notification {
  return { level, message: { text: visible(text) }, descriptor: { id: key } };
}

/** The findings of a tool by fingerprint, in the order of the report. */
function mergeByFingerprint(report: Report, tool: ToolState, profile: SarifProfile): JudgedFinding[][] {
  const groups = new Map<string, JudgedFinding[]>();
  for (const judged of judgedFindings(report)) {
    if (ownerOf(judged.finding) !== tool.id) continue;
    if (profile === 'github' && !isForGitHub(judged)) continue;
    const { fingerprint } = judged.finding;
    const group = groups.get(fingerprint);
    if (group) group.push(judged);
    else groups.set(fingerprint, [judged]);
  }
  return [...groups.values()];
}

/** Not what is suppressed, nor what no file shows: secrets of the history, and licences that are only listed. */
function isForGitHub({ finding: { detail }, decision: { outcome } }: JudgedFinding): boolean {
  if (outcome === 'suppressed') return false;
  if (detail.kind === 'secret') return detail.commits === undefined;
  return detail.kind !== 'license' || detail.result !== 'reported';
}

/** GitHub shows one severity per rule: the worst of its findings. */
function worstSeverities(groups: readonly (readonly JudgedFinding[])[]): Map<string, Finding> {
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
