// SPDX-License-Identifier: Apache-2.0
import type { Ecosystem, Inventory } from '../model/inventory.ts';
import type { ToolReport } from '../model/tool-report.ts';
import type { ProcessResult } from '../platform/process.ts';

/** Reads native reports of one tool, and runs it where it can be run. */
export interface Scanner {
  /** Kebab-case; the file is the id. Stands in `Coverage.plugin`, `FindingSource.tool`, `--import ID=FILE` and `--run`. */
  readonly id: string;
  /** As people write it. */
  readonly name: string;
  /** Whether a parsed report can only be of this tool. An empty list or object says nothing. */
  recognises(report: unknown): boolean;
  /**
   * What a parsed report says. An entry that is not as expected is a gap, and the others stay.
   * @throws PlimsollError `parse-failed`: not a report of this tool; without the name of the file
   */
  read(report: unknown): readonly ToolReport[];
  /** What an empty file says; absent where the tool writes none. */
  readonly empty?: readonly ToolReport[];
  /** Absent: import only. */
  readonly runner?: Runner;
}

/** How a tool is run. */
export interface Runner {
  /** Names of the program, the first that is found is used. */
  readonly programs: readonly string[];
  /** The command that installs it, for people. */
  readonly install: string;
  /** The version in what it prints for `versionArgs`; `unknown` where it says that it does not know. */
  version(output: string): string | undefined;
  /** `['--version']` where absent. */
  readonly versionArgs?: readonly string[];
  /** What it cannot do without: the records of the run or else the network, or the network. */
  readonly needs?: 'records' | 'network';
  /** Of the packages that it reads; all where absent. */
  readonly ecosystems?: readonly Ecosystem[];
  /** Programs that it starts itself, looked up as it is; it finds no other. */
  readonly starts?: readonly string[];
  /** What stands before the version in its program file, for programs that tell it there. */
  readonly versionMarks?: readonly string[];
  /** Versions that must not run, with the reason; not even to ask for the version where the file tells it. */
  readonly refused?: ReadonlyMap<string, string>;
  /** @returns its answer, or why there is none */
  scan(
    context: ScannerContext,
    version: string,
  ): Promise<readonly ToolReport[] | { readonly failure: string }>;
}

/** What a scanner works with. */
export interface ScannerContext {
  /** Real path of the scanned tree. */
  readonly root: string;
  readonly inventory: Inventory;
  /** Model paths of the regular files to look at: what is excluded, `.git`, installed packages and links are not. */
  files(): Promise<readonly string[]>;
  /** An empty directory for its files, outside of the tree. */
  readonly scratch: string;
  /** Writes the records of the run as archives of OSV's bucket; absent where the tool is to ask the network itself. */
  readonly archives?: (directory: string) => void;
  /** The address of the OSV API, for tools that ask it; absent where no tool may use the network. */
  readonly advisoriesUrl?: string;
  /** OS paths of the rules that the policy names. */
  readonly rules: readonly string[];
  /**
   * Runs the tool in the scratch directory.
   * @param input its standard input; empty where absent
   * @throws PlimsollError `aborted`
   */
  run(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    input?: string | Uint8Array,
  ): Promise<ProcessResult>;
}
