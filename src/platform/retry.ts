// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises';
import { type PlimsollError, throwIfAborted } from './errors.ts';

/** How often and how long something is tried that may fail for a while. */
export interface RetryPolicy {
  /** The first one included. */
  readonly attempts: number;
  /** Milliseconds before the second attempt; twice that before the third, and so on, each a bit more or less. */
  readonly base: number;
  /** Fires when there is no more time, for all attempts of a run together. */
  readonly deadline: AbortSignal;
  /** The caller's abort. */
  readonly signal?: AbortSignal;
  /** 0 up to 1; for tests. */
  readonly random?: () => number;
  /** For tests. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/** What an attempt came to: a value, or an error that may pass. Whatever it throws ends all attempts. */
export type Attempt<T> =
  | { readonly value: T }
  | {
      readonly error: PlimsollError;
      /** Milliseconds that the other side asked for. */
      readonly after?: number;
      /** It will not pass. */
      readonly isFinal?: boolean;
    };

/** Longest wait; who asks for more is not asked again. */
const MAX_WAIT = 60_000;

/**
 * Tries until there is a value. Waits grow and are spread, so that many clients of one server do not come back at
 * the same time.
 *
 * @throws PlimsollError the error of the last attempt, `aborted`, and whatever an attempt throws
 */
export async function retrying<T>(attempt: () => Promise<Attempt<T>>, policy: RetryPolicy): Promise<T> {
  const { attempts, base, deadline, signal, random = Math.random, wait = sleep } = policy;
  // Never the caller's own: Node warns of a signal that many requests listen to.
  const ended = AbortSignal.any(signal === undefined ? [deadline] : [signal, deadline]);
  for (let count = 1; ; count++) {
    throwIfAborted(signal);
    const result = await attempt();
    if ('value' in result) return result.value;
    const { error, after = 0, isFinal = false } = result;
    if (isFinal || count >= attempts || deadline.aborted || after > MAX_WAIT) throw error;
    const spread = base * 2 ** (count - 1) * (0.5 + random());
    await wait(Math.max(after, spread), ended).catch(() => {});
    throwIfAborted(signal);
    if (deadline.aborted) throw error;
  }
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return setTimeout(milliseconds, undefined, { signal });
}

/**
 * The milliseconds of a Retry-After header, which holds seconds or a date; the answer's own Date header tells what
 * time it was there. `undefined` for what cannot be read.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfter(value: string | undefined, date: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  const wait = Date.parse(value) - Date.parse(date ?? '');
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
