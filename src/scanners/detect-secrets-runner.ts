// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import type { ToolGap, ToolReport } from '../model/tool-report.ts';
import { fromModelPath } from '../platform/fs.ts';
import { PYTHON } from './arguments.ts';
import { runByName } from './by-name.ts';
import { fieldOf, hasKeys } from './fields.ts';
import type { Runner } from './scanner.ts';

/**
 * detect-secrets on every file of the tree, each named. No baseline of the tree counts, nor a comment that allows a line,
 * and nothing is verified, which would ask others. Its log is its proof of work: it names each file that it opens, that
 * it may not open, and that it passes over by its name, such as an image or a lock.
 */
export function detectSecretsRunner(read: (report: unknown) => ToolReport): Runner {
  return {
    programs: ['detect-secrets'],
    install: 'pip install detect-secrets==1.5.0',
    version: (output) => /^(\d+\.\d+\.\d+\S*)\s*$/m.exec(output)?.[1],
    async scan(context) {
      const files = await context.files();
      const allowlisted = 'detect_secrets.filters.allowlist.is_line_allowlisted';
      const answer = await runByName(files, context, {
        args: [
          ...['-v', '-C', context.root, 'scan', '--all-files', '--no-verify'],
          ...['--disable-filter', allowlisted],
        ],
        env: PYTHON,
        isReport: (report, exitCode) => exitCode === 0 && hasKeys(report, 'version', 'results'),
      });
      if ('failure' in answer) return answer;
      const { parts } = answer;
      const log = new Set(parts.flatMap(({ stderr }) => logLines(stderr)));
      const results = Object.assign({}, ...parts.map(({ report }) => fieldOf(report, 'results'))) as object;
      const version = fieldOf(parts[0]?.report, 'version') ?? '';
      const report = read({ version, plugins_used: [], results });
      return [await withProof(report, files, log, context.root)];
    },
  };
}

/** A name may hold line breaks. */
function logLines(stderr: string): string[] {
  return stderr.split(/^\[\w+\]\t(?:INFO|WARNING|ERROR)\t/m).map((line) => line.replace(/\n$/, ''));
}

/** Text that is not UTF-8 it opens and drops, without a word. */
async function withProof(
  report: ToolReport,
  files: readonly string[],
  log: ReadonlySet<string>,
  root: string,
): Promise<ToolReport> {
  const read: string[] = [];
  const gaps: ToolGap[] = [];
  const skipped = new Set([...log].map((line) => /^Skipping "(.*)" due to `[\w.]+`/s.exec(line)?.[1]));
  for (const path of files) {
    const file = fromModelPath(path, root);
    if (log.has(`Unable to open file: ${file}`))
      gaps.push({ path, message: 'detect-secrets may not read it' });
    else if (log.has(`Checking file: ${file}`)) {
      const bytes = await readFile(file).catch(() => undefined);
      if (bytes === undefined || isUtf8(bytes)) read.push(path);
      else if (!bytes.includes(0))
        gaps.push({
          path,
          message: 'expected UTF-8, which is all that detect-secrets reads, got other bytes',
        });
    } else if (!skipped.has(file)) gaps.push({ path, message: 'detect-secrets did not read it' });
  }
  return { ...report, files: read, gaps: [...report.gaps, ...gaps] };
}
