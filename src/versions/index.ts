// SPDX-License-Identifier: Apache-2.0
import type { Ecosystem } from '../model/inventory.ts';
import { pep440 } from './pep440.ts';
import { semver } from './semver.ts';
import type { VersionScheme } from './version.ts';

const SCHEMES = { PyPI: pep440, npm: semver } as const satisfies Record<Ecosystem, VersionScheme>;

/** The order of an ecosystem's versions. What an advisory says of the type of its range plays no part. */
export function schemeOf(ecosystem: Ecosystem): VersionScheme {
  return SCHEMES[ecosystem];
}
