// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
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
    return { ...file, path: resolve(cwd, file.path) };
  });
}
