// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import type { ComponentSource, Hash } from '../../model/inventory.ts';
import { normalizePypiName } from '../../model/purl.ts';
import { parsePep440 } from '../../versions/pep440.ts';
import { withoutCredentials } from '../urls.ts';
import { syntaxError } from './requirements-error.ts';

/** Where a requirement comes from that names a place and not (only) a package. */
export interface Link {
  readonly origin: 'git' | 'url' | 'path';
  /** As written: that of a wheel's file name, else of `#egg=`, else of a source archive. */
  readonly name?: string;
  /** Only where the file name of a wheel or source archive states it. */
  readonly version?: string;
  readonly source: ComponentSource;
  /** What tells it from the package of that name on the registry; see {@link linkQualifiers}. */
  readonly locator: string;
  readonly filename?: string;
  /** From the fragment, e.g. `#sha256=...`. */
  readonly hashes: readonly Hash[];
}

/** Whether pip takes the text for a URL: by its scheme, which must be one that pip can fetch. */
export function isUrl(text: string): boolean {
  return SCHEMES.test(text);
}

/** Whether the text is a path to pip: by a separator, a leading dot, or the ending of an archive. */
export function isPath(text: string): boolean {
  const bare = withoutExtras(text);
  const at = bare.indexOf('@');
  // `name @ dist/x.whl` and `name@https://...` are direct references.
  if (at > 0 && !looksLikePath(bare.slice(0, at))) return false;
  return (looksLikePath(bare) || ARCHIVE.test(bare)) && !NOT_IN_PATHS.test(bare);
}

/**
 * Reads a URL of a requirement: `git+https://host/repo.git@ref#egg=name&subdirectory=dir`, another version control
 * system, an archive, or `file:`.
 *
 * @throws PlimsollError `parse-failed` without a place
 */
export function parseUrl(text: string): Link {
  const clean = withoutCredentials(text);
  const hash = clean.indexOf('#');
  const address = hash < 0 ? clean : clean.slice(0, hash);
  const fragment = hash < 0 ? '' : clean.slice(hash);
  const subdirectory = /[#&]subdirectory=([^&]*)/.exec(fragment)?.[1];
  const place = subdirectory ? { subdirectory } : {};
  const egg = eggName(clean);
  const named = egg === undefined ? {} : { name: egg };
  if (VCS.test(address)) {
    const { url, ref } = splitRef(address);
    const git = /^git\+/i.test(address);
    const commit =
      git && ref !== undefined && /^[0-9a-f]{40}$/i.test(ref) ? { commit: ref.toLowerCase() } : {};
    const source = { url: url.replace(/^[a-z]+\+/i, ''), ...commit, ...place };
    return { origin: git ? 'git' : 'url', ...named, source, locator: address, hashes: [] };
  }
  const filename = fileNameOf(address);
  return {
    origin: /^file:/i.test(address) ? 'path' : 'url',
    ...named,
    ...nameAndVersion(filename, egg),
    source: { url: address, ...place },
    locator: address,
    ...(filename === '' ? {} : { filename }),
    hashes: fragmentHashes(fragment),
  };
}

/**
 * Reads a path of a requirement; `locator` is the path as written, `/`-separated, without extras.
 *
 * @throws PlimsollError `parse-failed` without a place, for a wheel with a malformed name
 */
export function parsePath(text: string): Link {
  const locator = withoutExtras(text).replaceAll('\\', '/').normalize('NFC');
  const filename = ARCHIVE.test(locator) ? fileNameOf(locator) : '';
  return {
    origin: 'path',
    ...(filename === '' ? {} : { ...nameAndVersion(filename, undefined), filename }),
    source: {},
    locator,
    hashes: [],
  };
}

/**
 * Where a path leads, relative to the scan root; `undefined` where it leaves it. pip resolves it against its working
 * directory, which no file states: taken as `folder`, that of the project's root file.
 */
export function pathBelow(folder: string, locator: string): string | undefined {
  if (posix.isAbsolute(locator) || /^[a-z]+:/i.test(locator)) return undefined;
  const path = posix.join(folder, locator).replace(/(.)\/$/, '$1');
  return path === '..' || path.startsWith('../') ? undefined : path;
}

/** purl qualifiers of a named link. */
export function linkQualifiers(link: Link): Record<string, string> {
  return link.origin === 'git' || VCS.test(link.locator)
    ? { vcs_url: link.locator }
    : { download_url: link.locator };
}

/** `-e` also takes `git:` and the like without `git+`. */
export function editableUrl(text: string): string {
  return /^(?:git|hg|svn|bzr):/i.test(text) ? `${text.slice(0, text.indexOf(':'))}+${text}` : text;
}

/** Whether a URL is one that can be installed with `-e`. */
export function isEditableUrl(text: string): boolean {
  return VCS.test(text) || /^file:/i.test(text);
}

const VCS =
  /^(?:git\+(?:https?|ssh|git|file)|hg\+(?:file|https?|ssh|static-http)|bzr\+(?:https?|ssh|sftp|ftp|lp|file)|svn\+(?:ssh|https?|svn|file)):/i;
const SCHEMES = new RegExp(`${VCS.source}|^(?:https?|file|ftp):`, 'i');
const ARCHIVE = /\.(?:whl|zip|tar\.gz|tgz|tar|tar\.bz2|tbz|tar\.xz|txz|tlz|tar\.lz|tar\.lzma)$/i;
// pip asks the disk whether a path exists, and takes the text for a package name where it does not.
const NOT_IN_PATHS = /[\s`"'<>|*?=,;!]|[^:]{2}:/;
const NAME = /^([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?:\[[^\]]*\])?$/i;
const HASHES = /[#&](sha512|sha384|sha256|sha224|sha1|md5)=([0-9a-f]+)(?=&|$)/gi;

function looksLikePath(text: string): boolean {
  return text.startsWith('.') || text.includes('/');
}

function withoutExtras(text: string): string {
  const open = text.endsWith(']') ? text.lastIndexOf('[') : -1;
  return open > 0 ? text.slice(0, open).trimEnd() : text;
}

/** pip 25 and later refuse extras in `#egg=`; files written for older ones have them. */
function eggName(url: string): string | undefined {
  const egg = /[#&]egg=([^&]*)/.exec(url)?.[1];
  if (egg === undefined) return undefined;
  const name = NAME.exec(egg)?.[1];
  if (name === undefined) throw syntaxError('a package name after "egg="', egg);
  return name;
}

/** The ref stands behind the last `@` of the path, never in the host part. */
function splitRef(address: string): { url: string; ref?: string } {
  const authority = address.indexOf('://');
  const path = address.indexOf('/', authority < 0 ? 0 : authority + 3);
  const at = address.lastIndexOf('@');
  if (path < 0 || at < path) return { url: address };
  const ref = address.slice(at + 1);
  if (ref === '') throw syntaxError('a revision after "@"', '');
  return { url: address.slice(0, at), ref };
}

function fileNameOf(address: string): string {
  const name = address.slice(address.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/**
 * Name and version of a wheel by its file name, as pip takes them; those of `name-1.0.tar.gz` where the version is
 * one and no other name is known.
 */
function nameAndVersion(filename: string, egg: string | undefined): { name?: string; version?: string } {
  if (/\.whl$/i.test(filename)) {
    const parts = filename.slice(0, -4).split('-');
    const [name = '', version = ''] = parts;
    const wellFormed = /^[\w.]+$/.test(name) && !name.includes('__') && parsePep440(version) !== undefined;
    if (parts.length < 5 || parts.length > 6 || !wellFormed)
      throw syntaxError('the file name of a wheel', filename);
    return { name, version };
  }
  const stem = ARCHIVE.test(filename) ? filename.replace(ARCHIVE, '') : '';
  const dash = stem.lastIndexOf('-');
  const name = stem.slice(0, Math.max(dash, 0));
  const version = stem.slice(dash + 1);
  if (!NAME.test(name) || parsePep440(version) === undefined) return {};
  if (egg !== undefined && normalizePypiName(egg) !== normalizePypiName(name)) return {};
  return { name: egg ?? name, version };
}

function fragmentHashes(fragment: string): Hash[] {
  return [...fragment.matchAll(HASHES)].map(([, algorithm = '', value = '']) => ({
    algorithm: algorithm.toLowerCase(),
    value: value.toLowerCase(),
  }));
}
