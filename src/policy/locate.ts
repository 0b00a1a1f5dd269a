// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import { PlimsollError } from '../platform/errors.ts';
import type { RootedFiles } from '../platform/fs.ts';
import { policyError } from './problems.ts';

const POLICY_FILE = 'plimsoll.yaml';
const NEAR_MISSES = ['plimsoll.yml', '.plimsoll.yaml', '.plimsoll.yml'];

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

/** A policy file that was found, not yet read as YAML. */
export interface Source {
  /** Relative to the scan root, as the report shows it. */
  readonly uri: string;
  /** Relative to the tree; `undefined` for a shipped policy. */
  readonly path?: string;
  readonly bytes: Uint8Array;
}

/**
 * The policy file that applies: the one asked for, else the nearest `plimsoll.yaml`; `undefined` where the default
 * policy does.
 * @throws PlimsollError `file-not-found`, `policy-invalid` for a misspelt name, and what `read` throws
 */
export async function locatePolicy(options: LoadPolicyOptions): Promise<Source | undefined> {
  const { path } = options;
  if (path === undefined) return nearestSource(options);
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

/** A file of the tree, `undefined` where there is none. */
export async function readSource(path: string, options: LoadPolicyOptions): Promise<Source | undefined> {
  const bytes = await options.root.read(path);
  return bytes === undefined ? undefined : { uri: shown(path, options), path, bytes };
}

/** A path of the tree, relative to the scan root. */
export function shown(path: string, { scanRoot = '.' }: LoadPolicyOptions): string {
  return relativePath(scanRoot, path);
}

/** From one model path to another, both of one tree. */
export function relativePath(from: string, to: string): string {
  return posix.relative(`/${from}`, `/${to}`) || '.';
}
