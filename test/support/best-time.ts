// SPDX-License-Identifier: Apache-2.0

/** Milliseconds of the quickest of several runs: what else the machine does can only make a run slower. */
export function bestTime(act: () => unknown, runs = 5): number {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    act();
    return performance.now() - start;
  });
  return Math.min(...times);
}
