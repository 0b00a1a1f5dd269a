// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { exportMirror } from '../../../src/advisories/mirror/export.ts';
import { importAdvisories } from '../../../src/advisories/mirror/import.ts';
import { mergeReported } from '../../../src/findings/merge.ts';
import type { Coverage } from '../../../src/model/coverage.ts';
import { ECOSYSTEMS } from '../../../src/model/inventory.ts';
import type { Report } from '../../../src/model/report.ts';
import type { ToolReport } from '../../../src/model/tool-report.ts';
import { realRoot, toModelPath } from '../../../src/platform/fs.ts';
import { scan } from '../../../src/scan.ts';
import { reportedPackages } from '../../../src/scanners/join/packages.ts';
import { runScanners } from '../../../src/scanners/run.ts';
import { toolDirectory } from '../tools.ts';

/** The same records for both: a mirror, and the archives that osv-scanner reads. */
export interface SharedRecords {
  readonly db: string;
  readonly archives: string;
}

/** @param inputs archives of OSV's bucket, or folders with records */
export async function shareRecords(directory: string, inputs: readonly string[]): Promise<SharedRecords> {
  const records = { db: join(directory, 'db'), archives: join(directory, 'archives') };
  await importAdvisories({ dbDir: records.db, inputs: [...inputs], now: new Date() });
  exportMirror({ dbDir: records.db, target: records.archives });
  return records;
}

export interface Comparison {
  /** `SIDE PROJECT: NAME VERSION [ID]` for what one side alone reads or reports; sorted. */
  readonly lines: readonly string[];
  /** The lines of which plimsoll says nothing to its user; what osv-scanner reads and finds harmless needs no word. */
  readonly untold: readonly string[];
  /** How many records both report. */
  readonly agreed: number;
}

/** Plimsoll and the real osv-scanner, run as plimsoll runs it, on one project: package by package, record by record. */
export async function compareWithOsvScanner(project: string, records: SharedRecords): Promise<Comparison> {
  const root = await realRoot(project);
  const report = await scan({ root, db: records.db, advisories: 'mirror' });
  const { reports, coverage } = await runScanners({
    wanted: [{ id: 'osv-scanner', required: true, asked: true }],
    root,
    inventory: report.inventory,
    path: toolDirectory('osv-scanner'),
    archives: (target) => linkArchives(records.archives, target),
  });
  const projectOf = (path: string) => toModelPath(path, root);
  const reported = reportedPackages(reports, report.inventory, projectOf);
  const merged = mergeReported(report.findings, report.inventory.components, reported);
  const failed = coverage.filter(({ status }) => status === 'failed');
  const ours = withoutProjects(oursOf(report), new Set(failed.map(({ target }) => target)));
  const theirs = theirsOf(reports, projectOf);
  const differences = [
    ...differencesOf('osv-scanner', theirs, ours),
    ...differencesOf('plimsoll', ours, theirs),
  ];
  const told = [...coverage, ...merged.coverage].flatMap(messagesOf);
  return {
    lines: [
      ...failed.flatMap(messagesOf).map((line) => `osv-scanner ${line}`),
      ...summed(differences),
    ].sort(),
    untold: differences.filter((each) => !isTold(each, told)).map(({ line }) => line),
    agreed: [...ours.values()].filter((fact) => fact.id !== undefined && theirs.has(keyOf(fact))).length,
  };
}

/** A package that was read, or with an id a record that was reported. */
interface Fact {
  readonly project: string;
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly id?: string;
}

type Facts = ReadonlyMap<string, Fact>;

function keyOf({ project, ecosystem, name, version, id }: Fact): string {
  return JSON.stringify([project, ecosystem, name, version, id]);
}

function factsOf(facts: readonly Fact[]): Facts {
  return new Map(facts.map((fact) => [keyOf(fact), fact]));
}

function oursOf({ inventory, findings }: Report): Facts {
  const packages = new Map<string, Fact>();
  for (const { ref, project, origin, ecosystem, name, version } of inventory.components) {
    if (origin !== 'registry' || ecosystem === undefined || version === undefined) continue;
    packages.set(ref, { project, ecosystem, name, version });
  }
  const hits = findings.flatMap(({ component = '', detail }) => {
    const of = packages.get(component);
    const records = detail.kind === 'vulnerability' || detail.kind === 'malware' ? detail.records : [];
    return of === undefined ? [] : records.map(({ id }) => ({ ...of, id }));
  });
  return factsOf([...packages.values(), ...hits]);
}

function theirsOf(reports: readonly ToolReport[], projectOf: (path: string) => string): Facts {
  const packages = reports.flatMap((report) => report.packages ?? []);
  const hits = reports.flatMap((report) => report.hits).filter((hit) => hit.kind === 'vulnerability');
  return factsOf([
    ...packages.map(({ path, ecosystem, name, version }) => ({
      project: projectOf(path),
      ecosystem,
      name,
      version,
    })),
    ...hits.map(({ path, ecosystem, name, version, record }) => ({
      project: projectOf(path),
      ecosystem,
      name,
      version,
      id: record.id,
    })),
  ]);
}

function withoutProjects(facts: Facts, projects: ReadonlySet<string>): Facts {
  return new Map([...facts].filter(([, { project }]) => !projects.has(project)));
}

interface Difference {
  readonly side: string;
  readonly fact: Fact;
  readonly line: string;
  readonly isOtherBlind: boolean;
}

function differencesOf(side: string, of: Facts, others: Facts): Difference[] {
  const seen = new Set([...others.values()].map(({ project }) => project));
  return [...of]
    .filter(([key]) => !others.has(key))
    .map(([, fact]) => {
      const { project, name, version, id } = fact;
      const line = `${side} ${project}: ${name} ${version}${id === undefined ? '' : ` ${id}`}`;
      return { side, fact, line, isOtherBlind: !seen.has(project) };
    });
}

/** From so many on one line stands for all of a project that the other side does not read at all. */
const MANY = 20;

function summed(differences: readonly Difference[]): string[] {
  const placeOf = ({ side, fact }: Difference) => `${side} ${fact.project}`;
  return [...new Set(differences.map(placeOf))].flatMap((place) => {
    const all = differences.filter((each) => placeOf(each) === place);
    if (all.length < MANY || !all.every(({ isOtherBlind }) => isOtherBlind))
      return all.map(({ line }) => line);
    const records = all.filter(({ fact }) => fact.id !== undefined).length;
    return `${place}: all of ${all.length - records} packages, with ${records} records`;
  });
}

/** `PROJECT: MESSAGE` of what a user is told; of many, the first ones and `PROJECT: and N more`. */
function messagesOf({ target, errors }: Coverage): string[] {
  return errors.map(({ message }) => (target === '.' ? message : `${target}: ${message}`));
}

function isTold({ side, fact }: Difference, told: readonly string[]): boolean {
  const { project, name, version, id } = fact;
  const label = `${project}: ${name} ${version}`;
  const unread = [`${label} was not read by osv-scanner`, `${project}: and `];
  if (side === 'plimsoll' && told.some((message) => unread.some((each) => message.startsWith(each))))
    return true;
  const verb = side === 'plimsoll' ? 'plimsoll finds' : 'osv-scanner reports';
  if (id === undefined) return side !== 'plimsoll';
  return told.some((message) => message.startsWith(`${label}: ${verb} ${id}, `));
}

function linkArchives(from: string, target: string): void {
  for (const ecosystem of ECOSYSTEMS) {
    mkdirSync(target, { recursive: true });
    symlinkSync(join(from, ecosystem), join(target, ecosystem));
  }
}
