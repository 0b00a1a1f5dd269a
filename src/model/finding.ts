// SPDX-License-Identifier: Apache-2.0
import type { MatchedRecord } from './advisory.ts';
import type { Location } from './location.ts';

/** The worst first; `unscored` is unknown, not harmless. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info', 'unscored'] as const;
/** How bad a problem is, apart from any policy. */
export type Severity = (typeof SEVERITIES)[number];

/** What sort of problem it is; a policy has a section for each. `policy` is the gate itself. */
export type FindingKind =
  | 'vulnerability'
  | 'malware'
  | 'license'
  | 'secret'
  | 'code'
  | 'misconfiguration'
  | 'dependency'
  | 'policy';

/** The surest first. */
export const CONFIDENCES = ['high', 'medium', 'low'] as const;
/** How sure the tool is that the finding is real. */
export type Confidence = (typeof CONFIDENCES)[number];

/** Who reported it, in the words of that tool. */
export interface FindingSource {
  readonly tool: string;
  readonly version?: string;
  readonly ruleId: string;
  readonly severity?: string;
}

/** The group of advisory records that hit, and the way out. */
export interface VulnerabilityDetail {
  readonly kind: 'vulnerability' | 'malware';
  readonly records: readonly MatchedRecord[];
  /** Every version that closes an interval which hit, in version order. */
  readonly fixedVersions: readonly string[];
  readonly recommendedVersion?: { readonly version: string; readonly breaking: boolean };
  /** The highest score among the CVE ids of the group, both numbers 0 to 1; absent where none is known. */
  readonly epss?: { readonly score: number; readonly percentile: number };
  /** Whether a CVE id of the group is known to be exploited; absent where that could not be looked up. */
  readonly kev?: boolean;
  /** Shortest paths from the project root to the component, as refs; at most one per direct parent, at most 10. */
  readonly dependencyPaths: readonly (readonly string[])[];
}

/** The licence that was judged, and what it lacks. */
export interface LicenseDetail {
  readonly kind: 'license';
  readonly expression: string;
  /** `reported`: another tool lists it, of a package that is in no project. */
  readonly result: 'fail' | 'unknown' | 'reported';
  /** The leaves that are not allowed. */
  readonly failing: readonly string[];
  /** The branch of an OR that was looked at. */
  readonly branch?: string;
}

/** A secret without its value: `mask` has a fixed length, whatever the secret was. */
export interface SecretDetail {
  readonly kind: 'secret';
  readonly detector: string;
  readonly mask: string;
  /** A tool tried it out, and it worked. */
  readonly verified?: boolean;
  /** Commits of the history in which it stands, sorted; absent where it stands in the tree. */
  readonly commits?: readonly string[];
}

/** The resource that is set up badly, and the control that says so. */
export interface MisconfigurationDetail {
  readonly kind: 'misconfiguration';
  readonly resource?: string;
  readonly control?: string;
}

/** Kinds that need no more than the fields of every finding. */
export interface PlainDetail {
  readonly kind: 'code' | 'dependency' | 'policy';
}

/** By `kind`, which is that of the finding. */
export type FindingDetail =
  | VulnerabilityDetail
  | LicenseDetail
  | SecretDetail
  | MisconfigurationDetail
  | PlainDetail;

/** A tool's word that a finding of its is accepted; whether that counts is for the policy. */
export interface ClaimedSuppression {
  /** `inSource`: by a comment beside it, which whoever writes the code can write; `external`: in the tool's own records. */
  readonly kind: 'inSource' | 'external';
  readonly reason?: string;
}

/** A problem, before and apart from any policy; made by `findings/build.ts` alone. */
export interface Finding {
  /** Lower-case hex sha256; how it is made stands in `findings/fingerprint.ts`. */
  readonly fingerprint: string;
  readonly ruleId: string;
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** CVSS base score, 0.0 to 10.0. */
  readonly score?: number;
  /** The vector and the record it stands in, or `label` with the record. */
  readonly scoreSource?: string;
  readonly confidence: Confidence;
  readonly title: string;
  readonly message: string;
  /** What to do about it. */
  readonly tip: string;
  readonly project?: string;
  /** `ref` of the component. */
  readonly component?: string;
  /** All other ids of the same problem, sorted. */
  readonly aliases: readonly string[];
  readonly cwes: readonly string[];
  /** Never empty; the first is primary. */
  readonly locations: readonly Location[];
  readonly sources: readonly FindingSource[];
  /**
   * codeql-action's `primaryLocationLineHash` of the primary location; absent where the file is not at hand, and for
   * secrets, which it would tell of.
   */
  readonly lineHash?: string;
  readonly suppression?: ClaimedSuppression;
  /** Fingerprints of findings that may be the same fault, sorted. */
  readonly related?: readonly string[];
  readonly baselineState?: 'new' | 'unchanged' | 'updated' | 'absent';
  readonly detail: FindingDetail;
}

/** A reporting descriptor, in SARIF's sense. */
export interface Rule {
  readonly id: string;
  /** Scanner id of the tool whose rule it is; absent for plimsoll's own. */
  readonly tool?: string;
  readonly kind: FindingKind;
  readonly name: string;
  readonly shortDescription: string;
  readonly fullDescription: string;
  readonly helpMarkdown: string;
  readonly helpUri: string;
  readonly tags: readonly string[];
  readonly defaultSeverity: Severity;
}
