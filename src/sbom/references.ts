// SPDX-License-Identifier: Apache-2.0
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import type { Artifact, Component, Hash } from '../model/inventory.ts';
import { iriReference } from './iri.ts';

export interface Files {
  /**
   * The hashes of the component itself: those of its file where there is only one, since CycloneDX has no place to
   * say which of several files of a release a hash is of.
   */
  readonly hashes: Models.HashDictionary;
  /** One `distribution` per file, and the repository of what comes from git. */
  readonly references: Models.ExternalReferenceRepository;
}

export function filesOf({ origin, source, artifacts, purl }: Component): Files {
  const references: Models.ExternalReference[] = [];
  let own: readonly Models.HashDictionary[] = [];
  for (const artifact of artifacts) {
    const dictionaries = hashDictionaries(artifact.hashes);
    const single = artifacts.length === 1 && dictionaries.length === 1;
    if (single) own = dictionaries;
    // `--hash` in a requirements file names no file: such hashes are those of the package's distributions.
    const url = urlOf(artifact) ?? (single ? undefined : purl);
    if (url === undefined) continue;
    for (const hashes of dictionaries.length === 0 ? [NO_HASHES] : dictionaries) {
      references.push(
        new Models.ExternalReference(url, Enums.ExternalReferenceType.Distribution, { hashes }),
      );
    }
  }
  if (origin === 'git' && source?.url !== undefined) {
    references.push(
      new Models.ExternalReference(iriReference(source.url), Enums.ExternalReferenceType.VCS, {
        hashes: NO_HASHES,
        ...(source.commit === undefined ? {} : { comment: `commit ${source.commit}` }),
      }),
    );
  }
  return {
    hashes: own[0] ?? NO_HASHES,
    references: references.length === 0 ? NO_REFERENCES : new Models.ExternalReferenceRepository(references),
  };
}

const NO_HASHES = new Models.HashDictionary();
const NO_REFERENCES = new Models.ExternalReferenceRepository();

function urlOf({ url, filename }: Artifact): string | undefined {
  if (url !== undefined && url !== '') return iriReference(url);
  return filename === undefined || filename === '' ? undefined : encodeURIComponent(filename.toWellFormed());
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
