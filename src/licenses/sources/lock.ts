// SPDX-License-Identifier: Apache-2.0
import type { LicenseClaim } from '../../model/license.ts';
import { type LicenseContext, type LicenseSource, readClaim } from './source.ts';

/** What stands in the lock or manifest itself: the collector copied it, here it is normalised. */
export const lock: LicenseSource = {
  id: 'lock',
  claims({ licenses }, context) {
    if (licenses.length === 0) return licenses;
    return licenses.map((claim) => (claim.expression === undefined ? readDeclared(claim, context) : claim));
  },
};

/** As `readClaim`; nearly all claims are spelled out, since spreads cost more than all the rest. */
function readDeclared(claim: LicenseClaim, context: LicenseContext): LicenseClaim {
  const { raw, acknowledgement, source, location, textSha256 } = claim;
  const { expression, confidence, notes } = context.normalize(raw);
  const isPlain = location !== undefined && textSha256 === undefined && notes.length === 0;
  if (expression === undefined || !isPlain) return readClaim(claim, context);
  return { raw, acknowledgement, source, confidence, location, expression };
}
