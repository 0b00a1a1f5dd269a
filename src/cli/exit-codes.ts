// SPDX-License-Identifier: Apache-2.0
import type { ErrorCode } from '../platform/errors.ts';

/** Exit status of the process. An API: see docs/exit-codes.md. */
export const EXIT = {
  pass: 0,
  policyFailed: 1,
  usage: 2,
  incomplete: 3,
  nothingToScan: 4,
  verificationFailed: 5,
  internal: 70,
  interrupted: 130,
} as const;

const BY_ERROR: Readonly<Record<ErrorCode, number>> = {
  usage: EXIT.usage,
  'policy-invalid': EXIT.usage,
  'file-not-found': EXIT.usage,
  'file-unreadable': EXIT.incomplete,
  'file-too-large': EXIT.incomplete,
  'path-outside-root': EXIT.usage,
  'parse-failed': EXIT.incomplete,
  'limit-exceeded': EXIT.incomplete,
  'data-missing': EXIT.incomplete,
  'data-damaged': EXIT.incomplete,
  'data-rollback': EXIT.incomplete,
  'network-failed': EXIT.incomplete,
  'network-refused': EXIT.usage,
  'output-failed': EXIT.incomplete,
  aborted: EXIT.interrupted,
};

export function exitCodeOf(code: ErrorCode): number {
  return BY_ERROR[code];
}
