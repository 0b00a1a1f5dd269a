// SPDX-License-Identifier: Apache-2.0
import type { Confidence, Severity } from './finding.ts';
import type { Ecosystem } from './inventory.ts';

/**
 * A place in the words of a tool. `path` is as written: relative to the directory of the tool's run, absolute, of
 * another machine, or the name of an image. Lines and columns count from 1; `endColumn` is exclusive.
 */
export interface ToolPlace {
  readonly path: string;
  readonly startLine?: number;
  readonly endLine?: number;
  readonly startColumn?: number;
  readonly endColumn?: number;
}

/** A check of a tool. Its severity is the same for all its hits, so that none decides for another. */
export interface ToolRule {
  readonly id: string;
  readonly kind: ToolHit['kind'];
  /** What is wrong, in one sentence; no text of the scanned tree. */
  readonly title: string;
  readonly description?: string;
  /** What to do about it. */
  readonly tip?: string;
  /** An https address. */
  readonly helpUri?: string;
  readonly severity: Severity;
  /** 0.0 to 10.0, where the tool or the advisory gives one. */
  readonly score?: number;
  /** Where the severity is from, such as `bandit rule table`. */
  readonly scoreSource: string;
  /** `CWE-79`. */
  readonly cwes: readonly string[];
  readonly tags: readonly string[];
}

interface HitFields {
  /** Of a rule of the same report. */
  readonly ruleId: string;
  readonly place: ToolPlace;
  /** What was found here, beyond the title of the rule. */
  readonly message?: string;
  readonly confidence: Confidence;
  /** In the words of the tool. */
  readonly toolSeverity?: string;
  /** What the tool says of its being accepted; a hit without it is open. */
  readonly suppression?: ToolSuppression;
}

/** A hit that the tool itself reports as accepted. */
export interface ToolSuppression {
  readonly kind: 'inSource' | 'external';
  readonly reason?: string;
}

/** A fault in source code. */
export interface CodeHit extends HitFields {
  readonly kind: 'code';
}

/** What a tool tells of a secret. Lives in memory alone: no report, log or cache has it. */
export type SecretClue =
  | { readonly text: string }
  /** Lower-case hex sha1 of the secret. */
  | { readonly sha1: string }
  /** The text around it, with each of its characters replaced by `*`. */
  | { readonly masked: string };

export interface SecretHit extends HitFields {
  readonly kind: 'secret';
  readonly clue?: SecretClue;
  /** In the history at this commit; absent: in the tree as it is. */
  readonly commit?: string;
  /** Whether the tool tried it out, and it worked. */
  readonly verified?: boolean;
}

export interface MisconfigurationHit extends HitFields {
  readonly kind: 'misconfiguration';
  /** `aws_instance.web`. */
  readonly resource?: string;
  /** The rule's name without the tool's spelling, by which two tools mean the same: `aws-0028`. */
  readonly control?: string;
}

/** A licence of a package or file that the tool objects to, or lists. */
export interface LicenseHit extends HitFields {
  readonly kind: 'license';
  readonly license: string;
  readonly package?: string;
}

/** A package that an advisory record affects. */
export interface PackageHit {
  readonly kind: 'vulnerability';
  /** The lock, manifest or image in which the tool found it; empty where the format does not tell. */
  readonly path: string;
  /** As the tool says; records of others than PyPI and npm are kept too. */
  readonly ecosystem: string;
  readonly name: string;
  /** Empty where the format does not tell. */
  readonly version: string;
  /** Of the versions that are affected, in the notation of the ecosystem, where there is no `version`. */
  readonly range?: string;
  /** The OSV record, as given or made of what the tool tells of it. Never empty `id`. */
  readonly record: { readonly id: string; readonly [key: string]: unknown };
  readonly toolSeverity?: string;
}

export type ToolHit = CodeHit | SecretHit | MisconfigurationHit | LicenseHit | PackageHit;

/** A package that a tool says it looked at. */
export interface ToolPackage {
  readonly path: string;
  readonly ecosystem: Ecosystem;
  readonly name: string;
  readonly version: string;
}

/** Something that the tool says it could not do, or that cannot be read in its report. */
export interface ToolGap {
  readonly path?: string;
  readonly message: string;
}

/** What one run of a tool reported: claims, with every place as the tool wrote it. */
export interface ToolReport {
  /** Kebab-case id of the tool: `bandit`. */
  readonly tool: string;
  /** As people write it: `Bandit`. */
  readonly name: string;
  readonly version?: string;
  /** What it says that it looked at. */
  readonly target?: string;
  /** It looked at an image, a cluster or a machine: its paths are those of no tree. */
  readonly elsewhere?: true;
  /** The rules of its hits, and others where the report lists them. */
  readonly rules: readonly ToolRule[];
  readonly hits: readonly ToolHit[];
  /** The files that it says it read; absent where the format does not tell. */
  readonly files?: readonly string[];
  /** The packages that it says it read; absent where the format does not tell. */
  readonly packages?: readonly ToolPackage[];
  /** It reports each record that it matches, and not one for all of the same problem. */
  readonly everyRecord?: true;
  readonly gaps: readonly ToolGap[];
  /** Why there is no answer at all, where the tool says so. */
  readonly failure?: string;
}
