// SPDX-License-Identifier: Apache-2.0
import { listErrors } from '../findings/coverage-errors.ts';
import type { Coverage } from '../model/coverage.ts';
import { ECOSYSTEMS, type Ecosystem, type Inventory } from '../model/inventory.ts';
import { compareText } from '../model/order.ts';
import type { WantedScanner } from '../model/scanner.ts';
import type { ToolReport } from '../model/tool-report.ts';
import { toModelPath } from '../platform/fs.ts';
import { withoutRoot } from './output.ts';

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
        message: withoutRoot(path === undefined ? message : `${path}: ${message}`, root),
      })),
    ),
  };
}

function packageCoverage(
  { id, required, asked }: WantedScanner,
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
  const gaps = reports.flatMap((report) => report.gaps);
  return inventory.projects.flatMap((project): Coverage[] => {
    const expected = packagesOf(project.id, inventory, ecosystems);
    // A project of another ecosystem is none of its business.
    if (expected.size === 0 && ecosystems !== ECOSYSTEMS) return [];
    const told = gaps
      .filter(({ path = '' }) => toModelPath(path, root) === project.id)
      .map(({ message }) => withoutRoot(message, root));
    const missing = [...expected].filter(([key]) => !read.has(key)).map(([, label]) => label);
    const processed = expected.size - missing.length;
    const row = { plugin: id, target: project.id, unit: 'packages', expected: expected.size } as const;
    if (missing.length === 0 && told.length === 0)
      return [{ ...row, status: 'succeeded', processed, required, errors: [] }];
    const unread = missing.sort(compareText).map((label) => `${label} was not read by ${id}`);
    // Where nothing was read, why says it all.
    const messages = told.length > 0 && processed === 0 ? told : [...told, ...unread];
    return [
      {
        ...row,
        status: told.length > 0 && processed === 0 ? 'failed' : 'partial',
        cause: 'tool-failed',
        processed,
        required: required || (asked && told.length > 0),
        errors: listErrors(messages.map((message) => ({ message }))),
      },
    ];
  });
}

/** `NAME VERSION` of what a project locks, by key. */
function packagesOf(
  project: string,
  { components }: Inventory,
  ecosystems: readonly Ecosystem[],
): Map<string, string> {
  const packages = new Map<string, string>();
  for (const { project: owner, origin, ecosystem, name, version } of components) {
    if (owner !== project || origin !== 'registry' || version === undefined) continue;
    if (!ecosystems.some((each) => each === ecosystem)) continue;
    packages.set(JSON.stringify([owner, ecosystem, name, version]), `${name} ${version}`);
  }
  return packages;
}
