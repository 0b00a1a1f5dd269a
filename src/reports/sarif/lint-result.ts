// SPDX-License-Identifier: Apache-2.0
import type { Region, Result } from 'sarif';
import { at, isText, type Json, type LintReport, lintCount, list, shown } from './lint-json.ts';
import type { SarifLimits } from './profiles.ts';

/** The rules that the results of a run can name. */
export interface RunRules {
  /** Of the driver, by their places. */
  readonly rules: readonly Json[];
  /** Of the driver and its extensions. */
  readonly ids: ReadonlySet<Json>;
}

/** An address that needs no closer look: relative, and with nothing that is encoded. */
const PLAIN_URI = /^[\w.-][\w./-]*$/;

/**
 * Whether nothing in a result of ours would be refused; it may say no where {@link lintResult} finds no error. That looks
 * at anything whatsoever, and most results are nothing out of the ordinary.
 */
export function isSound(result: Result, { ids }: RunRules, limits: SarifLimits): boolean {
  const { ruleId, message, locations = [], codeFlows } = result;
  const physical = locations[0]?.physicalLocation;
  const uri = physical?.artifactLocation?.uri;
  return (
    isText(ruleId) &&
    ids.has(ruleId) &&
    isText(message.text) &&
    locations.length <= limits.locations.max &&
    codeFlows === undefined &&
    uri !== undefined &&
    PLAIN_URI.test(uri) &&
    physical?.region !== undefined &&
    isSoundRegion(physical.region)
  );
}

function isSoundRegion({ startLine, endLine, startColumn, endColumn }: Region): boolean {
  if (!isPosition(startLine) || !isPosition(endLine) || endLine < startLine) return false;
  if (startColumn === undefined) return endColumn === undefined;
  return (
    isPosition(startColumn) &&
    (endColumn === undefined || (isPosition(endColumn) && endColumn >= startColumn))
  );
}

/** One result by itself. */
export function lintResult(
  result: Json,
  { rules, ids }: RunRules,
  pointer: string,
  limits: SarifLimits,
  report: LintReport,
): void {
  const [ruleId, ruleIndex] = [at(result, 'ruleId'), at(result, 'ruleIndex')];
  if (!isText(ruleId) && typeof ruleIndex !== 'number' && at(result, 'rule') === undefined)
    report('result-rule-missing', `${pointer}/ruleId`, 'the id of a rule', shown(ruleId));
  else if (isText(ruleId) && !ids.has(ruleId) && !ids.has(ruleId.split('/').slice(0, -1).join('/')))
    report('rule-not-described', `${pointer}/ruleId`, 'a rule of the run', shown(ruleId));
  if (typeof ruleIndex === 'number' && isText(ruleId) && at(result, 'rule') === undefined) {
    const named = at(rules[ruleIndex], 'id');
    if (named !== ruleId)
      report('rule-index-wrong', `${pointer}/ruleIndex`, `the place of ${shown(ruleId)}`, shown(named));
  }
  const text = at(at(result, 'message'), 'text');
  if (!isText(text)) report('message-missing', `${pointer}/message/text`, 'a text', shown(text));
  if (list(at(result, 'suppressions')).length > 0)
    report(
      'suppressed-result',
      `${pointer}/suppressions`,
      'no suppressed result, since it becomes an alert',
      'one',
    );
  const kind = at(result, 'kind');
  if (kind !== undefined && kind !== 'fail') report('kind-ignored', `${pointer}/kind`, 'fail', shown(kind));
  const fingerprints = at(result, 'partialFingerprints');
  for (const key of Object.keys((fingerprints ?? {}) as object)) {
    if (!key.includes('/')) continue;
    const version = key.split('/').at(1);
    if (version !== undefined && !/^v?\d+$/.test(version))
      report('fingerprint-version', `${pointer}/partialFingerprints`, 'a key such as name/v1', shown(key));
  }
  if (!isText(at(fingerprints, 'primaryLocationLineHash')))
    report('fingerprint-missing', `${pointer}/partialFingerprints`, 'primaryLocationLineHash', 'none');
  lintLocations(list(at(result, 'locations')), `${pointer}/locations`, limits, report);
  lintFlows(list(at(result, 'codeFlows')), `${pointer}/codeFlows`, limits, report);
}

function lintLocations(
  locations: readonly Json[],
  pointer: string,
  limits: SarifLimits,
  report: LintReport,
): void {
  if (locations.length === 0) report('location-missing', pointer, 'a location', 'none');
  const ids = { over: 'too-many-locations', cut: 'locations-not-shown' } as const;
  lintCount(locations.length, limits.locations, ids, pointer, report);
  const [first] = locations;
  if (first === undefined) return;
  const physical = at(first, 'physicalLocation');
  const place = `${pointer}/0/physicalLocation`;
  const uri = at(at(physical, 'artifactLocation'), 'uri');
  if (!isText(uri)) report('uri-missing', `${place}/artifactLocation/uri`, 'a relative address', shown(uri));
  else lintUri(uri, `${place}/artifactLocation/uri`, report);
  lintRegion(at(physical, 'region'), `${place}/region`, report);
}

/** The steps of all code flows of a result. */
function lintFlows(flows: readonly Json[], pointer: string, limits: SarifLimits, report: LintReport): void {
  const threads = flows.flatMap((flow) => list(at(flow, 'threadFlows')));
  const steps = threads.reduce((sum: number, thread) => sum + list(at(thread, 'locations')).length, 0);
  const ids = { over: 'too-many-steps', cut: 'steps-not-shown' } as const;
  lintCount(steps, limits.threadFlowLocations, ids, pointer, report);
}

function lintUri(uri: string, pointer: string, report: LintReport): void {
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

function lintRegion(region: Json, pointer: string, report: LintReport): void {
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

function isPosition(value: Json): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}
