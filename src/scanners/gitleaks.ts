// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { TOOL_SITES } from '../findings/tool-sites.ts';
import type { SecretHit, ToolGap, ToolReport, ToolRule } from '../model/tool-report.ts';
import { PlimsollError } from '../platform/errors.ts';
import { hasKeys, positionOf, readEntries, rulesById, textOf } from './fields.ts';
import { gitleaksRunner } from './gitleaks-runner.ts';
import type { Scanner } from './scanner.ts';

const leak = z.object({
  RuleID: z.string().min(1),
  Description: z.string().optional(),
  StartLine: z.number(),
  EndLine: z.number().optional(),
  Secret: z.string().optional(),
  File: z.string(),
  Commit: z.string().optional(),
});
type Leak = z.output<typeof leak>;

/**
 * The JSON of gitleaks, and of betterleaks, which took it over. It has no severity, and `[]` is all that it writes
 * where it found nothing, also where git failed. Author, mail address and commit message stay behind.
 * @see https://github.com/gitleaks/gitleaks/blob/v8.30.1/report/finding.go
 */
export const gitleaks: Scanner = {
  id: 'gitleaks',
  name: 'gitleaks',
  recognises: (report) =>
    Array.isArray(report) && hasKeys(report[0], 'RuleID', 'Secret', 'File', 'Fingerprint'),
  read: (report) => [readLeaks(report, 'gitleaks', 'gitleaks')],
  runner: gitleaksRunner((report) => readLeaks(report, 'gitleaks', 'gitleaks')),
};

/** @throws PlimsollError `parse-failed` */
export function readLeaks(report: unknown, tool: string, name: string): ToolReport {
  if (!Array.isArray(report))
    throw new PlimsollError('parse-failed', `expected a report of ${name}, got no list at the top`);
  const gaps: ToolGap[] = [];
  const leaks = readEntries(leak, report, 'report', gaps);
  return {
    tool,
    name,
    rules: rulesById(leaks.map((each) => ruleOf(each, tool, name))),
    hits: leaks.map(hitOf),
    ...(leaks.length > 0 && leaks.every(({ File }) => File === '') ? { elsewhere: true } : {}),
    gaps,
  };
}

function ruleOf({ RuleID: id, Description }: Leak, tool: string, name: string): ToolRule {
  const title = textOf(Description);
  const helpUri = TOOL_SITES.get(tool);
  return {
    id,
    kind: 'secret',
    title: title ?? `Secret of the kind ${id}`,
    ...(helpUri === undefined ? {} : { helpUri }),
    severity: 'high',
    scoreSource: `default of plimsoll for ${name}`,
    cwes: ['CWE-798'],
    tags: [],
  };
}

/** Columns are left out: those of gitleaks count from the line end before. The place of the secret is looked up. */
function hitOf({ RuleID: ruleId, StartLine, EndLine, Secret, File, Commit }: Leak): SecretHit {
  const startLine = positionOf(StartLine);
  const endLine = positionOf(EndLine);
  return {
    kind: 'secret',
    ruleId,
    place: {
      // `gitleaks stdin` names no file.
      path: File === '' ? 'standard input' : File,
      ...(startLine === undefined ? {} : { startLine }),
      ...(endLine === undefined ? {} : { endLine }),
    },
    confidence: ruleId === 'generic-api-key' ? 'medium' : 'high',
    ...(Secret === undefined || Secret === '' ? {} : { clue: clueOf(Secret) }),
    ...(Commit === undefined || Commit === '' ? {} : { commit: Commit.slice(0, 64) }),
  };
}

/** `--redact` leaves `REDACTED`, or a part of the secret and dots. */
function clueOf(secret: string): NonNullable<SecretHit['clue']> {
  return secret === 'REDACTED' || secret.endsWith('...') ? { masked: '' } : { text: secret };
}
