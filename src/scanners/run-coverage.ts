// SPDX-License-Identifier: Apache-2.0
import { listErrors } from '../findings/coverage-errors.ts';
import type { Coverage } from '../model/coverage.ts';
import { ECOSYSTEMS, type Ecosystem, type Inventory } from '../model/inventory.ts';
import { compareText } from '../model/order.ts';
import type { WantedScanner } from '../model/scanner.ts';
import type { ToolReport } from '../model/tool-report.ts';
import { toModelPath } from '../platform/fs.ts';

/** What it read of what was there to read: the only proof that it worked. Per project where it reads packages. */
export function coverageOf(
  wanted: WantedScanner,
  root: string,
  inventory: Inventory,
  reports: readonly ToolReport[],
  ecosystems: readonly Ecosystem[] = ECOSYSTEMS,
): Coverage[] {
  return reports.some(({ packages }) => packages !== undefined) || reports.length === 0
    ? packageCoverage(wanted, root, inventory, reports, ecosystems)
    : reports.map((report) => fileCoverage(wanted, root, report));
}

function fileCoverage(
  { id, required, asked }: WantedScanner,
  root: string,
  { files = [], gaps }: ToolReport,
): Coverage {
  const row = { plugin: id, target: '.', unit: 'files', processed: files.length } as const;
  if (gaps.length === 0) return { ...row, status: 'succeeded', expected: files.length, required, errors: [] };
  return {
    ...row,
    status: 'partial',
    cause: 'tool-failed',
    expected: files.length + gaps.length,
    required: required || asked,
    errors: listErrors(
      gaps.map(({ path, message }) => ({
        // No report tells of the machine.
        message: (path === undefined ? message : `${path}: ${message}`).replaceAll(`${root}/`, ''),
      })),
    ),
  };
}

function packageCoverage(
  { id, required }: WantedScanner,
  root: string,
  inventory: Inventory,
  reports: readonly ToolReport[],
  ecosystems: readonly Ecosystem[],
): Coverage[] {
  const read = new Set(
    reports
      .flatMap(({ packages = [] }) => packages)
      .map(({ path, ecosystem, name, version }) =>
        JSON.stringify([toModelPath(path, root), ecosystem, name, version]),
      ),
  );
  return inventory.projects.flatMap((project): Coverage[] => {
    const expected = new Map<string, string>();
    for (const { project: owner, origin, ecosystem, name, version } of inventory.components) {
      if (owner !== project.id || origin !== 'registry' || version === undefined) continue;
      if (!ecosystems.some((each) => each === ecosystem)) continue;
      expected.set(JSON.stringify([owner, ecosystem, name, version]), `${name} ${version}`);
    }
    // A project of another ecosystem is none of its business.
    if (expected.size === 0 && ecosystems !== ECOSYSTEMS) return [];
    const missing = [...expected].filter(([key]) => !read.has(key)).map(([, label]) => label);
    const row = { plugin: id, target: project.id, unit: 'packages', expected: expected.size } as const;
    if (missing.length === 0)
      return [{ ...row, status: 'succeeded', processed: expected.size, required, errors: [] }];
    const errors = missing.sort(compareText).map((label) => ({ message: `${label} was not read by ${id}` }));
    return [
      {
        ...row,
        status: 'partial',
        cause: 'tool-failed',
        processed: expected.size - missing.length,
        required,
        errors: listErrors(errors),
      },
    ];
  });
}
