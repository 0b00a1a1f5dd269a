// SPDX-License-Identifier: Apache-2.0
import { type LicenseSource, readClaim } from './source.ts';

/** What stands in the lock or manifest itself: the collector copied it, here it is normalised. */
export const lock: LicenseSource = {
  id: 'lock',
  claims({ licenses }, context) {
    if (licenses.length === 0) return licenses;
    return licenses.map((claim) => (claim.expression === undefined ? readClaim(claim, context) : claim));
  },
};
