// SPDX-License-Identifier: Apache-2.0
import { LIST_END, matchVersion, numberKey, releaseKey, type VersionScheme } from './version.ts';

/**
 * Semantic Versioning 2.0 precedence, read loosely as npm and advisory records need it: a leading `v` or `=`,
 * partial versions (`4.0` is `4.0.0`), more than three numbers, a pre-release without its hyphen (`1.0.0rc1`).
 * Build metadata is ignored. Not node-semver's `parse`, which refuses the second, the third and numbers beyond
 * 2^53.
 *
 * @see https://semver.org/#spec-item-11
 */
export const semver: VersionScheme = {
  id: 'semver',
  parse(text) {
    const match = matchVersion(VERSION, text);
    if (!match) return undefined;
    const [, numbers = '', prerelease] = match;
    const parts = numbers.split('.');
    const key = releaseKey(parts) + (prerelease === undefined ? '2' : `1${prereleaseKey(prerelease)}`);
    return {
      key,
      publicKey: key,
      prerelease: prerelease !== undefined,
      series: numberKey(parts[0] ?? ''),
    };
  },
  accepts: (text) => matchVersion(VERSION, text) !== null,
};

const VERSION =
  /^[v=]*\s*(\d+(?:\.\d+)*)(?:(?:-|(?=[A-Za-z]))([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]*)?$/;

/** Numbers sort before words, a shorter list before a longer one that starts with it. */
function prereleaseKey(prerelease: string): string {
  let key = '';
  for (const id of prerelease.split('.')) {
    key += /^\d+$/.test(id) ? `1${numberKey(id)}` : `2${id}${LIST_END}`;
  }
  return key;
}
