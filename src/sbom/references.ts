// SPDX-License-Identifier: Apache-2.0
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import type { Artifact, Component, Hash } from '../model/inventory.ts';
import { iriReference } from './iri.ts';

/**
 * The hashes of the component itself: those of its file where there is only one, since CycloneDX has no place to say
 * which of several files of a release a hash is of.
 */
export function componentHashes({ artifacts }: Component): Models.HashDictionary {
  const [only, ...others] = artifacts;
  const dictionaries = only && others.length === 0 ? hashDictionaries(only.hashes) : [];
  return (dictionaries.length === 1 ? dictionaries[0] : undefined) ?? new Models.HashDictionary();
}

/** One `distribution` per file, and the repository of what comes from git. */
export function externalReferences(component: Component): Models.ExternalReferenceRepository {
  const { origin, source, artifacts } = component;
  const references = artifacts.flatMap((artifact) => distribution(artifact, component));
  if (origin === 'git' && source?.url !== undefined) {
    references.push(
      new Models.ExternalReference(iriReference(source.url), Enums.ExternalReferenceType.VCS, {
        ...(source.commit === undefined ? {} : { comment: `commit ${source.commit}` }),
      }),
    );
  }
  return new Models.ExternalReferenceRepository(references);
}

function distribution({ url, filename, hashes }: Artifact, component: Component): Models.ExternalReference[] {
  const dictionaries = hashDictionaries(hashes);
  const place =
    url !== undefined ? iriReference(url) : filename && encodeURIComponent(filename.toWellFormed());
  // `--hash` in a requirements file names no file: the hashes are then those of the package's distributions.
  const fallback = component.artifacts.length > 1 || dictionaries.length > 1 ? component.purl : undefined;
  const target = place ?? fallback;
  if (target === undefined || target === '') return [];
  return (dictionaries.length === 0 ? [undefined] : dictionaries).map(
    (dictionary) =>
      new Models.ExternalReference(
        target,
        Enums.ExternalReferenceType.Distribution,
        dictionary && { hashes: dictionary },
      ),
  );
}

const ALGORITHMS: ReadonlyMap<string, Enums.HashAlgorithm> = new Map([
  ['md5', Enums.HashAlgorithm.MD5],
  ['sha1', Enums.HashAlgorithm['SHA-1']],
  ['sha256', Enums.HashAlgorithm['SHA-256']],
  ['sha384', Enums.HashAlgorithm['SHA-384']],
  ['sha512', Enums.HashAlgorithm['SHA-512']],
]);

/** The library keeps one value per algorithm: a second value of one goes to a dictionary of its own. */
function hashDictionaries(hashes: readonly Hash[]): Models.HashDictionary[] {
  const dictionaries: Models.HashDictionary[] = [];
  for (const { algorithm, value } of hashes) {
    const name = ALGORITHMS.get(algorithm);
    if (name === undefined) continue;
    let dictionary = dictionaries.find((candidate) => !candidate.has(name));
    if (dictionary === undefined) {
      dictionary = new Models.HashDictionary();
      dictionaries.push(dictionary);
    }
    dictionary.set(name, value);
  }
  return dictionaries;
}
