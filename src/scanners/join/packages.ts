// SPDX-License-Identifier: Apache-2.0
import { ECOSYSTEMS, type Ecosystem, type Inventory } from '../../model/inventory.ts';
import type { ForeignVulnerability, ReportedVulnerability, ScannedPackage } from '../../model/scanner.ts';
import type { PackageHit, ToolPackage, ToolReport } from '../../model/tool-report.ts';
import { satisfies } from '../../versions/range.ts';
import { isRecord } from '../fields.ts';
import { shownTarget } from './tree.ts';

export interface ReportedPackages {
  /** Of packages in a project of the inventory, or that could be. */
  readonly reported: readonly ReportedVulnerability[];
  readonly scanned: readonly ScannedPackage[];
  /** Of packages that no project of the inventory has. */
  readonly foreign: readonly ForeignVulnerability[];
}

/**
 * What tools say of packages, by the projects of the inventory. A report that names no file speaks of every project
 * that has the package.
 *
 * @param uriOf the model path of a path in a report
 */
export function reportedPackages(
  reports: readonly ToolReport[],
  inventory: Inventory,
  uriOf: (path: string) => string,
): ReportedPackages {
  const inInventory = packageLookup(inventory, uriOf);
  const reported: ReportedVulnerability[] = [];
  const scanned: ScannedPackage[] = [];
  const foreign: ForeignVulnerability[] = [];
  for (const report of reports) {
    const find = report.elsewhere === true ? () => [] : inInventory;
    for (const read of report.packages ?? [])
      scanned.push(...find(read).map(({ project }) => scannedIn(project, report, read)));
    for (const hit of report.hits) {
      if (hit.kind !== 'vulnerability') continue;
      const found = find(hit);
      if (found.length === 0) foreign.push(foreignOf(report, hit));
      reported.push(...found.map((each) => reportedIn(each, report, hit)));
    }
  }
  return { reported, scanned, foreign };
}

type NamedPackage = Pick<PackageHit, 'path' | 'name' | 'version' | 'range'> & { readonly ecosystem: string };

interface FoundPackage {
  readonly project: string;
  readonly version: string;
}

/** By the file that is named, else by the package itself; where no version is told, those of its range. */
function packageLookup({ projects, components }: Inventory, uriOf: (path: string) => string) {
  const projectOf = new Map(
    projects.flatMap(({ id, files }) => [id, ...files].map((file) => [file, id] as const)),
  );
  const known = new Map<string, FoundPackage[]>();
  for (const { project, origin, ecosystem, name, version } of components) {
    if (origin !== 'registry' || version === undefined) continue;
    const key = JSON.stringify([ecosystem, name]);
    known.set(key, [...(known.get(key) ?? []), { project, version }]);
  }
  return ({ path, ecosystem, name, version, range }: NamedPackage): readonly FoundPackage[] => {
    const ecosystemName = ecosystemOf(ecosystem);
    if (ecosystemName === undefined) return [];
    const project = path === '' ? undefined : projectOf.get(uriOf(path));
    if (path !== '' && project === undefined) return [];
    // The file is the tool's word for where it is, whether or not it was collected from there.
    if (project !== undefined && version !== '') return [{ project, version }];
    return (known.get(JSON.stringify([ecosystem, name])) ?? []).filter(
      (each) =>
        (project === undefined || each.project === project) &&
        (version === ''
          ? range !== undefined && satisfies(ecosystemName, each.version, range) === true
          : each.version === version),
    );
  };
}

function ecosystemOf(name: string): Ecosystem | undefined {
  return ECOSYSTEMS.find((each) => each === name);
}

function scannedIn(
  project: string,
  { tool, everyRecord }: ToolReport,
  { ecosystem, name, version }: ToolPackage,
): ScannedPackage {
  return { tool, project, ecosystem, name, version, ...(everyRecord ? { everyRecord } : {}) };
}

function foreignOf({ tool, version, target, elsewhere }: ToolReport, hit: PackageHit): ForeignVulnerability {
  const { path, ecosystem, name, record, toolSeverity } = hit;
  return {
    tool,
    ...(version === undefined ? {} : { toolVersion: version }),
    path: path === '' ? (target ?? tool) : path,
    ...(elsewhere === true ? { elsewhere } : {}),
    ...(elsewhere === true && target !== undefined ? { target: shownTarget(target) } : {}),
    ecosystem,
    name,
    version: hit.version,
    id: record.id,
    aliases: aliasesOf(record),
    record,
    ...(toolSeverity === undefined ? {} : { toolSeverity }),
  };
}

function reportedIn(
  { project, version }: FoundPackage,
  { tool, version: toolVersion }: ToolReport,
  { ecosystem, name, record, toolSeverity }: PackageHit,
): ReportedVulnerability {
  return {
    tool,
    ...(toolVersion === undefined ? {} : { toolVersion }),
    project,
    // A project was found for it, so it is one of these.
    ecosystem: ecosystem as Ecosystem,
    name,
    version,
    id: record.id,
    aliases: aliasesOf(record),
    record,
    ...(toolSeverity === undefined ? {} : { toolSeverity }),
  };
}

function aliasesOf(record: PackageHit['record']): string[] {
  const aliases = isRecord(record) ? record.aliases : undefined;
  return Array.isArray(aliases) ? aliases.filter((alias) => typeof alias === 'string') : [];
}
