// SPDX-License-Identifier: Apache-2.0
import type { CoverageCause } from '../../model/coverage.ts';
import type { PackageSource, Scope, Skipped } from '../../model/inventory.ts';
import type { Location } from '../../model/location.ts';
import { withoutCredentials } from '../urls.ts';
import { shorten } from './requirements-error.ts';
import type { RequirementLine, Statement } from './requirements-file.ts';
import { scopeWithin } from './requirements-names.ts';
import { type RequirementsTree, resolveInclude } from './requirements-tree.ts';

/** All that one root and its includes say, each list in the order of reading. */
export interface RequirementSet {
  /** Path of the root file. */
  readonly root: string;
  /** Every file that was opened, the root first. */
  readonly files: readonly string[];
  readonly requirements: readonly Occurrence[];
  readonly constraints: readonly Occurrence[];
  readonly sources: readonly PackageSource[];
  readonly skipped: readonly Skipped[];
  readonly gaps: readonly Gap[];
  /** What `--require-hashes` and `--no-require-hashes` ask for. */
  readonly hashChecking: ReadonlySet<'on' | 'off'>;
  /** Lines that are, or stand for, a requirement. */
  readonly expected: number;
}

/** A requirement or constraint where it stands. */
export interface Occurrence {
  readonly requirement: RequirementLine;
  readonly location: Location;
  /** The include lines that lead here from the root. */
  readonly includedFrom: readonly Location[];
  readonly scope: Scope;
}

/** Something that could not be read, with the word by which a policy decides. */
export interface Gap {
  readonly cause: CoverageCause;
  /** `FILE:LINE: expected X, got Y`. */
  readonly message: string;
  readonly location: Location;
}

/** More than this many includes in one another are not followed; pip itself gives up at some hundreds. */
const MAX_INCLUDE_DEPTH = 100;

/**
 * Follows the includes of one root as pip does: in place, `-r` and `-c` alike relative to their file, a `-r` within a
 * constraints file adding requirements again. A file that is included twice in one role counts once; one that leads
 * back to itself is an error, as in pip.
 */
export function gatherRequirements(root: string, tree: RequirementsTree): RequirementSet {
  const walk: Walk = {
    root,
    tree,
    visited: new Set(),
    files: new Set(),
    requirements: [],
    constraints: [],
    sources: [],
    skipped: [],
    gaps: [],
    hashChecking: new Set(),
    expected: 0,
  };
  visit(walk, root, false, []);
  return { ...walk, files: [...walk.files] };
}

interface Walk {
  readonly root: string;
  readonly tree: RequirementsTree;
  /** Path and role. */
  readonly visited: Set<string>;
  readonly files: Set<string>;
  readonly requirements: Occurrence[];
  readonly constraints: Occurrence[];
  readonly sources: PackageSource[];
  readonly skipped: Skipped[];
  readonly gaps: Gap[];
  readonly hashChecking: Set<'on' | 'off'>;
  expected: number;
}

function visit(walk: Walk, path: string, asConstraint: boolean, chain: readonly Location[]): void {
  const role = `${asConstraint ? '-c' : '-r'} ${path}`;
  if (walk.visited.has(role)) return;
  walk.visited.add(role);
  const file = walk.tree.get(path);
  if (!file) return;
  if ('failure' in file) {
    const cause = file.failure.code === 'file-too-large' ? 'limit-exceeded' : 'unreadable';
    walk.files.add(path);
    walk.gaps.push({ cause, message: file.failure.message, location: { uri: path } });
    return;
  }
  const again = walk.files.has(path);
  walk.files.add(path);
  for (const statement of file.statements) {
    const location = { uri: path, startLine: statement.line };
    if (statement.kind === 'requirement') {
      takeRequirement(walk, statement.requirement, location, asConstraint, chain);
    } else if (!again) {
      // In its second role a file has nothing else to add.
      takeStatement(walk, statement, location, chain);
    }
  }
}

function takeRequirement(
  walk: Walk,
  requirement: RequirementLine,
  location: Location,
  asConstraint: boolean,
  includedFrom: readonly Location[],
): void {
  const occurrence = { requirement, location, includedFrom, scope: scopeWithin(walk.root, location.uri) };
  if (!asConstraint) {
    walk.expected++;
    walk.requirements.push(occurrence);
    return;
  }
  const problem = constraintProblem(requirement);
  if (problem === undefined) walk.constraints.push(occurrence);
  else
    walk.gaps.push(
      gapAt('unparsable', location, `expected a name and a version in a constraints file, got ${problem}`),
    );
}

/** https://pip.pypa.io/en/stable/user_guide/#constraints-files */
function constraintProblem({ name, editable, extras }: RequirementLine): string | undefined {
  if (name === undefined) return 'no name';
  if (editable) return '-e';
  return extras.length > 0 ? 'extras' : undefined;
}

function takeStatement(
  walk: Walk,
  statement: Exclude<Statement, { kind: 'requirement' }>,
  location: Location,
  chain: readonly Location[],
): void {
  switch (statement.kind) {
    case 'include':
      include(walk, statement, location, chain);
      return;
    case 'source':
      walk.sources.push({ ...statement.source, location });
      return;
    case 'hash-checking':
      walk.hashChecking.add(statement.on ? 'on' : 'off');
      return;
    case 'skipped':
      walk.expected++;
      skip(walk, 'unmatchable', location, statement.text, statement.reason);
      return;
    case 'error':
      walk.expected++;
      walk.gaps.push(gapAt('unparsable', location, statement.message));
  }
}

function include(
  walk: Walk,
  statement: Extract<Statement, { kind: 'include' }>,
  location: Location,
  chain: readonly Location[],
): void {
  const text = shorten(withoutCredentials(`${statement.constraint ? '-c' : '-r'} ${statement.target}`), 200);
  const target = resolveInclude(location.uri, statement.target);
  const longer = [...chain, location];
  if ('path' in target && longer.some((from) => from.uri === target.path)) {
    const got = JSON.stringify(text);
    walk.gaps.push(
      gapAt('unparsable', location, `expected an include that does not lead back to itself, got ${got}`),
    );
    return;
  }
  const reason = 'path' in target ? whyNotFollowed(walk, target.path, longer) : target.reason;
  if (reason !== undefined) skip(walk, 'include-not-followed', location, text, reason);
  else if ('path' in target) visit(walk, target.path, statement.constraint, longer);
}

function whyNotFollowed(walk: Walk, path: string, chain: readonly Location[]): string | undefined {
  const file = walk.tree.get(path);
  const failure = file && 'failure' in file ? file.failure : undefined;
  // It is there and belongs to this project, though it says nothing.
  if (failure && failure.code !== 'file-not-found') walk.files.add(path);
  if (chain.length > MAX_INCLUDE_DEPTH) return `more than ${MAX_INCLUDE_DEPTH} includes in one another`;
  return failure?.message;
}

function skip(walk: Walk, cause: CoverageCause, location: Location, text: string, reason: string): void {
  const expected =
    cause === 'unmatchable' ? 'a requirement that can be read as it stands' : 'an include that can be read';
  walk.skipped.push({ project: walk.root, location, text, reason });
  walk.gaps.push(gapAt(cause, location, `expected ${expected}, got ${JSON.stringify(text)}: ${reason}`));
}

/** A gap at a place, with a message that has none yet. */
export function gapAt(cause: CoverageCause, location: Location, message: string): Gap {
  return { cause, location, message: `${location.uri}:${location.startLine}: ${message}` };
}
