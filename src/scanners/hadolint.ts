// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import type { MisconfigurationHit, ToolGap, ToolRule } from '../model/tool-report.ts';
import { PlimsollError } from '../platform/errors.ts';
import { controlOf } from './controls.ts';
import { hasKeys, positionOf, readEntries, rulesById, textOf } from './fields.ts';
import { HADOLINT_RULES } from './hadolint-rules.ts';
import type { Scanner } from './scanner.ts';

const failure = z.object({
  code: z.string().min(1),
  file: z.string(),
  line: z.number(),
  level: z.string().optional(),
  message: z.string().optional(),
});
type Failure = z.output<typeof failure>;

/** The file could not be parsed, so no rule looked at it; the level is that of a rule all the same. */
const NOT_PARSED = 'DL1000';

/**
 * Hadolint's JSON: one list for all its files, `[]` where it found nothing, and nothing at all where a file is not
 * there. The level of a rule can be changed by the configuration. Columns are those of the instruction, or made up.
 * @see https://github.com/hadolint/hadolint/blob/v2.12.0/src/Hadolint/Formatter/Json.hs
 */
export const hadolint: Scanner = {
  id: 'hadolint',
  name: 'Hadolint',
  recognises: (report) =>
    Array.isArray(report) && hasKeys(report[0], 'code', 'column', 'file', 'level', 'line', 'message'),
  read(report) {
    if (!Array.isArray(report))
      throw new PlimsollError('parse-failed', 'expected a report of Hadolint, got no list at the top');
    const gaps: ToolGap[] = [];
    const all = readEntries(failure, report, 'report', gaps);
    for (const { file } of all.filter(({ code }) => code === NOT_PARSED))
      gaps.push({ path: slashed(file), message: 'Hadolint could not parse it' });
    const failures = all.filter(({ code }) => code !== NOT_PARSED);
    return [
      {
        tool: 'hadolint',
        name: 'Hadolint',
        rules: rulesById(failures.map(ruleOf)),
        hits: failures.map(hitOf),
        gaps,
      },
    ];
  },
};

/** What ShellCheck says can quote the script, so it is no title. */
function ruleOf({ code: id, message }: Failure): ToolRule {
  const isShell = id.startsWith('SC');
  const known = HADOLINT_RULES.get(id);
  const helpUri = wikiOf(id);
  const title = isShell || QUOTES_FILE.has(id) ? undefined : textOf(message);
  return {
    id,
    kind: 'misconfiguration',
    title: title ?? (isShell ? `ShellCheck ${id}` : `Hadolint ${id}`),
    ...(helpUri === undefined ? {} : { helpUri }),
    severity: known ?? 'low',
    scoreSource:
      known === undefined ? 'default of plimsoll for Hadolint' : 'rule table of plimsoll for Hadolint',
    cwes: [],
    tags: [],
  };
}

function wikiOf(id: string): string | undefined {
  if (/^SC\d{4}$/.test(id)) return `https://www.shellcheck.net/wiki/${id}`;
  return /^DL\d{4}$/.test(id) ? `https://github.com/hadolint/hadolint/wiki/${id}` : undefined;
}

/** These name a label, which is of the configuration or of the file. */
const QUOTES_FILE: ReadonlySet<string> = new Set(
  'DL3049 DL3050 DL3051 DL3052 DL3053 DL3054 DL3055 DL3056 DL3058'.split(' '),
);

function hitOf({ code: ruleId, file, line, level, message }: Failure): MisconfigurationHit {
  const control = controlOf(ruleId);
  const startLine = positionOf(line);
  // ShellCheck quotes names and words of the script.
  const text = ruleId.startsWith('SC') ? undefined : textOf(message);
  return {
    kind: 'misconfiguration',
    ruleId,
    place: { path: slashed(file), ...(startLine === undefined ? {} : { startLine }) },
    ...(text === undefined ? {} : { message: text }),
    confidence: 'high',
    ...(level === undefined ? {} : { toolSeverity: level }),
    ...(control === undefined ? {} : { control }),
  };
}

/** Reports from Windows have backslashes; a name with one is none of a Dockerfile elsewhere. */
function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}
