// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { type Confidence, SEVERITIES, type Severity } from '../model/finding.ts';
import type { ToolGap, ToolReport, ToolRule } from '../model/tool-report.ts';
import { PlimsollError } from '../platform/errors.ts';

/** Characters of a text of a report that are kept; the rest says no more. */
const MAX_TEXT = 4000;

/**
 * The outer shape of a report.
 * @throws PlimsollError `parse-failed`, saying at which key
 */
export function readEnvelope<T>(schema: z.ZodType<T>, report: unknown, name: string): T {
  const read = schema.safeParse(report);
  if (read.success) return read.data;
  throw new PlimsollError('parse-failed', `expected a report of ${name}, got ${problemOf(read.error)}`);
}

/**
 * The entries that are as expected; each other one is a gap, so that one bad entry does not lose the rest.
 *
 * @param fits tells of entries, without a copy, that the schema takes them as they are; it may miss some
 */
export function readEntries<T>(
  schema: z.ZodType<T>,
  entries: readonly unknown[],
  where: string,
  gaps: ToolGap[],
  fits?: (entry: unknown) => entry is T,
): T[] {
  const all: T[] = [];
  for (const [index, entry] of entries.entries()) {
    if (fits?.(entry)) {
      all.push(entry);
      continue;
    }
    const read = schema.safeParse(entry);
    if (read.success) all.push(read.data);
    else gaps.push({ message: `${where}[${index}] cannot be read: ${problemOf(read.error)}` });
  }
  return all;
}

/**
 * The report of a tool that lists what it looked at: where it lists nothing, that nothing was found is no answer.
 *
 * @param looked what it lists; undefined where this version lists nothing at all
 */
export function withProof(report: ToolReport, looked: readonly unknown[] | undefined): ToolReport {
  const { name, hits, gaps } = report;
  if (looked?.length !== 0 || hits.length > 0 || gaps.length > 0) return report;
  return { ...report, gaps: [{ message: `${name} names nothing that it looked at` }] };
}

function problemOf(error: z.ZodError): string {
  const [issue] = error.issues;
  const path = (issue?.path ?? []).map(String).join('.');
  const message = (issue?.message ?? 'another shape').replace(/^Invalid input: /, '');
  return path === '' ? message : `at ${path.slice(0, 200)}: ${message}`;
}

/** One rule per id, in the order of their first hits. */
export function rulesById(rules: Iterable<ToolRule>): ToolRule[] {
  const byId = new Map<string, ToolRule>();
  for (const rule of rules) if (!byId.has(rule.id)) byId.set(rule.id, rule);
  return [...byId.values()];
}

/** One rule per id, with the worst severity that the report gives it: the order of hits does not show. */
export function worstRules(rules: Iterable<ToolRule>): ToolRule[] {
  const byId = new Map<string, ToolRule>();
  for (const rule of rules) {
    const known = byId.get(rule.id);
    if (known === undefined || SEVERITIES.indexOf(rule.severity) < SEVERITIES.indexOf(known.severity))
      byId.set(rule.id, rule);
  }
  return [...byId.values()];
}

/** An object, not a list and not null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object as it was parsed: a record of zod's drops the key `__proto__`, which can be the name of a file. */
export const parsedObject = z.custom<Readonly<Record<string, unknown>>>(isRecord, 'expected an object');

/** The own field of an object, or undefined: a report can hold keys such as `__proto__`. */
export function fieldOf(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Whether an object has all of these keys. */
export function hasKeys(value: unknown, ...keys: readonly string[]): boolean {
  return isRecord(value) && keys.every((key) => Object.hasOwn(value, key));
}

/** A text of a report, cut to a length that is worth reading; undefined where it is blank. */
export function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  // Most texts have single blanks alone, and are not copied.
  const text = /[^\S ]| {2}|^ | $/.test(value) ? value.replace(/\s+/g, ' ').trim() : value;
  return text === '' ? undefined : text.slice(0, MAX_TEXT).toWellFormed();
}

/** An address that may stand in a report as a link. */
export function httpsUrl(value: unknown): string | undefined {
  const text = textOf(value);
  if (text === undefined || text.length > 1000 || !text.startsWith('https://') || !URL.canParse(text))
    return undefined;
  return new URL(text).href;
}

/** `CWE-79` from 79, `79`, `CWE-79`, `CWE-79: Improper ...` or `cwe-079`. */
export function cweOf(value: unknown): string | undefined {
  const found =
    typeof value === 'number' ? String(value) : /^(?:cwe-)?0*(\d{1,5})\b/i.exec(textOf(value) ?? '')?.[1];
  return found === undefined || found === '0' ? undefined : `CWE-${found}`;
}

/** A line or column, which counts from 1; 0 and rubbish are unknown. */
export function positionOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

/** Words of many tools; others are unscored. */
export function severityOfWord(word: string | undefined): Severity {
  switch (word?.toLowerCase()) {
    case 'critical':
      return 'critical';
    case 'high':
    case 'error':
      return 'high';
    case 'medium':
    case 'moderate':
    case 'warning':
    case 'warn':
      return 'medium';
    case 'low':
    case 'note':
      return 'low';
    case 'info':
    case 'informational':
    case 'negligible':
    case 'style':
    case 'none':
      return 'info';
    default:
      return 'unscored';
  }
}

/** `HIGH`, `medium`, `Low`; others are medium. */
export function confidenceOfWord(word: string | undefined): Confidence {
  const lower = word?.toLowerCase();
  return lower === 'high' || lower === 'low' ? lower : 'medium';
}
