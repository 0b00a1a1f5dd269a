// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import { globMatcher } from '../platform/glob.ts';

/** Matches paths relative to the scan root with globs of a policy, whose {@link LoadedPolicy.base} is `base`. */
export function policyGlobs(globs: readonly string[], base: string): (path: string) => boolean {
  const matches = globMatcher(globs);
  return base === '.' ? matches : (path) => matches(posix.join(base, path));
}
