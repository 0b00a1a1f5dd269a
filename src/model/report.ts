// SPDX-License-Identifier: Apache-2.0
import type { AdvisoryData } from './advisory.ts';
import type { Comparison } from './comparison.ts';
import type { Coverage } from './coverage.ts';
import type { Finding, Rule } from './finding.ts';
import type { Inventory } from './inventory.ts';
import type { ScannerRun } from './scanner.ts';
import type { Verdict } from './verdict.ts';

/** Rises with every breaking change of the report; see docs/compatibility.md. */
export const SCHEMA_VERSION = '1.0';

/** What was scanned, as far as it is known; never an absolute path. */
export interface Subject {
  readonly name?: string;
  readonly repository?: string;
  readonly commit?: string;
  readonly ref?: string;
  /** Scan root relative to the repository root, `.` when equal; absent outside a repository. */
  readonly path?: string;
}

/** The one value that every reporter renders; `-f json` prints it. */
export interface Report {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly tool: { readonly name: 'plimsoll'; readonly version: string };
  readonly subject: Subject;
  /** RFC 3339, UTC; the one value that differs between two runs on the same input. */
  readonly evaluatedAt: string;
  readonly inventory: Inventory;
  readonly coverage: readonly Coverage[];
  readonly advisoryData: AdvisoryData;
  /** Other tools that were run; absent where none was. */
  readonly scanners?: readonly ScannerRun[];
  /** Rules of the findings, sorted by id. */
  readonly rules: readonly Rule[];
  /** Sorted by severity, then kind, component, ruleId. */
  readonly findings: readonly Finding[];
  readonly verdict: Verdict;
  /** What has become of the findings of an earlier run; absent where this one was compared with none. */
  readonly comparison?: Comparison;
}
