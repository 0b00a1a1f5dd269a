// SPDX-License-Identifier: Apache-2.0
import type { AdvisoryData, AdvisoryEcosystemData } from './advisory.ts';
import type { Coverage } from './coverage.ts';
import type { Finding } from './finding.ts';
import type { Component, Project } from './inventory.ts';
import type { ScannerRun } from './scanner.ts';

/** A file that has another path than in the earlier run; both paths are relative to the scan root. */
export interface Rename {
  readonly from: string;
  readonly to: string;
  /** Whether not a byte of it has changed, so that every line of it stands where it stood. */
  readonly identical: boolean;
}

/** Why it cannot be said whether an earlier finding is fixed. */
export type UnknownCause =
  /** None of the tools that reported it took part in this run. */
  | 'tool-did-not-run'
  /** A tool that reported it failed, or read a part. */
  | 'tool-incomplete'
  /** Its file or project was left out, or could not be read. */
  | 'not-read'
  /** The advisory records at hand are missing, damaged, or older than those of the earlier run. */
  | 'advisory-data'
  /** The package has no version or licence that could be judged. */
  | 'not-judged'
  /** The line of a secret has changed, and there is one like it: it may be the same. */
  | 'line-changed'
  /** A secret of the history: leaving it out of a scan does not take it out of the history. */
  | 'in-history';

/** What a finding is about where that is a package: the ecosystem is empty where it has none. */
export interface ComparedPackage {
  readonly ecosystem: string;
  readonly name: string;
  readonly version?: string;
}

/** A finding of the earlier run that is not in this one, and that nothing says is fixed. */
export interface UnknownFinding {
  readonly finding: Finding;
  readonly cause: UnknownCause;
  /** In a few words, with the name of the tool or the place. */
  readonly reason: string;
  /** Of the finding; the inventory of a later report need not have its component. */
  readonly package?: ComparedPackage;
}

/** What has become of the findings of an earlier run that are not among those of this one. */
export interface Comparison {
  /** The run that was compared with. */
  readonly earlier: { readonly evaluatedAt: string; readonly commit?: string };
  /** Fixed: all that could find it looked, and did not. In report order. */
  readonly absent: readonly Finding[];
  /** Neither found nor fixed; a later comparison takes them up again. In report order. */
  readonly unknown: readonly UnknownFinding[];
}

/** What a comparison uses of an earlier run: every report has it, and so has what is read from a JSON report. */
export interface EarlierRun {
  readonly findings: readonly Finding[];
  readonly coverage: readonly (Pick<Coverage, 'plugin' | 'target' | 'status'> & {
    readonly cause?: string;
  })[];
  readonly inventory: {
    readonly projects: readonly Pick<Project, 'id' | 'manifest' | 'files'>[];
    readonly components: readonly (Pick<Component, 'ref' | 'name' | 'version'> & {
      readonly ecosystem?: string;
    })[];
  };
  readonly advisoryData: {
    readonly source: AdvisoryData['source'];
    readonly ecosystems: readonly Pick<AdvisoryEcosystemData, 'name' | 'newestModified'>[];
  };
  readonly scanners?: readonly Pick<ScannerRun, 'id' | 'target'>[];
}

/** An earlier run with what tells which it was. */
export interface EarlierReport extends EarlierRun {
  readonly subject: { readonly path?: string; readonly commit?: string };
  readonly evaluatedAt: string;
  readonly comparison?: Pick<Comparison, 'unknown'>;
}
