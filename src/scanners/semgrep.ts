// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { TOOL_SITES } from '../findings/tool-sites.ts';
import type { Confidence } from '../model/finding.ts';
import type { CodeHit, ToolGap, ToolReport, ToolRule } from '../model/tool-report.ts';
import {
  confidenceOfWord,
  cweOf,
  fieldOf,
  hasKeys,
  httpsUrl,
  isRecord,
  positionOf,
  readEntries,
  readEnvelope,
  severityOfWord,
  textOf,
  withProof,
  worstRules,
} from './fields.ts';
import type { Scanner } from './scanner.ts';
import { semgrepRunner } from './semgrep-runner.ts';
import { sharedMessages } from './shared-messages.ts';

const envelope = z.looseObject({
  version: z.string().optional(),
  results: z.array(z.unknown()),
  errors: z.array(z.unknown()).optional(),
  paths: z.looseObject({ scanned: z.array(z.string()).optional() }).optional(),
});

const position = z.object({ line: z.number(), col: z.number().optional() });

const result = z.looseObject({
  check_id: z.string().min(1),
  path: z.string(),
  start: position,
  end: position,
  extra: z.looseObject({
    message: z.string().optional(),
    severity: z.string().optional(),
    metadata: z.record(z.string(), z.unknown()).optional(),
    is_ignored: z.boolean().optional(),
  }),
});
type Result = z.output<typeof result>;

/**
 * Semgrep's JSON, and that of Opengrep, which took it over. Errors in rules and files stand in `errors`, whatever its exit
 * status. Lines of the source and logged-out fingerprints are left behind.
 * @see https://semgrep.dev/docs/semgrep-appsec-platform/json-and-sarif
 */
export const semgrep: Scanner = {
  id: 'semgrep',
  name: 'Semgrep',
  recognises: (report) =>
    hasKeys(report, 'results', 'errors', 'paths') && hasKeys(fieldOf(report, 'paths'), 'scanned'),
  read(report) {
    const read = readSemgrep(report);
    return [withProof(read, read.files)];
  },
  runner: semgrepRunner((report) => readSemgrep(report)),
};

function readSemgrep(report: unknown): ToolReport {
  const { version, results, errors = [], paths } = readEnvelope(envelope, report, 'Semgrep');
  const gaps: ToolGap[] = [];
  const found = readEntries(result, results, 'results', gaps);
  for (const error of errors) gaps.push(gapOf(error));
  const hits = found.map(hitOf);
  const messages = sharedMessages(found.map(ruleMessage));
  const said = textOf(version);
  return {
    tool: 'semgrep',
    name: 'Semgrep',
    ...(said === undefined ? {} : { version: said.slice(0, 40) }),
    rules: worstRules(found.map((each) => ruleOf(each, messages.get(each.check_id)))),
    hits,
    ...(paths?.scanned === undefined ? {} : { files: paths.scanned }),
    gaps,
  };
}

/** Of a message the first line: the others quote the source. */
function gapOf(error: unknown): ToolGap {
  const path = textOf(fieldOf(error, 'path'));
  const said = fieldOf(error, 'message');
  const first = typeof said === 'string' ? said.split('\n', 1)[0] : undefined;
  const message = textOf(first) ?? textOf(fieldOf(error, 'type')) ?? 'an error without a text';
  return { ...(path === undefined ? {} : { path }), message: message.replace(/:$/, '').slice(0, 300) };
}

/** What may be the message of the rule itself: not what quotes the source by a metavariable. */
function ruleMessage({ check_id: ruleId, extra }: Result) {
  const message = textOf(extra.message);
  const metavars = fieldOf(extra, 'metavars');
  const quoted = Object.values(isRecord(metavars) ? metavars : {}).flatMap(
    (each) => textOf(fieldOf(each, 'abstract_content')) ?? [],
  );
  const isOfRule = message !== undefined && !quoted.some((text) => message.includes(text));
  return { ruleId, ...(isOfRule ? { message } : {}) };
}

function ruleOf(
  { check_id: id, extra: { severity, metadata } }: Result,
  description: string | undefined,
): ToolRule {
  const short = id.split('.').at(-1) ?? id;
  const helpUri =
    httpsUrl(fieldOf(metadata, 'source')) ??
    httpsUrl(fieldOf(metadata, 'shortlink')) ??
    TOOL_SITES.get('semgrep');
  const cwe = fieldOf(metadata, 'cwe');
  const category = textOf(fieldOf(metadata, 'category'));
  return {
    id,
    kind: 'code',
    title: `${short.replaceAll(/[-_]+/g, ' ').slice(0, 200)}`.trim() || id,
    ...(description === undefined ? {} : { description }),
    ...(helpUri === undefined ? {} : { helpUri }),
    severity: severityOfWord(severity),
    scoreSource: 'severity of the Semgrep rule',
    cwes: (Array.isArray(cwe) ? cwe : [cwe]).flatMap((each) => cweOf(each) ?? []),
    tags: category === undefined ? [] : [category.slice(0, 40)],
  };
}

function hitOf({ check_id: ruleId, path, start, end, extra }: Result): CodeHit {
  const message = textOf(extra.message);
  return {
    kind: 'code',
    ruleId,
    place: { path, ...lines(start, end) },
    ...(message === undefined ? {} : { message }),
    confidence: confidence(extra.metadata),
    ...(extra.severity === undefined ? {} : { toolSeverity: extra.severity.slice(0, 40) }),
    ...(extra.is_ignored === true
      ? { suppression: { kind: 'inSource', reason: 'a nosemgrep comment' } }
      : {}),
  };
}

function lines(start: Result['start'], end: Result['end']) {
  const [startLine, endLine] = [positionOf(start.line), positionOf(end.line)];
  const [startColumn, endColumn] = [positionOf(start.col), positionOf(end.col)];
  if (startLine === undefined) return {};
  return {
    startLine,
    ...(endLine === undefined ? {} : { endLine }),
    ...(startColumn === undefined ? {} : { startColumn }),
    ...(endColumn === undefined ? {} : { endColumn }),
  };
}

function confidence(metadata: unknown): Confidence {
  return confidenceOfWord(textOf(fieldOf(metadata, 'confidence')));
}
