// SPDX-License-Identifier: Apache-2.0
import { LINT_RULES, type LintRuleId } from './lint-rules.ts';

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

type Json = unknown;
type Report = (rule: LintRuleId, pointer: string, expected: string, got: string) => void;

const LIMITS = {
  runs: 20,
  results: 25_000,
  shownResults: 5000,
  rules: 25_000,
  extensions: 100,
  locations: 1000,
  shownLocations: 100,
  tags: 20,
  shownTags: 10,
  text: 1024,
  name: 255,
} as const;

/**
 * Looks a SARIF file over as GitHub code scanning will. Any JSON value is taken.
 * @see https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning
 */
export function lintSarif(log: Json): LintProblem[] {
  const problems: LintProblem[] = [];
  const report: Report = (rule, pointer, expected, got) =>
    problems.push({
      rule,
      level: LINT_RULES[rule].level,
      pointer,
      message: `expected ${expected}, got ${got}`,
    });
  if (at(log, 'version') !== '2.1.0')
    report('sarif-version', '/version', 'version 2.1.0', shown(at(log, 'version')));
  const runs = at(log, 'runs');
  if (!Array.isArray(runs)) {
    report('runs-missing', '/runs', 'a list of runs', shown(runs));
    return problems;
  }
  if (runs.length > LIMITS.runs) report('too-many-runs', '/runs', `at most ${LIMITS.runs}`, `${runs.length}`);
  const categories = new Map<string, string>();
  for (const [i, run] of runs.entries()) {
    lintRun(run, `/runs/${i}`, report);
    const category = categoryOf(run);
    const other = categories.get(category);
    if (other !== undefined)
      report(
        'duplicate-category',
        `/runs/${i}/automationDetails/id`,
        'a category of its own',
        `that of ${other}`,
      );
    categories.set(category, `/runs/${i}`);
  }
  return problems;
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

function lintRun(run: Json, pointer: string, report: Report): void {
  const driver = at(at(run, 'tool'), 'driver');
  if (!isText(at(driver, 'name')))
    report(
      'driver-name-missing',
      `${pointer}/tool/driver/name`,
      'the name of a tool',
      shown(at(driver, 'name')),
    );
  const id = at(at(run, 'automationDetails'), 'id');
  if (id !== undefined && (typeof id !== 'string' || !id.endsWith('/')))
    report('category-without-slash', `${pointer}/automationDetails/id`, 'an id that ends with /', shown(id));
  const extensions = list(at(at(run, 'tool'), 'extensions'));
  if (extensions.length > LIMITS.extensions)
    report(
      'too-many-extensions',
      `${pointer}/tool/extensions`,
      `at most ${LIMITS.extensions}`,
      `${extensions.length}`,
    );
  const rules = list(at(driver, 'rules'));
  lintRules(rules, `${pointer}/tool/driver/rules`, report);
  const results = at(run, 'results');
  if (!Array.isArray(results)) {
    report('results-missing', `${pointer}/results`, 'a list, empty where nothing was found', shown(results));
    return;
  }
  if (results.length > LIMITS.results)
    report('too-many-results', `${pointer}/results`, `at most ${LIMITS.results}`, `${results.length}`);
  else if (results.length > LIMITS.shownResults)
    report(
      'results-not-shown',
      `${pointer}/results`,
      `at most ${LIMITS.shownResults} to be shown`,
      `${results.length}`,
    );
  const known = new Set(
    [...rules, ...extensions.flatMap((each) => list(at(each, 'rules')))].map((rule) => at(rule, 'id')),
  );
  const alerts = new Map<string, number>();
  for (const [i, result] of results.entries()) {
    const place = `${pointer}/results/${i}`;
    lintResult(result, rules, known, place, report);
    const alert = alertOf(result);
    const other = alert === undefined ? undefined : alerts.get(alert);
    if (other !== undefined)
      report('same-alert', `${place}/partialFingerprints`, 'an alert of its own', `that of result ${other}`);
    else if (alert !== undefined) alerts.set(alert, i);
  }
}

function lintRules(rules: readonly Json[], pointer: string, report: Report): void {
  if (rules.length > LIMITS.rules)
    report('too-many-rules', pointer, `at most ${LIMITS.rules}`, `${rules.length}`);
  const ids = new Set<Json>();
  for (const [i, rule] of rules.entries()) {
    const place = `${pointer}/${i}`;
    const id = at(rule, 'id');
    if (!isText(id)) report('rule-id-missing', `${place}/id`, 'an id', shown(id));
    else if (ids.has(id)) report('duplicate-rule', `${place}/id`, 'each id once', `${shown(id)} again`);
    ids.add(id);
    for (const key of ['shortDescription', 'fullDescription', 'help']) {
      const text = at(at(rule, key), 'text');
      if (!isText(text)) report('rule-text-missing', `${place}/${key}/text`, 'a text', shown(text));
      else if (key !== 'help' && text.length > LIMITS.text)
        report(
          'rule-text-too-long',
          `${place}/${key}/text`,
          `at most ${LIMITS.text} characters`,
          `${text.length}`,
        );
    }
    const name = at(rule, 'name');
    if (typeof name === 'string' && name.length > LIMITS.name)
      report('rule-name-too-long', `${place}/name`, `at most ${LIMITS.name} characters`, `${name.length}`);
    lintRuleProperties(at(rule, 'properties'), `${place}/properties`, report);
  }
}

function lintRuleProperties(properties: Json, pointer: string, report: Report): void {
  const tags = list(at(properties, 'tags'));
  if (tags.length > LIMITS.tags)
    report('too-many-tags', `${pointer}/tags`, `at most ${LIMITS.tags}`, `${tags.length}`);
  else if (tags.length > LIMITS.shownTags)
    report('tags-not-shown', `${pointer}/tags`, `at most ${LIMITS.shownTags} to be shown`, `${tags.length}`);
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

function lintResult(
  result: Json,
  rules: readonly Json[],
  known: ReadonlySet<Json>,
  pointer: string,
  report: Report,
): void {
  const [ruleId, ruleIndex] = [at(result, 'ruleId'), at(result, 'ruleIndex')];
  if (!isText(ruleId) && typeof ruleIndex !== 'number' && at(result, 'rule') === undefined)
    report('result-rule-missing', `${pointer}/ruleId`, 'the id of a rule', shown(ruleId));
  else if (isText(ruleId) && !known.has(ruleId) && !known.has(ruleId.split('/').slice(0, -1).join('/')))
    report('rule-not-described', `${pointer}/ruleId`, 'a rule of the run', shown(ruleId));
  if (typeof ruleIndex === 'number' && isText(ruleId) && at(result, 'rule') === undefined) {
    const named = at(rules[ruleIndex], 'id');
    if (named !== ruleId)
      report('rule-index-wrong', `${pointer}/ruleIndex`, `the place of ${shown(ruleId)}`, shown(named));
  }
  if (!isText(at(at(result, 'message'), 'text')))
    report('message-missing', `${pointer}/message/text`, 'a text', shown(at(at(result, 'message'), 'text')));
  if (list(at(result, 'suppressions')).length > 0)
    report(
      'suppressed-result',
      `${pointer}/suppressions`,
      'no suppressed result, since it becomes an alert',
      'one',
    );
  const kind = at(result, 'kind');
  if (kind !== undefined && kind !== 'fail') report('kind-ignored', `${pointer}/kind`, 'fail', shown(kind));
  for (const key of Object.keys((at(result, 'partialFingerprints') ?? {}) as object)) {
    const version = key.split('/').at(1);
    if (version !== undefined && !/^v?\d+$/.test(version))
      report('fingerprint-version', `${pointer}/partialFingerprints`, 'a key such as name/v1', shown(key));
  }
  if (!isText(at(at(result, 'partialFingerprints'), 'primaryLocationLineHash')))
    report('fingerprint-missing', `${pointer}/partialFingerprints`, 'primaryLocationLineHash', 'none');
  lintLocations(list(at(result, 'locations')), `${pointer}/locations`, report);
}

function lintLocations(locations: readonly Json[], pointer: string, report: Report): void {
  if (locations.length === 0) report('location-missing', pointer, 'a location', 'none');
  if (locations.length > LIMITS.locations)
    report('too-many-locations', pointer, `at most ${LIMITS.locations}`, `${locations.length}`);
  else if (locations.length > LIMITS.shownLocations)
    report(
      'locations-not-shown',
      pointer,
      `at most ${LIMITS.shownLocations} to be shown`,
      `${locations.length}`,
    );
  const [first] = locations;
  if (first === undefined) return;
  const physical = at(first, 'physicalLocation');
  const place = `${pointer}/0/physicalLocation`;
  const uri = at(at(physical, 'artifactLocation'), 'uri');
  if (!isText(uri)) report('uri-missing', `${place}/artifactLocation/uri`, 'a relative address', shown(uri));
  else lintUri(uri, `${place}/artifactLocation/uri`, report);
  lintRegion(at(physical, 'region'), `${place}/region`, report);
}

function lintUri(uri: string, pointer: string, report: Report): void {
  const [scheme] = /^[a-z][a-z0-9+.-]*(?=:)/i.exec(uri) ?? [];
  if (scheme !== undefined && scheme.toLowerCase() !== 'file')
    report('uri-scheme', pointer, 'a relative address', shown(uri));
  else if (scheme !== undefined || uri.startsWith('/'))
    report('uri-absolute', pointer, 'a relative address', shown(uri));
  else if (uri.includes('\\') || /%(?![0-9a-f]{2})/i.test(uri) || /\s/.test(uri))
    report('uri-invalid', pointer, 'an address with / and %20', shown(uri));
  else if (uri.split('/').includes('..'))
    report('uri-outside', pointer, 'an address below the root', shown(uri));
}

function lintRegion(region: Json, pointer: string, report: Report): void {
  const [start, end] = [at(region, 'startLine'), at(region, 'endLine')];
  if (!isPosition(start)) {
    report('line-missing', `${pointer}/startLine`, 'a line from 1', shown(start));
    return;
  }
  if (end !== undefined && !(isPosition(end) && end >= start))
    report('region-reversed', `${pointer}/endLine`, `a line from ${start}`, shown(end));
  const [from, to] = [at(region, 'startColumn'), at(region, 'endColumn')];
  const isOneLine = end === undefined || end === start;
  if (from !== undefined && !isPosition(from))
    report('region-reversed', `${pointer}/startColumn`, 'a column from 1', shown(from));
  else if (to !== undefined && isOneLine && !(isPosition(to) && to >= (isPosition(from) ? from : 1)))
    report('region-reversed', `${pointer}/endColumn`, 'a column behind the first', shown(to));
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

function at(value: Json, key: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? (value as Record<string, Json>)[key] : undefined;
}

function list(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** An empty text counts as none. */
function isText(value: Json): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function isPosition(value: Json): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function shown(value: Json): string {
  if (value === undefined) return 'none';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return JSON.stringify(value).slice(0, 120);
}
