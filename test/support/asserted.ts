// SPDX-License-Identifier: Apache-2.0
import { appendFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { ScannerRun } from '../../src/model/scanner.ts';

/**
 * Asserts what a real tool found, and writes down how much that was: CI prints it, and fails for a tool without.
 *
 * @param runs of that tool alone
 */
export function expectFound(
  runs: readonly ScannerRun[],
  found: readonly string[],
  expected: readonly string[],
): void {
  expect(found).toEqual(expected);
  const [run] = runs;
  expect(run).toMatchObject({ version: expect.any(String), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  const file = process.env.PLIMSOLL_ASSERTED;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ ...run, asserted: expected.length })}\n`);
}
