// SPDX-License-Identifier: Apache-2.0
import type { Ecosystem } from './inventory.ts';

/** A scanner that a run wants. */
export interface WantedScanner {
  readonly id: string;
  /** Whether a verdict needs it to read everything. */
  readonly required: boolean;
  /** Whether somebody asked for this run by name, who is to be told where it does not work. */
  readonly asked: boolean;
  /** The only version that may be used. */
  readonly version?: string;
  /** The only program that may be used, by the lower-case hex sha256 of its file. */
  readonly sha256?: string;
  /** Files and directories of rules, relative to the scan root. */
  readonly rules?: readonly string[];
}

/** A scanner that a report rests on: one that was run, or one whose report was imported, with what that claims. */
export interface ScannerRun {
  readonly id: string;
  /** As people write it. */
  readonly name: string;
  /** As it says itself; absent where its report does not tell. */
  readonly version?: string;
  /** Of its program; absent where its report was imported. */
  readonly sha256?: string;
  /** The imported report: its path below the scan root, else its name. */
  readonly report?: string;
  /** What the imported report says that it looked at. */
  readonly target?: string;
}

/** What a tool says that it read of a project. */
export interface ScannedPackage {
  readonly tool: string;
  readonly project: string;
  readonly ecosystem: Ecosystem;
  /** Normalised for PyPI. */
  readonly name: string;
  readonly version: string;
  /** The tool reports each record that it matches; without it, one of those of a problem may stand for all. */
  readonly everyRecord?: true;
}

/** A record that another tool says affects a package of a project. */
export interface ReportedVulnerability extends Omit<ScannedPackage, 'everyRecord'> {
  readonly toolVersion?: string;
  readonly id: string;
  readonly aliases: readonly string[];
  /** The OSV record as the tool gave it. */
  readonly record: unknown;
  /** In the words of the tool. */
  readonly toolSeverity?: string;
}

/** A record that another tool says affects a package which no project has: of an image, or of another ecosystem. */
export interface ForeignVulnerability
  extends Pick<
    ReportedVulnerability,
    'tool' | 'toolVersion' | 'name' | 'version' | 'id' | 'aliases' | 'record' | 'toolSeverity'
  > {
  /** Where the tool found it, in its own words. */
  readonly path: string;
  /** See `ToolReport.elsewhere`. */
  readonly elsewhere?: true;
  /** The image or cluster as the tool claims it, where it looked at one. */
  readonly target?: string;
  readonly ecosystem: string;
}
