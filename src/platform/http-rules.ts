// SPDX-License-Identifier: Apache-2.0
import { PlimsollError } from './errors.ts';

/**
 * A URL that may be asked for.
 * @param base what a relative one starts from
 * @throws PlimsollError `network-refused`
 */
export function checkedUrl(text: string, base?: URL): URL {
  let url: URL;
  try {
    url = new URL(text, base);
  } catch (error) {
    // What is no URL has no parts; that which may authenticate is left out by the look of it.
    const shown = text.replace(/\/\/.*@/s, '//').replace(/[?#].*$/s, '');
    throw refused(shown.slice(0, 200), 'a URL', 'another text', error);
  }
  if (url.protocol !== 'https:') throw refused(shownUrl(url), 'an https URL', url.protocol);
  if (url.username !== '' || url.password !== '') {
    throw refused(shownUrl(url), 'a URL without user and password', 'one with');
  }
  return url;
}

/**
 * The same for an address that somebody gives on the command line.
 * @param hint what to give instead
 * @throws PlimsollError `usage`
 */
export function givenUrl(text: string, hint: string): URL {
  try {
    return checkedUrl(text);
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    throw new PlimsollError('usage', error.message, { hint, cause: error });
  }
}

/** A URL as messages and reports show it: without credentials, query and fragment. */
export function shownUrl(url: URL): string {
  // Without a scheme, a user name is taken for one: `user:password@host`.
  const path = url.pathname.startsWith('/') ? url.pathname : url.pathname.replace(/^.*@/s, '');
  return `${url.protocol}//${url.host}${path}`;
}

export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

const CREDENTIALS = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-api-key']);

/** What goes along with a redirect: credentials only to where they were meant for. */
export function redirectHeaders(
  headers: Readonly<Record<string, string>>,
  from: URL,
  to: URL,
): Readonly<Record<string, string>> {
  if (from.origin === to.origin) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !CREDENTIALS.has(name)));
}

function refused(what: string, expected: string, got: string, cause?: unknown): PlimsollError {
  return new PlimsollError('network-refused', `${what}: expected ${expected}, got ${got}`, { cause });
}
