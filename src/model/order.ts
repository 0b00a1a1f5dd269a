// SPDX-License-Identifier: Apache-2.0

/** Code-unit order, the only order that output may use: no locale, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Order by several keys, the first difference decides; absent sorts first. */
export function compareKeys(
  a: readonly (string | number | undefined)[],
  b: readonly (string | number | undefined)[],
): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const order = compareKey(a[i], b[i]);
    if (order !== 0) return order;
  }
  return 0;
}

/** Order by one key; absent sorts first. Chained with `||` it needs no lists, which counts where much is sorted. */
export function compareKey(a: string | number | undefined, b: string | number | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  return a < b ? -1 : 1;
}

/** The first index below `length` that is not before what is looked for, else `length`; those before it come first. */
export function firstIndex(length: number, isBefore: (index: number) => boolean): number {
  let [from, to] = [0, length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (isBefore(middle)) from = middle + 1;
    else to = middle;
  }
  return from;
}
