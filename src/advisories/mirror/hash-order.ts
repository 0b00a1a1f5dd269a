// SPDX-License-Identifier: Apache-2.0
import { compareText } from '../../model/order.ts';
import { PlimsollError } from '../../platform/errors.ts';
import { hashKey } from './format.ts';

/** Keys in the order of a directory. */
export interface HashOrder {
  /** Positions in the list of keys, by hash, then key, then position. */
  readonly order: Uint32Array;
  /** The halves of the hashes, by position in the list of keys. */
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

const COUNT_LIMIT = 2 ** 21;

/**
 * Sorts keys by their hashes. The upper half of a hash and the position fit into the 53 bits of a number, so the
 * typed array's own sort does the work; few are left to compare.
 * @throws PlimsollError `limit-exceeded`
 */
export function orderByHash(keys: readonly string[]): HashOrder {
  const count = keys.length;
  if (count > COUNT_LIMIT) {
    throw new PlimsollError(
      'limit-exceeded',
      `expected at most ${COUNT_LIMIT} records and packages, got ${count}`,
    );
  }
  const high = new Uint32Array(count);
  const low = new Uint32Array(count);
  const sorted = new Float64Array(count);
  for (const [i, key] of keys.entries()) {
    const hashed = hashKey(key);
    high[i] = hashed.high;
    low[i] = hashed.low;
    sorted[i] = hashed.high * COUNT_LIMIT + i;
  }
  const order = Uint32Array.from(sorted.sort(), (value) => value % COUNT_LIMIT);
  for (let from = 0; from < count; ) {
    let to = from + 1;
    while (to < count && high[order[to] ?? 0] === high[order[from] ?? 0]) to++;
    if (to - from > 1) {
      order
        .subarray(from, to)
        .sort((a, b) => (low[a] ?? 0) - (low[b] ?? 0) || compareText(keys[a] ?? '', keys[b] ?? '') || a - b);
    }
    from = to;
  }
  return { order, high, low };
}
