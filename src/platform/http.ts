// SPDX-License-Identifier: Apache-2.0

/** Where requests go out; made once per run by the caller and handed down. No module state, no reading of env. */
export interface HttpOptions {
  /** As in HTTPS_PROXY and NO_PROXY; without one, connections are direct. */
  readonly proxy?: { readonly url: string; readonly noProxy?: string };
  /** PEM text of certificates that are trusted besides the system's and Node's own. */
  readonly caCert?: string;
  /** Every request is refused before a socket is made. */
  readonly offline?: boolean;
}

export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST';
  /** Only https. */
  readonly url: string;
  /** Lower-case names. Credentials among them do not follow a redirect to another origin. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds from the start of the request to the last byte of its body. */
  readonly timeout: number;
  /** Bytes of the body after decompression. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

/** An answer of any status; only what gave no answer at all is an error. */
export interface HttpResponse {
  readonly status: number;
  /** After redirects. */
  readonly url: string;
  /** Value of a header by its lower-case name. */
  header(name: string): string | undefined;
  /** The body, once. @throws PlimsollError `network-failed` (broken off, too late), `limit-exceeded` */
  bytes(): Promise<Buffer>;
  /** The same as it comes; a consumer that leaves early ends the connection. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** Speaks HTTPS, follows redirects that stay on https, and tries nothing twice: retries are for those who know why. */
export interface Http {
  /** @throws PlimsollError `network-failed`, `network-refused` (not https, offline, a redirect to http), `aborted` */
  request(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}
