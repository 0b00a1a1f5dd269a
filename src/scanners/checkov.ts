// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import type {
  MisconfigurationHit,
  SecretHit,
  ToolGap,
  ToolReport,
  ToolRule,
  ToolSuppression,
} from '../model/tool-report.ts';
import { checkovSeverity } from './checkov-checks.ts';
import { controlOf } from './controls.ts';
import {
  fieldOf,
  hasKeys,
  httpsUrl,
  positionOf,
  readEntries,
  readEnvelope,
  severityOfWord,
  textOf,
  worstRules,
} from './fields.ts';
import type { Scanner } from './scanner.ts';

const run = z.object({
  check_type: z.string(),
  results: z.object({
    passed_checks: z.array(z.unknown()).nullish(),
    failed_checks: z.array(z.unknown()),
    skipped_checks: z.array(z.unknown()).nullish(),
    parsing_errors: z.array(z.unknown()).nullish(),
  }),
  summary: z.unknown().optional(),
});
type Run = z.output<typeof run>;

/** What Checkov writes alone where no file was of a kind that it knows. */
const counters = z.object({
  passed: z.number(),
  failed: z.number(),
  parsing_errors: z.number(),
  checkov_version: z.string(),
});

const check = z.object({
  check_id: z.string().min(1),
  check_name: z.string().nullish(),
  check_result: z.object({ suppress_comment: z.string().nullish() }).nullish(),
  file_path: z.string(),
  file_line_range: z.array(z.number()).nullish(),
  resource: z.string().nullish(),
  severity: z.string().nullish(),
  guideline: z.string().nullish(),
});
type Check = z.output<typeof check>;

/** Packages, images and licences: Checkov asks its platform about them, in records of another shape. */
const PLATFORM_CHECKS = /^(?:sca_|license)/;

/**
 * Checkov's JSON: one run per framework, a list of them where there is more than one, or mere counters where no file
 * was of a kind that it knows. Paths begin with `/` and count from the directory of the scan. A check without a key of
 * the platform has no severity.
 * @see https://www.checkov.io/2.Basics/Reviewing%20Scan%20Results.html
 * @see https://github.com/bridgecrewio/checkov/blob/3.2.0/checkov/common/output/report.py
 */
export const checkov: Scanner = {
  id: 'checkov',
  name: 'Checkov',
  recognises: (report) => {
    const first = Array.isArray(report) ? report[0] : report;
    return (
      hasKeys(first, 'passed', 'failed', 'parsing_errors', 'checkov_version') ||
      (hasKeys(first, 'check_type', 'results') && hasKeys(fieldOf(first, 'results'), 'failed_checks'))
    );
  },
  read(report) {
    const runs = Array.isArray(report) ? report : [report];
    const gaps: ToolGap[] = [];
    if (runs.length === 1 && hasKeys(runs[0], 'checkov_version')) {
      const { checkov_version } = readEnvelope(counters, runs[0], 'Checkov');
      gaps.push({ message: 'Checkov found no file of a kind that it knows' });
      return [reportOf([], gaps, checkov_version)];
    }
    if (!Array.isArray(report)) return [reportOf([readEnvelope(run, report, 'Checkov')], gaps)];
    if (runs.length === 0) gaps.push({ message: 'Checkov names nothing that it looked at' });
    return [reportOf(readEntries(run, runs, 'report', gaps), gaps)];
  },
};

function reportOf(runs: readonly Run[], gaps: ToolGap[], ownVersion?: string): ToolReport {
  const said = runs.map(({ summary }) => textOf(fieldOf(summary, 'checkov_version')));
  const version = ownVersion ?? said.find((each) => each !== undefined);
  const found = runs.map((each) => readRun(each, gaps));
  return {
    tool: 'checkov',
    name: 'Checkov',
    ...(version === undefined ? {} : { version }),
    rules: worstRules(found.flatMap(({ rules }) => rules)),
    hits: found.flatMap(({ hits }) => hits),
    files: [...new Set(found.flatMap(({ files }) => files))],
    gaps,
  };
}

function readRun({ check_type: type, results }: Run, gaps: ToolGap[]) {
  const { failed_checks: failed, skipped_checks: skipped, passed_checks: passed, parsing_errors } = results;
  for (const path of parsing_errors ?? [])
    gaps.push({
      ...(typeof path === 'string' ? { path } : {}),
      message: `Checkov could not parse it (${type})`,
    });
  if (PLATFORM_CHECKS.test(type)) {
    const count = failed.length + (skipped?.length ?? 0);
    if (count > 0) gaps.push({ message: `${count} results of the kind ${type} are not read` });
    return { rules: [], hits: [], files: [] };
  }
  const entries = (list: readonly unknown[] | null | undefined, key: string) =>
    readEntries(check, list ?? [], `${type}: ${key}`, gaps);
  const open = entries(failed, 'failed_checks');
  const accepted = entries(skipped, 'skipped_checks');
  const hitOf = (found: Check, suppression?: ToolSuppression) =>
    type === 'secrets' ? secretHit(found, suppression) : misconfigurationHit(found, type, suppression);
  const fine = (passed ?? []).flatMap((each) => textOf(fieldOf(each, 'file_path')) ?? []);
  return {
    rules: [...open, ...accepted].map((each) => ruleOf(each, type)),
    hits: [...open.map((each) => hitOf(each)), ...accepted.map((each) => hitOf(each, suppressionOf(each)))],
    files: [...[...open, ...accepted].map(({ file_path }) => file_path), ...fine].map(relative),
  };
}

function ruleOf({ check_id: id, check_name, severity, guideline }: Check, type: string): ToolRule {
  const kind = type === 'secrets' ? 'secret' : 'misconfiguration';
  const own = checkovSeverity(id, kind);
  const helpUri = httpsUrl(guideline);
  return {
    id,
    kind,
    title: textOf(check_name) ?? `Checkov ${id}`,
    ...(helpUri === undefined ? {} : { helpUri }),
    ...(severity == null ? own : { severity: severityOfWord(severity), scoreSource: 'check of Checkov' }),
    cwes: kind === 'secret' ? ['CWE-798'] : [],
    tags: [type],
  };
}

function misconfigurationHit(found: Check, type: string, suppression?: ToolSuppression): MisconfigurationHit {
  const control = controlOf(found.check_id);
  // In a Dockerfile it is the name of the file and an instruction, by which no other tool goes.
  const resource = type === 'dockerfile' ? undefined : textOf(found.resource);
  const [start, end] = found.file_line_range ?? [];
  const startLine = positionOf(start);
  const endLine = positionOf(end);
  return {
    kind: 'misconfiguration',
    ...commonOf(found, suppression),
    place: {
      path: relative(found.file_path),
      ...(startLine === undefined ? {} : { startLine }),
      ...(startLine === undefined || endLine === undefined || endLine < startLine ? {} : { endLine }),
    },
    ...(resource === undefined ? {} : { resource }),
    ...(control === undefined ? {} : { control }),
  };
}

/** The resource is the sha1 of the secret, behind the commit that brought it; the range ends one line too late. */
function secretHit(found: Check, suppression?: ToolSuppression): SecretHit {
  const [, commit, sha1] = /^(?:([0-9a-f]{7,64}):)?([0-9a-f]{40})$/.exec(found.resource ?? '') ?? [];
  const startLine = positionOf(found.file_line_range?.[0]);
  return {
    kind: 'secret',
    ...commonOf(found, suppression),
    place: { path: relative(found.file_path), ...(startLine === undefined ? {} : { startLine }) },
    ...(sha1 === undefined ? {} : { clue: { sha1 } }),
    ...(commit === undefined ? {} : { commit }),
  };
}

function commonOf({ check_id: ruleId, severity }: Check, suppression: ToolSuppression | undefined) {
  return {
    ruleId,
    confidence: 'medium',
    ...(severity == null ? {} : { toolSeverity: severity }),
    ...(suppression === undefined ? {} : { suppression }),
  } as const;
}

/** A comment in the file; the option `--skip-check` leaves no trace. */
function suppressionOf({ check_result }: Check): ToolSuppression {
  const reason = textOf(check_result?.suppress_comment);
  return { kind: 'inSource', ...(reason === undefined ? {} : { reason }) };
}

function relative(path: string): string {
  return path.replace(/^\/(?!\/)/, '');
}
