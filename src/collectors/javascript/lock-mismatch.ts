// SPDX-License-Identifier: Apache-2.0
import type { Identified } from './lock-entries.ts';
import type { LockNode } from './lock-node.ts';
import { isTarballOf, type NpmSource, tarballOf } from './npm-source.ts';
import type { Problems } from './problems.ts';

/**
 * Whether the `resolved` of an entry is the tarball of another package or version than the entry says: npm installs
 * what `resolved` names, while everything else goes by the entry. If so it is noted.
 */
export function noteMismatch(
  node: LockNode,
  { name, version, source }: Identified,
  file: string,
  problems: Problems,
): boolean {
  if (source.kind !== 'registry' || source.url === undefined || isUsual(source, name, version)) return false;
  const tarball = tarballOf(source.url);
  if (tarball === undefined) return false;
  const isOther = tarball.name !== name;
  const isOtherVersion =
    version !== undefined && tarball.version !== undefined && plain(version) !== plain(tarball.version);
  if (!isOther && !isOtherVersion) return false;
  const location = { uri: file, ...(node.line === undefined ? {} : { startLine: node.line }) };
  const said = spell(name, version);
  const reason = `expected ${said} as resolved, got ${spell(tarball.name, tarball.version)}`;
  // A lock that contradicts itself was not made by npm: no policy key may let it pass.
  problems.note('unparsable', location, said, reason);
  return true;
}

/** Nearly all entries, without the cost of reading a URL. Behind an escape the registry may end in a scope. */
function isUsual(
  source: NpmSource & { kind: 'registry' },
  name: string,
  version: string | undefined,
): boolean {
  const { registry, url } = source;
  if (source.isUsual) return true;
  if (registry === undefined || url === undefined || version === undefined) return false;
  return !registry.includes('%') && isTarballOf(url, registry, name, version);
}

/** Registries leave out build metadata; very old entries begin with `v` or `=`. */
function plain(version: string): string {
  return version.replace(/^[v=]/, '').replace(/\+.*$/s, '');
}

function spell(name: string, version: string | undefined): string {
  return version === undefined ? name : `${name}@${version}`;
}
