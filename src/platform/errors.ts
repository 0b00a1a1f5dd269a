// SPDX-License-Identifier: Apache-2.0
import { withoutSecrets } from './mask.ts';

/** Every failure that plimsoll foresees. The CLI maps a code to an exit status; the words are API. */
export type ErrorCode =
  | 'usage'
  | 'policy-invalid'
  | 'file-not-found'
  | 'file-unreadable'
  | 'file-too-large'
  | 'path-outside-root'
  | 'parse-failed'
  | 'limit-exceeded'
  | 'data-missing'
  | 'data-damaged'
  | 'data-rollback'
  | 'network-failed'
  | 'network-refused'
  | 'output-failed'
  | 'aborted';

/**
 * The one base class. `message` reads `FILE:LINE: expected X, got Y` where a file is at fault, and what it quotes is
 * without what looks like a secret; `hint` says what to do next and is printed by the CLI alone, as `help:`.
 */
export class PlimsollError extends Error {
  readonly code: ErrorCode;
  readonly hint?: string;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;

  constructor(
    code: ErrorCode,
    message: string,
    details: { hint?: string; file?: string; line?: number; cause?: unknown } = {},
  ) {
    super(withoutSecrets(message), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'PlimsollError';
    this.code = code;
    if (details.hint !== undefined) this.hint = details.hint;
    if (details.file !== undefined) this.file = details.file;
    if (details.line !== undefined) this.line = details.line;
  }
}

/** A parse error at a place: `FILE:LINE: MESSAGE`. `message` says what was expected and what was found. */
export function parseError(
  file: string,
  line: number | undefined,
  message: string,
  cause?: unknown,
): PlimsollError {
  const place = line === undefined ? file : `${file}:${line}`;
  return new PlimsollError('parse-failed', `${place}: ${message}`, {
    file,
    ...(line === undefined ? {} : { line }),
    cause,
  });
}

/** Throws `aborted` when the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new PlimsollError('aborted', 'the scan was aborted', { cause: signal.reason });
}

/** The message of anything thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
