// SPDX-License-Identifier: Apache-2.0
import { matchWildcards } from './wildcard.ts';

const MAX_LENGTH = 256;

/**
 * What is wrong with a glob, as the phrase that follows "expected"; `undefined` where nothing is.
 *
 * Globs know `*` and `?` (within one path segment) and `**` (any number of segments). The other signs of globs
 * are refused, so that what is accepted means the same in every tool that reads globs.
 */
export function globProblem(glob: string): string | undefined {
  if (glob.length === 0 || glob.length > MAX_LENGTH) return `a glob of 1 to ${MAX_LENGTH} characters`;
  if (/[[\]{}()\\]|^!/.test(glob)) return 'a glob made of *, **, ? and names (use ? for other signs)';
  if (glob.startsWith('/')) return 'a relative path';
  const segments = glob.replace(/\/$/, '').split('/');
  if (segments.some((segment) => ['', '.', '..'].includes(segment))) {
    return 'a relative path without empty, "." or ".." segments';
  }
  return undefined;
}

/**
 * Whether a path, or a folder that it lies in, is matched by one of the globs. Dot files are files like others.
 *
 * Time is at most length of glob times length of path. Written here because a glob that is turned into a
 * regular expression backtracks: picomatch takes 24 s for `*a*a*a*a*b` on a name of 255 letters.
 *
 * @throws TypeError for a glob that {@link globProblem} refuses
 */
export function globMatcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map(parse);
  return (path) => {
    if (patterns.length === 0) return false;
    const segments = path.split('/');
    return patterns.some((pattern) => matchWildcards(pattern, segments, '**', matchesSegment));
  };
}

function parse(glob: string): string[] {
  if (globProblem(glob) !== undefined) throw new TypeError(`not a glob: ${glob}`);
  const segments = glob.normalize('NFC').replace(/\/$/, '').split('/');
  // `a/**` is what lies in `a`, as in .gitignore: not `a` itself.
  return segments.at(-1) === '**' ? [...segments.slice(0, -1), '*', '**'] : [...segments, '**'];
}

function matchesSegment(pattern: string, segment: string): boolean {
  return matchWildcards([...pattern], [...segment], '*', (sign, letter) => sign === '?' || sign === letter);
}
