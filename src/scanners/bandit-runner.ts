// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolReport } from '../model/tool-report.ts';
import { fromModelPath } from '../platform/fs.ts';
import { PYTHON } from './arguments.ts';
import { listsOf, type PartOfRun, runByName } from './by-name.ts';
import { fieldOf, hasKeys } from './fields.ts';
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
      const answer = await runByName(files, context, {
        args: ['--ini', ini, '--ignore-nosec', '-f', 'json', '-q', '--exit-zero'],
        env: PYTHON,
        isReport: (report, exitCode) => exitCode === 0 && hasKeys(report, 'results', 'errors', 'metrics'),
      });
      if ('failure' in answer) return answer;
      return [checked(read(joined(answer.parts)), files, context.root)];
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

function joined(parts: readonly PartOfRun[]): unknown {
  const lists = (key: string) => listsOf(parts, (report) => fieldOf(report, key));
  const metrics = Object.assign({}, ...parts.map(({ report }) => fieldOf(report, 'metrics'))) as object;
  return { results: lists('results'), errors: lists('errors'), metrics };
}
