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
  const { http, request, retry } = retried;
  const { deadline, signal } = retry;
  const ended = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  return await retrying(async (): Promise<Attempt<T>> => {
    try {
      const response = await http.request({ ...request, signal: ended });
      return retried.accepts.includes(response.status)
        ? await retried.read(response)
        : await refused(response, retried);
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      if (error.code === 'network-failed') return { error };
      // An abort that the caller did not ask for is the end of the time.
      if (error.code !== 'aborted' || signal?.aborted || !deadline.aborted) throw error;
      return { error: unexpected(retried, 'none in the time for all') };
    }
  }, retry);
}

async function refused<T>(response: HttpResponse, retried: RetriedRequest<T>): Promise<Attempt<T>> {
  const { status } = response;
  const after = retryAfter(response.header('retry-after'), response.header('date'));
  await response.bytes().catch(() => {});
  const error = unexpected(retried, `status ${status}`);
  // Other errors of the client's will not change by asking again.
  const isFinal = status < 500 && status !== 408 && status !== 429;
  return { error, isFinal, ...(after === undefined ? {} : { after }) };
}

function unexpected<T>({ request, expected }: RetriedRequest<T>, got: string): PlimsollError {
  return new PlimsollError(
    'network-failed',
    `${shownUrl(checkedUrl(request.url))}: expected ${expected}, got ${got}`,
  );
}
