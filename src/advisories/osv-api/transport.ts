// SPDX-License-Identifier: Apache-2.0
import { PlimsollError } from '../../platform/errors.ts';
import type { Http, HttpResponse } from '../../platform/http.ts';
import { shownUrl } from '../../platform/http-rules.ts';
import { type Attempt, type RetryPolicy, retryAfter, retrying } from '../../platform/retry.ts';

/** One question to the API. */
interface ApiRequest {
  /** Below the API's address, `/v1/querybatch`. */
  readonly path: string;
  /** Sent as JSON by POST; GET where absent. */
  readonly body?: unknown;
}

/** An answer that was understood: parsed JSON, of status 200, 400 or 404. */
export interface ApiAnswer {
  readonly status: 200 | 400 | 404;
  readonly value: unknown;
  /** The JSON as it came. */
  readonly text: string;
}

export interface TransportOptions {
  readonly http: Http;
  /** Address of the API, `https://api.osv.dev`. */
  readonly url: string;
  readonly retry: RetryPolicy;
}

export type Transport = (request: ApiRequest) => Promise<ApiAnswer>;

/** The server itself gives up after 35 s. */
const TIMEOUT = 45_000;
/** The API caps an answer over HTTP/1.1 at 32 MiB. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Asks until there is an answer that can be understood. What may pass is tried again: no connection, 408, 429, 5xx,
 * and a 200 that is not the JSON that was asked for, as captive portals and broken proxies give it.
 *
 * @throws PlimsollError from the function it returns: `network-failed`, `network-refused`, `aborted`
 */
export function createTransport({ http, url, retry }: TransportOptions): Transport {
  return async ({ path, body }) => {
    const address = new URL(`${url.replace(/\/+$/, '')}${path}`);
    return await retrying(async () => {
      try {
        const response = await http.request({
          url: address.href,
          timeout: TIMEOUT,
          maxBytes: MAX_BYTES,
          headers: { accept: 'application/json', 'content-type': 'application/json' },
          ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
          signal: AbortSignal.any([retry.deadline, ...(retry.signal ? [retry.signal] : [])]),
        });
        return await understand(response, address);
      } catch (error) {
        return failedAttempt(error, address, retry);
      }
    }, retry);
  };
}

async function understand(response: HttpResponse, address: URL): Promise<Attempt<ApiAnswer>> {
  const { status } = response;
  const bytes = await response.bytes();
  if (status !== 200 && status !== 400 && status !== 404) {
    const error = unexpected(address, `status ${status}`);
    // Other client errors will not change by asking again.
    if (status < 500 && status !== 408 && status !== 429) throw error;
    const after = retryAfter(response.header('retry-after'), response.header('date'));
    return { error, ...(after === undefined ? {} : { after }) };
  }
  const type = response.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return { error: unexpected(address, type ?? 'no content type') };
  const text = bytes.toString('utf8');
  try {
    return { value: { status, value: JSON.parse(text), text } };
  } catch {
    return { error: unexpected(address, text === '' ? 'an empty answer' : 'broken JSON') };
  }
}

function failedAttempt(
  error: unknown,
  address: URL,
  { deadline, signal }: RetryPolicy,
): { error: PlimsollError } {
  if (!(error instanceof PlimsollError) || error.code === 'network-refused') throw error;
  if (error.code !== 'aborted') return { error };
  if (signal?.aborted || !deadline.aborted) throw error;
  return { error: unexpected(address, 'none in the time for all of them') };
}

function unexpected(address: URL, got: string): PlimsollError {
  return new PlimsollError('network-failed', `${shownUrl(address)}: expected an answer in JSON, got ${got}`);
}
