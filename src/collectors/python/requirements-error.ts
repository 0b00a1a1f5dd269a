// SPDX-License-Identifier: Apache-2.0
import { PlimsollError } from '../../platform/errors.ts';

/** An error of the grammar: `expected X, got Y`; whoever knows file and line puts them in front. */
export function syntaxError(expected: string, got: string): PlimsollError {
  const quoted = got === '' ? 'the end of the line' : JSON.stringify(shorten(withoutCredentials(got), 60));
  return new PlimsollError('parse-failed', `expected ${expected}, got ${quoted}`);
}

/**
 * Cuts user and password out of every URL in the text. A user name alone stays before an ssh host, where it is part
 * of the address (`git@`).
 */
export function withoutCredentials(text: string): string {
  return text.replace(/([a-z0-9+.-]{0,20}):\/\/([^\s/]*)@/gi, (_, scheme: string, user: string) => {
    const isAddress = /ssh$/i.test(scheme) && !user.includes(':');
    return isAddress ? `${scheme}://${user}@` : `${scheme}://`;
  });
}

/** At most `limit` code units, with dots where something was cut off. */
export function shorten(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 3)}...` : text;
}
