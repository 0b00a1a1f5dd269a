// SPDX-License-Identifier: Apache-2.0
import {
  LIST_END,
  matchVersion,
  numberKey,
  releaseKey,
  type Version,
  type VersionScheme,
} from './version.ts';

/** Parts of a PEP 440 version; numbers as the digits written. */
export interface Pep440Parts {
  readonly epoch: string;
  readonly release: readonly string[];
  readonly pre?: { readonly letter: 'a' | 'b' | 'rc'; readonly number: string };
  readonly post?: string;
  readonly dev?: string;
  /** Lower case. */
  readonly local?: readonly string[];
}

/**
 * Python versions, with every spelling that PEP 440 normalises. Own code, since the library at hand rounds long
 * numbers and compares part by part.
 *
 * @see https://packaging.python.org/en/latest/specifications/version-specifiers/
 */
export const pep440: VersionScheme = {
  id: 'pep440',
  parse(text) {
    const parts = parsePep440(text);
    return parts && pep440Version(parts);
  },
  accepts: (text) => matchVersion(VERSION, text) !== null,
};

// The grammar of the specification's appendix. Every quantifier is bounded by its neighbour's first character.
const VERSION =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/i;

/** `undefined` for text that is not PEP 440. */
export function parsePep440(text: string): Pep440Parts | undefined {
  const match = matchVersion(VERSION, text);
  if (!match) return undefined;
  const [, epoch, release, preLetter, preNumber, postImplicit, post, postNumber, dev, devNumber, local] =
    match;
  return {
    epoch: epoch ?? '',
    release: (release ?? '').split('.'),
    ...(preLetter ? { pre: { letter: canonicalLetter(preLetter), number: preNumber ?? '' } } : {}),
    ...(postImplicit !== undefined || post ? { post: postImplicit ?? postNumber ?? '' } : {}),
    ...(dev ? { dev: devNumber ?? '' } : {}),
    ...(local ? { local: local.toLowerCase().split(/[-_.]/) } : {}),
  };
}

export function pep440Version(parts: Pep440Parts): Version {
  const { epoch, release, pre, post, dev, local } = parts;
  const publicKey =
    numberKey(epoch) +
    releaseKey(release) +
    preKey(parts) +
    (post === undefined ? '0' : `1${numberKey(post)}`) +
    (dev === undefined ? '1' : `0${numberKey(dev)}`);
  return {
    key: local ? publicKey + local.map(localKey).join('') : publicKey,
    publicKey,
    prerelease: pre !== undefined || dev !== undefined,
    series: numberKey(epoch) + numberKey(release[0] ?? ''),
  };
}

function canonicalLetter(letter: string): 'a' | 'b' | 'rc' {
  const first = letter.toLowerCase()[0];
  return first === 'a' || first === 'b' ? first : 'rc';
}

/** `1.0.dev1` < `1.0a1.dev1` < `1.0a1` < `1.0b1` < `1.0rc1` < `1.0`. */
function preKey({ pre, post, dev }: Pep440Parts): string {
  if (pre) return (pre.letter === 'a' ? '1' : pre.letter === 'b' ? '2' : '3') + numberKey(pre.number);
  return post === undefined && dev !== undefined ? '0' : '4';
}

/** Words sort before numbers. */
function localKey(segment: string): string {
  return /^\d+$/.test(segment) ? `2${numberKey(segment)}` : `1${segment}${LIST_END}`;
}
