// SPDX-License-Identifier: Apache-2.0
import { at, isText, type Json, type LintReport, lintCount, list, shown } from './lint-json.ts';
import type { SarifLimits } from './profiles.ts';

/** The rules of a run, one by one and as a set. */
export function lintRules(
  rules: readonly Json[],
  pointer: string,
  limits: SarifLimits,
  report: LintReport,
): void {
  lintCount(rules.length, limits.rules, { over: 'too-many-rules' }, pointer, report);
  const ids = new Set<Json>();
  for (const [i, rule] of rules.entries()) {
    const id = at(rule, 'id');
    if (isText(id) && ids.has(id))
      report('duplicate-rule', `${pointer}/${i}/id`, 'each id once', `${shown(id)} again`);
    ids.add(id);
    lintRule(rule, `${pointer}/${i}`, limits, report);
  }
}

/** One rule by itself. */
export function lintRule(rule: Json, pointer: string, limits: SarifLimits, report: LintReport): void {
  const id = at(rule, 'id');
  if (!isText(id)) report('rule-id-missing', `${pointer}/id`, 'an id', shown(id));
  for (const key of ['shortDescription', 'fullDescription', 'help']) {
    const text = at(at(rule, key), 'text');
    const place = `${pointer}/${key}/text`;
    if (!isText(text)) report('rule-text-missing', place, 'a text', shown(text));
    else if (key !== 'help' && text.length > limits.ruleText.max)
      report('rule-text-too-long', place, `at most ${limits.ruleText.max} characters`, `${text.length}`);
  }
  const name = at(rule, 'name');
  const { max } = limits.ruleName;
  if (typeof name === 'string' && name.length > max)
    report('rule-name-too-long', `${pointer}/name`, `at most ${max} characters`, `${name.length}`);
  lintProperties(at(rule, 'properties'), `${pointer}/properties`, limits, report);
}

function lintProperties(properties: Json, pointer: string, limits: SarifLimits, report: LintReport): void {
  const tags = list(at(properties, 'tags'));
  const ids = { over: 'too-many-tags', cut: 'tags-not-shown' } as const;
  lintCount(tags.length, limits.tags, ids, `${pointer}/tags`, report);
  const severity = at(properties, 'security-severity');
  if (severity === undefined) return;
  const place = `${pointer}/security-severity`;
  const number =
    typeof severity === 'string' && /^\d{1,2}(\.\d+)?$/.test(severity) ? Number(severity) : Number.NaN;
  if (!(number >= 0 && number <= 10))
    report('severity-not-a-number', place, 'a text such as "7.5"', shown(severity));
  else if (number === 9)
    report('severity-ambiguous', place, 'a number beside 9.0, which is in no band', '9.0');
}
