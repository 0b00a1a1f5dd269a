// SPDX-License-Identifier: Apache-2.0

/**
 * The OSV record, read leniently: the fields that are used, with OSV's own key names.
 * Dates are kept as text, since real records hold unreadable ones.
 *
 * @see https://ossf.github.io/osv-schema/
 */
export interface Advisory {
  readonly id: string;
  readonly modified: string;
  readonly published?: string;
  readonly withdrawn?: string;
  readonly aliases: readonly string[];
  readonly summary?: string;
  readonly details?: string;
  readonly severity: readonly AdvisorySeverity[];
  readonly affected: readonly Affected[];
  readonly references: readonly { readonly type: string; readonly url: string }[];
  /** The word of `database_specific.severity`, e.g. `HIGH`. */
  readonly severityLabel?: string;
  /** `CWE-79`, from `database_specific.cwe_ids`. */
  readonly cwes: readonly string[];
}

/** A severity as the record gives it; whether the vector is valid is judged where it is scored. */
export interface AdvisorySeverity {
  /** `CVSS_V2`, `CVSS_V3`, `CVSS_V4`, or a type that is not known here. */
  readonly type: string;
  readonly score: string;
}

/** What a record says of one package: a version is affected by any of the ranges, or by the list. */
export interface Affected {
  readonly package: { readonly ecosystem: string; readonly name: string };
  readonly ranges: readonly AdvisoryRange[];
  readonly versions: readonly string[];
  readonly severity: readonly AdvisorySeverity[];
  /** `database_specific.last_known_affected_version_range`. */
  readonly lastKnownAffected?: string;
}

/** Events of one line of versions, in no particular order. */
export interface AdvisoryRange {
  /** `SEMVER`, `ECOSYSTEM`, `GIT`; evaluated by ecosystem, never by this word, except that GIT is skipped. */
  readonly type: string;
  readonly events: readonly RangeEvent[];
}

/** One of the four keys is set. */
export interface RangeEvent {
  readonly introduced?: string;
  readonly fixed?: string;
  readonly last_affected?: string;
  readonly limit?: string;
}

/** What a matcher found: one component, one group of records joined by id and aliases. */
export interface AdvisoryMatch {
  /** `ref` of the component. */
  readonly component: string;
  readonly group: AdvisoryGroup;
  /** The records that hit, sorted by id. */
  readonly records: readonly MatchedRecord[];
}

/** Records of one (ecosystem, package) joined by union-find over `id` and `aliases`. */
export interface AdvisoryGroup {
  /** Id of the live record with the earliest `published`. */
  readonly anchor: string;
  /** Ids of all live records of the group, sorted. */
  readonly members: readonly string[];
  /** Every id and alias of the group, sorted. */
  readonly ids: readonly string[];
}

/** A record that hit, with what it hit by. */
export interface MatchedRecord {
  readonly id: string;
  readonly modified: string;
  readonly published?: string;
  readonly aliases: readonly string[];
  readonly matched: { readonly by: 'version' | 'range' | 'commit'; readonly value: string };
  /** Versions that close the intervals which hit, in version order. */
  readonly fixed: readonly string[];
  readonly lastKnownAffected?: string;
}

/** Where the advisory records of a report came from. */
export interface AdvisoryData {
  /** `mirror`, `osv`, `bundled`, or `none`. */
  readonly source: 'mirror' | 'osv' | 'bundled' | 'none';
  /** sha256 of the generation's manifest; of an API, of the lines `ID MODIFIED` of the records it gave. */
  readonly generation?: string;
  /** Sorted by name. */
  readonly ecosystems: readonly AdvisoryEcosystemData[];
  /** Records that could not be read when the data was imported, or when an API gave them. */
  readonly quarantined: number;
  /** When the data was imported; absent for an API, which is asked while the scan runs. */
  readonly retrievedAt?: string;
  /** What findings were enriched with; a part that is not there, or is damaged, is left out. */
  readonly enrichment?: EnrichmentData;
}

/** Data about exploitation, joined with the findings by CVE id. */
export interface EnrichmentData {
  /** The Exploit Prediction Scoring System of FIRST: a probability for each CVE, new every day. */
  readonly epss?: {
    /** The day of the scores, RFC 3339. */
    readonly date: string;
    /** Of the file they were read from. */
    readonly sha256: string;
    readonly scores: number;
    /** Scores of two models cannot be compared. */
    readonly model?: string;
    /** Lines that could not be read; absent where there was none. */
    readonly rejected?: number;
  };
  /** The catalogue of known exploited vulnerabilities of CISA. */
  readonly kev?: {
    /** The release of the catalogue, RFC 3339. */
    readonly date: string;
    /** Of the file it was read from. */
    readonly sha256: string;
    readonly entries: number;
    /** When it was fetched, RFC 3339; a release stays current until the next one, which has no fixed day. */
    readonly retrievedAt: string;
    /** Entries that could not be read; absent where there was none. */
    readonly rejected?: number;
  };
}

/**
 * What a policy wants of each part of the enrichment: without `required` data the verdict is incomplete, missing
 * `mentioned` data stand in the report, and nobody asks for the others.
 */
export interface EnrichmentNeeds {
  readonly epss: EnrichmentNeed;
  readonly kev: EnrichmentNeed;
}

export type EnrichmentNeed = 'required' | 'mentioned' | 'none';

/** The records of one ecosystem. */
export interface AdvisoryEcosystemData {
  readonly name: string;
  readonly records: number;
  /** The newest readable `modified` of the records, RFC 3339. */
  readonly newestModified?: string;
}
