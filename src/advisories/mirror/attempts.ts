// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { PlimsollError } from '../../platform/errors.ts';
import { isObject } from '../json-object.ts';
import { readSmallFile } from './data-file.ts';
import { removeQuietly, type WriteFs, writeWhole } from './write-fs.ts';

const ATTEMPTS = 'attempts.json';
const KEPT = 10;

/** A change that was refused while the data in use stayed as they were. */
export interface RefusedAttempt {
  /** RFC 3339. */
  readonly at: string;
  /** What was expected and what was offered. */
  readonly reason: string;
  /** Where it came from, without credentials. */
  readonly url?: string;
}

/** The attempts since the last change that was taken, the oldest first; what cannot be read is none. */
export function readAttempts(dbDir: string): readonly RefusedAttempt[] {
  try {
    const value: unknown = JSON.parse(readSmallFile(join(dbDir, ATTEMPTS))?.toString('utf8') ?? '[]');
    return Array.isArray(value) ? value.filter(isAttempt) : [];
  } catch {
    return [];
  }
}

/** Does what may be refused for the sake of the data in use; a refusal is written down. */
export async function notingRefusal<T>(
  writeFs: WriteFs,
  { dbDir, now, url }: { readonly dbDir: string; readonly now: Date; readonly url?: string },
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof PlimsollError && error.code === 'data-rollback') {
      const at = now.toISOString();
      recordAttempt(writeFs, dbDir, { at, reason: error.message, ...(url === undefined ? {} : { url }) });
    }
    throw error;
  }
}

/** Adds one; where that fails there is still the error that led to it. */
function recordAttempt(writeFs: WriteFs, dbDir: string, attempt: RefusedAttempt): void {
  const attempts = [...readAttempts(dbDir), attempt].slice(-KEPT);
  try {
    writeWhole(writeFs, dbDir, ATTEMPTS, Buffer.from(`${JSON.stringify(attempts, null, 2)}\n`));
  } catch {
    // The caller has something better to say.
  }
}

/** A change that was taken ends the list. */
export function clearAttempts(writeFs: WriteFs, dbDir: string): void {
  removeQuietly(writeFs, join(dbDir, ATTEMPTS));
}

function isAttempt(value: unknown): value is RefusedAttempt {
  return (
    isObject(value) &&
    typeof value.at === 'string' &&
    typeof value.reason === 'string' &&
    (value.url === undefined || typeof value.url === 'string')
  );
}
