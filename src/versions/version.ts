// SPDX-License-Identifier: Apache-2.0
import { compareText } from '../model/order.ts';

/**
 * A version of any scheme, parsed into text whose code-unit order is the scheme's order. One string comparison
 * is quicker than walking parts, and it has no upper limit for numbers.
 */
export interface Version {
  /** Two versions are equal exactly when their keys are. */
  readonly key: string;
  /** The key without the local part (`+cu118` in PEP 440); equal to `key` where there is none. */
  readonly publicKey: string;
  readonly prerelease: boolean;
  /** What stays the same through updates that break nothing: the major, or epoch and first release segment. */
  readonly series: string;
}

/** How an ecosystem writes and orders versions. */
export interface VersionScheme {
  readonly id: 'pep440' | 'semver';
  /** `undefined` for text that is not a version; such text has no order and can only be compared as text. */
  parse(text: string): Version | undefined;
  /** Whether `parse` gives a version, without the work of making one. */
  accepts(text: string): boolean;
}

/** Text longer than this is no version: no registry accepts one, and a key must not grow without bound. */
const MAX_VERSION_LENGTH = 1000;

/** The parts of a version by the grammar of its scheme. Surrounding white space is allowed. */
export function matchVersion(grammar: RegExp, text: string): RegExpExecArray | null {
  return text.length > MAX_VERSION_LENGTH ? null : grammar.exec(text.trim());
}

/** Lower than every version. */
export const MINUS_INFINITY = '';

export function compareVersions(a: Version, b: Version): number {
  return compareText(a.key, b.key);
}

/** In version order, each version once in its first spelling by code units; text that is no version is left out. */
export function sortVersions(scheme: VersionScheme, texts: readonly string[]): string[] {
  return texts
    .flatMap((text) => {
      const version = scheme.parse(text);
      return version ? [{ text, key: version.key }] : [];
    })
    .sort((a, b) => compareText(a.key, b.key) || compareText(a.text, b.text))
    .filter((version, i, all) => version.key !== all[i - 1]?.key)
    .map(({ text }) => text);
}

/**
 * The key of `version` to compare with `bound`: a bound without a local part speaks of the public version, so
 * that `<= 2.0.0` holds for `2.0.0+cu118`, which sorts above `2.0.0`.
 */
export function keyAgainst(
  version: Version,
  bound: { readonly key: string; readonly publicKey: string },
): string {
  return bound.key === bound.publicKey ? version.publicKey : version.key;
}

/** Ends a list of numbers; lower than {@link numberKey}, so that a shorter list sorts first. */
export const LIST_END = '\u0001';

/** A run of ASCII digits as text in the order of the numbers: the count of digits first, then the digits. */
export function numberKey(digits: string): string {
  const significant = withoutLeadingZeros(digits);
  return String.fromCharCode(0x10 + significant.length) + significant;
}

/** Dotted digits as a key in which missing parts count as zero: `1`, `1.0` and `01.0.0` are equal. */
export function releaseKey(parts: readonly string[]): string {
  let length = parts.length;
  while (length > 0 && withoutLeadingZeros(parts[length - 1] ?? '') === '') length--;
  let key = '';
  for (let i = 0; i < length; i++) key += numberKey(parts[i] ?? '');
  return key + LIST_END;
}

function withoutLeadingZeros(digits: string): string {
  let start = 0;
  while (digits.charCodeAt(start) === 0x30) start++;
  return start === 0 ? digits : digits.slice(start);
}
