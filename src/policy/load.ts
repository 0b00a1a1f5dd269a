// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import type { Location } from '../model/location.ts';
import type { PolicyException, PolicyReference } from '../model/verdict.ts';
import { PlimsollError } from '../platform/errors.ts';
import type { RootedFiles } from '../platform/fs.ts';
import { findProblems } from './expect.ts';
import { mergeLayers, type PolicyLayer } from './merge.ts';
import { policyError } from './problems.ts';
import { type Policy, policyFileSchema, policySchema } from './schema.ts';
import { suggest } from './suggest.ts';
import { readYaml } from './yaml.ts';

const POLICY_FILE = 'plimsoll.yaml';
const NEAR_MISSES = ['plimsoll.yml', '.plimsoll.yaml', '.plimsoll.yml'];

/** The shipped policies: names for `extends`, and where they lie in the package. */
const BUILTIN_PATHS = new Map([
  ['default', 'policies/default.yaml'],
  ['strict', 'policies/strict.yaml'],
]);
const BUILTIN = 'plimsoll:';
const MAX_EXTENDS = 8;

export interface LoadPolicyOptions {
  /** The tree that the policy belongs to: a repository, or what is scanned where there is none. */
  readonly root: RootedFiles;
  /** Model path of the scan root in that tree; `.` by default. */
  readonly scanRoot?: string;
  /** The package of plimsoll, for `policies/*.yaml`. */
  readonly builtins: RootedFiles;
  /**
   * A policy that was asked for; absent: `plimsoll.yaml` of the scan root or of the nearest directory above it, else
   * the default policy.
   */
  readonly path?: string;
}

export interface LoadedPolicy {
  readonly policy: Policy;
  /**
   * Every file that the policy was made from, the most specific first, relative to the scan root; shipped ones as
   * `plimsoll:...`.
   */
  readonly files: readonly string[];
  /**
   * Where the scan root lies as the globs of the policy see it, `.` when it is where they start: at the directory of
   * the most specific file if the scan root lies in it, else at the root of the tree.
   */
  readonly base: string;
  /** `exceptions` and `licenses.exceptions`, with their places. */
  readonly exceptions: readonly PolicyException[];
  /**
   * The file and line that set a key (`advisories.runtime.fail`, `coverage.ignore.0`).
   * @throws TypeError for a key that no file has
   */
  where(key: string): PolicyReference;
}

/**
 * Reads a policy and all that it extends. The default policy stands behind every other, so every key has a value.
 *
 * @throws PlimsollError `policy-invalid` naming every problem of a file with its line; `file-not-found`; what
 *   `read` throws
 */
export async function loadPolicy(options: LoadPolicyOptions): Promise<LoadedPolicy> {
  const layers: Layer[] = [];
  const first = await firstSource(options);
  let next: Source | undefined = first;
  while (next !== undefined) {
    const layer = await readLayer(next);
    layers.push(layer);
    next = await nextSource(layer, layers, options);
  }
  const { data, origins } = mergeLayers(layers);
  const policy = policySchema.parse(data);
  const where = (key: string): PolicyReference => {
    const reference = origins.get(key);
    if (!reference) throw new TypeError(`no policy has the key ${key}`);
    return reference;
  };
  return {
    policy,
    files: layers.map((layer) => layer.uri),
    base: globBase(first, options.scanRoot ?? '.'),
    exceptions: listExceptions(policy, where),
    where,
  };
}

/** Where an entry of a policy stands. */
export function policyLocation({ uri, line }: PolicyReference): Location {
  return { uri, startLine: line };
}

interface Source {
  /** Relative to the scan root, as the report shows it. */
  readonly uri: string;
  /** Relative to the tree; `undefined` for a shipped policy. */
  readonly path?: string;
  readonly bytes: Uint8Array;
}

type Layer = PolicyLayer & Pick<Source, 'path'>;

async function firstSource(options: LoadPolicyOptions): Promise<Source> {
  const { path, builtins } = options;
  if (path === undefined) return (await nearestSource(options)) ?? readBuiltin('default', builtins);
  const source = await readSource(path, options);
  if (source !== undefined) return source;
  const uri = shown(path, options);
  throw new PlimsollError('file-not-found', `${uri}: expected a policy file, found none`, {
    hint: 'without --policy, plimsoll.yaml of the scanned tree or the default policy applies',
    file: uri,
  });
}

/** Looks upwards from the scan root; a misspelt name is refused, so that no other policy takes its place. */
async function nearestSource(options: LoadPolicyOptions): Promise<Source | undefined> {
  for (let directory = options.scanRoot ?? '.'; ; directory = posix.dirname(directory)) {
    const source = await readSource(posix.join(directory, POLICY_FILE), options);
    if (source !== undefined) return source;
    for (const name of NEAR_MISSES) {
      const missed = await readSource(posix.join(directory, name), options);
      if (missed === undefined) continue;
      throw policyError(missed.uri, [{ line: 1, message: `expected the name ${POLICY_FILE}, got ${name}` }]);
    }
    if (directory === '.') return undefined;
  }
}

async function readSource(path: string, options: LoadPolicyOptions): Promise<Source | undefined> {
  const bytes = await options.root.read(path);
  return bytes === undefined ? undefined : { uri: shown(path, options), path, bytes };
}

/** A path of the tree, relative to the scan root. */
function shown(path: string, { scanRoot = '.' }: LoadPolicyOptions): string {
  return relativePath(scanRoot, path);
}

function globBase({ path }: Source, scanRoot: string): string {
  if (path === undefined) return scanRoot;
  const base = relativePath(posix.dirname(path), scanRoot);
  return base === '..' || base.startsWith('../') ? scanRoot : base;
}

/** From one model path to another, both of one tree. */
function relativePath(from: string, to: string): string {
  return posix.relative(`/${from}`, `/${to}`) || '.';
}

async function readLayer({ bytes, ...place }: Source): Promise<Layer> {
  const file = readYaml(place.uri, bytes);
  const problems = findProblems(file, policyFileSchema);
  if (problems.length > 0) throw policyError(place.uri, problems);
  return { ...place, ...file };
}

async function nextSource(
  layer: Layer,
  layers: readonly Layer[],
  options: LoadPolicyOptions,
): Promise<Source | undefined> {
  const { builtins } = options;
  const target = layer.data.extends;
  if (typeof target !== 'string') {
    const last = `${BUILTIN}${BUILTIN_PATHS.get('default')}`;
    return layer.uri === last ? undefined : readBuiltin('default', builtins);
  }
  const invalid = (message: string) => policyError(layer.uri, [{ line: layer.lineOf(['extends']), message }]);
  if (BUILTIN_PATHS.has(target)) return readBuiltin(target, builtins);
  const path = resolveExtends(layer.path, target);
  if (path === undefined) throw invalid(extendsProblem(target));
  const uri = shown(path, options);
  const chain = [...layers.map((each) => each.uri), uri];
  if (chain.indexOf(uri) < chain.length - 1) throw invalid(`expected no cycle, got ${chain.join(' -> ')}`);
  if (chain.length > MAX_EXTENDS)
    throw invalid(`expected at most ${MAX_EXTENDS} files that extend each other`);
  const source = await readSource(path, options);
  if (source === undefined) throw invalid(`expected a policy file at ${uri}, found none`);
  return source;
}

/** The path of an extended file in the tree; `undefined` for what is not a path within it. */
function resolveExtends(from: string | undefined, target: string): string | undefined {
  if (from === undefined || !/^\.{1,2}\/[^\\:]+$/.test(target)) return undefined;
  const path = posix.join(posix.dirname(from), target).normalize('NFC');
  return path.startsWith('../') ? undefined : path;
}

function extendsProblem(target: string): string {
  const guess = suggest(target, [...BUILTIN_PATHS.keys()]);
  const advice = guess === undefined ? '' : `; did you mean "${guess}"?`;
  return `expected default, strict or a path within the tree such as ./policy.yaml, got ${JSON.stringify(target)}${advice}`;
}

async function readBuiltin(name: string, builtins: RootedFiles): Promise<Source> {
  const path = BUILTIN_PATHS.get(name) ?? name;
  const bytes = await builtins.read(path);
  if (!bytes)
    throw new PlimsollError('file-not-found', `${BUILTIN}${path}: expected a shipped policy, found none`);
  return { uri: `${BUILTIN}${path}`, bytes };
}

function listExceptions(policy: Policy, where: LoadedPolicy['where']): PolicyException[] {
  const place = (list: string, index: number) => policyLocation(where(`${list}.${index}`));
  return [
    ...policy.exceptions.map((entry, index) => ({ ...entry, location: place('exceptions', index) })),
    ...policy.licenses.exceptions.map(({ license, ...entry }, index) => ({
      id: 'license-not-allowed',
      ...entry,
      expectedLicense: license,
      location: place('licenses.exceptions', index),
    })),
  ];
}
