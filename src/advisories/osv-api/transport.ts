// SPDX-License-Identifier: Apache-2.0
import { PlimsollError } from '../../platform/errors.ts';
import type { Http, HttpResponse } from '../../platform/http.ts';
import { requestRetrying } from '../../platform/http-retry.ts';
import { shownUrl } from '../../platform/http-rules.ts';
import type { Attempt, RetryPolicy } from '../../platform/retry.ts';

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
    return await requestRetrying({
      http,
      request: {
        url: address.href,
        timeout: TIMEOUT,
        maxBytes: MAX_BYTES,
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      },
      retry,
      accepts: [200, 400, 404],
      expected: EXPECTED,
      read: async (response) => await understand(response, address),
    });
  };
}

const EXPECTED = 'an answer in JSON';

async function understand(response: HttpResponse, address: URL): Promise<Attempt<ApiAnswer>> {
  const text = (await response.bytes()).toString('utf8');
  const type = response.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return { error: unexpected(address, type ?? 'no content type') };
  try {
    return { value: { status: response.status as ApiAnswer['status'], value: JSON.parse(text), text } };
  } catch {
    return { error: unexpected(address, text === '' ? 'an empty answer' : 'broken JSON') };
  }
}

function unexpected(address: URL, got: string): PlimsollError {
  return new PlimsollError('network-failed', `${shownUrl(address)}: expected ${EXPECTED}, got ${got}`);
}
