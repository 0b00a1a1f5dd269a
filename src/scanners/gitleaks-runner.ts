// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SecretHit, ToolGap, ToolReport } from '../model/tool-report.ts';
import { toModelPath } from '../platform/fs.ts';
import { lastLine, parsedJson } from './output.ts';
import type { Runner } from './scanner.ts';

/** Its own rules, and no allowlist but theirs. */
const CONFIG = '[extend]\nuseDefault = true\n';
/** Told apart from 1, which is what errors have too. */
const FOUND = 42;
const MAX_FILE_MEGABYTES = '50';

/**
 * gitleaks on the files of the tree as they are. Its configuration, its list of ignored findings and comments that allow a
 * line have no say where they lie in the tree. How many bytes it scanned is its proof of work: it exits with 0 where it
 * read nothing.
 */
export function gitleaksRunner(read: (report: unknown) => ToolReport): Runner {
  return {
    programs: ['gitleaks'],
    install: 'go install github.com/zricethezav/gitleaks/v8@v8.30.1',
    versionArgs: ['version'],
    versionMarks: ['mod\tgithub.com/zricethezav/gitleaks/v8\tv'],
    // A build from source does not know its version.
    version: (output) =>
      /^v?(\d+\.\d+\.\d+\S*)\s*$/m.exec(output)?.[1] ??
      (output.includes('version is set by build process') ? 'unknown' : undefined),
    async scan(context) {
      const files = await context.files();
      const config = join(context.scratch, 'gitleaks.toml');
      const ignored = join(context.scratch, 'gitleaksignore');
      writeFileSync(config, CONFIG);
      writeFileSync(ignored, '');
      const args = ['dir', context.root, '--config', config, '--gitleaks-ignore-path', ignored];
      args.push('--ignore-gitleaks-allow', '--max-target-megabytes', MAX_FILE_MEGABYTES);
      args.push('--report-format', 'json', '--report-path', '-', '--no-banner', '--no-color');
      const { stdout, stderr, exitCode, failure } = await context.run(
        [...args, '--log-level', 'info', '--exit-code', String(FOUND)],
        {},
      );
      if (failure !== undefined) return { failure };
      const report = parsedJson(stdout);
      if ((exitCode !== 0 && exitCode !== FOUND) || !Array.isArray(report))
        return { failure: `exit status ${exitCode} and no report${lastLine(stderr)}` };
      const scanned = /\bscanned ~\d+ bytes \((\d+(?:\.\d+)?)/.exec(stderr)?.[1];
      if (scanned === undefined) return { failure: `no word of what it scanned${lastLine(stderr)}` };
      if (Number(scanned) === 0 && files.length > 0)
        return { failure: `nothing scanned of ${files.length} files` };
      return [onlyOf(files, read(report), stderr, context.root)];
    },
  };
}

/** It reads what is excluded and what is installed too; that is not asked for. */
function onlyOf(files: readonly string[], report: ToolReport, stderr: string, root: string): ToolReport {
  const wanted = new Set(files);
  const hits = report.hits.filter((hit) => wanted.has(modelPath((hit as SecretHit).place.path, root)));
  const gaps = [...logGaps(stderr)]
    .map((gap): LogGap => (gap.path === undefined ? gap : { ...gap, path: modelPath(gap.path, root) }))
    .filter(({ path, isDirectory }) => path === undefined || wanted.has(path) || isDirectory)
    .map(({ isDirectory: _, ...gap }): ToolGap => gap);
  const unread = new Set(gaps.map(({ path }) => path));
  return {
    ...report,
    hits,
    files: files.filter((path) => !unread.has(path)),
    gaps: [...report.gaps, ...gaps],
  };
}

function modelPath(path: string, root: string): string {
  try {
    return toModelPath(path, root);
  } catch {
    return path;
  }
}

interface LogGap extends ToolGap {
  readonly isDirectory: boolean;
}

/**
 * Lines of its log such as `3:23AM ERR could not open file error="..." path="a b"`. What it may not read, or finds too
 * large, is a warning, and the exit status 0.
 * @see https://github.com/gitleaks/gitleaks/blob/v8.30.1/sources/files.go
 */
function* logGaps(stderr: string): Generator<LogGap> {
  for (const line of stderr.split('\n')) {
    const said = /\b(?:ERR|FTL|WRN) (.*)$/.exec(line)?.[1];
    if (said === undefined || /^leaks found: \d+$/.test(said)) continue;
    const [field, path] = /\spath=("(?:[^"\\]|\\.)*"|\S+)/.exec(said) ?? [];
    const isDirectory = said.startsWith('skipping directory');
    if (field === undefined || path === undefined) yield { message: said.slice(0, 300), isDirectory };
    else yield { path: unquoted(path), message: said.replace(field, '').slice(0, 300), isDirectory };
  }
}

/** Go writes `\xNN` for a byte that JSON would write as `\u00NN`. */
function unquoted(text: string): string {
  const value = text.startsWith('"') ? parsedJson(text.replace(/\\x(?=[0-9a-f]{2})/g, '\\u00')) : text;
  return typeof value === 'string' ? value : text;
}
