// SPDX-License-Identifier: Apache-2.0

import { foreignFindings } from './advisories/foreign.ts';
import type { MatchedInventory } from './advisories/match.ts';
import { exportMirror } from './advisories/mirror/export.ts';
import { reportedFindings } from './advisories/reported.ts';
import { compareFindings } from './findings/build.ts';
import { mergeReported } from './findings/merge.ts';
import { componentsByRef, dependencyPaths } from './findings/paths.ts';
import type { Rule } from './model/finding.ts';
import type { Inventory } from './model/inventory.ts';
import type { Location } from './model/location.ts';
import type { ForeignVulnerability, ScannerRun, WantedScanner } from './model/scanner.ts';
import { realRoot, toModelPath } from './platform/fs.ts';
import { withoutSecrets } from './platform/mask.ts';
import type { ReportFile } from './scanners/import.ts';
import { importReports } from './scanners/imported.ts';
import { adoptReports } from './scanners/join/adopt.ts';
import { reportedLicenses } from './scanners/join/licenses.ts';
import { type ReportedPackages, reportedPackages } from './scanners/join/packages.ts';
import { outsidePlace, type ScannedTree, scannedTree } from './scanners/join/tree.ts';
import type { ToolNetwork } from './scanners/network.ts';
import { runScanners, type ScannersAnswer } from './scanners/run.ts';

export interface JoinedTools extends Pick<MatchedInventory, 'findings' | 'rules' | 'coverage'> {
  readonly scanners?: readonly ScannerRun[];
}

export interface OtherToolsOptions {
  readonly root: string;
  readonly run: readonly WantedScanner[];
  readonly reports: readonly ReportFile[];
  /** Directories in which programs are looked for, as in PATH. */
  readonly toolPath: string;
  /** Whether a path, and all below it, is left out. */
  readonly excludes?: (path: string) => boolean;
  /** Directory of the mirror. */
  readonly db?: string;
  /** How tools reach the network; absent where none may. */
  readonly network?: ToolNetwork;
  /** The licences that the allow list lacks; undefined where it allows this one, or where there is no list. */
  readonly refusedLicense: (license: string) => readonly string[] | undefined;
  /** Where the tree lies in its repository. */
  readonly prefix?: string;
  readonly signal?: AbortSignal;
}

/**
 * Joins what other tools report with what was matched: those that are run now, and those whose reports are imported.
 * With the records of the mirror they work offline, so that a difference is one of judgement and not of data.
 *
 * @throws PlimsollError `aborted`
 */
export async function withOtherTools(
  matched: MatchedInventory,
  inventory: Inventory,
  options: OtherToolsOptions,
): Promise<JoinedTools> {
  const root = await realRoot(options.root);
  const tree = scannedTree(root, options.prefix);
  const imported = await importReports(options.reports, root, tree);
  const ran = await runWanted(matched, inventory, imported, { ...options, root });
  const reports = [...ran.reports, ...imported.reports];
  const adopted = await adoptReports(reports, tree);
  const packages = reportedPackages(reports, inventory, (path) => toModelPath(path, root));
  const joined = await joinPackages(matched, inventory, packages);
  const foreign = await foreignFindings(packages.foreign, await foreignPlaces(packages.foreign, tree));
  const licenses = await reportedLicenses(reports, inventory, tree, options.refusedLicense);
  const findings = [...joined.findings, ...foreign.findings, ...adopted.findings, ...licenses];
  const runs = [...ran.runs, ...imported.runs];
  return {
    findings: findings.sort(compareFindings),
    rules: unique([...joined.rules, ...foreign.rules, ...adopted.rules]),
    coverage: [
      ...joined.coverage,
      ...[...ran.coverage, ...imported.coverage].map((row) => ({
        ...row,
        errors: row.errors.map((error) => ({
          ...error,
          message: withoutSecrets(adopted.scrub(error.message)),
        })),
      })),
    ],
    ...(runs.length > 0 ? { scanners: runs } : {}),
  };
}

async function foreignPlaces(
  reported: readonly ForeignVulnerability[],
  tree: ScannedTree,
): Promise<(report: ForeignVulnerability) => Location> {
  const inTree = await tree.places(reported.filter(({ elsewhere }) => !elsewhere).map(({ path }) => path));
  return ({ path, elsewhere }) => (elsewhere ? undefined : inTree.get(path)) ?? outsidePlace(path);
}

/** A tool that a policy wants and whose report is at hand has run already. */
async function runWanted(
  { data }: MatchedInventory,
  inventory: Inventory,
  imported: ScannersAnswer,
  options: OtherToolsOptions,
): Promise<ScannersAnswer> {
  const { root, run, toolPath, excludes, db, network, signal } = options;
  const there = new Set(imported.coverage.map(({ plugin }) => plugin));
  const hasRecords = data.source === 'mirror' && db !== undefined;
  return await runScanners({
    wanted: run.filter(({ id, asked }) => asked || !there.has(id)),
    root,
    inventory,
    path: toolPath,
    ...(network === undefined ? {} : { network }),
    ...(excludes === undefined ? {} : { excludes }),
    ...(hasRecords ? { archives: (target) => void exportMirror({ dbDir: db, target }) } : {}),
    ...(signal === undefined ? {} : { signal }),
  });
}

async function joinPackages(
  matched: MatchedInventory,
  inventory: Inventory,
  reported: ReportedPackages,
): Promise<Pick<MatchedInventory, 'findings' | 'rules' | 'coverage'>> {
  const merged = mergeReported(matched.findings, inventory.components, reported);
  const refs = new Set(
    inventory.components
      .filter((component) =>
        merged.unmatched.some(
          (report) =>
            report.project === component.project &&
            report.name === component.name &&
            report.version === component.version,
        ),
      )
      .map(({ ref }) => ref),
  );
  const disputed = [...componentsByRef(inventory.components, refs).values()];
  const added = await reportedFindings(merged.unmatched, disputed, dependencyPaths(inventory, refs));
  return {
    findings: [...merged.findings, ...added.findings],
    rules: [...matched.rules, ...added.rules],
    coverage: [...matched.coverage, ...merged.coverage],
  };
}

/** The first of each tool and id. */
function unique(rules: readonly Rule[]): Rule[] {
  const known = new Set<string>();
  return rules.filter(({ tool, id }) => {
    const key = JSON.stringify([tool, id]);
    const isNew = !known.has(key);
    known.add(key);
    return isNew;
  });
}
