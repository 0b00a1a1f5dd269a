// SPDX-License-Identifier: Apache-2.0

/**
 * For whom a file is. `github`, `ghes` (GitHub Enterprise Server) and `azure` (Advanced Security for Azure DevOps): what
 * a tool does not answer for is left out, so that its alerts stay as they are, and so is what is suppressed, which would
 * be opened all the same. `archive`: everything, with what suppresses it and what failed.
 */
export const SARIF_PROFILES = ['github', 'archive', 'ghes', 'azure'] as const;
export type SarifProfile = (typeof SARIF_PROFILES)[number];

/** How many of something a reader takes. */
export interface Limit {
  /** Above it the file is refused. */
  readonly max: number;
  /** How many of them are kept, where that is fewer. */
  readonly shown?: number;
  /** Where that is written. */
  readonly source: string;
}

export interface SarifLimits {
  readonly runs: Limit;
  /** Per run, as are rules and extensions. */
  readonly results: Limit;
  readonly rules: Limit;
  readonly extensions: Limit;
  /** Per result. */
  readonly locations: Limit;
  /** Per result, over all of its code flows. */
  readonly threadFlowLocations: Limit;
  /** Per rule. */
  readonly tags: Limit;
  /** Characters of a rule's name, and of each of its two descriptions. */
  readonly ruleName: Limit;
  readonly ruleText: Limit;
  /** Of the file, compressed by gzip as it is uploaded. */
  readonly gzipBytes: Limit;
  /** Whether a tool can have several runs in a file, each with a category of its own. */
  readonly categories: boolean;
}

const GITHUB_DOCS =
  'https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning';
const GITHUB_LIMITS =
  'https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit';
/** The raise from 15 to 20 was for GitHub.com alone; servers of that time take 15. */
const GHES_RUNS = 'https://github.com/github/codeql-action/pull/1493';
/** The rules by which Microsoft checks files for Azure DevOps; it publishes no other limit. */
const AZURE_RUNS =
  'https://github.com/microsoft/sarif-sdk/blob/main/src/Sarif.Multitool.Library/Rules/ADO1013.ProvideRequiredSarifLogProperties.cs';

const GITHUB: SarifLimits = {
  runs: { max: 20, source: GITHUB_LIMITS },
  results: { max: 25_000, shown: 5000, source: GITHUB_LIMITS },
  rules: { max: 25_000, source: GITHUB_LIMITS },
  extensions: { max: 100, source: GITHUB_LIMITS },
  locations: { max: 1000, shown: 100, source: GITHUB_LIMITS },
  threadFlowLocations: { max: 10_000, shown: 1000, source: GITHUB_LIMITS },
  tags: { max: 20, shown: 10, source: GITHUB_LIMITS },
  ruleName: { max: 255, source: GITHUB_DOCS },
  ruleText: { max: 1024, source: GITHUB_DOCS },
  gzipBytes: { max: 10_000_000, source: GITHUB_DOCS },
  categories: true,
};

/** Whom a file is uploaded to, and what they take. An archive has no limits. */
export const SARIF_LIMITS = {
  github: GITHUB,
  ghes: { ...GITHUB, runs: { max: 15, source: GHES_RUNS } },
  // What is not published is taken to be as at GitHub, whose service it is. A run there is known by its pipeline and tool.
  azure: { ...GITHUB, runs: { max: 20, source: AZURE_RUNS }, categories: false },
} as const satisfies Readonly<Record<Exclude<SarifProfile, 'archive'>, SarifLimits>>;

/** The limits of a profile; undefined for an archive. */
export function limitsOf(profile: SarifProfile): SarifLimits | undefined {
  return profile === 'archive' ? undefined : SARIF_LIMITS[profile];
}
