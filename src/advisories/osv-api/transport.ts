// SPDX-License-Identifier: Apache-2.0
import type { PlimsollError } from '../../platform/errors.ts';
import type { Http, HttpResponse } from '../../platform/http.ts';
import { requestRetrying, unexpected } from '../../platform/http-retry.ts';
import type { Attempt, RetryPolicy } from '../../platform/retry.ts';

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
  const base = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  return async ({ path, body, maxBytes = MAX_BYTES }) => {
    const request = {
      url: `${base}${path}`,
      timeout: TIMEOUT,
      maxBytes,
      headers: { accept: 'application/json' },
      ...(body === undefined ? {} : post(body)),
    };
    const named = { request, name: base, expected: 'an answer in JSON' };
    return await requestRetrying({
      ...named,
      http,
      retry,
      accepts: [200, 400, 404],
      read: async (response) => understand(response, await response.bytes(), named),
    });
  };
}

function post(body: unknown) {
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  return { method: 'POST', headers, body: JSON.stringify(body) } as const;
}

function understand(
  response: HttpResponse,
  bytes: Buffer,
  named: Parameters<typeof unexpected>[0],
): Attempt<ApiAnswer> {
  const type = response.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return { error: unexpected(named, type ?? 'no content type') };
  try {
    const text = UTF8.decode(bytes);
    return { value: { status: response.status as ApiAnswer['status'], value: JSON.parse(text), text } };
  } catch {
    return { error: unexpected(named, bytes.length === 0 ? 'an empty answer' : 'broken JSON') };
  }
}

/** Other bytes are no JSON: replaced by signs, they would be another record than the server's. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** What stands in a report for an error: there is no other place for its hint. */
export function failureOf({ message, hint }: PlimsollError): string {
  return hint === undefined ? message : `${message}; ${hint}`;
}
