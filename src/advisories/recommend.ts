// SPDX-License-Identifier: Apache-2.0
import type { PackageMatcher } from './matcher.ts';

export interface Recommendation {
  readonly version: string;
  readonly breaking: boolean;
}

/**
 * The lowest version above the installed one that no live record of the package hits, among all that any of them
 * names as fixed; pre-releases only from a pre-release. A fix of one advisory is often hit by the next. `breaking`
 * marks another major (npm) or another epoch or first release segment (PyPI). Absent where there is none.
 */
export function recommendVersion(matcher: PackageMatcher, installed: string): Recommendation | undefined {
  const from = matcher.scheme.parse(installed);
  if (!from) return undefined;
  for (const text of matcher.fixes()) {
    const candidate = matcher.scheme.parse(text);
    if (!candidate || candidate.publicKey <= from.publicKey) continue;
    if (candidate.prerelease && !from.prerelease) continue;
    if (matcher.affects(text)) continue;
    return { version: text, breaking: candidate.series !== from.series };
  }
  return undefined;
}
