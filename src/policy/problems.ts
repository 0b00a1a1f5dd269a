// SPDX-License-Identifier: Apache-2.0
import { PlimsollError } from '../platform/errors.ts';

const MAX_LISTED = 20;

/** One thing that is wrong with a policy file. */
export interface Problem {
  readonly line: number;
  readonly message: string;
}

/** One error for everything that is wrong with a file: `FILE:LINE: expected X, got Y`, a line each, at most 20. */
export function policyError(file: string, problems: readonly Problem[]): PlimsollError {
  const sorted = [...problems].sort((a, b) => a.line - b.line);
  const all = new Set(sorted.map((problem) => `${file}:${problem.line}: ${problem.message}`));
  const lines = [...all].slice(0, MAX_LISTED);
  if (all.size > lines.length) lines.push(`and ${all.size - lines.length} more`);
  const line = sorted[0]?.line;
  return new PlimsollError('policy-invalid', lines.join('\n'), {
    file,
    ...(line === undefined ? {} : { line }),
    hint: 'docs/policy.md lists every key of a policy file',
  });
}
