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
  /** Bytes of an answer. */
  readonly maxBytes?: number;
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
  readonly url: URL;
  readonly retry: RetryPolicy;
}

export type Transport = (request: ApiRequest) => Promise<ApiAnswer>;

/** The server itself gives up after 35 s. */
const TIMEOUT = 45_000;
/** The API caps an answer over HTTP/1.1 at 32 MiB. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Asks until there is an answer that can be understood. What may pass is tried again: no connection, 408, 429, 5xx,
 * and a 200 that is not the JSON that was asked for, as captive portals and broken proxies give it. Messages name the
 * API and not the path, so that what was not asked after a failure can be told in the same words.
 *
 * @throws PlimsollError from the function it returns: `network-failed`, `network-refused`, `limit-exceeded`, `aborted`
 */
export function createTransport({ http, url, retry }: TransportOptions): Transport {
  const { deadline, signal } = retry;
  const base = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  const ends = signal === undefined ? [deadline] : [deadline, signal];
  return async ({ path, body, maxBytes = MAX_BYTES }) => {
    const address = `${base}${path}`;
    return await retrying(async () => {
      let response: HttpResponse;
      let bytes: Buffer;
      try {
        response = await http.request({
          url: address,
          timeout: TIMEOUT,
          maxBytes,
          headers: { accept: 'application/json' },
          ...(body === undefined ? {} : post(body)),
          // One for each request: Node warns of a signal with many listeners.
          signal: AbortSignal.any(ends),
        });
        bytes = await response.bytes();
      } catch (error) {
        return failedAttempt(error, { address, base }, retry);
      }
      return understand(response, bytes, base);
    }, retry);
  };
}

function post(body: unknown) {
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  return { method: 'POST', headers, body: JSON.stringify(body) } as const;
}

/** @throws PlimsollError for what will not change by asking again */
function understand(response: HttpResponse, bytes: Buffer, base: string): Attempt<ApiAnswer> {
  const { status } = response;
  if (status !== 200 && status !== 400 && status !== 404) {
    const error = unexpected(base, `status ${status}`);
    if (status < 500 && status !== 408 && status !== 429) throw error;
    const after = retryAfter(response.header('retry-after'), response.header('date'));
    return { error, ...(after === undefined ? {} : { after }) };
  }
  const type = response.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return { error: unexpected(base, type ?? 'no content type') };
  try {
    const text = UTF8.decode(bytes);
    return { value: { status, value: JSON.parse(text), text } };
  } catch {
    return { error: unexpected(base, bytes.length === 0 ? 'an empty answer' : 'broken JSON') };
  }
}

/** What stands in a report for an error: there is no other place for its hint. */
export function failureOf({ message, hint }: PlimsollError): string {
  return hint === undefined ? message : `${message}; ${hint}`;
}

/** Other bytes are no JSON: replaced by signs, they would be another record than the server's. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** What may pass, as an error; everything else is thrown. */
function failedAttempt(
  error: unknown,
  { address, base }: { readonly address: string; readonly base: string },
  { deadline, signal }: RetryPolicy,
): { error: PlimsollError } {
  if (!(error instanceof PlimsollError)) throw error;
  if (error.code === 'aborted') {
    if (signal?.aborted || !deadline.aborted) throw error;
    return { error: unexpected(base, 'none in the time for all of them') };
  }
  const { code, hint } = error;
  const shown = shownUrl(new URL(address));
  const message = error.message.startsWith(shown)
    ? `${base}${error.message.slice(shown.length)}`
    : error.message;
  const told = new PlimsollError(code, message, { ...(hint === undefined ? {} : { hint }), cause: error });
  // A server that sends elsewhere or too much will do so again; what has a hint, as an unknown certificate, waits for
  // a person.
  if (code !== 'network-failed' || hint !== undefined) throw told;
  return { error: told };
}

function unexpected(base: string, got: string): PlimsollError {
  return new PlimsollError('network-failed', `${base}: expected an answer in JSON, got ${got}`);
}
