// SPDX-License-Identifier: Apache-2.0

/** Characters that a hash looks at, from the first of its line on. */
const WINDOW = 100;
const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const END = 65_535;
/** 37 to the power of 100, modulo 2^64, in two halves. */
const [OUT_HIGH, OUT_LOW] = power(37n, 100n);

const BYTES = Buffer.alloc(8);

/**
 * The hash of each line (the first is at index 0) of a text, as GitHub's codeql-action makes its
 * `primaryLocationLineHash`: a rolling 64-bit hash over the next 100 characters that are not blank, and how many lines
 * before have the same. GitHub knows an alert again by it.
 * @see https://github.com/github/codeql-action/blob/main/src/fingerprints.ts
 */
export function lineHashes(text: string): string[] {
  const hashes: string[] = [];
  const seen = new Map<string, number>();
  const window = new Uint16Array(WINDOW);
  /** The line that begins at a place of the window; 0 for none. */
  const begins = new Uint32Array(WINDOW);
  let [high, low, at, line] = [0, 0, 0, 0];
  let isStart = true;
  let afterCr = false;
  // Behind the end, until every line has left the window. All in one loop: it runs for each character of a tree.
  for (let i = 0; i <= text.length + WINDOW; i += 1) {
    let code = i < text.length ? text.charCodeAt(i) : i === text.length ? END : 0;
    if (code === SPACE || code === TAB || (afterCr && code === LF)) {
      afterCr = false;
      continue;
    }
    afterCr = code === CR;
    if (afterCr) code = LF;
    const began = begins[at] as number;
    if (began !== 0) {
      hashes[began - 1] = numbered(hex(high, low), seen);
      begins[at] = 0;
    }
    if (isStart) {
      line += 1;
      begins[at] = line;
    }
    isStart = code === LF;
    // hash = 37 * hash + code - 37^100 * the code that leaves the window, in 64 bits; this part has less than 53.
    const leaving = window[at] as number;
    window[at] = code;
    const difference = low * 37 + code - OUT_LOW * leaving;
    const carry = Math.floor(difference / 2 ** 32);
    high = (Math.imul(high, 37) - Math.imul(OUT_HIGH, leaving) + carry) >>> 0;
    low = difference >>> 0;
    at = at + 1 === WINDOW ? 0 : at + 1;
  }
  return hashes;
}

/** With how many have had the same so far, this one included. */
function numbered(hash: string, seen: Map<string, number>): string {
  const count = (seen.get(hash) ?? 0) + 1;
  seen.set(hash, count);
  return `${hash}:${count}`;
}

/** Without leading zeros. By way of bytes: `toString(16)` divides a number of 32 bits for each of its digits. */
function hex(high: number, low: number): string {
  BYTES.writeUInt32BE(high, 0);
  BYTES.writeUInt32BE(low, 4);
  return BYTES.toString('hex').replace(/^0{1,15}/, '');
}

function power(base: bigint, exponent: bigint): readonly [number, number] {
  const value = BigInt.asUintN(64, base ** exponent);
  return [Number(value >> 32n), Number(value & 0xffffffffn)];
}
