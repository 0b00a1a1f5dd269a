// SPDX-License-Identifier: Apache-2.0
import type { Severity } from '../model/finding.ts';

/**
 * `DS-0002` from `DS-0002`, `AVD-DS-0002` and `DS002`, so that the reports of all versions speak of one check.
 *
 * @param avd the long id that older versions write beside the short one (0.67 does, 0.76 does not)
 * @see https://github.com/aquasecurity/trivy-checks/tree/main/checks (`aliases` in the head of each check)
 */
export function trivyCheckId(id: string, avd?: string): string {
  const name = (avd === undefined || avd === '' ? id : avd).replace(/^AVD-/, '');
  const [, family, number] = /^([A-Z]+)-?(\d{1,4})$/.exec(name) ?? [];
  return family === undefined || number === undefined ? name : `${family}-${number.padStart(4, '0')}`;
}

interface LicenseCategory {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
}

/**
 * Severity of the categories into which Trivy sorts licences.
 * @see https://trivy.dev/docs/latest/guide/scanner/license/#license-classification
 */
export const LICENSE_CATEGORIES: ReadonlyMap<string, LicenseCategory> = new Map(
  (
    [
      ['forbidden', 'critical', 'Licence of the category forbidden'],
      ['restricted', 'high', 'Licence of the category restricted'],
      ['reciprocal', 'medium', 'Licence of the category reciprocal'],
      ['notice', 'low', 'Licence of the category notice'],
      ['permissive', 'low', 'Licence of the category permissive'],
      ['unencumbered', 'low', 'Licence of the category unencumbered'],
      ['unknown', 'unscored', 'Licence of an unknown category'],
    ] as const
  ).map(([id, severity, title]) => [id, { id, severity, title }] as const),
);
