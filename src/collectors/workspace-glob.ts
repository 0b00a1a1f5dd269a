// SPDX-License-Identifier: Apache-2.0
import { matchWildcards } from '../platform/wildcard.ts';

const MAX_LENGTH = 1024;
const MAX_ALTERNATIVES = 64;

/**
 * A matcher of directories for the globs of a workspace declaration (npm `workspaces`, pnpm `packages`, uv
 * `members`), relative to the workspace root: `*` and `?` within a segment, `**` for any number of segments,
 * `[a-z]`, `[!a-z]`, `{a,b}`, `\` before a character taken as it is. The last glob that matches decides, and one
 * that begins with `!` takes out.
 *
 * Wider than the globs of options and policy, since other tools define it. The text comes from the scanned tree: a
 * glob over 1,024 characters or with over 64 alternatives matches nothing, so that what it names is reported.
 */
export function workspaceMatcher(globs: readonly string[]): (directory: string) => boolean {
  const rules = globs.map((glob) => {
    const negated = glob.startsWith('!');
    return { negated, patterns: compile(negated ? glob.slice(1) : glob) };
  });
  return (directory) => {
    const segments = directory.split('/');
    const last = rules.findLast(({ patterns }) =>
      patterns.some((pattern) => matchWildcards(pattern, segments, GLOBSTAR, matchSegment)),
    );
    return last !== undefined && !last.negated;
  };
}

const GLOBSTAR = Symbol('**');
const STAR = Symbol('*');
type CharTest = (char: string) => boolean;
type Segment = readonly (typeof STAR | CharTest)[];
type Pattern = readonly (typeof GLOBSTAR | Segment)[];

function compile(glob: string): Pattern[] {
  if (glob.length > MAX_LENGTH) return [];
  return expandBraces(glob.normalize('NFC')).map((alternative) =>
    alternative
      .split('/')
      .filter((segment) => segment !== '' && segment !== '.')
      .map((segment) => (segment === '**' ? GLOBSTAR : compileSegment(segment))),
  );
}

function matchSegment(segment: Segment, text: string): boolean {
  return matchWildcards(segment, text, STAR, (test: CharTest, char) => test(char));
}

function compileSegment(segment: string): Segment {
  const parts: (typeof STAR | CharTest)[] = [];
  for (let i = 0; i < segment.length; i++) {
    const char = segment.charAt(i);
    const set = char === '[' ? compileSet(segment, i) : undefined;
    if (set !== undefined) {
      parts.push(set.test);
      i = set.end;
    } else if (char === '*') parts.push(STAR);
    else if (char === '?') parts.push(() => true);
    else {
      if (char === '\\' && i + 1 < segment.length) i += 1;
      const expected = segment.charAt(i);
      parts.push((actual) => actual === expected);
    }
  }
  return parts;
}

/** A `[...]` that starts at `start`; `undefined` where it is not closed, which makes the bracket a character. */
function compileSet(segment: string, start: number): { test: CharTest; end: number } | undefined {
  const negated = segment[start + 1] === '!' || segment[start + 1] === '^';
  const first = start + (negated ? 2 : 1);
  // A bracket in first place belongs to the set, as in POSIX.
  const end = segment.indexOf(']', first + 1);
  if (end === -1) return undefined;
  const ranges: [string, string][] = [];
  for (let i = first; i < end; i++) {
    const from = segment.charAt(i);
    const isRange = segment[i + 1] === '-' && i + 2 < end;
    if (isRange) i += 2;
    ranges.push([from, segment.charAt(i)]);
  }
  return { test: (char) => ranges.some(([low, high]) => low <= char && char <= high) !== negated, end };
}

/** Every alternative of `{a,b}`, nested ones included; none where there are too many. */
function expandBraces(glob: string): string[] {
  const done: string[] = [];
  const open = [glob];
  for (let pattern = open.pop(); pattern !== undefined; pattern = open.pop()) {
    const group = firstBraces(pattern);
    if (group === undefined) done.push(pattern);
    else open.push(...group.alternatives.map((alternative) => `${group.before}${alternative}${group.after}`));
    if (done.length + open.length > MAX_ALTERNATIVES) return [];
  }
  return done;
}

interface Braces {
  readonly before: string;
  readonly alternatives: readonly string[];
  readonly after: string;
}

/** The first `{...}` with a comma in it; a brace without comma or without end is a character. */
function firstBraces(pattern: string): Braces | undefined {
  for (let start = 0; start < pattern.length; start++) {
    if (pattern[start] === '\\') start += 1;
    else if (pattern[start] === '{') {
      const group = closeBraces(pattern, start);
      if (group !== undefined) return group;
    }
  }
  return undefined;
}

function closeBraces(pattern: string, start: number): Braces | undefined {
  const alternatives: string[] = [];
  let from = start + 1;
  let depth = 0;
  for (let i = start; i < pattern.length; i++) {
    const char = pattern[i];
    if (char === '\\') i += 1;
    else if (char === '{') depth += 1;
    else if (char === '}') depth -= 1;
    const ends = depth === 0 && char === '}';
    if (!ends && !(depth === 1 && char === ',')) continue;
    alternatives.push(pattern.slice(from, i));
    from = i + 1;
    if (!ends) continue;
    if (alternatives.length === 1) return undefined;
    return { before: pattern.slice(0, start), alternatives, after: pattern.slice(from) };
  }
  return undefined;
}
