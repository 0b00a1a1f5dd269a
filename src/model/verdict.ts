// SPDX-License-Identifier: Apache-2.0
import type { Coverage } from './coverage.ts';
import type { Severity } from './finding.ts';
import type { Location } from './location.ts';

/** The line of a policy that decided. `uri` of a built-in policy is `plimsoll:policies/default.yaml`. */
export interface PolicyReference {
  readonly uri: string;
  readonly line: number;
  /** Dotted key, e.g. `advisories.runtime.fail`. */
  readonly key: string;
}

/** What becomes of a finding; `fail` alone changes the exit code. */
export type Outcome = 'fail' | 'warn' | 'note' | 'suppressed';

/** Who set a finding aside, why, and until when. */
export interface Suppression {
  readonly kind: 'exception' | 'vex' | 'inSource' | 'external' | 'baseline';
  readonly reason: string;
  readonly owner?: string;
  /** `YYYY-MM-DD` or `when-fixed`. */
  readonly expires?: string;
  readonly location: Location;
}

/** What the policy says of one finding. */
export interface Decision {
  readonly fingerprint: string;
  /** `ref`; two components of one project can share a fingerprint. */
  readonly component?: string;
  readonly outcome: Outcome;
  readonly policy: PolicyReference;
  readonly suppression?: Suppression;
  /** The date (`YYYY-MM-DD`) on which a `warn` under a grace period becomes `fail`. */
  readonly failsFrom?: string;
}

/** A gap, and the line of the policy that judged it. */
export interface CoverageDecision {
  readonly coverage: Coverage;
  readonly policy: PolicyReference;
}

/** An accepted risk, as written in a policy. */
export interface PolicyException {
  /** Advisory id or alias, or the rule id of another kind of finding. */
  readonly id: string;
  /** Package name or purl without version. */
  readonly package?: string;
  /** Version range in the notation of the ecosystem. */
  readonly versions?: string;
  /** Glob over the paths of the finding's locations. */
  readonly path?: string;
  readonly reason: string;
  readonly owner?: string;
  /** `YYYY-MM-DD` (the last day on which it holds, UTC) or `when-fixed`. */
  readonly expires?: string;
  readonly expectedLicense?: string;
  readonly vexJustification?: string;
  readonly location: Location;
}

/** The answer: may it sail. No `pass` with a gap that the policy requires. */
export interface Verdict {
  readonly result: 'pass' | 'fail' | 'incomplete';
  readonly exitCode: number;
  /** One per finding, in the order of the report's findings. */
  readonly decisions: readonly Decision[];
  /** Gaps that make the verdict `incomplete`, with the policy line that requires them. */
  readonly incomplete: readonly CoverageDecision[];
  /** Gaps that the policy lets pass with a warning. */
  readonly notChecked: readonly CoverageDecision[];
  readonly weakenings: readonly { readonly message: string; readonly policy: PolicyReference }[];
  readonly unusedExceptions: readonly PolicyException[];
  readonly expiredExceptions: readonly PolicyException[];
  readonly options: VerdictOptions;
  /** What the policy leaves out; absent where it leaves out nothing. */
  readonly ignored?: IgnoredPaths;
}

/** Globs over paths, each joined to `base` before: where the scan root lies below the directory of the policy. */
interface IgnoredPaths {
  readonly base: string;
  readonly globs: readonly string[];
}

/** Options of the run that change what the verdict means. */
export interface VerdictOptions {
  readonly onIncomplete: 'fail' | 'warn';
  readonly omit: readonly ('dev' | 'optional' | 'peer')[];
  readonly exclude: readonly string[];
  /** The only files and directories in which manifests were looked for; the whole tree where absent. */
  readonly paths?: readonly string[];
  readonly failOn?: Severity;
  /** Set only by the hidden `--now`. */
  readonly now?: string;
}
