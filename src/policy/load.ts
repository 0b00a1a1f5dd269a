// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import type { PolicyException, PolicyReference } from '../model/verdict.ts';
import { PlimsollError } from '../platform/errors.ts';
import type { RootedFiles } from '../platform/fs.ts';
import { withoutSecrets } from '../platform/mask.ts';
import { findProblems } from './expect.ts';
import { type CompiledPolicy, type LoadedPolicy, policyLocation } from './loaded.ts';
import {
  type LoadPolicyOptions,
  locatePolicy,
  readSource,
  relativePath,
  type Source,
  shown,
} from './locate.ts';
import { mergeLayers, type PolicyLayer } from './merge.ts';
import { policyError } from './problems.ts';
import { type Policy, policyFileSchema, policySchema } from './schema.ts';
import { suggest } from './suggest.ts';
import { readYaml } from './yaml.ts';

/** The shipped policies: names for `extends`, and where they lie in the package. */
const BUILTIN_PATHS = new Map([
  ['default', 'policies/default.yaml'],
  ['strict', 'policies/strict.yaml'],
]);
const BUILTIN = 'plimsoll:';
const MAX_EXTENDS = 8;

/**
 * Reads a policy and all that it extends. The default policy stands behind every other, so every key has a value.
 *
 * @throws PlimsollError `policy-invalid` naming every problem of a file with its line; `file-not-found`; what
 *   `read` throws
 */
export async function loadPolicy(options: LoadPolicyOptions): Promise<LoadedPolicy> {
  const first = (await locatePolicy(options)) ?? (await readBuiltin('default', options.builtins));
  const { policy, files, origins } = await readPolicy(first, options);
  const where = (key: string): PolicyReference => {
    const reference = origins.get(key);
    if (!reference) throw new TypeError(`no policy has the key ${key}`);
    return reference;
  };
  const base = globBase(first, options.scanRoot ?? '.');
  return { policy, files, base, exceptions: listExceptions(policy, where), where };
}

/** What `src/policy/default-policy.json` holds, from `policies/default.yaml`; for the script that writes it. */
export async function compileDefaultPolicy(builtins: RootedFiles): Promise<CompiledPolicy> {
  const nothing: RootedFiles = { read: async () => undefined };
  const first = await readBuiltin('default', builtins);
  const { policy, files, origins } = await readPolicy(first, { root: nothing, builtins });
  return { policy, files, origins: Object.fromEntries(origins) };
}

async function readPolicy(first: Source, options: LoadPolicyOptions) {
  const layers: Layer[] = [];
  let next: Source | undefined = first;
  while (next !== undefined) {
    const layer = await readLayer(next);
    layers.push(layer);
    next = await nextSource(layer, layers, options);
  }
  const { data, origins } = mergeLayers(layers);
  return { policy: policySchema.parse(data), files: layers.map((layer) => layer.uri), origins };
}

type Layer = PolicyLayer & Pick<Source, 'path'>;

function globBase({ path }: Source, scanRoot: string): string {
  if (path === undefined) return scanRoot;
  const base = relativePath(posix.dirname(path), scanRoot);
  return base === '..' || base.startsWith('../') ? scanRoot : base;
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
    ...policy.exceptions.map((entry, index) => ({
      ...entry,
      ...said(entry),
      location: place('exceptions', index),
    })),
    ...policy.licenses.exceptions.map(({ license, ...entry }, index) => ({
      id: 'license-not-allowed',
      ...entry,
      ...said(entry),
      expectedLicense: license,
      location: place('licenses.exceptions', index),
    })),
  ];
}

/** Words of people, which stand in every report. */
function said({ reason, owner }: { readonly reason: string; readonly owner?: string }) {
  return {
    reason: withoutSecrets(reason),
    ...(owner === undefined ? {} : { owner: withoutSecrets(owner) }),
  };
}
