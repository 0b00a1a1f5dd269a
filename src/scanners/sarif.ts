// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import type {
  CodeHit,
  SecretHit,
  ToolGap,
  ToolPlace,
  ToolReport,
  ToolSuppression,
} from '../model/tool-report.ts';
import { PlimsollError } from '../platform/errors.ts';
import { fieldOf, hasKeys, isRecord, readEntries, readEnvelope, textOf } from './fields.ts';
import { placeReader } from './sarif-places.ts';
import { type SarifRule, sarifRules } from './sarif-rules.ts';
import type { Scanner } from './scanner.ts';

const envelope = z.object({ version: z.string(), runs: z.array(z.unknown()) });

const run = z.looseObject({
  tool: z.object({
    driver: z.looseObject({ name: z.string().min(1) }),
    extensions: z.array(z.unknown()).nullish(),
  }),
  results: z.array(z.unknown()).nullish(),
});
export type SarifRun = z.output<typeof run>;

const result = z.looseObject({
  ruleId: z.string().nullish(),
  ruleIndex: z.number().nullish(),
  rule: z.looseObject({}).nullish(),
  level: z.string().nullish(),
  kind: z.string().nullish(),
  baselineState: z.string().nullish(),
  message: z
    .looseObject({ text: z.string().nullish(), markdown: z.string().nullish(), id: z.string().nullish() })
    .nullish(),
  locations: z.array(z.unknown()).nullish(),
  suppressions: z.array(z.unknown()).nullish(),
});
export type SarifResult = z.output<typeof result>;

/** Whether the schema takes a result as it is: results are many, and the schema copies each. */
function fitsResult(entry: unknown): entry is SarifResult {
  if (!isRecord(entry)) return false;
  const { ruleId, ruleIndex, rule, level, kind, baselineState, message, locations, suppressions } = entry;
  return (
    isTextOrNone(ruleId) &&
    (ruleIndex == null || Number.isFinite(ruleIndex)) &&
    (rule == null || isRecord(rule)) &&
    isTextOrNone(level) &&
    isTextOrNone(kind) &&
    isTextOrNone(baselineState) &&
    (message == null || fitsMessage(message)) &&
    (locations == null || Array.isArray(locations)) &&
    (suppressions == null || Array.isArray(suppressions))
  );
}

function fitsMessage(message: unknown): boolean {
  return (
    isRecord(message) &&
    isTextOrNone(message.text) &&
    isTextOrNone(message.markdown) &&
    isTextOrNone(message.id)
  );
}

function isTextOrNone(value: unknown): boolean {
  return value == null || typeof value === 'string';
}

/** Drivers whose native reports are read too, by the id under which these are known. */
const KNOWN_DRIVERS: ReadonlyMap<string, string> = new Map([
  ['osv-scanner', 'osv-scanner'],
  ['semgrep-oss', 'semgrep'],
  ['semgrep-pro', 'semgrep'],
  ['trufflehog3', 'trufflehog'],
]);

/** Tools that look for nothing but secrets; what their messages quote is not copied. */
const SECRET_TOOLS: ReadonlySet<string> = new Set([
  ...['gitleaks', 'betterleaks', 'trufflehog', 'detect-secrets', 'ggshield', 'kingfisher', 'noseyparker'],
]);

/**
 * SARIF 2.1.0 of any tool, a report per run. A run without `results` says that nothing was looked at; an empty list, that
 * nothing was found.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
 */
export const sarif: Scanner = {
  id: 'sarif',
  name: 'SARIF',
  recognises: (report) =>
    hasKeys(report, 'version', 'runs') &&
    Array.isArray(fieldOf(report, 'runs')) &&
    (fieldOf(report, 'runs') as readonly unknown[]).every((each) => hasKeys(each, 'tool')),
  read(report) {
    const { version, runs } = readEnvelope(envelope, report, 'SARIF');
    if (version !== '2.1.0')
      throw new PlimsollError('parse-failed', `expected SARIF 2.1.0, got ${version.slice(0, 40)}`);
    const unknown = { tool: 'sarif', name: 'SARIF', rules: [], hits: [] } as const;
    if (runs.length === 0) return [{ ...unknown, gaps: [], failure: 'no run of a tool' }];
    const gaps: ToolGap[] = [];
    const reports = readEntries(run, runs, 'runs', gaps).map(readRun);
    // A run that cannot be read is of no tool that is known.
    return gaps.length === 0 ? reports : [...reports, { ...unknown, gaps }];
  },
};

function readRun(each: SarifRun): ToolReport {
  const { driver } = each.tool;
  const tool = toolId(driver.name);
  const name = textOf(driver.name)?.slice(0, 100) ?? 'SARIF';
  const version = textOf(driver.semanticVersion) ?? textOf(driver.version);
  const gaps: ToolGap[] = [];
  const results = readEntries(result, each.results ?? [], 'results', gaps, fitsResult).filter(isProblem);
  const rules = sarifRules(each, results, {
    kind: SECRET_TOOLS.has(tool) ? 'secret' : 'code',
    tool,
    name,
  });
  const placeOf = placeReader(each);
  const hits = results.map((found) => hitOf(found, rules.of(found), placeOf(found)));
  const failure = failureOf(each, gaps);
  return {
    tool,
    name,
    ...(version === undefined ? {} : { version: version.slice(0, 60) }),
    rules: rules.all,
    hits,
    gaps,
    ...(failure === undefined ? {} : { failure }),
  };
}

function toolId(driver: string): string {
  const slug = driver
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '');
  // `dependencies` and `import` are words of plimsoll's own reports.
  if (slug === '' || slug === 'dependencies' || slug === 'import') return `sarif-${slug || 'tool'}`;
  return KNOWN_DRIVERS.get(slug) ?? slug;
}

/** Passed checks, notes on what applies, and what a baseline says is gone, are no problems. */
function isProblem({ kind, baselineState }: SarifResult): boolean {
  return (
    (kind == null || kind === 'fail' || kind === 'open' || kind === 'review') && baselineState !== 'absent'
  );
}

function hitOf(
  found: SarifResult,
  { rule, confidence, messages }: SarifRule,
  place: ToolPlace,
): CodeHit | SecretHit {
  const text = messageOf(found, messages);
  const suppression = suppressionOf(found);
  const ruleId = rule.id;
  const toolSeverity = found.level?.slice(0, 40);
  // Written out: of most hits, and an object that is put together takes several times as long.
  if (rule.kind === 'code' && suppression === undefined && toolSeverity !== undefined && text !== undefined)
    return { kind: 'code', ruleId, place, confidence, toolSeverity, message: text };
  const fields = {
    ruleId,
    place,
    confidence,
    ...(toolSeverity === undefined ? {} : { toolSeverity }),
    ...(suppression === undefined ? {} : { suppression }),
  };
  if (rule.kind === 'secret') return { kind: 'secret', ...fields };
  return { kind: 'code', ...fields, ...(text === undefined ? {} : { message: text }) };
}

/** Its own words, or those of its rule that it names, with its arguments in the places that are left for them. */
function messageOf({ message }: SarifResult, messages: unknown): string | undefined {
  const text =
    textOf(message?.text) ??
    textOf(fieldOf(fieldOf(messages, message?.id ?? ''), 'text')) ??
    textOf(message?.markdown);
  const values = message?.arguments;
  if (!Array.isArray(values)) return text;
  return textOf(text?.replace(/\{(\d+)\}/g, (place, index) => textOf(values[Number(index)]) ?? place));
}

/** Only where nobody still has to look at it. */
function suppressionOf({ suppressions }: SarifResult): ToolSuppression | undefined {
  if (suppressions == null || suppressions.length === 0) return undefined;
  const given = suppressions.filter(isRecord);
  const isAccepted = given.every(({ status }) => status == null || status === 'accepted');
  const [first] = given;
  if (first === undefined || !isAccepted) return undefined;
  const reason = textOf(first.justification);
  // Whoever can write into the source has the last word where both are given.
  const kind = given.some((one) => one.kind !== 'external') ? 'inSource' : 'external';
  return { kind, ...(reason === undefined ? {} : { reason }) };
}

/** What the run says of itself: not looked, failed, or with errors that left something out. */
function failureOf(each: SarifRun, gaps: ToolGap[]): string | undefined {
  if (each.results == null) return 'no list of results';
  const invocations = (Array.isArray(each.invocations) ? each.invocations : []).filter(isRecord);
  for (const invocation of invocations) {
    const notes = ['toolExecutionNotifications', 'toolConfigurationNotifications'].flatMap((key) => {
      const list = fieldOf(invocation, key);
      return Array.isArray(list) ? list.filter(isRecord) : [];
    });
    for (const note of notes) {
      if (note.level === 'error')
        gaps.push({ message: textOf(fieldOf(note.message, 'text')) ?? 'an error without a text' });
    }
    if (invocation.executionSuccessful === false && gaps.length === 0)
      gaps.push({ message: 'it says that it did not succeed' });
  }
  return undefined;
}
