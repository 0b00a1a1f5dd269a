// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import type { Component, ComponentSource } from '../../model/inventory.ts';
import { packagePurl } from '../../model/purl.ts';
import { withoutCredentials } from '../urls.ts';
import type { LockedPackage, LockedSource } from './poetry-package.ts';

export type Provenance = Pick<Component, 'origin' | 'pinning' | 'purl' | 'source'>;

/**
 * Where a locked package comes from. Only what a registry serves has a purl without qualifiers; a directory or
 * file of the tree has none. `folder` is that of the lock, relative to the scan root.
 */
export function provenanceOf({ name, version, source }: LockedPackage, folder: string): Provenance {
  if (source === undefined) {
    return { origin: 'registry', pinning: 'resolved', purl: packagePurl('PyPI', name, version) };
  }
  const url = withoutCredentials(source.url);
  switch (source.type) {
    case 'legacy':
      return {
        origin: 'registry',
        pinning: 'resolved',
        purl: packagePurl('PyPI', name, version),
        source: { registry: url },
      };
    case 'git': {
      const git = gitSource(source, url);
      return {
        origin: 'git',
        pinning: git.commit === undefined ? 'unresolved' : 'resolved',
        purl: packagePurl('PyPI', name, version, { vcs_url: vcsUrl(git, source.reference) }),
        source: git,
      };
    }
    case 'url':
      return {
        origin: 'url',
        pinning: 'resolved',
        purl: packagePurl('PyPI', name, version, { download_url: url }),
        source: { url, ...subdirectoryOf(source) },
      };
    case 'directory':
    case 'file': {
      const path = pathInTree(source.url, folder);
      return {
        origin: 'path',
        pinning: 'resolved',
        ...(path === undefined ? {} : { source: { path, ...subdirectoryOf(source) } }),
      };
    }
    default:
      return { origin: 'unknown', pinning: 'resolved', source: { url } };
  }
}

type GitSource = ComponentSource & { readonly url: string };

function gitSource(source: LockedSource, url: string): GitSource {
  // Locks of 2018 have the commit in `reference`.
  const commit = [source.resolvedReference, source.reference].find((text) => text && COMMIT.test(text));
  return { url, ...(commit ? { commit: commit.toLowerCase() } : {}), ...subdirectoryOf(source) };
}

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;

/** @see https://github.com/package-url/purl-spec/blob/main/docs/standard/qualifiers.md */
function vcsUrl({ url, commit, subdirectory }: GitSource, reference: string | undefined): string {
  const scp = /^([^/:@]+@[^/:]+):(?!\/\/)(.*)$/.exec(url);
  const base = scp ? `ssh://${scp[1]}/${scp[2]}` : url.replace(/^git\+/, '');
  const revision = commit ?? reference;
  return `git+${base}${revision ? `@${revision}` : ''}${subdirectory ? `#${subdirectory}` : ''}`;
}

function subdirectoryOf({ subdirectory }: LockedSource): Pick<ComponentSource, 'subdirectory'> {
  return subdirectory ? { subdirectory } : {};
}

/** A path of the lock as one relative to the scan root; `undefined` for one that leaves it. */
function pathInTree(url: string, folder: string): string | undefined {
  const path = posix.join(folder, url.replaceAll('\\', '/').normalize('NFC')).replace(/(.)\/+$/, '$1');
  const outside = /^(?:\/|[a-z][a-z0-9+.-]*:)/i.test(url) || path === '..' || path.startsWith('../');
  return outside ? undefined : path;
}
