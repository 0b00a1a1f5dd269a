// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import type { ToolGap, ToolReport } from '../model/tool-report.ts';
import { fromModelPath } from '../platform/fs.ts';
import { PYTHON, pathChunks } from './arguments.ts';
import { fieldOf, hasKeys } from './fields.ts';
import { lastLine, parsedJson } from './output.ts';
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
      const parts: unknown[] = [];
      const log = new Set<string>();
      for (const paths of pathChunks(files.map((path) => fromModelPath(path, context.root)))) {
        const args = ['-v', '-C', context.root, 'scan', '--all-files', '--no-verify'];
        args.push('--disable-filter', 'detect_secrets.filters.allowlist.is_line_allowlisted', '--', ...paths);
        const { stdout, stderr, exitCode, failure } = await context.run(args, PYTHON);
        if (failure !== undefined) return { failure };
        const report = parsedJson(stdout);
        if (exitCode !== 0 || !hasKeys(report, 'version', 'results'))
          return { failure: `exit status ${exitCode} and no report${lastLine(stderr)}` };
        parts.push(report);
        for (const line of logLines(stderr)) log.add(line);
      }
      const results = Object.assign({}, ...parts.map((part) => fieldOf(part, 'results'))) as object;
      const version = fieldOf(parts[0], 'version') ?? '';
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
