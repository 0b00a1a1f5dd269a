// SPDX-License-Identifier: Apache-2.0
import type { ToolReport } from '../model/tool-report.ts';
import { fromModelPath } from '../platform/fs.ts';
import { PYTHON, pathChunks } from './arguments.ts';
import { fieldOf, hasKeys } from './fields.ts';
import { lastLine, parsedJson } from './output.ts';
import type { Runner } from './scanner.ts';

/**
 * detect-secrets on every file of the tree, each named. No baseline of the tree counts, nor a comment that allows a line,
 * and nothing is verified, which would ask others. It passes over what it cannot read in silence: those files are not
 * known, and the tool says nothing that would tell.
 */
export function detectSecretsRunner(read: (report: unknown) => ToolReport): Runner {
  return {
    programs: ['detect-secrets'],
    install: 'pip install detect-secrets==1.5.0',
    version: (output) => /^(\d+\.\d+\.\d+\S*)\s*$/m.exec(output)?.[1],
    async scan(context) {
      const files = await context.files();
      const parts: unknown[] = [];
      for (const paths of pathChunks(files.map((path) => fromModelPath(path, context.root)))) {
        const args = ['-C', context.root, 'scan', '--all-files', '--no-verify'];
        args.push('--disable-filter', 'detect_secrets.filters.allowlist.is_line_allowlisted', '--', ...paths);
        const { stdout, stderr, exitCode, failure } = await context.run(args, PYTHON);
        if (failure !== undefined) return { failure };
        const report = parsedJson(stdout);
        if (exitCode !== 0 || !hasKeys(report, 'version', 'results'))
          return { failure: `exit status ${exitCode} and no report${lastLine(stderr)}` };
        parts.push(report);
      }
      const results = Object.assign({}, ...parts.map((part) => fieldOf(part, 'results'))) as object;
      const version = fieldOf(parts[0], 'version') ?? '';
      return [{ ...read({ version, plugins_used: [], results }), files }];
    },
  };
}
