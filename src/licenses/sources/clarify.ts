// SPDX-License-Identifier: Apache-2.0
import type { Component } from '../../model/inventory.ts';
import type { LicenseClaim, LicenseClarification } from '../../model/license.ts';
import { normalizePypiName, packagePurl } from '../../model/purl.ts';
import { satisfies } from '../../versions/range.ts';
import { type LicenseSource, readClaim } from './source.ts';

/** What the policy's `clarify` concludes. A range that cannot be read, or a version that is not known, is no match. */
export const clarify: LicenseSource = {
  id: 'clarify',
  claims(component, context) {
    if (context.rules.clarify.length === 0) return NONE;
    return context.rules.clarify
      .filter((entry) => namesPackage(entry, component) && coversVersion(entry, component))
      .map((entry) =>
        readClaim(
          {
            raw: entry.expression,
            acknowledgement: 'concluded',
            source: 'policy:clarify',
            location: entry.location,
          },
          context,
        ),
      );
  },
};

const NONE: readonly LicenseClaim[] = [];

function namesPackage({ package: wanted }: LicenseClarification, component: Component): boolean {
  const { ecosystem, name } = component;
  if (wanted.startsWith('pkg:')) return ecosystem !== undefined && wanted === packagePurl(ecosystem, name);
  return (ecosystem === 'PyPI' ? normalizePypiName(wanted) : wanted) === name;
}

function coversVersion({ versions }: LicenseClarification, { ecosystem, version }: Component): boolean {
  if (versions === undefined) return true;
  return ecosystem !== undefined && version !== undefined && satisfies(ecosystem, version, versions) === true;
}
