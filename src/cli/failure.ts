// SPDX-License-Identifier: Apache-2.0
import { PlimsollError } from '../platform/errors.ts';
import { terminal } from '../reports/encode.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import type { Io } from './io.ts';

/** Prints an error for people and gives the exit status for it. */
export function reportFailure(error: unknown, io: Io, verbose: boolean): number {
  if (error instanceof PlimsollError) {
    for (const line of error.message.split('\n')) io.note(terminal(`error: ${line}`));
    if (error.hint !== undefined) io.note(terminal(`help: ${error.hint}`));
    return exitCodeOf(error.code);
  }
  const message = error instanceof Error ? (verbose && error.stack) || error.message : String(error);
  for (const line of message.split('\n')) io.note(terminal(`internal error: ${line}`));
  io.note(
    'help: this is a fault of plimsoll; --verbose shows where. Please report it, see SECURITY.md or the issue tracker.',
  );
  return EXIT.internal;
}
