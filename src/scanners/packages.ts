// SPDX-License-Identifier: Apache-2.0
import { ECOSYSTEMS, type Ecosystem, type Inventory } from '../model/inventory.ts';
import type { ForeignVulnerability, ReportedVulnerability, ScannedPackage } from '../model/scanner.ts';
import type { PackageHit, ToolPackage, ToolReport } from '../model/tool-report.ts';
import { isRecord } from './fields.ts';

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
  const projectsOf = projectLookup(inventory, uriOf);
  const reported: ReportedVulnerability[] = [];
  const scanned: ScannedPackage[] = [];
  const foreign: ForeignVulnerability[] = [];
  for (const report of reports) {
    for (const read of report.packages ?? [])
      scanned.push(...projectsOf(read).map((project) => scannedIn(project, report, read)));
    for (const hit of report.hits) {
      if (hit.kind !== 'vulnerability') continue;
      const owners = projectsOf(hit);
      if (owners.length === 0) foreign.push(foreignOf(report, hit));
      reported.push(...owners.map((project) => reportedIn(project, report, hit)));
    }
  }
  return { reported, scanned, foreign };
}

type NamedPackage = Pick<PackageHit, 'path' | 'name' | 'version'> & { readonly ecosystem: string };

/** By the file that is named, else by the package itself. */
function projectLookup({ projects, components }: Inventory, uriOf: (path: string) => string) {
  const projectOf = new Map(
    projects.flatMap(({ id, files }) => [id, ...files].map((file) => [file, id] as const)),
  );
  const owners = new Map<string, string[]>();
  for (const { project, origin, ecosystem, name, version } of components) {
    if (origin !== 'registry' || version === undefined) continue;
    const key = JSON.stringify([ecosystem, name, version]);
    owners.set(key, [...(owners.get(key) ?? []), project]);
  }
  return ({ path, ecosystem, name, version }: NamedPackage): readonly string[] => {
    if (ecosystemOf(ecosystem) === undefined) return [];
    if (path === '') return owners.get(JSON.stringify([ecosystem, name, version])) ?? [];
    const project = projectOf.get(uriOf(path));
    return project === undefined ? [] : [project];
  };
}

function ecosystemOf(name: string): Ecosystem | undefined {
  return ECOSYSTEMS.find((each) => each === name);
}

function scannedIn(project: string, { tool }: ToolReport, { ecosystem, name, version }: ToolPackage) {
  return { tool, project, ecosystem, name, version };
}

function foreignOf({ tool, version, target }: ToolReport, hit: PackageHit): ForeignVulnerability {
  const { path, ecosystem, name, record } = hit;
  return {
    tool,
    ...(version === undefined ? {} : { toolVersion: version }),
    path: path === '' ? (target ?? tool) : path,
    ecosystem,
    name,
    version: hit.version,
    id: record.id,
    aliases: aliasesOf(record),
    record,
  };
}

function reportedIn(
  project: string,
  { tool, version: toolVersion }: ToolReport,
  { ecosystem, name, version, record }: PackageHit,
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
  };
}

function aliasesOf(record: PackageHit['record']): string[] {
  const aliases = isRecord(record) ? record.aliases : undefined;
  return Array.isArray(aliases) ? aliases.filter((alias) => typeof alias === 'string') : [];
}
