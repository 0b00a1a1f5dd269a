// SPDX-License-Identifier: Apache-2.0
import type { Component } from '../../model/inventory.ts';
import type { LicenseClaim, LicenseRules } from '../../model/license.ts';
import type { NormalizedLicense } from '../normalize.ts';

/** What a source may ask while it makes claims. */
export interface LicenseContext {
  readonly rules: LicenseRules;
  /** Remembers what it has read: an inventory of thousands holds a few dozen different texts. */
  normalize(raw: string): NormalizedLicense;
}

/** Knows what somebody says of the licence of a component. Never throws for what is said. */
export interface LicenseSource {
  /** Kebab-case; the file is the id. */
  readonly id: string;
  claims(component: Component, context: LicenseContext): readonly LicenseClaim[];
}

/** A claim with what its text means. Why a text means nothing is told by the coverage of the check. */
export function readClaim(
  claim: Omit<LicenseClaim, 'confidence'>,
  context: Pick<LicenseContext, 'normalize'>,
): LicenseClaim {
  const { expression, confidence, notes } = context.normalize(claim.raw);
  if (expression === undefined) return { ...claim, confidence };
  return { ...claim, expression, confidence, ...(notes.length === 0 ? {} : { notes }) };
}
