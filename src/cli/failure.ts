// SPDX-License-Identifier: Apache-2.0
import { PlimsollError } from '../platform/errors.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import type { Io } from './io.ts';

/** Prints an error for people and gives the exit status for it. */
export function reportFailure(error: unknown, io: Io, verbose: boolean): number {
  if (error instanceof PlimsollError) {
    for (const line of error.message.split('\n')) io.fail(`error: ${line}`);
    if (error.hint !== undefined) io.fail(`help: ${error.hint}`);
    return exitCodeOf(error.code);
  }
  const message = error instanceof Error ? (verbose && error.stack) || error.message : String(error);
  for (const line of message.split('\n')) io.fail(`internal error: ${line}`);
  io.fail(
    'help: this is a fault of plimsoll; --verbose shows where. Please report it, see SECURITY.md or the issue tracker.',
  );
  return EXIT.internal;
}
