// SPDX-License-Identifier: Apache-2.0
import type { CoverageError } from '../model/coverage.ts';
import { type Location, plainLocation } from '../model/location.ts';

/** So many errors of one row are listed; more are counted. */
export const MAX_LISTED_ERRORS = 20;

/** The first errors of a row, in the order given, and `and N more` for the rest of `total`. */
export function listErrors(errors: readonly CoverageError[], total = errors.length): CoverageError[] {
  const listed = errors.slice(0, MAX_LISTED_ERRORS);
  const more = total - listed.length;
  return more > 0 ? [...listed, { message: `and ${more} more` }] : listed;
}

/** An error in the one form of all messages, `FILE:LINE: REASON`, as far as the place is known. */
export function errorAt(location: Location | undefined, reason: string): CoverageError {
  if (location === undefined) return { message: reason };
  const { uri, startLine } = location;
  const place = startLine === undefined ? uri : `${uri}:${startLine}`;
  return { message: `${place}: ${reason}`, location: plainLocation(location) };
}
