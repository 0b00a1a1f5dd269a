// SPDX-License-Identifier: Apache-2.0

// The public API, name by name. What is not listed here may change in any release.
export type { CompareReportsOptions } from './compare.ts';
export { compareReports } from './compare.ts';
export type { AdvisoryData, AdvisoryMatch, MatchedRecord } from './model/advisory.ts';
export type {
  Comparison,
  EarlierReport,
  Rename,
  UnknownCause,
  UnknownFinding,
} from './model/comparison.ts';
export type { Coverage, CoverageCause, CoverageError } from './model/coverage.ts';
export type {
  Confidence,
  Finding,
  FindingDetail,
  FindingKind,
  FindingSource,
  LicenseDetail,
  MisconfigurationDetail,
  PlainDetail,
  Rule,
  SecretDetail,
  Severity,
  VulnerabilityDetail,
} from './model/finding.ts';
export type {
  Component,
  DependencyNode,
  Inventory,
  Origin,
  Pinning,
  Project,
  Scope,
  Skipped,
} from './model/inventory.ts';
export type { LicenseClaim } from './model/license.ts';
export type { Location } from './model/location.ts';
export type { Report, Subject } from './model/report.ts';
export type { Decision, PolicyException, PolicyReference, Suppression, Verdict } from './model/verdict.ts';
export type { Clock } from './platform/clock.ts';
export { systemClock } from './platform/clock.ts';
export type { ErrorCode } from './platform/errors.ts';
export { PlimsollError } from './platform/errors.ts';
export type { GitOptions } from './platform/git.ts';
export { gitRenames } from './platform/git.ts';
export type { Http, HttpOptions, HttpRequest, HttpResponse } from './platform/http.ts';
export { createHttp } from './platform/http.ts';
export { REPORTERS } from './reports/index.ts';
export { parseReport } from './reports/read.ts';
export type { RenderOptions, Reporter } from './reports/reporter.ts';
export type { ScanOptions } from './scan.ts';
export { scan } from './scan.ts';
