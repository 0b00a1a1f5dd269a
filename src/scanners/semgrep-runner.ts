// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { ToolReport } from '../model/tool-report.ts';
import { PYTHON } from './arguments.ts';
import { listsOf, type PartOfRun, runByName } from './by-name.ts';
import { fieldOf, hasKeys, textOf } from './fields.ts';
import type { Runner } from './scanner.ts';

/** Findings, none of them an error; and the same with a rule that it could not use, which `errors` tells. */
const WORKED = [0, 2];

/**
 * Semgrep with the rules that the policy names, on every file of the tree by name: its own walk would obey a
 * `.semgrepignore`, and comments that switch it off have no say. It asks nobody for rules, versions or a login. Which
 * files are none of its languages it does not tell.
 *
 * @see https://semgrep.dev/docs/cli-reference
 */
export function semgrepRunner(read: (report: unknown) => ToolReport): Runner {
  return {
    programs: ['semgrep', 'opengrep'],
    install: 'pip install semgrep==1.185.0',
    version: (output) => /^(\d+\.\d+\.\d+\S*)\s*$/m.exec(output)?.[1],
    versionArgs: ['--version', '--disable-version-check'],
    starts: ['uname'],
    async scan(context) {
      const { rules, scratch } = context;
      if (rules.length === 0)
        return { failure: 'no rules; `scanners.semgrep.rules` of the policy names them' };
      const answer = await runByName(await context.files(), context, {
        args: argumentsOf(rules),
        env: {
          ...PYTHON,
          SEMGREP_SEND_METRICS: 'off',
          SEMGREP_SETTINGS_FILE: join(scratch, 'settings.yml'),
          SEMGREP_LOG_FILE: join(scratch, 'semgrep.log'),
        },
        isReport: (report, exitCode) =>
          WORKED.includes(exitCode ?? -1) && hasKeys(report, 'results', 'errors', 'paths'),
        reason: firstError,
      });
      return 'failure' in answer ? answer : [read(joined(answer.parts))];
    },
  };
}

/** Without its rules it writes a report that says so; the lines behind the first quote them. */
function firstError(report: unknown): string | undefined {
  const errors = fieldOf(report, 'errors');
  const message = textOf(fieldOf(Array.isArray(errors) ? errors[0] : undefined, 'message'));
  return message === undefined ? undefined : `: ${message.slice(0, 200)}`;
}

function argumentsOf(rules: readonly string[]): string[] {
  return [
    'scan',
    ...rules.flatMap((path) => ['--config', path]),
    ...['--metrics', 'off', '--disable-version-check', '--disable-nosem', '--no-git-ignore', '--oss-only'],
    ...['--max-target-bytes', '0', '--no-rewrite-rule-ids', '--json', '--quiet'],
  ];
}

function joined(parts: readonly PartOfRun[]): unknown {
  const lists = (key: string) => listsOf(parts, (report) => fieldOf(report, key));
  const scanned = listsOf(parts, (report) => fieldOf(fieldOf(report, 'paths'), 'scanned') ?? []);
  return { results: lists('results'), errors: lists('errors'), paths: { scanned } };
}
