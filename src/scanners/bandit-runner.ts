// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolReport } from '../model/tool-report.ts';
import { fromModelPath } from '../platform/fs.ts';
import { PYTHON, pathChunks } from './arguments.ts';
import { fieldOf, hasKeys } from './fields.ts';
import { lastLine, parsedJson } from './output.ts';
import type { Runner } from './scanner.ts';

/**
 * Bandit on every `.py` file of the tree, each named, so that it does not look for a `.bandit` of its own; comments that
 * switch it off have no say. What it lists in `metrics` is what it read.
 */
export function banditRunner(read: (report: unknown) => ToolReport): Runner {
  return {
    programs: ['bandit'],
    install: 'pip install bandit==1.9.4',
    version: (output) => /^bandit (\d+\.\d+\.\d+\S*)/m.exec(output)?.[1],
    async scan(context) {
      const files = (await context.files()).filter((path) => path.endsWith('.py'));
      const empty = { results: [], errors: [], metrics: {} };
      if (files.length === 0) return [{ ...read(empty), files: [] }];
      const ini = join(context.scratch, 'bandit.ini');
      writeFileSync(ini, '[bandit]\n');
      const parts: unknown[] = [];
      for (const paths of pathChunks(files.map((path) => fromModelPath(path, context.root)))) {
        const args = ['--ini', ini, '--ignore-nosec', '-f', 'json', '-q', '--exit-zero', '--', ...paths];
        const { stdout, stderr, exitCode, failure } = await context.run(args, PYTHON);
        if (failure !== undefined) return { failure };
        const report = parsedJson(stdout);
        if (exitCode !== 0 || !hasKeys(report, 'results', 'errors', 'metrics'))
          return { failure: `exit status ${exitCode} and no report${lastLine(stderr)}` };
        parts.push(report);
      }
      return [checked(read(joined(parts)), files, context.root)];
    },
  };
}

/** What it names in none of its lists it has passed over in silence. */
function checked(report: ToolReport, files: readonly string[], root: string): ToolReport {
  const told = new Set([...(report.files ?? []), ...report.gaps.map(({ path }) => path)]);
  const silent = files
    .filter((path) => !told.has(fromModelPath(path, root)))
    .map((path) => ({ path, message: 'was not read' }));
  return { ...report, gaps: [...report.gaps, ...silent] };
}

function joined(parts: readonly unknown[]): unknown {
  const lists = (key: string) => parts.flatMap((part) => fieldOf(part, key) as unknown[]);
  const metrics = Object.assign({}, ...parts.map((part) => fieldOf(part, 'metrics'))) as object;
  return { results: lists('results'), errors: lists('errors'), metrics };
}
