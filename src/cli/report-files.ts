// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SCANNER_IDS } from '../model/scanner-ids.ts';
import { PlimsollError } from '../platform/errors.ts';
import { suggest } from '../policy/suggest.ts';
import type { ReportFile } from '../scanners/import.ts';
import type { Io } from './io.ts';

/**
 * Reports of other tools, each `FILE` or `TOOL=FILE`, relative to the working directory.
 * @throws PlimsollError `usage`
 */
export async function reportFiles(options: readonly string[], { cwd }: Io): Promise<ReportFile[]> {
  if (options.length === 0) return [];
  // Most runs import nothing, and do not load what knows the tools.
  const { parseReportOption } = await import('../scanners/import.ts');
  return options.map((option) => {
    const file = parseReportOption(option);
    const path = resolve(cwd, file.path);
    const [, name] = /^([\w-]+)=/.exec(option) ?? [];
    // A name may hold `=`, but a file of that name is there.
    if (file.tool === undefined && name !== undefined && !existsSync(path)) throw unknownScanner(name);
    return { ...file, path };
  });
}

/**
 * The scanners that are to be run.
 * @throws PlimsollError `usage`
 */
export function scannersToRun(ids: readonly string[]): readonly string[] {
  for (const id of ids) if (!SCANNER_IDS.some((known) => known === id)) throw unknownScanner(id);
  return ids;
}

function unknownScanner(id: string): PlimsollError {
  const guess = suggest(id, SCANNER_IDS);
  const hint = guess === undefined ? `known are ${SCANNER_IDS.join(', ')}` : `did you mean "${guess}"?`;
  return new PlimsollError('usage', `expected the id of a scanner, got ${JSON.stringify(id)}`, { hint });
}
