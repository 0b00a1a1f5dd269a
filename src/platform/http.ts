// SPDX-License-Identifier: Apache-2.0
import { pipeline, type Readable } from 'node:stream';
import { createSecureContext, rootCertificates } from 'node:tls';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { VERSION } from '../model/version.ts';
import { PlimsollError } from './errors.ts';
import { checkedUrl, isRedirect, redirectHeaders, shownUrl } from './http-rules.ts';
import { systemErrorCode } from './paths.ts';

/** Where requests go out; made once per run by the caller and handed down. No module state, no reading of env. */
export interface HttpOptions {
  /** As in HTTPS_PROXY and NO_PROXY; without one, connections are direct. */
  readonly proxy?: { readonly url: string; readonly noProxy?: string };
  /** PEM text of certificates that are trusted besides Node's own. */
  readonly caCert?: string;
}

export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST';
  /** Only https, without user and password. */
  readonly url: string;
  /** Lower-case names. Credentials among them do not follow a redirect to another origin. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds from the start of the request to the last byte of its body, redirects included. */
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
  /** Value of a header by its lower-case name; of one that comes several times, the values in their order. */
  header(name: string): string | undefined;
  /** The body, once. @throws PlimsollError as {@link HttpResponse.chunks} */
  bytes(): Promise<Buffer>;
  /**
   * The body as it comes, once; a consumer that leaves early ends the connection. A body that nobody reads holds
   * its connection until the time is over.
   * @throws PlimsollError `network-failed` (broken off, too late), `limit-exceeded`, `aborted`
   */
  chunks(): AsyncGenerator<Uint8Array>;
}

/** Speaks HTTPS, follows redirects that stay on https, and tries nothing twice: retries are for those who know why. */
export interface Http {
  /** @throws PlimsollError `network-failed`, `network-refused` (not https, a redirect to http), `aborted` */
  request(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
  /** What it was made with, for programs that use the network themselves. */
  readonly options?: HttpOptions;
}

const MAX_REDIRECTS = 5;
/** Milliseconds without a byte, also where a whole download may take longer. */
const MAX_SILENCE = 60_000;

/** PEM texts of Node's own certificates and these. */
export function trustedCertificates(caCert: string): string[] {
  return [...rootCertificates, caCert];
}

/** The only way out of this program. The library behind it is loaded by the first request. */
export function createHttp(options: HttpOptions = {}): Http {
  let dispatcher: Promise<Dispatcher> | undefined;
  return {
    options,
    async request(request) {
      const url = checkedUrl(request.url);
      dispatcher ??= createDispatcher(options);
      const timer = startTimer(request);
      try {
        const { response, at } = await follow(await dispatcher, request, url, timer.signal);
        timer.begun();
        return toResponse(response, at, request, timer);
      } catch (error) {
        timer.stop();
        throw networkError(error, url, request, timer);
      }
    },
    async close() {
      // One that could not be made has failed every request already.
      await (await dispatcher?.catch(() => undefined))?.destroy();
    },
  };
}

async function createDispatcher({ proxy, caCert }: HttpOptions): Promise<Dispatcher> {
  // By its default: the bundle gives a CommonJS module no named exports.
  const { Agent, EnvHttpProxyAgent } = (await import('undici')).default;
  // Made once: reading the roots takes longer than a handshake, and each connection would do it again.
  const tls =
    caCert === undefined ? {} : { secureContext: createSecureContext({ ca: trustedCertificates(caCert) }) };
  const common = { connect: tls, allowH2: false };
  if (proxy === undefined) return new Agent(common);
  // Both are given, so that it does not look into the environment.
  const { url, noProxy = '' } = proxy;
  return new EnvHttpProxyAgent({
    ...common,
    httpProxy: url,
    httpsProxy: url,
    noProxy,
    requestTls: tls,
    proxyTls: tls,
  });
}

async function follow(
  dispatcher: Dispatcher,
  request: HttpRequest,
  first: URL,
  signal: AbortSignal,
): Promise<{ response: Dispatcher.ResponseData; at: URL }> {
  const { method = 'GET', body } = request;
  let at = first;
  let headers: Readonly<Record<string, string>> = {
    'accept-encoding': 'gzip, deflate, br',
    ...request.headers,
    'user-agent': `plimsoll/${VERSION}`,
  };
  for (let hops = 0; ; hops++) {
    const asked = dispatcher.request({
      origin: at.origin,
      path: `${at.pathname}${at.search}`,
      method,
      headers,
      body: body ?? null,
      signal,
      headersTimeout: MAX_SILENCE,
      bodyTimeout: MAX_SILENCE,
    });
    const response = await unlessAborted(asked, signal);
    const location = header(response, 'location');
    if (!isRedirect(response.statusCode) || location === undefined) return { response, at };
    discard(response);
    if (hops === MAX_REDIRECTS) {
      throw new PlimsollError(
        'network-failed',
        `${shownUrl(first)}: expected at most ${MAX_REDIRECTS} redirects, got more`,
      );
    }
    const next = checkedUrl(location, at);
    headers = redirectHeaders(headers, at, next);
    at = next;
  }
}

/**
 * The dispatcher looks at the signal only once it is connected, and waits for ever for a proxy that says nothing. An
 * answer that comes later is thrown away.
 */
async function unlessAborted(
  asked: Promise<Dispatcher.ResponseData>,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
  });
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    return await Promise.race([asked, aborted]);
  } catch (error) {
    asked.then(discard, () => {});
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function discard({ body }: Dispatcher.ResponseData): void {
  body.on('error', () => {}).destroy();
}

function toResponse(
  response: Dispatcher.ResponseData,
  at: URL,
  request: HttpRequest,
  timer: Timer,
): HttpResponse {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let received = 0;
    const body = decoded(response.body, header(response, 'content-encoding'));
    try {
      for await (const chunk of body) {
        received += chunk.length;
        if (received > request.maxBytes) {
          throw new PlimsollError(
            'limit-exceeded',
            `${shownUrl(at)}: expected at most ${request.maxBytes} bytes, got more`,
          );
        }
        yield chunk;
      }
    } catch (error) {
      throw networkError(error, at, request, timer);
    } finally {
      timer.stop();
      body.on('error', () => {}).destroy();
      discard(response);
    }
  }
  return {
    status: response.statusCode,
    url: at.href,
    header: (name) => header(response, name),
    chunks,
    async bytes() {
      const parts: Uint8Array[] = [];
      for await (const chunk of chunks()) parts.push(chunk);
      return Buffer.concat(parts);
    },
  };
}

function decoded(body: Readable, encoding: string | undefined): Readable {
  const decoder = decoderOf(encoding?.trim().toLowerCase());
  // An error on either side ends both; the reader of the decoder sees it.
  return decoder === undefined ? body : pipeline(body, decoder, () => {});
}

function decoderOf(encoding: string | undefined) {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      return undefined;
  }
}

function header({ headers }: Dispatcher.ResponseData, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

interface Timer {
  readonly signal: AbortSignal;
  /** An answer has begun: its body has the whole time. */
  begun(): void;
  /** The milliseconds that were too few. */
  over(): number | undefined;
  stop(): void;
}

/** One signal for the caller's abort and for the end of the time. */
function startTimer({ timeout, signal }: HttpRequest): Timer {
  const controller = new AbortController();
  let over: number | undefined;
  const ending = (milliseconds: number) =>
    setTimeout(() => {
      over = milliseconds;
      controller.abort();
    }, milliseconds);
  const [whole, silence] = [ending(timeout), ending(Math.min(timeout, MAX_SILENCE))];
  const abort = () => controller.abort();
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    begun: () => clearTimeout(silence),
    over: () => over,
    stop() {
      clearTimeout(whole);
      clearTimeout(silence);
      signal?.removeEventListener('abort', abort);
    },
  };
}

function networkError(error: unknown, url: URL, request: HttpRequest, timer: Timer): unknown {
  if (error instanceof PlimsollError) return error;
  if (request.signal?.aborted)
    return new PlimsollError('aborted', 'the request was aborted', { cause: error });
  const over = timer.over();
  const code = over === undefined ? reasonOf(error) : `nothing whole within ${over / 1000} s`;
  const isTrust = /CERT|SELF_SIGNED|UNABLE_TO_/.test(code);
  return new PlimsollError('network-failed', `${shownUrl(url)}: expected an answer, got ${code}`, {
    ...(isTrust ? { hint: 'give the certificate of your own authority with --ca-cert FILE' } : {}),
    cause: error,
  });
}

/** The code of the system or of undici; where several addresses were tried, that of the first. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (error instanceof Error && !('code' in error) && error.cause !== undefined) return reasonOf(error.cause);
  return systemErrorCode(error);
}
