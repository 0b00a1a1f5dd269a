// SPDX-License-Identifier: Apache-2.0
import { visitKeys } from './json-keys.ts';
import { isObject, type JsonObject, type Requests, readRequests, textOf } from './lock-node.ts';

/** What a package.json says, or the root entry of a lock, which repeats it. */
export interface Manifest extends Requests {
  readonly name: string | undefined;
  readonly version: string | undefined;
  /** Globs of the folders of workspace members. */
  readonly workspaces: readonly string[];
  /** Names that the package carries inside of its own tarball. */
  readonly bundles: readonly string[];
}

/** Lenient as npm is: a field of another type counts as absent. */
export function readManifest(raw: JsonObject): Manifest {
  const requests = readRequests(raw);
  return {
    name: textOf(raw.name),
    version: textOf(raw.version),
    workspaces: readGlobs(raw.workspaces),
    bundles: readBundles(raw.bundleDependencies ?? raw.bundledDependencies, requests),
    ...requests,
  };
}

/** The lines on which a package.json asks for packages, by name. */
export function requestLines(text: string): Map<string, number> {
  const lines = new Map<string, number>();
  visitKeys<'manifest' | 'requests'>(text, 'manifest', (state, key, line) => {
    if (state === 'requests') lines.set(key, line);
    return state === 'manifest' && /^(?:d|devD|optionalD)ependencies$/.test(key) ? 'requests' : undefined;
  });
  return lines;
}

function readGlobs(value: unknown): string[] {
  const globs = isObject(value) ? value.packages : value;
  return Array.isArray(globs) ? globs.filter((glob) => typeof glob === 'string') : [];
}

function readBundles(value: unknown, requests: Requests): string[] {
  if (value === true) return Object.keys(requests.dependencies ?? {});
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}
