// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Inventory } from '../model/inventory.ts';
import type { ToolReport } from '../model/tool-report.ts';
import { fromModelPath } from '../platform/fs.ts';
import { schemeOf } from '../versions/index.ts';
import { PYTHON } from './arguments.ts';
import { hasKeys } from './fields.ts';
import { lastLine, parsedJson } from './output.ts';
import type { Runner, ScannerContext } from './scanner.ts';

/**
 * pip-audit on the PyPI packages of each project, written as pinned requirements, with the OSV API: so it neither resolves
 * nor builds anything, which `pip-audit -r` on a file of the tree would. A version that PEP 440 does not know would fail the whole list, and is
 * left out, as the coverage shows.
 */
export function pipAuditRunner(read: (report: unknown) => ToolReport): Runner {
  return {
    programs: ['pip-audit'],
    install: 'pip install pip-audit==2.10.1',
    version: (output) => /^pip-audit (\d+\.\d+\.\d+\S*)\s*$/m.exec(output)?.[1],
    needs: 'network',
    ecosystems: ['PyPI'],
    async scan(context) {
      const reports: ToolReport[] = [];
      for (const project of context.inventory.projects) {
        for (const pins of pinnedLists(context.inventory, project.id)) {
          const report = await audit(pins, context);
          if (!hasKeys(report, 'dependencies')) return report as { readonly failure: string };
          reports.push(placedAt(fromModelPath(project.id, context.root), read(report)));
        }
      }
      return reports;
    },
  };
}

async function audit(
  pins: readonly string[],
  { scratch, run, advisoriesUrl }: ScannerContext,
): Promise<unknown> {
  const file = join(scratch, 'requirements.txt');
  writeFileSync(file, `${pins.join('\n')}\n`);
  const args = ['--requirement', file, '--disable-pip', '--no-deps', '--vulnerability-service', 'osv'];
  if (advisoriesUrl !== undefined) args.push('--osv-url', `${advisoriesUrl.replace(/\/$/, '')}/v1/query`);
  args.push('--format', 'json', '--desc', 'on', '--aliases', 'on');
  args.push('--progress-spinner', 'off', '--cache-dir', join(scratch, 'cache'));
  const { stdout, stderr, exitCode, failure } = await run(args, PYTHON);
  if (failure !== undefined) return { failure };
  const report = parsedJson(stdout);
  // 1 is findings and a traceback alike.
  if (!hasKeys(report, 'dependencies'))
    return { failure: `exit status ${exitCode} and no report${lastLine(stderr)}` };
  return report;
}

/** What is a name and a version, and nothing else that a line of requirements could be. */
const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const VERSION = /^[0-9A-Za-z.!+_-]+$/;

/** Pins of a project; a package that is locked at several versions takes as many lists, for one may name it once. */
function* pinnedLists({ components }: Inventory, id: string): Generator<string[]> {
  const versions = new Map<string, Set<string>>();
  for (const { project, origin, ecosystem, name, version } of components) {
    if (project !== id || origin !== 'registry' || ecosystem !== 'PyPI' || version === undefined) continue;
    if (!NAME.test(name) || !VERSION.test(version) || schemeOf('PyPI').parse(version) === undefined) continue;
    versions.set(name, (versions.get(name) ?? new Set()).add(version));
  }
  const most = Math.max(0, ...[...versions.values()].map(({ size }) => size));
  for (let nth = 0; nth < most; nth += 1)
    yield [...versions].flatMap(([name, all]) => {
      const version = [...all][nth];
      return version === undefined ? [] : [`${name}==${version}`];
    });
}

/** It names no file. */
function placedAt(path: string, report: ToolReport): ToolReport {
  const hits = report.hits.map((hit) => (hit.kind === 'vulnerability' ? { ...hit, path } : hit));
  return {
    ...report,
    hits,
    packages: (report.packages ?? []).map((each) => ({ ...each, path })),
    gaps: report.gaps.map(({ message }) => ({ path, message })),
  };
}
