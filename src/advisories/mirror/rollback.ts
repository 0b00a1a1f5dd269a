// SPDX-License-Identifier: Apache-2.0
import { PlimsollError } from '../../platform/errors.ts';
import type { MirroredEcosystem } from './manifest.ts';

/** A drop of less than this is no sign of a broken download. */
const LIVE_DROP = 50;
const LIVE_SHARE = 0.01;

/** Clocks differ. */
const AHEAD = 24 * 3_600_000;

/**
 * Refuses data that are older than those in use, are dated ahead, or hold far fewer live records.
 * @throws PlimsollError `data-rollback`
 */
export function guardRollback(
  former: readonly MirroredEcosystem[],
  next: readonly MirroredEcosystem[],
  now: Date,
): void {
  for (const { name, newestModified } of next) {
    const isKnown = former.some((before) => before.name === name && before.newestModified === newestModified);
    if (isKnown || newestModified === undefined || Date.parse(newestModified) <= now.getTime() + AHEAD)
      continue;
    throw rollback(`${name}: expected records of today or before, got one of ${newestModified}`);
  }
  for (const before of former) {
    if (!before.complete) continue;
    const after = next.find(({ name }) => name === before.name);
    const newest = after?.newestModified;
    if (before.newestModified !== undefined && (newest === undefined || newest < before.newestModified)) {
      throw rollback(
        `${before.name}: expected records up to ${before.newestModified}, got up to ${newest ?? 'none'}`,
      );
    }
    const dropped = before.live - (after?.live ?? 0);
    if (dropped >= LIVE_DROP && dropped > before.live * LIVE_SHARE) {
      throw rollback(`${before.name}: expected about ${before.live} live records, got ${after?.live ?? 0}`);
    }
  }
}

/** The error for data that would be a step back. */
export function rollback(message: string): PlimsollError {
  return new PlimsollError('data-rollback', message, {
    hint: 'the former data are still in use; --allow-rollback takes the given ones all the same',
  });
}
