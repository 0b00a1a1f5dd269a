// SPDX-License-Identifier: Apache-2.0
import { lintRule, lintRules } from './lint-descriptors.ts';
import { at, isText, type Json, type LintReport, lintCount, list, shown } from './lint-json.ts';
import { lintResult, type RunRules } from './lint-result.ts';
import { LINT_RULES, type LintRuleId } from './lint-rules.ts';
import { SARIF_LIMITS, type SarifLimits } from './profiles.ts';

/** Something in a SARIF file that GitHub refuses, cuts, or takes otherwise than it was meant. */
export interface LintProblem {
  readonly rule: LintRuleId;
  /** `error`: the file or the result is refused; `warning`: something is lost or shown wrongly. */
  readonly level: 'error' | 'warning';
  /** JSON pointer (RFC 6901) to the place. */
  readonly pointer: string;
  /** `expected X, got Y` */
  readonly message: string;
}

export interface LintOptions {
  /** What the reader takes; otherwise what GitHub does. */
  readonly limits?: SarifLimits;
  /** Size of the file, compressed by gzip. */
  readonly gzipBytes?: number;
}

/**
 * Looks a SARIF file over as GitHub code scanning will. Any JSON value is taken.
 * @see https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning
 */
export function lintSarif(
  log: Json,
  { limits = SARIF_LIMITS.github, gzipBytes = 0 }: LintOptions = {},
): LintProblem[] {
  const problems: LintProblem[] = [];
  const report = collector(problems);
  if (at(log, 'version') !== '2.1.0')
    report('sarif-version', '/version', 'version 2.1.0', shown(at(log, 'version')));
  lintCount(gzipBytes, limits.gzipBytes, { over: 'file-too-large' }, '/runs', report);
  const runs = at(log, 'runs');
  if (!Array.isArray(runs)) {
    report('runs-missing', '/runs', 'a list of runs', shown(runs));
    return problems;
  }
  if (runs.length === 0) report('no-runs', '/runs', 'at least one run', 'an empty list');
  lintCount(runs.length, limits.runs, { over: 'too-many-runs' }, '/runs', report);
  const categories = new Map<string, string>();
  for (const [i, run] of runs.entries()) {
    lintRun(run, `/runs/${i}`, limits, report);
    const category = categoryOf(run);
    const other = categories.get(category);
    const pointer = `/runs/${i}/automationDetails/id`;
    if (other !== undefined)
      report('duplicate-category', pointer, 'a category of its own', `that of ${other}`);
    categories.set(category, `/runs/${i}`);
  }
  return problems;
}

/** For what the file would be refused on account of this rule; its place is `''`. */
export function ruleErrors(rule: Json, limits: SarifLimits): LintProblem[] {
  const problems: LintProblem[] = [];
  lintRule(rule, '', limits, collector(problems));
  return problems.filter(({ level }) => level === 'error');
}

/** For what the result, or the file with it, would be refused; its place is `''`. `rules` are those of its run. */
export function resultErrors(result: Json, rules: RunRules, limits: SarifLimits): LintProblem[] {
  const problems: LintProblem[] = [];
  lintResult(result, rules, '', limits, collector(problems));
  return problems.filter(({ level }) => level === 'error');
}

/** The log without the results in which an error lies; all else stays as it is. */
export function withoutBadResults(
  log: Json,
  problems: readonly LintProblem[],
): { readonly log: Json; readonly removed: number } {
  const bad = new Set(
    problems.flatMap(({ level, pointer }) =>
      level === 'error' ? (/^\/runs\/\d+\/results\/\d+(?=\/|$)/.exec(pointer)?.[0] ?? []) : [],
    ),
  );
  const runs = at(log, 'runs');
  if (bad.size === 0 || !Array.isArray(runs)) return { log, removed: 0 };
  const kept = runs.map((run: Json, i) => {
    const results = at(run, 'results');
    if (!Array.isArray(results)) return run;
    return { ...(run as object), results: results.filter((_, j) => !bad.has(`/runs/${i}/results/${j}`)) };
  });
  return { log: { ...(log as object), runs: kept }, removed: bad.size };
}

function collector(problems: LintProblem[]): LintReport {
  return (rule, pointer, expected, got) =>
    problems.push({
      rule,
      level: LINT_RULES[rule].level,
      pointer,
      message: `expected ${expected}, got ${got}`,
    });
}

function lintRun(run: Json, pointer: string, limits: SarifLimits, report: LintReport): void {
  const tool = at(run, 'tool');
  const driver = at(tool, 'driver');
  const name = at(driver, 'name');
  if (!isText(name))
    report('driver-name-missing', `${pointer}/tool/driver/name`, 'the name of a tool', shown(name));
  const id = at(at(run, 'automationDetails'), 'id');
  if (id !== undefined && (typeof id !== 'string' || !id.endsWith('/')))
    report('category-without-slash', `${pointer}/automationDetails/id`, 'an id that ends with /', shown(id));
  const extensions = list(at(tool, 'extensions'));
  const tooMany = { over: 'too-many-extensions' } as const;
  lintCount(extensions.length, limits.extensions, tooMany, `${pointer}/tool/extensions`, report);
  const rules = list(at(driver, 'rules'));
  lintRules(rules, `${pointer}/tool/driver/rules`, limits, report);
  const results = at(run, 'results');
  if (!Array.isArray(results)) {
    report('results-missing', `${pointer}/results`, 'a list, empty where nothing was found', shown(results));
    return;
  }
  const ids = { over: 'too-many-results', cut: 'results-not-shown' } as const;
  lintCount(results.length, limits.results, ids, `${pointer}/results`, report);
  const all = [...rules, ...extensions.flatMap((each) => list(at(each, 'rules')))];
  const known = { rules, ids: new Set(all.map((rule) => at(rule, 'id'))) };
  const alerts = new Map<string, number>();
  for (const [i, result] of results.entries()) {
    const place = `${pointer}/results/${i}`;
    lintResult(result, known, place, limits, report);
    const alert = alertOf(result);
    const other = alert === undefined ? undefined : alerts.get(alert);
    if (other !== undefined)
      report('same-alert', `${place}/partialFingerprints`, 'an alert of its own', `that of result ${other}`);
    else if (alert !== undefined) alerts.set(alert, i);
  }
}

/** By which GitHub knows an alert; undefined where something of it is missing. */
function alertOf(result: Json): string | undefined {
  const physical = at(list(at(result, 'locations'))[0], 'physicalLocation');
  const parts = [
    at(result, 'ruleId'),
    at(at(physical, 'artifactLocation'), 'uri'),
    at(at(result, 'partialFingerprints'), 'primaryLocationLineHash'),
  ];
  return parts.every(isText) ? JSON.stringify(parts) : undefined;
}

/** Tool and category as the upload action folds them: case and punctuation do not count. */
function categoryOf(run: Json): string {
  const name = at(at(at(run, 'tool'), 'driver'), 'name');
  const id = at(at(run, 'automationDetails'), 'id');
  const category = typeof id === 'string' ? id.split('/').slice(0, -1).join('/') : '';
  return `${category}_${String(name)}`.replace(/[^A-Za-z0-9_]/g, '_').toUpperCase();
}
