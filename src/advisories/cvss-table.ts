// SPDX-License-Identifier: Apache-2.0
import json from './cvss-scores.json' with { type: 'json' };
import { baseNumber, baseVectors, type CvssVector } from './cvss-vector.ts';

/** Versions with so few base vectors, 5,913 together, that a table holds the score of each. */
const TABULATED = ['2.0', '3.0', '3.1'] as const;
/** By version, the tenths of the score of each base vector, a byte each, in base64. */
type CvssScores = Readonly<Record<string, string>>;

const SCORES: ReadonlyMap<string, Uint8Array> = new Map(
  Object.entries(json).map(([version, text]) => [version, Buffer.from(text, 'base64')]),
);

/**
 * The base score that the calculator gives a vector; `undefined` for version 4.0. Made beforehand by `npm run schemas`,
 * and held against the calculator by a test: loading that takes longer than many a scan.
 */
export function tabulatedScore(vector: CvssVector): number | undefined {
  const tenths = SCORES.get(vector.version)?.[baseNumber(vector)];
  return tenths === undefined ? undefined : tenths / 10;
}

/** What `npm run schemas` writes. */
export function compileCvssScores(score: (vector: CvssVector) => number): CvssScores {
  const scores = TABULATED.map((version) => {
    const tenths = baseVectors(version).map((base) => Math.round(score({ version, base }) * 10));
    return [version, Buffer.from(tenths).toString('base64')];
  });
  return Object.fromEntries(scores);
}
