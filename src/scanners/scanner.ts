// SPDX-License-Identifier: Apache-2.0
import type { Inventory } from '../model/inventory.ts';
import type { ReportedVulnerability, ScannedPackage } from '../model/scanner.ts';
import type { ProcessResult } from '../platform/process.ts';

/** What a scanner works with. */
export interface ScannerContext {
  /** Real path of the scanned tree. */
  readonly root: string;
  readonly inventory: Inventory;
  /** An empty directory for its files, outside of the tree. */
  readonly scratch: string;
  /** Writes the records of the run as archives of OSV's bucket; absent where the tool is to ask the network itself. */
  readonly archives?: (directory: string) => void;
  /** Runs the tool. @throws PlimsollError `aborted` */
  run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<ProcessResult>;
}

/** What a tool reported, and what it read, which alone proves that it worked. */
export interface ScannerAnswer {
  readonly reported: readonly ReportedVulnerability[];
  readonly scanned: readonly ScannedPackage[];
}

/** Runs one tool on what the collectors found. */
export interface Scanner {
  /** Kebab-case; the file is the id. Stands in `Coverage.plugin`, `FindingSource.tool` and behind `--run`. */
  readonly id: string;
  /** The command that installs it, for people. */
  readonly install: string;
  /** The version in what it prints for `--version`. */
  version(output: string): string | undefined;
  /** @returns why there is no answer, where there is none */
  scan(context: ScannerContext, version: string): Promise<ScannerAnswer | { readonly failure: string }>;
}
