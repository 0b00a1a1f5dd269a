// SPDX-License-Identifier: Apache-2.0
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import * as SPDX from '@cyclonedx/cyclonedx-library/SPDX';
import type { LicenseClaim } from '../model/license.ts';

export interface StatedLicenses {
  readonly licenses: Models.LicenseRepository;
  /** For the evidence of a component. */
  readonly detected?: Models.LicenseRepository;
}

/**
 * Turns claims into licences of CycloneDX. Version 1.6 takes either one expression or a list of single licences, and
 * the library silently drops what stands beside an expression: beside others an expression is therefore written as
 * the name of a licence, and what the policy concluded stands before what is declared, which then is evidence.
 * The function that is returned remembers what it has made.
 */
export function statedLicenses(): (claims: readonly LicenseClaim[]) => StatedLicenses {
  const made = new Map<string, StatedLicenses>();
  return (claims) => {
    const key = claims.map((c) => `${c.acknowledgement}\0${c.expression ?? ''}\0${c.raw}`).join('\0\0');
    const known = made.get(key) ?? stateLicenses(claims);
    made.set(key, known);
    return known;
  };
}

function stateLicenses(claims: readonly LicenseClaim[]): StatedLicenses {
  const distinct = new Map(
    claims.filter((c) => textOf(c) !== '').map((c) => [`${c.acknowledgement}\0${textOf(c)}`, c]),
  );
  const all = [...distinct.values()];
  const detected = all.filter((claim) => claim.acknowledgement === 'detected');
  const stated = all.filter((claim) => claim.acknowledgement !== 'detected');
  const concluded = stated.filter((claim) => claim.acknowledgement === 'concluded');
  const split = stated.length > 1 && concluded.length > 0 && stated.some(isCompound);
  const evidence = split ? [...stated.filter((c) => !concluded.includes(c)), ...detected] : detected;
  return {
    licenses: repository(split ? concluded : stated),
    ...(evidence.length === 0 ? {} : { detected: repository(evidence) }),
  };
}

function repository(claims: readonly LicenseClaim[]): Models.LicenseRepository {
  return new Models.LicenseRepository(claims.map((claim) => license(claim, claims.length === 1)));
}

function license(claim: LicenseClaim, alone: boolean): Models.License {
  const text = textOf(claim);
  const made = isSingleId(claim)
    ? new Models.SpdxLicense(text)
    : claim.expression !== undefined && alone
      ? new Models.LicenseExpression(text)
      : namedLicense(text);
  const acknowledgement = ACKNOWLEDGEMENTS[claim.acknowledgement];
  if (acknowledgement !== undefined) made.acknowledgement = acknowledgement;
  return made;
}

const ACKNOWLEDGEMENTS = {
  declared: Enums.LicenseAcknowledgement.Declared,
  concluded: Enums.LicenseAcknowledgement.Concluded,
  detected: undefined,
} as const satisfies Record<LicenseClaim['acknowledgement'], Enums.LicenseAcknowledgement | undefined>;

const MAX_NAME_LENGTH = 200;

/** What is no SPDX expression, by its own words; a whole text is the text of a licence without a name. */
function namedLicense(text: string): Models.NamedLicense {
  if (text.length <= MAX_NAME_LENGTH) return new Models.NamedLicense(text);
  return new Models.NamedLicense('licence as declared', { text: new Models.Attachment(text) });
}

function textOf(claim: LicenseClaim): string {
  return claim.expression ?? claim.raw.trim();
}

function isSingleId(claim: LicenseClaim): boolean {
  return claim.expression !== undefined && SPDX.isSupportedSpdxId(claim.expression);
}

function isCompound(claim: LicenseClaim): boolean {
  return claim.expression !== undefined && !isSingleId(claim);
}
