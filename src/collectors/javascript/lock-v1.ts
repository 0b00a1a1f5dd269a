// SPDX-License-Identifier: Apache-2.0
import { visitKeys } from './json-keys.ts';
import {
  bareNode,
  entryFault,
  isObject,
  type JsonObject,
  type LockNode,
  MAX_TEXT,
  readNode,
} from './lock-node.ts';
import { installName, isInstallName, joinPath } from './npm-path.ts';
import { readSource } from './npm-source.ts';
import type { NoteEntry } from './problems.ts';

/** Nested entries repeat the path of their parents; this bounds what a small file can make of that. */
const MAX_PATHS_TOTAL = 1 << 26;

/**
 * The entries of nested `dependencies`, which format 1 and the locks of older npm have, by install path,
 * the root first.
 *
 * Before npm 5.1 (no `requires` at the top) a lock does not say what an entry asks for. What is nested below it was
 * put there for it, so that is taken for what it asks for.
 */
export function readDependencies(lock: JsonObject, text: string, note: NoteEntry): Map<string, LockNode> {
  const nodes = new Map<string, LockNode>([['', bareNode('', undefined, false)]]);
  const nestingTells = !lock.requires;
  const open: Level[] = [{ path: '', entries: lock.dependencies, lines: dependencyLines(text, note) }];
  let pathsTotal = 0;
  for (let level = open.pop(); level !== undefined; level = open.pop()) {
    if (!isObject(level.entries)) continue;
    for (const [name, raw] of Object.entries(level.entries)) {
      const at = level.lines?.get(name);
      if (!isInstallName(name)) {
        note('unparsable', at?.line, name, 'expected the name of a package as key');
        continue;
      }
      const path = joinPath(level.path, `node_modules/${name}`);
      pathsTotal += path.length;
      if (path.length > MAX_TEXT || pathsTotal > MAX_PATHS_TOTAL) {
        note('limit-exceeded', at?.line, name, 'expected less deeply nested dependencies');
        continue;
      }
      const node = readEntry(path, name, raw, at?.line, nestingTells, note);
      nodes.set(path, node);
      // What is nested below a link lies in the folder that it points to.
      if (node.link !== undefined && !nodes.has(node.link)) nodes.set(node.link, linkTarget(node));
      if (isObject(raw)) {
        open.push({ path: node.link ?? path, entries: raw.dependencies, lines: at?.nested });
      }
    }
  }
  return nodes;
}

interface Level {
  readonly path: string;
  readonly entries: unknown;
  readonly lines: Lines | undefined;
}

function readEntry(
  path: string,
  name: string,
  raw: unknown,
  line: number | undefined,
  nestingTells: boolean,
  note: NoteEntry,
): LockNode {
  const fault = entryFault(raw);
  if (fault !== undefined || !isObject(raw)) {
    note('unparsable', line, name, fault ?? 'expected an object');
    return bareNode(path, line, true);
  }
  const requires = raw.requires ?? (nestingTells ? raw.dependencies : undefined);
  return {
    ...readNode(path, line, raw),
    ...locate(raw),
    requires: isObject(requires) ? requires : undefined,
    // Here this key holds nested entries, not requests.
    dependencies: undefined,
    bundled: raw.bundled === true,
  };
}

/** Format 1 keeps in `version` whatever tells the package: a version, an alias, a URL or a path. */
function locate(raw: JsonObject): Partial<LockNode> {
  const version = raw.version;
  if (typeof version !== 'string') return {};
  if (version.startsWith('npm:')) return splitAlias(version.slice('npm:'.length));
  if (!isLocator(version)) return locateByFrom(raw);
  if (SHORTHAND.test(version)) return { version: undefined, resolved: `github:${version}` };
  const source = readSource(version);
  const isFolder = source.kind === 'path' && !/\.(?:tgz|tar|tar\.gz)$/i.test(version);
  return isFolder && source.path !== undefined
    ? { version: undefined, link: source.path }
    : { version: undefined, resolved: version };
}

/** `user/repository#commit`, short for GitHub. */
const SHORTHAND = /^[\w-][\w.-]*\/[\w.-]+(?:#.*)?$/s;

const LOCATOR =
  /^(?:@?[^@]+@)?((?:(?:file|https?|ssh|git(?:\+[a-z]+)?|github|gitlab|bitbucket|gist):|\.{0,2}\/).*)$/s;

/** npm 2 to 4 tell a package that is no registry's by `from` alone: `name@file:../x`. */
function locateByFrom(raw: JsonObject): Partial<LockNode> {
  const from = raw.from;
  if (raw.resolved !== undefined || typeof from !== 'string') return {};
  const spec = LOCATOR.exec(from)?.[1];
  return spec === undefined ? {} : { resolved: spec };
}

/** `npm:REAL@VERSION`; the name may begin with `@`, and the version may be missing. */
function splitAlias(spec: string): Partial<LockNode> {
  const at = spec.lastIndexOf('@');
  if (at < 1) return { name: spec, version: undefined };
  return { name: spec.slice(0, at), version: spec.slice(at + 1) };
}

/** No version or range has a slash or a colon. */
function isLocator(version: string): boolean {
  return version.includes(':') || version.includes('/');
}

function linkTarget(link: LockNode): LockNode {
  const path = link.link ?? '';
  return {
    ...link,
    path,
    alias: installName(path),
    name: undefined,
    version: undefined,
    resolved: undefined,
    link: undefined,
  };
}

type Lines = Map<string, { readonly line: number; nested: Lines | undefined }>;

/** The line of each key of `dependencies`, nested like the lock. What stands there twice is noted. */
function dependencyLines(text: string, note: NoteEntry): Lines | undefined {
  type State = { readonly entries: Lines } | { readonly entry: { nested: Lines | undefined } };
  const lock: { nested: Lines | undefined } = { nested: undefined };
  visitKeys<State>(text, { entry: lock }, (state, key, line) => {
    if ('entries' in state) {
      if (state.entries.has(key)) {
        note('unparsable', line, key, 'expected one entry for each name, got another');
      }
      const entry = { line, nested: undefined };
      state.entries.set(key, entry);
      return { entry };
    }
    if (key !== 'dependencies') return undefined;
    if (state.entry.nested !== undefined) {
      note('unparsable', line, key, 'expected dependencies once, got it again');
    }
    const entries: Lines = new Map();
    state.entry.nested = entries;
    return { entries };
  });
  return lock.nested;
}
