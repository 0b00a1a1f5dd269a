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
  /** The tree that the policy belongs to. */
  readonly root: RootedFiles;
  /** The package of plimsoll, for `policies/*.yaml`. */
  readonly builtins: RootedFiles;
  /** A policy that was asked for; absent: `plimsoll.yaml` where there is one, else the default policy. */
  readonly path?: string;
}

export interface LoadedPolicy {
  readonly policy: Policy;
  /** Every file that the policy was made from, the most specific first; shipped ones as `plimsoll:...`. */
  readonly files: readonly string[];
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
  const layers: PolicyLayer[] = [];
  let next: Source | undefined = await firstSource(options);
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
    exceptions: listExceptions(policy, where),
    where,
  };
}

/** Where an entry of a policy stands. */
export function policyLocation({ uri, line }: PolicyReference): Location {
  return { uri, startLine: line };
}

interface Source {
  readonly uri: string;
  readonly bytes: Uint8Array;
}

async function firstSource({ root, builtins, path }: LoadPolicyOptions): Promise<Source> {
  const bytes = await root.read(path ?? POLICY_FILE);
  if (bytes) return { uri: path ?? POLICY_FILE, bytes };
  if (path !== undefined) {
    throw new PlimsollError('file-not-found', `${path}: expected a policy file, found none`, {
      hint: 'without --policy, plimsoll.yaml of the scanned tree or the default policy applies',
      file: path,
    });
  }
  for (const name of NEAR_MISSES) {
    if (await root.read(name)) {
      throw policyError(name, [{ line: 1, message: `expected the name ${POLICY_FILE}, got ${name}` }]);
    }
  }
  return readBuiltin('default', builtins);
}

async function readLayer({ uri, bytes }: Source): Promise<PolicyLayer> {
  const file = readYaml(uri, bytes);
  const problems = findProblems(file, policyFileSchema);
  if (problems.length > 0) throw policyError(uri, problems);
  return { uri, ...file };
}

async function nextSource(
  layer: PolicyLayer,
  layers: readonly PolicyLayer[],
  { root, builtins }: LoadPolicyOptions,
): Promise<Source | undefined> {
  const target = layer.data.extends;
  if (typeof target !== 'string') {
    const last = `${BUILTIN}${BUILTIN_PATHS.get('default')}`;
    return layer.uri === last ? undefined : readBuiltin('default', builtins);
  }
  const invalid = (message: string) => policyError(layer.uri, [{ line: layer.lineOf(['extends']), message }]);
  if (BUILTIN_PATHS.has(target)) return readBuiltin(target, builtins);
  const path = resolveExtends(layer.uri, target);
  if (path === undefined) throw invalid(extendsProblem(target));
  const chain = [...layers.map((each) => each.uri), path];
  if (chain.indexOf(path) < chain.length - 1) throw invalid(`expected no cycle, got ${chain.join(' -> ')}`);
  if (chain.length > MAX_EXTENDS)
    throw invalid(`expected at most ${MAX_EXTENDS} files that extend each other`);
  const bytes = await root.read(path);
  if (!bytes) throw invalid(`expected a policy file at ${path}, found none`);
  return { uri: path, bytes };
}

/** The path of an extended file, from the scan root; `undefined` for what is not a path within it. */
function resolveExtends(from: string, target: string): string | undefined {
  if (from.startsWith(BUILTIN) || !/^\.{1,2}\/[^\\:]+$/.test(target)) return undefined;
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
