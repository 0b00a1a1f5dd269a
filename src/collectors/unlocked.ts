// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import { parseError } from '../platform/errors.ts';
import { findJsonFault } from '../platform/json-fault.ts';
import type { FileSource } from './collector.ts';
import { declaresDependencies } from './python/pyproject.ts';
import { parseToml } from './python/toml.ts';
import { workspaceMatcher } from './workspace-glob.ts';

/** What the search for a lock needs to know of a tree. */
export interface TreeNames {
  readonly files: FileSource;
  /** Whether a file of this path stands in the tree. */
  has(path: string): boolean;
  /** Requirements files that a collector reads, by their directory. */
  requirementsIn(directory: string): readonly string[];
}

const NPM_LOCKS = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
] as const;
const PYTHON_LOCKS = ['poetry.lock', 'uv.lock', 'pdm.lock', 'pylock.toml'] as const;
const MAX_WORKSPACE_BYTES = 64 * 1024;
const CONTEXT: ReadonlySet<string> = new Set([...NPM_LOCKS, ...PYTHON_LOCKS, 'pnpm-workspace.yaml']);

/**
 * Whether a `package.json` or `pyproject.toml` declares dependencies that no lock of its workspace covers.
 *
 * `package.json`: any lock of npm, Yarn, pnpm or Bun beside it, or in a directory above whose workspace globs match
 * it. `pyproject.toml`: a lock of Poetry, uv, PDM or PEP 751 beside it, a `uv.lock` above whose
 * `[tool.uv.workspace]` has it as member, or a requirements file, beside it or in `requirements/`, that says it was
 * compiled from it.
 * @throws PlimsollError `parse-failed`, and what reading throws
 */
export async function lacksLock(manifest: string, tree: TreeNames): Promise<boolean> {
  const bytes = await tree.files.read(manifest);
  if (bytes === undefined) return false;
  return posix.basename(manifest) === 'package.json'
    ? declaresPackages(bytes, manifest) && !(await hasNpmLock(manifest, tree))
    : declaresDependencies(bytes, manifest) && !(await hasPythonLock(manifest, tree));
}

/** Whether {@link lacksLock} must know that a file of this name is there. */
export function isContext(path: string): boolean {
  return CONTEXT.has(posix.basename(path));
}

/** Whether {@link lacksLock} has an opinion about a path. */
export function needsLock(path: string): boolean {
  const name = posix.basename(path);
  return name === 'package.json' || name === 'pyproject.toml';
}

function declaresPackages(bytes: Uint8Array, file: string): boolean {
  const manifest = parseJsonObject(bytes, file);
  return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].some((key) => {
    const listed = manifest[key];
    return typeof listed === 'object' && listed !== null && Object.keys(listed).length > 0;
  });
}

async function hasNpmLock(manifest: string, tree: TreeNames): Promise<boolean> {
  const own = posix.dirname(manifest);
  for (const directory of [own, ...directoriesAbove(own)]) {
    if (!NPM_LOCKS.some((lock) => tree.has(join(directory, lock)))) continue;
    if (directory === own) return true;
    const globs = await npmWorkspaces(directory, tree);
    if (workspaceMatcher(globs)(relativeTo(directory, own))) return true;
  }
  return false;
}

async function npmWorkspaces(directory: string, tree: TreeNames): Promise<readonly string[]> {
  const pnpm = await readIfThere(join(directory, 'pnpm-workspace.yaml'), tree);
  if (pnpm !== undefined) return pnpmPackages(pnpm);
  const file = join(directory, 'package.json');
  const bytes = await readIfThere(file, tree);
  if (bytes === undefined) return [];
  const { workspaces } = parseJsonObject(bytes, file);
  return strings(isRecord(workspaces) ? workspaces.packages : workspaces);
}

/** A file without the key takes in every directory. @see https://pnpm.io/pnpm-workspace_yaml */
async function pnpmPackages(bytes: Uint8Array): Promise<readonly string[]> {
  // The parser takes seconds for a megabyte of brackets; the largest public files have some kilobytes.
  if (bytes.length > MAX_WORKSPACE_BYTES) return [];
  try {
    const { parse } = await import('yaml');
    const value: unknown = parse(decode(bytes), { logLevel: 'silent', maxAliasCount: 0 });
    const packages = isRecord(value) ? value.packages : undefined;
    return packages === undefined ? ['**'] : strings(packages);
  } catch {
    return [];
  }
}

async function hasPythonLock(manifest: string, tree: TreeNames): Promise<boolean> {
  const own = posix.dirname(manifest);
  if (PYTHON_LOCKS.some((lock) => tree.has(join(own, lock)))) return true;
  for (const directory of directoriesAbove(own)) {
    if (!tree.has(join(directory, 'uv.lock'))) continue;
    if (await isUvMember(directory, relativeTo(directory, own), tree)) return true;
  }
  return hasCompiledRequirements(own, tree);
}

async function isUvMember(root: string, member: string, tree: TreeNames): Promise<boolean> {
  const file = join(root, 'pyproject.toml');
  const bytes = await readIfThere(file, tree);
  if (bytes === undefined) return false;
  let workspace: unknown = parseToml(bytes, file).root;
  for (const key of ['tool', 'uv', 'workspace']) workspace = isRecord(workspace) ? workspace[key] : undefined;
  if (!isRecord(workspace)) return false;
  const excluded = strings(workspace.exclude);
  return workspaceMatcher([...strings(workspace.members), ...excluded.map((glob) => `!${glob}`)])(member);
}

/** Texts by which pip-compile, uv and PDM say that they made a file from the pyproject.toml. */
const COMPILED = /^#.*(\bpyproject\.toml\b|\buv export\b|@generated by PDM)/m;

/** More of them would not be read; nobody keeps so many beside one manifest. */
const CANDIDATES = 50;

/**
 * A requirements file written by hand often lists other things than the manifest (tools, tests), so only one that
 * says it was compiled counts.
 */
async function hasCompiledRequirements(directory: string, tree: TreeNames): Promise<boolean> {
  const candidates = [directory, join(directory, 'requirements')].flatMap((at) => tree.requirementsIn(at));
  for (const path of candidates.slice(0, CANDIDATES)) {
    const bytes = await tree.files.read(path).catch(() => undefined);
    if (bytes !== undefined && COMPILED.test(decode(bytes))) return true;
  }
  return false;
}

async function readIfThere(path: string, tree: TreeNames): Promise<Uint8Array | undefined> {
  return tree.has(path) ? tree.files.read(path) : undefined;
}

function parseJsonObject(bytes: Uint8Array, file: string): Readonly<Record<string, unknown>> {
  const text = decode(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const fault = findJsonFault(text);
    throw parseError(file, fault?.line, `expected ${fault?.expected}, got ${fault?.got}`, error);
  }
  if (isRecord(value)) return value;
  throw parseError(file, 1, 'expected a JSON object, got another value');
}

/** UTF-8; a byte order mark is dropped. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Nearest first, the root last. */
function directoriesAbove(directory: string): string[] {
  const above: string[] = [];
  for (let at = directory; at !== '.'; ) {
    at = posix.dirname(at);
    above.push(at);
  }
  return above;
}

function join(directory: string, name: string): string {
  return directory === '.' ? name : `${directory}/${name}`;
}

function relativeTo(directory: string, below: string): string {
  return directory === '.' ? below : below.slice(directory.length + 1);
}
