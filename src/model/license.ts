// SPDX-License-Identifier: Apache-2.0
import type { Location } from './location.ts';

/** What somebody says about the licence of a component; terms as in CycloneDX. */
export interface LicenseClaim {
  /** As written at the source. */
  readonly raw: string;
  /** SPDX licence expression, absent where `raw` could not be normalised without guessing. */
  readonly expression?: string;
  readonly acknowledgement: 'declared' | 'concluded' | 'detected';
  /** Where the claim comes from, e.g. `package-lock`, `policy:clarify`. */
  readonly source: string;
  readonly confidence: 'high' | 'medium' | 'low';
  readonly location?: Location;
  readonly textSha256?: string;
  /** What had to be changed to read `raw` as `expression`, e.g. a deprecated id; absent where nothing was. */
  readonly notes?: readonly string[];
}

/** A correction of what a package says of itself. */
export interface LicenseClarification {
  readonly package: string;
  readonly versions?: string;
  readonly expression: string;
  readonly reason: string;
  readonly location: Location;
}

/** What the licence check needs to know of a policy. */
export interface LicenseRules {
  /** Allow list per judged scope; `undefined` means the gate is off for that scope. */
  readonly allow: { readonly runtime?: readonly string[]; readonly dev?: readonly string[] };
  /** Single ids are compared as version ranges (`GPL-2.0-or-later` covers `GPL-3.0-only`). */
  readonly ranges: boolean;
  /** `X WITH e` passes where `X` is allowed (`base`), or only where the pair itself is listed (`strict`). */
  readonly with: 'base' | 'strict';
  readonly clarify: readonly LicenseClarification[];
}
