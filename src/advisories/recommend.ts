// SPDX-License-Identifier: Apache-2.0
import type { PackageMatcher } from './matcher.ts';

/** A version to upgrade to; `breaking` as told at {@link recommendVersion}. */
export interface Recommendation {
  readonly version: string;
  readonly breaking: boolean;
}

/** Real packages have a few dozen; each costs a pass over all records of the package. */
const MAX_CANDIDATES = 1000;

/**
 * The lowest version above the installed one that no live record of the package hits, among all that any of them
 * names as fixed; pre-releases only from a pre-release. A fix of one advisory is often hit by the next. `breaking`
 * marks another major (npm) or another epoch or first release segment (PyPI). Absent where there is none.
 */
export function recommendVersion(matcher: PackageMatcher, installed: string): Recommendation | undefined {
  const from = matcher.scheme.parse(installed);
  if (!from) return undefined;
  const candidates = matcher
    .fixes()
    .flatMap((text) => {
      const version = matcher.scheme.parse(text);
      const fits = version && version.key > from.key && (from.prerelease || !version.prerelease);
      return fits ? [{ text, version }] : [];
    })
    .slice(0, MAX_CANDIDATES);
  const clean = candidates.find(({ text }) => !matcher.affects(text));
  return clean && { version: clean.text, breaking: clean.version.series !== from.series };
}
