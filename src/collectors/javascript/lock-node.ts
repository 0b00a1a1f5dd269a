// SPDX-License-Identifier: Apache-2.0
import type { LockEdge } from './lock-graph.ts';
import { installName } from './npm-path.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** What a package asks for: keys are names, values specifiers, all of them from outside. */
export interface Requests {
  readonly dependencies: JsonObject | undefined;
  readonly devDependencies: JsonObject | undefined;
  readonly optionalDependencies: JsonObject | undefined;
  readonly peerDependencies: JsonObject | undefined;
  readonly peerDependenciesMeta: JsonObject | undefined;
  /** Format 1: all of them, without saying how. */
  readonly requires: JsonObject | undefined;
}

/** How npm marks an entry; one that is `dev` or `optional` is never `devOptional`. */
export interface DepFlags {
  readonly dev: boolean;
  readonly optional: boolean;
  readonly devOptional: boolean;
  readonly peer: boolean;
  readonly extraneous: boolean;
}

/** One entry of a lock of any format, in the words of format 3. */
export interface LockNode extends Requests {
  /** Install path, normalised, from the folder of the lock; `''` is the root. */
  readonly path: string;
  /** Name under which it is installed; absent for what does not lie directly in a `node_modules`. */
  readonly alias: string | undefined;
  /** Line of the key of the entry. */
  readonly line: number | undefined;
  /** Real name, where the path may not tell it. */
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly resolved: string | undefined;
  readonly integrity: string | undefined;
  readonly license: string | undefined;
  /** This entry is a symbolic link to another path, normalised. */
  readonly link: string | undefined;
  /** The entry is damaged: it takes its place in the tree and is not a component. */
  readonly damaged: boolean;
  readonly flags: DepFlags;
  readonly bundled: boolean;
  readonly installScript: boolean;
  readonly deprecated: boolean;
  /** What it depends on; none before the graph is built. */
  edges: readonly LockEdge[];
  /** The edge by which something depends on it, where there is one; the latest of several kinds. */
  asked: LockEdge | undefined;
}

const NO_EDGES: readonly LockEdge[] = [];

const NO_FLAGS: DepFlags = {
  dev: false,
  optional: false,
  devOptional: false,
  peer: false,
  extraneous: false,
};

/** Longest text of a field: PATH_MAX of Linux. npm's own limit for a name is 214. */
export const MAX_TEXT = 4096;

const TEXT_FIELDS = ['name', 'version', 'resolved', 'integrity'] as const;
const REQUEST_FIELDS = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'requires',
] as const;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An entry in the words of format 3. */
export function readNode(path: string, line: number | undefined, raw: JsonObject): LockNode {
  return {
    path,
    alias: installName(path),
    line,
    name: textOf(raw.name),
    version: textOf(raw.version),
    resolved: textOf(raw.resolved),
    integrity: textOf(raw.integrity),
    license: readLicense(raw),
    link: undefined,
    damaged: false,
    flags: readFlags(raw),
    bundled: raw.inBundle === true,
    installScript: raw.hasInstallScript === true,
    deprecated: raw.deprecated !== undefined && raw.deprecated !== false,
    // As in `readRequests`; spelled out, since a spread costs more than the rest of the entry.
    dependencies: objectOf(raw.dependencies),
    devDependencies: objectOf(raw.devDependencies),
    optionalDependencies: objectOf(raw.optionalDependencies),
    peerDependencies: objectOf(raw.peerDependencies),
    peerDependenciesMeta: objectOf(raw.peerDependenciesMeta),
    requires: undefined,
    edges: NO_EDGES,
    asked: undefined,
  };
}

/** An entry that says nothing but where it is: the root of a lock that has none, or a damaged one. The root stays. */
export function bareNode(path: string, line: number | undefined, damaged: boolean): LockNode {
  return { ...readNode(path, line, {}), damaged: damaged && path !== '' };
}

/** What is wrong with the types of an entry: a wrong one means that npm did not write the lock. */
export function entryFault(raw: unknown): string | undefined {
  if (!isObject(raw)) return `expected an object, got ${typeName(raw)}`;
  for (const field of TEXT_FIELDS) {
    const value = raw[field];
    if (isAbsent(value)) continue;
    if (typeof value !== 'string') return `expected a string as ${field}, got ${typeName(value)}`;
    if (value.length > MAX_TEXT) return `expected a ${field} of at most ${MAX_TEXT} characters`;
  }
  for (const field of REQUEST_FIELDS) {
    const value = raw[field];
    if (isAbsent(value) || isObject(value) || (field === 'requires' && value === true)) continue;
    return `expected an object as ${field}, got ${typeName(value)}`;
  }
  return undefined;
}

/** The text of a field, absent where it has another type. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT ? value : undefined;
}

/** The fields of requests; one of another type is left out, as npm does with a package.json. */
export function readRequests(raw: JsonObject): Requests {
  return {
    dependencies: objectOf(raw.dependencies),
    devDependencies: objectOf(raw.devDependencies),
    optionalDependencies: objectOf(raw.optionalDependencies),
    peerDependencies: objectOf(raw.peerDependencies),
    peerDependenciesMeta: objectOf(raw.peerDependenciesMeta),
    requires: undefined,
  };
}

function objectOf(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

function readFlags(raw: JsonObject): DepFlags {
  const dev = raw.dev === true;
  const optional = raw.optional === true;
  const peer = raw.peer === true;
  const extraneous = raw.extraneous === true;
  const devOptional = raw.devOptional === true && !dev && !optional;
  // Most entries have none: one object for all of them.
  if (!(dev || optional || peer || extraneous || devOptional)) return NO_FLAGS;
  return { dev, optional, devOptional, peer, extraneous };
}

/**
 * `MIT`, also from the old forms `{"type": "MIT"}` and `["MIT"]`. Several are kept as `MIT, ISC`, which is no
 * expression: whether one may choose or must keep to all of them is not said.
 */
function readLicense({ license }: JsonObject): string | undefined {
  if (typeof license === 'string') return textOf(license);
  const several: readonly unknown[] = Array.isArray(license) ? license : [license];
  const names = several.map((one) => textOf(isObject(one) ? one.type : one));
  if (names.length === 1) return names[0];
  const shown = names.map((name, i) => name ?? JSON.stringify(several[i]));
  return shown.join(', ').slice(0, MAX_TEXT) || undefined;
}

/** `resolved: false` is how npm 5 and 6 wrote a bundled package. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === false;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
