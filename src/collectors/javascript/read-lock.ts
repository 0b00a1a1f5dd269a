// SPDX-License-Identifier: Apache-2.0
import type { Location } from '../../model/location.ts';
import type { FileSource } from '../collector.ts';
import { withoutCredentials } from '../urls.ts';
import { type JsonFailure, type JsonFile, readJsonFile } from './json-file.ts';
import { topLevelLine } from './json-keys.ts';
import { isOwn } from './lock-entries.ts';
import { buildGraph, type GraphInput, type LockGraph } from './lock-graph.ts';
import { bareNode, isObject, type JsonObject, type LockNode } from './lock-node.ts';
import { readPackages } from './lock-packages.ts';
import { readDependencies } from './lock-v1.ts';
import { type Manifest, readManifest, requestLines } from './manifest.ts';
import { folderName, folderOf, joinPath } from './npm-path.ts';
import type { NoteEntry, Problems } from './problems.ts';
import { declaredRequests, mustBeMet } from './requests.ts';

/** A lock with the manifests that belong to it, one entry for each install path. */
export interface ReadLock {
  readonly graph: LockGraph;
  /** Name and version of the root and of the members, by path. */
  readonly own: ReadonlyMap<string, { readonly name: string; readonly version: string | undefined }>;
  readonly rootLocation: Location;
  /** package.json beside the lock, where there is one. */
  readonly manifest: string | undefined;
  /** Every file that was read, or would have been. */
  readonly files: readonly string[];
  /** The lock could not be read; the graph holds the root alone. */
  readonly failure?: JsonFailure;
}

/** Reads one lock. What is damaged in it is noted as a problem and left out. */
export async function readLock(file: string, files: FileSource, problems: Problems): Promise<ReadLock> {
  const folder = folderOf(file);
  const parsed = parseLock(await readJsonFile(file, files), file, problems);
  const special = specialNodes(parsed.nodes);
  const manifests = await readManifests(file, special.own, files, problems);
  const lock = withoutHollow(parsed, manifests.get('')?.manifest, file);
  const graph = buildGraph({
    format: lock.format,
    nodes: lock.nodes,
    links: special.links,
    manifests: new Map([...manifests].map(([path, { manifest }]) => [path, manifest])),
    lockedRoot: lock.root,
  });
  if (lock.failure === undefined) noteUnmet(graph, manifests, file, problems);
  const own = ownNames(special, manifests, lock.root, folder);
  const manifest = manifests.get('');
  return {
    graph,
    own,
    rootLocation: rootLocation(own.get('')?.name, manifest, file, lock.text),
    manifest: manifest?.file,
    files: [file, ...[...manifests.values()].map((member) => member.file)],
    ...(lock.failure === undefined ? {} : { failure: lock.failure }),
  };
}

interface SpecialNodes {
  readonly own: readonly LockNode[];
  readonly links: readonly LockNode[];
}

/** The few entries that are no packages of others, in one pass: a large lock does not fit into the caches. */
function specialNodes(nodes: ReadonlyMap<string, LockNode>): SpecialNodes {
  const own: LockNode[] = [];
  const links: LockNode[] = [];
  for (const node of nodes.values()) {
    if (isOwn(node)) own.push(node);
    if (node.link !== undefined) links.push(node);
  }
  return { own, links };
}

interface ParsedLock extends Pick<GraphInput, 'format' | 'nodes'> {
  readonly root: Manifest;
  readonly text: string;
  /** The lock of a project without dependencies, if it has none. */
  readonly isHollow?: boolean;
  readonly failure?: JsonFailure;
}

function parseLock(json: JsonFile, file: string, problems: Problems): ParsedLock {
  if (json.status === 'absent') return failedLock(failureOf(file, 'unreadable', 'expected a file, got none'));
  if (json.status === 'failed') return failedLock(json);
  const { value: lock, text } = json;
  const note: NoteEntry = (cause, line, key, reason) => {
    const location = { uri: file, ...(line === undefined ? {} : { startLine: line }) };
    problems.note(cause, location, withoutCredentials(key), reason);
  };
  // Old and new formats are told apart by what is there: `lockfileVersion` can lie, and format 2 has both.
  const field = lock.packages ? 'packages' : 'dependencies';
  if (field === 'dependencies' && isNoLock(lock)) return failedLock(hollowFailure(file));
  noteFormat(lock, text, note);
  const entries = lock[field];
  if (entries && !isObject(entries)) {
    return failedLock(
      failureOf(file, 'unparsable', `expected an object as ${field}`, topLevelLine(text, field)),
    );
  }
  if (field === 'packages' && isObject(entries)) {
    const root = entries[''];
    const nodes = readPackages(entries, text, note);
    return {
      format: 'packages',
      nodes,
      root: readManifest(withName(isObject(root) ? root : {}, lock)),
      text,
    };
  }
  const format = lock.requires ? 'requires' : 'nesting';
  const root = readManifest({ name: lock.name, version: lock.version });
  return {
    format,
    nodes: readDependencies(lock, text, note),
    root,
    text,
    ...(entries ? {} : { isHollow: true }),
  };
}

/** Without `packages`: old npm alone left out `dependencies` too, where a project had none. */
function isNoLock({ lockfileVersion, dependencies, requires }: JsonObject): boolean {
  if (hasKeys(dependencies)) return false;
  return lockfileVersion === undefined ? !requires && !dependencies : lockfileVersion !== 1;
}

/** A lock that holds nothing belongs to a package.json that asks for nothing. */
function withoutHollow(lock: ParsedLock, manifest: Manifest | undefined, file: string): ParsedLock {
  if (!lock.isHollow || manifest === undefined) return lock;
  const isAsked = declaredRequests(manifest).some(({ type }) => mustBeMet(type) || type === 'optional');
  return isAsked ? { ...lock, failure: hollowFailure(file) } : lock;
}

function hollowFailure(file: string): JsonFailure {
  return failureOf(file, 'unparsable', 'expected packages or dependencies, got neither', 1);
}

/** Newer formats may mean other things by the same words; format 2 says the same in `packages` and `dependencies`. */
function noteFormat(lock: JsonObject, text: string, note: NoteEntry): void {
  const { lockfileVersion = 1, packages, dependencies } = lock;
  if (typeof lockfileVersion !== 'number' || lockfileVersion > MAX_LOCKFILE_VERSION) {
    const got = JSON.stringify(lockfileVersion).slice(0, 20);
    const reason = `expected lockfileVersion up to ${MAX_LOCKFILE_VERSION}, got ${got}`;
    note('unparsable', topLevelLine(text, 'lockfileVersion'), 'lockfileVersion', reason);
  }
  if (!isObject(packages) || !hasKeys(dependencies)) return;
  if (Object.keys(packages).some((path) => path !== '')) return;
  const reason = 'expected packages and dependencies to agree, got packages without any';
  note('unparsable', topLevelLine(text, 'dependencies'), 'dependencies', reason);
}

const MAX_LOCKFILE_VERSION = 3;

function hasKeys(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length > 0;
}

/** The root entry often has no name; the lock has it at its top. */
function withName(root: JsonObject, lock: JsonObject): JsonObject {
  return { ...root, name: root.name ?? lock.name, version: root.version ?? lock.version };
}

function failedLock(failure: JsonFailure): ParsedLock {
  return {
    format: 'nesting',
    nodes: new Map([['', bareNode('', undefined, false)]]),
    root: readManifest({}),
    text: '',
    failure,
  };
}

function failureOf(file: string, cause: JsonFailure['cause'], reason: string, line?: number): JsonFailure {
  const location = { uri: file, ...(line === undefined ? {} : { startLine: line }) };
  return { status: 'failed', cause, location, reason };
}

interface ManifestFile {
  readonly file: string;
  readonly text: string;
  readonly manifest: Manifest;
}

/** A lock may name any number of members; the largest public workspaces have some thousands. */
const MAX_MANIFESTS = 10_000;

/** package.json of the root and of every member inside of the scanned tree, by install path. */
async function readManifests(
  lock: string,
  own: readonly LockNode[],
  files: FileSource,
  problems: Problems,
): Promise<Map<string, ManifestFile>> {
  const folder = folderOf(lock);
  const manifests = new Map<string, ManifestFile>();
  if (own.length > MAX_MANIFESTS) {
    const reason = `expected at most ${MAX_MANIFESTS} folders of its own, got ${own.length}; package.json of the others is not read`;
    problems.note('limit-exceeded', { uri: lock }, '', reason);
  }
  for (const { path, link, damaged } of own.slice(0, MAX_MANIFESTS)) {
    if (link !== undefined || damaged) continue;
    const file = joinPath(joinPath(folder, path), 'package.json');
    if (file.startsWith('../')) continue;
    const json = await readJsonFile(file, files);
    if (json.status === 'failed') problems.note(json.cause, json.location, '', json.reason);
    if (json.status !== 'read') continue;
    manifests.set(path, { file, text: json.text, manifest: readManifest(json.value) });
  }
  return manifests;
}

/** Name and version of what is the project's own; members often have theirs in package.json alone. */
function ownNames(
  { own: nodes, links }: SpecialNodes,
  manifests: ReadonlyMap<string, ManifestFile>,
  lockedRoot: Manifest,
  folder: string,
): ReadLock['own'] {
  const aliases = new Map<string, string | undefined>();
  for (const { link, alias } of links) if (link !== undefined) aliases.set(link, alias);
  const own = new Map<string, { name: string; version: string | undefined }>();
  for (const node of nodes) {
    const { path } = node;
    const locked = path === '' ? lockedRoot : node;
    const manifest = manifests.get(path)?.manifest;
    const fallback = path === '' ? folderName(folder) || '.' : (aliases.get(path) ?? folderName(path));
    const name = locked.name ?? manifest?.name ?? fallback;
    own.set(path, { name, version: locked.version ?? manifest?.version });
  }
  return own;
}

/** npm writes the name first, so that the rest of a large lock is read only where it does not stand there. */
function nameLine(text: string, name: string): number | undefined {
  const head = text.slice(0, 4096);
  const line = topLevelLine(head, 'name');
  const isThere = line !== undefined && head.split('\n')[line - 1]?.includes(JSON.stringify(name)) === true;
  return isThere ? line : topLevelLine(text, 'name');
}

function rootLocation(
  name: string | undefined,
  manifest: ManifestFile | undefined,
  file: string,
  lockText: string,
): Location {
  const isInManifest = manifest !== undefined && manifest.manifest.name === name;
  const line = name === undefined ? undefined : nameLine(isInManifest ? manifest.text : lockText, name);
  return { uri: isInManifest ? manifest.file : file, ...(line === undefined ? {} : { startLine: line }) };
}

/** What is asked for and not locked, where it is asked for; links that lead nowhere. */
function noteUnmet(
  graph: LockGraph,
  manifests: ReadonlyMap<string, ManifestFile>,
  file: string,
  problems: Problems,
): void {
  const linesOf = new Map<string, ReadonlyMap<string, number>>();
  for (const { from, name, spec } of graph.unmet) {
    const manifest = manifests.get(from.path);
    let lines = linesOf.get(from.path);
    if (lines === undefined) {
      lines = manifest === undefined ? new Map() : requestLines(manifest.text);
      linesOf.set(from.path, lines);
    }
    const line = manifest === undefined ? from.line : lines.get(name);
    const location = { uri: manifest?.file ?? file, ...(line === undefined ? {} : { startLine: line }) };
    const text = `${name}@${typeof spec === 'string' ? withoutCredentials(spec) : '*'}`;
    problems.note('unpinned', location, text, `expected an entry for ${name} in ${file}, got none`);
  }
  for (const { path, line, link } of graph.danglingLinks) {
    const location = { uri: file, ...(line === undefined ? {} : { startLine: line }) };
    problems.note('unparsable', location, path, `expected an entry for ${link}, which the link points to`);
  }
}
