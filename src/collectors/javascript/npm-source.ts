// SPDX-License-Identifier: Apache-2.0
import { withoutCredentials } from '../urls.ts';
import { normalizePath } from './npm-path.ts';

/** Where a lock says that a package comes from. URLs are without credentials. */
export type NpmSource =
  /** Without URL where the lock leaves that to the configuration of whoever installs. */
  | {
      readonly kind: 'registry';
      readonly url?: string;
      readonly registry?: string;
      /** Known to be where this registry has the tarball of the name and version of the entry. */
      readonly isUsual?: true;
    }
  /** `commit`: a full hash; without one the lock does not say what gets installed. */
  | { readonly kind: 'git'; readonly url: string; readonly commit?: string }
  | { readonly kind: 'url'; readonly url: string }
  /** `path`: normalised, from the folder of the lock; absent where it is absolute. */
  | { readonly kind: 'path'; readonly path?: string }
  | { readonly kind: 'unknown' };

const GIT = /^(?:git(?:\+[a-z]+)?|ssh):|^(?:github|gitlab|bitbucket|gist):|^[\w.-]+@[\w.-]+:/i;
const SHORTHAND = /^(github|gitlab|bitbucket|gist):(?!\/\/)(.+)$/i;
const SHORTHAND_HOSTS = new Map([
  ['github', 'github.com'],
  ['gitlab', 'gitlab.com'],
  ['bitbucket', 'bitbucket.org'],
  ['gist', 'gist.github.com'],
]);

/**
 * Reads a `resolved` value, or the `version` of an old lock that holds one. A download below `NAME/-/` is a
 * registry's on every host, since mirrors and private registries all lay out tarballs so.
 */
export function readSource(text: string): NpmSource {
  if (/^https?:/i.test(text)) return httpSource(text);
  if (GIT.test(text)) return gitSource(text);
  if (/^(?:file|link):/i.test(text)) return pathSource(text.slice(text.indexOf(':') + 1));
  if (/^[a-z][a-z0-9+.-]+:/i.test(text)) return { kind: 'unknown' };
  return pathSource(text);
}

/** A version as registries have it, not a range or a tag. */
export const PLAIN_VERSION = /^v?\d[\w.+-]*$/;

/** What an entry says that it is. */
interface Said {
  readonly name: string;
  readonly version: string | undefined;
}

/**
 * Reads the `resolved` of one entry after another, as `readSource` does. Nearly all of a lock are the usual tarballs
 * of one registry, which need not be taken apart: it is enough to compare them with what the entry says.
 */
export function sourceReader(): (resolved: string, said: Said) => NpmSource {
  let latest: string | undefined;
  return (resolved, { name, version = '' }) => {
    if (
      latest !== undefined &&
      isTarballOf(resolved, latest, name, version) &&
      PLAIN_NAME.test(name) &&
      PLAIN_VERSION.test(version)
    ) {
      return { kind: 'registry', url: resolved, registry: latest, isUsual: true };
    }
    const source = readSource(resolved);
    const registry = source.kind === 'registry' ? source.registry : undefined;
    if (registry !== undefined && PLAIN_REGISTRY.test(registry)) latest = registry;
    return source;
  };
}

/** Without a segment that could be a scope, and without anything that would be cut out or escaped. */
const PLAIN_REGISTRY = /^https?:\/\/[\w.-]+(?::\d+)?(?:\/[\w.~-]+)*$/;
const PLAIN_NAME = /^(?:@[\w.~-]+\/)?[\w.~-]+$/;

/**
 * Whether it is `REGISTRY/NAME/-/BASE-VERSION.tgz`, looked for part by part: to put it together takes longer than all
 * the rest.
 */
export function isTarballOf(url: string, registry: string, name: string, version: string): boolean {
  const base = name.slice(name.indexOf('/') + 1);
  const dash = registry.length + 1 + name.length;
  const file = dash + '/-/'.length;
  const end = file + base.length + 1 + version.length;
  return (
    url.length === end + '.tgz'.length &&
    url.startsWith(registry) &&
    url.charAt(registry.length) === '/' &&
    url.startsWith(name, registry.length + 1) &&
    url.startsWith('/-/', dash) &&
    url.startsWith(base, file) &&
    url.charAt(file + base.length) === '-' &&
    url.startsWith(version, file + base.length + 1) &&
    url.endsWith('.tgz')
  );
}

/** The version that a registry's file name holds: `1.0.0` of `.../-/name-1.0.0.tgz`. */
export function versionOfTarball(url: string, name: string): string | undefined {
  const file = url.slice(url.lastIndexOf('/') + 1);
  const prefix = `${name.slice(name.lastIndexOf('/') + 1)}-`;
  return file.startsWith(prefix) && file.endsWith('.tgz') ? file.slice(prefix.length, -4) : undefined;
}

/**
 * Name and version in the URL of a registry's download, as `readSource` gives it: `.../NAME/-/FILE-VERSION.tgz`,
 * percent-encoded or not. `undefined` where it has no name; without version where the file does not follow from the
 * name.
 */
export function tarballOf(url: string): { readonly name: string; readonly version?: string } | undefined {
  const path = decodedPath(url);
  const [, name, file] = (path !== undefined && NAMED_TARBALL.exec(path)) || [];
  if (name === undefined || file === undefined) return undefined;
  const version = versionOfTarball(file, name);
  return { name, ...(version === undefined ? {} : { version }) };
}

// Some registries repeat the scope before the file.
const NAMED_TARBALL = /\/((?:@[^/]+\/)?[^/]+)\/-\/((?:@[^/]+\/)?[^/]+\.tgz)$/;

function decodedPath(url: string): string | undefined {
  try {
    return decodeURIComponent(new URL(url).pathname);
  } catch {
    return undefined;
  }
}

/** Without credentials and without fragment, which is a commit or a checksum. */
function placeOf(text: string): string {
  const bare = withoutCredentials(text);
  const fragment = bare.indexOf('#');
  return fragment === -1 ? bare : bare.slice(0, fragment);
}

function httpSource(text: string): NpmSource {
  if (/\.git(?:#|$)/.test(text)) return gitSource(`git+${text}`);
  const url = placeOf(text);
  const registry = registryOf(url);
  return registry === undefined ? { kind: 'url', url } : { kind: 'registry', url, registry };
}

const TARBALL = /^(?:@[^/]+\/)?[^/]+\.tgz$/;

/**
 * What stands before `/NAME/-/FILE.tgz` or `/@SCOPE/NAME/-/FILE.tgz`; some registries repeat the scope before the
 * file. Anything else behind `/-/` is another site's path, e.g. GitLab's `/-/archive/`.
 */
function registryOf(url: string): string | undefined {
  const dash = url.lastIndexOf('/-/');
  if (dash === -1 || !TARBALL.test(url.slice(dash + 3))) return undefined;
  const name = url.lastIndexOf('/', dash - 1);
  const scope = url.lastIndexOf('/', name - 1);
  const end = url.startsWith('/@', scope) ? scope : name;
  // The host must be left: `https://x/-/y.tgz` has no room for a name.
  return end > url.indexOf('//') + 1 ? url.slice(0, end) : undefined;
}

function gitSource(text: string): NpmSource {
  const commit = /#([0-9a-f]{40}|[0-9a-f]{64})$/i.exec(text)?.[1]?.toLowerCase();
  return { kind: 'git', url: gitUrl(text), ...(commit === undefined ? {} : { commit }) };
}

function gitUrl(text: string): string {
  const bare = placeOf(text);
  const [, hoster, path] = SHORTHAND.exec(bare) ?? [];
  if (hoster !== undefined && path !== undefined) {
    const host = SHORTHAND_HOSTS.get(hoster.toLowerCase()) ?? hoster;
    return `git+https://${host}/${path.replace(/\.git$/, '')}.git`;
  }
  if (bare.startsWith('ssh:')) return `git+${bare}`;
  if (bare.includes('://')) return bare;
  return `git+ssh://${bare.replace(':', '/')}`;
}

function pathSource(text: string): NpmSource {
  const path = normalizePath(text);
  return path === undefined ? { kind: 'path' } : { kind: 'path', path };
}
