// SPDX-License-Identifier: Apache-2.0
import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { listErrors } from '../findings/coverage-errors.ts';
import type { Coverage } from '../model/coverage.ts';
import type { ScannerRun } from '../model/scanner.ts';
import type { ToolReport } from '../model/tool-report.ts';
import { PlimsollError } from '../platform/errors.ts';
import { toModelPath } from '../platform/fs.ts';
import { withoutSecrets } from '../platform/mask.ts';
import { type ReportFile, readReport } from './import.ts';
import { type ScannedTree, shownTarget } from './join/tree.ts';
import type { ScannersAnswer } from './run.ts';

/**
 * Reads reports that other runs of tools left. What they say of themselves is recorded as claimed. One that cannot be
 * read is a coverage row, and so is one that speaks of files which the tree does not have.
 */
export async function importReports(
  files: readonly ReportFile[],
  root: string,
  tree: ScannedTree,
): Promise<ScannersAnswer> {
  const reports: ToolReport[] = [];
  const coverage: Coverage[] = [];
  const runs: ScannerRun[] = [];
  for (const file of files) {
    const label = await labelOf(file.path, root);
    try {
      for (const report of await readReport({ ...file, label })) {
        reports.push(report);
        coverage.push(await coverageOf(report, label, tree));
        runs.push(runOf(report, label));
      }
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      coverage.push(unread(file, label, error));
    }
  }
  return { reports, coverage, runs };
}

/** Below the root its path there, else its name: no report tells of the machine, nor of what an address holds. */
async function labelOf(path: string, root: string): Promise<string> {
  try {
    return withoutSecrets(toModelPath(await realpath(path).catch(() => path), root));
  } catch {
    return withoutSecrets(basename(path));
  }
}

function runOf({ tool, name, version, target }: ToolReport, label: string): ScannerRun {
  return {
    id: tool,
    name,
    ...(version === undefined ? {} : { version }),
    report: label,
    ...(target === undefined ? {} : { target: withoutSecrets(shownTarget(target)) }),
  };
}

function unread({ tool }: ReportFile, label: string, error: PlimsollError): Coverage {
  return {
    plugin: tool ?? 'import',
    target: label,
    status: 'failed',
    cause: 'report-unreadable',
    unit: 'files',
    expected: 1,
    processed: 0,
    required: true,
    // The row itself names the report.
    errors: [{ message: error.message.replace(`${label}: `, '') }],
  };
}

async function coverageOf(report: ToolReport, label: string, tree: ScannedTree): Promise<Coverage> {
  const { tool, failure, gaps } = report;
  const row = { plugin: tool, target: label, unit: 'files', required: true } as const;
  if (failure !== undefined) {
    const errors = [{ message: `expected a report of ${report.name}, got ${failure}` }];
    return { ...row, status: 'failed', cause: 'tool-failed', expected: 1, processed: 0, errors };
  }
  const named = report.elsewhere === true ? [] : filesOf(report);
  const places = await tree.places(named);
  const foreign = [...places.values()].flatMap(({ uri, outside }) => (outside ? [uri] : []));
  const total = places.size;
  const errors = [
    ...gaps.map(({ path, message }) => ({ message: path === undefined ? message : `${path}: ${message}` })),
    ...(foreign.length === 0
      ? []
      : [{ message: `${foreign.length} of its ${total} files are not in this tree: ${listed(foreign)}` }]),
  ];
  const processed = total - foreign.length;
  if (errors.length === 0) return { ...row, status: 'succeeded', expected: total, processed, errors: [] };
  return {
    ...row,
    status: 'partial',
    cause: 'tool-failed',
    expected: total + gaps.length,
    processed,
    errors: listErrors(errors),
  };
}

/** What the tool says that it read; where its format does not tell, the files of its hits, but not those of the history. */
function filesOf({ files, hits }: ToolReport): readonly string[] {
  if (files !== undefined) return files;
  const named: string[] = [];
  for (const hit of hits) {
    if (hit.kind === 'vulnerability' || hit.kind === 'license') continue;
    const isHistory = hit.kind === 'secret' && hit.commit !== undefined;
    // A result without a place is one of the whole project.
    if (!isHistory && hit.place.path !== '') named.push(hit.place.path);
  }
  return named;
}

function listed(uris: readonly string[]): string {
  const shown = uris.slice(0, 3).join(', ');
  return uris.length > 3 ? `${shown} and ${uris.length - 3} more` : shown;
}
