// SPDX-License-Identifier: Apache-2.0
import type { Component } from '../model/inventory.ts';
import { compareKeys, compareText } from '../model/order.ts';
import { isFirstParty } from './check.ts';
import { packageLabel } from './findings.ts';
import { countingClaims } from './judge.ts';

/** Packages with the same licence. Neither `expression` nor `raw`: no source states one. */
export interface LicenseRow {
  readonly expression?: string;
  /** As written, where it is no SPDX expression. */
  readonly raw?: string;
  readonly count: number;
  /** `name@version`, sorted; one that several projects hold stands once. */
  readonly packages: readonly string[];
}

/** The licences of all third-party components that {@link checkLicenses} returned, the most frequent first. */
export function licenseTable(components: readonly Component[]): LicenseRow[] {
  const rows = new Map<string, { license: Pick<LicenseRow, 'expression' | 'raw'>; packages: Set<string> }>();
  for (const component of components.filter((c) => !isFirstParty(c))) {
    const claims = countingClaims(component.licenses);
    for (const claim of claims.length === 0 ? [undefined] : claims) {
      const license =
        claim?.expression !== undefined
          ? { expression: claim.expression }
          : claim === undefined || claim.raw.trim() === ''
            ? {}
            : { raw: claim.raw.trim() };
      const key = JSON.stringify(license);
      const row = rows.get(key) ?? { license, packages: new Set() };
      row.packages.add(packageLabel(component));
      rows.set(key, row);
    }
  }
  return [...rows.values()]
    .map(({ license, packages }) => ({
      ...license,
      count: packages.size,
      packages: [...packages].sort(compareText),
    }))
    .sort((a, b) => b.count - a.count || compareKeys([a.expression, a.raw], [b.expression, b.raw]));
}
