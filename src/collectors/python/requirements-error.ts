// SPDX-License-Identifier: Apache-2.0
import { PlimsollError } from '../../platform/errors.ts';
import { withoutCredentials } from '../urls.ts';

/** An error of the grammar: `expected X, got Y`; whoever knows file and line puts them in front. */
export function syntaxError(expected: string, got: string): PlimsollError {
  const quoted = got === '' ? 'the end of the line' : JSON.stringify(shorten(withoutCredentials(got), 60));
  return new PlimsollError('parse-failed', `expected ${expected}, got ${quoted}`);
}

/** At most `limit` code units, with dots where something was cut off. */
export function shorten(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 3)}...` : text;
}
