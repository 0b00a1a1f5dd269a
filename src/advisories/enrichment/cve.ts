// SPDX-License-Identifier: Apache-2.0

/** Numbers stay below this, so that year and number fit together into one exact integer. */
const NUMBERS = 2 ** 40;

/**
 * A CVE id as an integer that sorts by year and number; `undefined` for any other text. Ids of more than twelve
 * digits, which the schema of CVE allows and nobody has ever given, are such other texts.
 * @see https://github.com/CVEProject/cve-schema (`cveId`: `^CVE-[0-9]{4}-[0-9]{4,19}$`)
 */
export function cveKey(id: string): number | undefined {
  const [, year, number] = /^CVE-([12]\d{3})-(\d{4}|[1-9]\d{4,11})$/.exec(id) ?? [];
  return year === undefined || number === undefined ? undefined : Number(year) * NUMBERS + Number(number);
}
