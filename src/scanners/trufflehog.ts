// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import type { SecretHit, ToolGap, ToolRule } from '../model/tool-report.ts';
import { PlimsollError } from '../platform/errors.ts';
import {
  fieldOf,
  hasKeys,
  isRecord,
  parsedObject,
  positionOf,
  readEntries,
  rulesById,
  textOf,
} from './fields.ts';
import type { Scanner } from './scanner.ts';

const result = z.looseObject({
  SourceMetadata: z.looseObject({ Data: parsedObject }),
  DetectorName: z.string().min(1),
  Verified: z.boolean().optional(),
  Raw: z.string().optional(),
});
type Result = z.output<typeof result>;

const TOOL = { tool: 'trufflehog', name: 'TruffleHog' } as const;

const log = z.looseObject({ level: z.string(), msg: z.string() });

/**
 * The JSON lines of TruffleHog 3, one object per secret; lines of its log may stand between them. An empty file is all
 * that it writes where it found nothing. Names, mail addresses and account data stay behind.
 * @see https://github.com/trufflesecurity/trufflehog/blob/main/pkg/output/json.go
 */
export const trufflehog: Scanner = {
  id: 'trufflehog',
  name: 'TruffleHog',
  empty: [{ ...TOOL, rules: [], hits: [], gaps: [] }],
  recognises: (report) =>
    linesOf(report)?.some((line) => hasKeys(line, 'SourceMetadata', 'DetectorName', 'Raw')) ?? false,
  read(report) {
    const lines = linesOf(report);
    if (lines === undefined || lines.length === 0)
      throw new PlimsollError('parse-failed', 'expected a report of TruffleHog, got no JSON lines');
    const gaps: ToolGap[] = [];
    const said = lines.filter((line) => log.safeParse(line).success && !hasKeys(line, 'DetectorName'));
    for (const line of said) {
      if (/^(?:error|fatal|panic)/i.test(textOf(fieldOf(line, 'level')) ?? ''))
        gaps.push({ message: textOf(fieldOf(line, 'msg')) ?? 'an error without a text' });
    }
    const logged = new Set(said);
    const results = readEntries(
      result,
      lines.filter((line) => !logged.has(line)),
      'lines',
      gaps,
    );
    return [{ ...TOOL, rules: rulesById(results.map(ruleOf)), hits: results.map(hitOf), gaps }];
  },
};

/** The lines; one alone is an object. */
function linesOf(report: unknown): readonly unknown[] | undefined {
  if (Array.isArray(report)) return report;
  return hasKeys(report, 'DetectorName') ? [report] : undefined;
}

function ruleOf({ DetectorName: id }: Result): ToolRule {
  return {
    id,
    kind: 'secret',
    title: `Secret of the kind ${id.slice(0, 100)}`,
    severity: 'high',
    scoreSource: 'default of plimsoll for TruffleHog',
    cwes: ['CWE-798'],
    tags: [],
  };
}

function hitOf({ SourceMetadata, DetectorName: ruleId, Verified, Raw }: Result): SecretHit {
  // One key says where it was found: Filesystem, Git, Github, S3 ...
  const [source = '', data] = Object.entries(SourceMetadata.Data).find(([, each]) => isRecord(each)) ?? [];
  const path = [fieldOf(data, 'file'), fieldOf(data, 'link')].map(textOf).find((text) => text !== undefined);
  const startLine = positionOf(fieldOf(data, 'line'));
  const commit = textOf(fieldOf(data, 'commit'));
  return {
    kind: 'secret',
    ruleId,
    place: { path: path ?? source, ...(startLine === undefined ? {} : { startLine }) },
    confidence: Verified === true ? 'high' : 'medium',
    ...(Raw === undefined || Raw === '' ? {} : { clue: { text: Raw } }),
    ...(commit === undefined ? {} : { commit: commit.slice(0, 64) }),
    ...(Verified === true ? { verified: true } : {}),
  };
}
