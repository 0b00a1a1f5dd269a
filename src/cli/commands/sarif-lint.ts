// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PlimsollError } from '../../platform/errors.ts';
import { systemErrorCode, writeFileAtomic } from '../../platform/fs.ts';
import { jsonProblem } from '../../platform/json-fault.ts';
import { lintSarif, withoutBadResults } from '../../reports/sarif/lint.ts';
import { LINT_RULES } from '../../reports/sarif/lint-rules.ts';
import { limitsOf, SARIF_LIMITS, type SarifProfile } from '../../reports/sarif/profiles.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';

interface LintTask {
  readonly outputs: readonly string[];
  /** Whose limits count; those of GitHub for an archive. */
  readonly profile: SarifProfile;
}

/**
 * `plimsoll sarif --lint FILE`: what GitHub refuses, cuts or takes otherwise. Exit status 1 where there is an error; with
 * an output, the file without the results that have one.
 */
export async function runLint(file: string, { outputs, profile }: LintTask, io: Io): Promise<number> {
  const text = await readText(file, io);
  const log = parseLog(text, file);
  const limits = limitsOf(profile) ?? SARIF_LIMITS.github;
  const problems = lintSarif(log, { limits, gzipBytes: gzipSync(text).length });
  const lines = problems.map(
    ({ rule, level, pointer, message }) =>
      `${level} ${rule} ${pointer}: ${message} (${LINT_RULES[rule].effect})\n`,
  );
  const errors = problems.filter(({ level }) => level === 'error').length;
  for (const output of outputs) {
    const { log: kept, removed } = withoutBadResults(log, problems);
    await writeFileAtomic(resolve(io.cwd, output), [JSON.stringify(kept, null, 2), '\n']);
    io.note(`${output}: written without ${removed} results`);
  }
  await io.print([...lines, `${errors} errors, ${problems.length - errors} warnings\n`]);
  return errors > 0 ? EXIT.policyFailed : EXIT.pass;
}

async function readText(file: string, io: Io): Promise<string> {
  return await readFile(resolve(io.cwd, file), 'utf8').catch((error: unknown) => {
    throw new PlimsollError(
      'file-unreadable',
      `${file}: expected a readable file, got ${systemErrorCode(error)}`,
    );
  });
}

function parseLog(read: string, file: string): unknown {
  const text = read.replace(/^\ufeff/, '');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PlimsollError('parse-failed', `${file}: ${jsonProblem(text)}`, { cause: error });
  }
}
