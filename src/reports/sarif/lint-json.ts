// SPDX-License-Identifier: Apache-2.0
import type { LintRuleId } from './lint-rules.ts';
import type { Limit } from './profiles.ts';

/** Anything that `JSON.parse` gives. */
export type Json = unknown;

/** Takes a problem: its rule, a JSON pointer, what was expected and what was found. */
export type LintReport = (rule: LintRuleId, pointer: string, expected: string, got: string) => void;

/** The own field of an object, or undefined. */
export function at(value: Json, key: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? (value as Record<string, Json>)[key] : undefined;
}

/** Empty where it is no list. */
export function list(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** An empty text counts as none. */
export function isText(value: Json): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

/** A value as a message shows it. */
export function shown(value: Json): string {
  if (value === undefined) return 'none';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return JSON.stringify(value).slice(0, 120);
}

/** Reports what is above a limit: `over` where the file is refused, `cut` where only the first are kept. */
export function lintCount(
  count: number,
  { max, shown: kept = max }: Limit,
  rules: { readonly over: LintRuleId; readonly cut?: LintRuleId },
  pointer: string,
  report: LintReport,
): void {
  if (count > max) report(rules.over, pointer, `at most ${max}`, `${count}`);
  else if (count > kept && rules.cut !== undefined)
    report(rules.cut, pointer, `at most ${kept} to be shown`, `${count}`);
}
