// SPDX-License-Identifier: Apache-2.0

/**
 * The part, from 0, to which what has this fingerprint belongs when there are `parts` of them. It hangs on the
 * fingerprint alone, and one part more takes its share from the others, which give nothing to one another: so that a
 * result stays where it was when others come and go.
 */
export function partOf(fingerprint: string, parts: number): number {
  if (parts === 1) return 0;
  let state = foldedHash(fingerprint);
  let part = 0;
  for (let next = 1; next < parts; next += 1) {
    state = (state + 0x6d2b79f5) | 0;
    if (mixed(state) % (next + 1) === 0) part = next;
  }
  return part;
}

/** The fewest parts of which none has more than `size`; `most` where even these are too few. */
export function partsNeeded(fingerprints: readonly string[], size: number, most: number): number {
  for (let parts = Math.max(1, Math.ceil(fingerprints.length / size)); parts < most; parts += 1) {
    const counts = new Array<number>(parts).fill(0);
    for (const fingerprint of fingerprints) {
      const part = partOf(fingerprint, parts);
      counts[part] = (counts[part] ?? 0) + 1;
    }
    if (counts.every((count) => count <= size)) return parts;
  }
  return Math.max(1, most);
}

/** FNV-1a, 32 bits. */
function foldedHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0;
}

/** The output function of mulberry32: every bit of the state moves every bit of the number, from 0. */
function mixed(state: number): number {
  let number = Math.imul(state ^ (state >>> 15), state | 1);
  number ^= number + Math.imul(number ^ (number >>> 7), number | 61);
  return (number ^ (number >>> 14)) >>> 0;
}
