// SPDX-License-Identifier: Apache-2.0
import { identify } from './lock-entries.ts';
import type { LockNode } from './lock-node.ts';
import { tarballOf } from './npm-source.ts';
import type { Problems } from './problems.ts';

/**
 * Notes every entry whose `resolved` is the tarball of another package or version than the entry says: npm installs
 * what `resolved` names, while everything else goes by the entry. Gives their number.
 */
export function noteMismatches(nodes: readonly LockNode[], file: string, problems: Problems): number {
  let found = 0;
  for (const node of nodes) {
    const { name, version, source } = identify(node);
    if (source.kind !== 'registry' || source.url === undefined || isUsual(source, name, version)) continue;
    const tarball = tarballOf(source.url);
    if (tarball === undefined) continue;
    const isOther = tarball.name !== name;
    const isOtherVersion =
      version !== undefined && tarball.version !== undefined && plain(version) !== plain(tarball.version);
    if (!isOther && !isOtherVersion) continue;
    found += 1;
    const location = { uri: file, ...(node.line === undefined ? {} : { startLine: node.line }) };
    const said = spell(name, version);
    const reason = `expected ${said} as resolved, got ${spell(tarball.name, tarball.version)}`;
    // A lock that contradicts itself was not made by npm: no policy key may let it pass.
    problems.note('unparsable', location, said, reason);
  }
  return found;
}

/** Nearly all entries, without the cost of reading a URL. Behind an escape the registry may end in a scope. */
function isUsual(
  { registry, url }: { readonly registry?: string; readonly url?: string },
  name: string,
  version: string | undefined,
): boolean {
  if (registry === undefined || registry.includes('%')) return false;
  return url === `${registry}/${name}/-/${name.slice(name.indexOf('/') + 1)}-${version}.tgz`;
}

/** Registries leave out build metadata; very old entries begin with `v` or `=`. */
function plain(version: string): string {
  return version.replace(/^[v=]/, '').replace(/\+.*$/s, '');
}

function spell(name: string, version: string | undefined): string {
  return version === undefined ? name : `${name}@${version}`;
}
