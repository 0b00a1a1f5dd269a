// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { SEVERITIES } from '../model/finding.ts';
import type { CodeHit, ToolGap, ToolPlace, ToolRule } from '../model/tool-report.ts';
import { PlimsollError } from '../platform/errors.ts';
import {
  confidenceOfWord,
  fieldOf,
  hasKeys,
  httpsUrl,
  readEntries,
  severityOfWord,
  textOf,
} from './fields.ts';
import type { Scanner } from './scanner.ts';

const finding = z.looseObject({
  ident: z.string().min(1),
  desc: z.string().optional(),
  url: z.string().optional(),
  determinations: z.looseObject({ confidence: z.string().optional(), severity: z.string().optional() }),
  locations: z.array(z.unknown()),
  ignored: z.boolean().optional(),
});
type Found = z.output<typeof finding>;

/**
 * zizmor's JSON of version 1: rows and columns count from 0. What its exit status says of findings is not used.
 * @see https://docs.zizmor.sh/usage/#output-formats
 */
export const zizmor: Scanner = {
  id: 'zizmor',
  name: 'zizmor',
  recognises: (report) => Array.isArray(report) && hasKeys(report[0], 'ident', 'determinations', 'locations'),
  read(report) {
    if (!Array.isArray(report))
      throw new PlimsollError('parse-failed', 'expected a report of zizmor, got no list at the top');
    const gaps: ToolGap[] = [];
    const found = readEntries(finding, report, 'report', gaps);
    return [{ tool: 'zizmor', name: 'zizmor', rules: rulesOf(found), hits: found.map(hitOf), gaps }];
  },
};

/** An audit has several severities, by what it meets: its rule has the worst of those reported. */
function rulesOf(found: readonly Found[]): ToolRule[] {
  const rules = new Map<string, ToolRule>();
  for (const { ident: id, desc, url, determinations } of found) {
    const severity = severityOfWord(determinations.severity);
    const known = rules.get(id);
    if (known !== undefined && SEVERITIES.indexOf(known.severity) <= SEVERITIES.indexOf(severity)) continue;
    const helpUri = httpsUrl(url);
    rules.set(id, {
      id,
      kind: 'code',
      title: textOf(desc) ?? id,
      ...(helpUri === undefined ? {} : { helpUri }),
      severity,
      scoreSource: 'severity of zizmor',
      cwes: [],
      tags: ['github-actions'],
    });
  }
  return [...rules.values()];
}

function hitOf({ ident: ruleId, determinations, locations, ignored }: Found): CodeHit {
  const primary = locations.find((each) => fieldOf(fieldOf(each, 'symbolic'), 'kind') === 'Primary');
  const location = primary ?? locations[0];
  const message = textOf(fieldOf(fieldOf(location, 'symbolic'), 'annotation'));
  return {
    kind: 'code',
    ruleId,
    place: placeOf(location),
    ...(message === undefined ? {} : { message }),
    confidence: confidenceOfWord(determinations.confidence),
    ...(determinations.severity === undefined ? {} : { toolSeverity: determinations.severity.slice(0, 40) }),
    ...(ignored === true ? { suppression: { kind: 'inSource', reason: 'a zizmor: ignore comment' } } : {}),
  };
}

/** The key is `{Local: {verbatim_path}}` of an input that is a file (`given_path` in older versions). */
function placeOf(location: unknown): ToolPlace {
  const key = fieldOf(fieldOf(location, 'symbolic'), 'key');
  const local = fieldOf(key, 'Local');
  const names = [
    fieldOf(local, 'verbatim_path'),
    fieldOf(local, 'given_path'),
    fieldOf(fieldOf(key, 'Remote'), 'path'),
  ];
  const path = names.map(textOf).find((name) => name !== undefined) ?? '';
  const span = fieldOf(fieldOf(location, 'concrete'), 'location');
  const [start, end] = [fieldOf(span, 'start_point'), fieldOf(span, 'end_point')];
  const [startLine, startColumn] = [fromZero(fieldOf(start, 'row')), fromZero(fieldOf(start, 'column'))];
  const endLine = fromZero(fieldOf(end, 'row'));
  if (startLine === undefined) return { path };
  return {
    path,
    startLine,
    ...(endLine === undefined ? {} : { endLine }),
    ...(startColumn === undefined ? {} : { startColumn }),
  };
}

function fromZero(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value + 1 : undefined;
}
