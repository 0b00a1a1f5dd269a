// SPDX-License-Identifier: Apache-2.0
import { gunzipSync } from 'node:zlib';
import { PlimsollError, parseError } from '../../platform/errors.ts';
import { readableDate } from '../osv-record.ts';

/** Bytes of a file as it is published: EPSS has 3 MB compressed and 9 MB plain, KEV 2 MB. */
export const SOURCE_LIMIT = 64 * 1024 * 1024;

const REJECTS_SHOWN = 20;

/** What of a file could not be read: how much, and the first of it in words. */
export interface Rejected {
  readonly count: number;
  /** At most {@link REJECTS_SHOWN}, in the order of the file: `PLACE: expected X, got Y`, without the file's name. */
  readonly first: readonly string[];
}

/** Counts what is left out, so that nothing is left out in silence. */
export interface Rejects extends Rejected {
  readonly first: string[];
  add(message: string): void;
}

export function createRejects(): Rejects {
  const first: string[] = [];
  let count = 0;
  return {
    get count() {
      return count;
    },
    first,
    add(message) {
      count += 1;
      if (first.length < REJECTS_SHOWN) first.push(message);
    },
  };
}

/**
 * The bytes of a file, inflated where they are gzip (told by the bytes, not by the name), without a byte order mark.
 * @throws PlimsollError `file-too-large`, `parse-failed`
 */
export function plainBytes(file: string, bytes: Uint8Array): Buffer {
  if (bytes.length > SOURCE_LIMIT) throw tooLarge(file);
  const given = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const plain = given.subarray(0, 2).toString('latin1') === '\x1f\x8b' ? inflate(file, given) : given;
  return plain.subarray(0, 3).toString('latin1') === '\xef\xbb\xbf' ? plain.subarray(3) : plain;
}

function inflate(file: string, bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: SOURCE_LIMIT });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(file);
    throw parseError(file, undefined, 'expected whole gzip data, got something else', error);
  }
}

function tooLarge(file: string): PlimsollError {
  return new PlimsollError('file-too-large', `${file}: expected at most ${SOURCE_LIMIT} bytes, got more`, {
    file,
  });
}

/**
 * A date and time in any of the spellings that the publishers have used (`+0000`, `.4291Z`, `Z`, the day alone), as
 * `YYYY-MM-DDTHH:MM:SSZ`; `undefined` for anything else.
 */
export function timestamp(text: string): string | undefined {
  const time = readableDate(text.replace(/(T.*[+-]\d\d)(\d\d)$/, '$1:$2'));
  return time === undefined ? undefined : `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** A text from outside for a message. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}

/**
 * Refuses a file of which more than a tenth could not be read: it is damaged, or not what it was taken for.
 * @throws PlimsollError `parse-failed`
 */
export function refuseMostlyRejected(
  file: string,
  { count, first }: Rejected,
  kept: number,
  what: string,
): void {
  if (count <= (count + kept) / 10 && kept > 0) return;
  const why = first.length === 0 ? '' : ` (${file}:${first[0]})`;
  throw parseError(
    file,
    undefined,
    kept + count === 0
      ? `expected ${what}, got none`
      : `expected ${what}, got ${count} of ${kept + count} that cannot be read${why}`,
  );
}
