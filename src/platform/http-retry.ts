// SPDX-License-Identifier: Apache-2.0
import { PlimsollError } from './errors.ts';
import type { Http, HttpRequest, HttpResponse } from './http.ts';
import { checkedUrl, shownUrl } from './http-rules.ts';
import { type Attempt, type RetryPolicy, retryAfter, retrying } from './retry.ts';

export interface RetriedRequest<T> {
  readonly http: Http;
  readonly request: Omit<HttpRequest, 'signal'>;
  readonly retry: RetryPolicy;
  /** Statuses that `read` understands; the others are errors. */
  readonly accepts: readonly number[];
  /** What messages call the other side; its URL where absent. */
  readonly name?: string;
  /** What is expected, for messages: `a file`. */
  readonly expected: string;
  /** Reads the answer; a body that breaks off is asked for again. */
  read(response: HttpResponse): Promise<Attempt<T>>;
}

/**
 * Asks until there is an answer that can be read. What may pass is tried again: no connection, one that breaks off,
 * 408, 429, 5xx, and what `read` does not like.
 *
 * @throws PlimsollError `network-failed`, `network-refused`, `limit-exceeded`, `aborted`, and what `read` throws
 */
export async function requestRetrying<T>(retried: RetriedRequest<T>): Promise<T> {
  const { http, request, retry, accepts } = retried;
  const ends = retry.signal === undefined ? [retry.deadline] : [retry.deadline, retry.signal];
  return await retrying(async (): Promise<Attempt<T>> => {
    try {
      // A signal for each request: Node warns of one with many listeners.
      const response = await http.request({ ...request, signal: AbortSignal.any(ends) });
      return accepts.includes(response.status)
        ? await retried.read(response)
        : await refused(response, retried);
    } catch (error) {
      return failed(error, retried);
    }
  }, retry);
}

/** The error for an answer that is not what was expected. */
export function unexpected(
  { request, name, expected }: Pick<RetriedRequest<unknown>, 'request' | 'name' | 'expected'>,
  got: string,
): PlimsollError {
  const shown = name ?? shownUrl(checkedUrl(request.url));
  return new PlimsollError('network-failed', `${shown}: expected ${expected}, got ${got}`);
}

async function refused<T>(response: HttpResponse, retried: RetriedRequest<T>): Promise<Attempt<T>> {
  const { status } = response;
  const after = retryAfter(response.header('retry-after'), response.header('date'));
  await response.bytes().catch(() => {});
  // Other errors of the client's will not change by asking again.
  const isFinal = status < 500 && status !== 408 && status !== 429;
  const error = unexpected(retried, `status ${status}`);
  return { error, isFinal, ...(after === undefined ? {} : { after }) };
}

/** What may pass, as an error; everything else is thrown. */
function failed<T>(error: unknown, retried: RetriedRequest<T>): Attempt<T> {
  if (!(error instanceof PlimsollError)) throw error;
  const { deadline, signal } = retried.retry;
  if (error.code === 'aborted') {
    if (signal?.aborted || !deadline.aborted) throw error;
    return { error: unexpected(retried, 'none in the time for all of them') };
  }
  const told = renamed(error, retried);
  // Who sends elsewhere or too much will do so again; what has a hint, as an unknown certificate, waits for a person.
  if (error.code !== 'network-failed' || error.hint !== undefined) throw told;
  return { error: told };
}

function renamed<T>(error: PlimsollError, { request, name }: RetriedRequest<T>): PlimsollError {
  const shown = shownUrl(checkedUrl(request.url));
  if (name === undefined || !error.message.startsWith(shown)) return error;
  const { code, hint, message } = error;
  return new PlimsollError(code, `${name}${message.slice(shown.length)}`, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}
