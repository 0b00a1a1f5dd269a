// SPDX-License-Identifier: Apache-2.0
import { type ErrorCode, PlimsollError } from 'plimsoll';

const CALLERS_FAULT: ReadonlySet<ErrorCode> = new Set(['usage', 'policy-invalid', 'file-not-found']);

export function describe(error: unknown): string {
  if (!(error instanceof PlimsollError)) throw error;
  const help = error.hint === undefined ? '' : ` (${error.hint})`;
  return `${CALLERS_FAULT.has(error.code) ? 'please mend' : 'could not finish'}: ${error.message}${help}`;
}
