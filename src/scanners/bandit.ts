// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import type { CodeHit, ToolGap, ToolReport, ToolRule } from '../model/tool-report.ts';
import { banditRunner } from './bandit-runner.ts';
import { BANDIT_TESTS } from './bandit-tests.ts';
import {
  confidenceOfWord,
  cweOf,
  hasKeys,
  httpsUrl,
  parsedObject,
  positionOf,
  readEntries,
  readEnvelope,
  rulesById,
  textOf,
  withProof,
} from './fields.ts';
import type { Scanner } from './scanner.ts';
import { sharedMessages } from './shared-messages.ts';

const envelope = z.object({
  results: z.array(z.unknown()),
  errors: z.array(z.unknown()),
  metrics: parsedObject,
});

const result = z.object({
  filename: z.string().min(1),
  test_id: z.string().min(1),
  test_name: z.string().optional(),
  issue_text: z.string().optional(),
  issue_severity: z.string().optional(),
  issue_confidence: z.string().optional(),
  issue_cwe: z.object({ id: z.number() }).partial().optional(),
  line_number: z.number(),
  line_range: z.array(z.number()).optional(),
  col_offset: z.number().optional(),
  end_col_offset: z.number().optional(),
  code: z.string().optional(),
  more_info: z.string().optional(),
});
type Result = z.output<typeof result>;

const error = z.object({ filename: z.string(), reason: z.string() });

/** Bandit quotes the password itself in what it says of these. */
const QUOTES_SECRETS: ReadonlySet<string> = new Set(['B105', 'B106', 'B107']);

/**
 * Bandit's JSON. It exits with 0 for a file that it cannot parse: what it read stands in `metrics`, what it could not
 * in `errors`. A directory without `-r` is in neither.
 * @see https://bandit.readthedocs.io/en/1.9.4/formatters/json.html
 */
export const bandit: Scanner = {
  id: 'bandit',
  name: 'Bandit',
  recognises: (report) => hasKeys(report, 'results', 'errors', 'metrics', 'generated_at'),
  read(report) {
    const read = readBandit(report);
    return [withProof(read, read.files)];
  },
  runner: banditRunner((report) => readBandit(report)),
};

function readBandit(report: unknown): ToolReport {
  const { results, errors, metrics } = readEnvelope(envelope, report, 'Bandit');
  const gaps: ToolGap[] = [];
  const found = readEntries(result, results, 'results', gaps);
  for (const { filename, reason } of readEntries(error, errors, 'errors', gaps))
    gaps.push({ path: filename, message: textOf(reason) ?? 'not read' });
  const hits = found.map(hitOf);
  const messages = sharedMessages(hits);
  const files = Object.keys(metrics).filter((path) => path !== '_totals');
  return {
    tool: 'bandit',
    name: 'Bandit',
    rules: rulesById(found.map((each) => ruleOf(each, messages.get(each.test_id)))),
    hits,
    files,
    gaps,
  };
}

function ruleOf(
  { test_id: id, test_name: name, issue_cwe, more_info }: Result,
  description: string | undefined,
): ToolRule {
  const known = BANDIT_TESTS.get(id);
  const cwe = cweOf(known?.cwe ?? issue_cwe?.id);
  const helpUri = httpsUrl(more_info);
  return {
    id,
    kind: 'code',
    title: known?.title ?? titleOfName(name) ?? `Bandit ${id}`,
    ...(description === undefined ? {} : { description }),
    ...(helpUri === undefined ? {} : { helpUri }),
    severity: known?.severity ?? 'medium',
    scoreSource: known === undefined ? 'default of plimsoll for Bandit' : 'rule table of plimsoll for Bandit',
    cwes: cwe === undefined ? [] : [cwe],
    tags: [],
  };
}

/** Of a test that is not known here: a plugin of somebody's own. */
function titleOfName(name: string | undefined): string | undefined {
  const words = textOf(name?.replaceAll('_', ' '));
  return words === undefined ? undefined : words.charAt(0).toUpperCase() + words.slice(1);
}

function hitOf(found: Result): CodeHit {
  const { test_id: ruleId, filename, line_number, issue_text, issue_severity, issue_confidence } = found;
  const message = QUOTES_SECRETS.has(ruleId) ? undefined : textOf(issue_text);
  const startLine = positionOf(line_number);
  return {
    kind: 'code',
    ruleId,
    place: { path: filename, ...(startLine === undefined ? {} : { startLine, ...columnsOf(found) }) },
    ...(message === undefined ? {} : { message }),
    confidence: confidenceOfWord(issue_confidence),
    ...(issue_severity === undefined ? {} : { toolSeverity: issue_severity }),
  };
}

/** Offsets count bytes from 0, and the end lies in the last line of the range: of use in ASCII on one line alone. */
function columnsOf({ col_offset, end_col_offset, line_range = [], code = '' }: Result) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: asks for ASCII
  if (col_offset === undefined || line_range.length !== 1 || !/^[\x00-\x7f]*$/.test(code)) return {};
  const end = end_col_offset !== undefined && end_col_offset > col_offset ? end_col_offset + 1 : undefined;
  return { startColumn: col_offset + 1, ...(end === undefined ? {} : { endColumn: end }) };
}
