// SPDX-License-Identifier: Apache-2.0
import { terminal } from '../reports/encode.ts';

/** Where progress is shown. */
export interface ProgressTarget {
  readonly columns: number;
  write(text: string): unknown;
}

/** Milliseconds between two texts: a terminal is slower than what it shows. */
const INTERVAL = 100;

/**
 * Shows one text in the place of the one before, on the last line of a terminal; `''` takes it away.
 * @param now milliseconds of any clock that goes forward
 */
export function progressLine(target: ProgressTarget, now: () => number): (text: string) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (text) => {
    const time = now();
    if (text !== '' && time - last < INTERVAL) return;
    last = time;
    target.write(`\r\u001b[K${terminal(text).slice(0, Math.max(20, target.columns - 1))}`);
  };
}
