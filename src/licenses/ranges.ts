// SPDX-License-Identifier: Apache-2.0
import spdxSatisfies from 'spdx-satisfies';
import { isOrLater } from './leaf.ts';

/**
 * Whether a licence lies in the range of an allowed one, or the other way round: `GPL-3.0-only` on a list with
 * `GPL-2.0-or-later`, `Apache-1.1+` on a list with `Apache-2.0`. Decided by spdx-satisfies, which throws for ids
 * that it cannot read: those are compared by the letter.
 */
export function inRange(license: string, allowed: string): boolean {
  if (license === allowed) return true;
  if (isOrLater(license) === isOrLater(allowed)) return isOrLater(license) && related(license, allowed);
  return related(license, allowed) && !misread(license, allowed);
}

/** All versions of one licence share what stands before the version, which spares most calls. */
function related(license: string, allowed: string): boolean {
  if (family(license) !== family(allowed)) return false;
  try {
    return spdxSatisfies(license, [allowed]);
  } catch {
    return false;
  }
}

function family(license: string): string {
  return license.replace(/-?\d.*$|\+$/, '');
}

/**
 * spdx-satisfies 6 takes every plain id of eight characters for an `or later` (its `endsWith` is true where the
 * length of the suffix less one is the length of the id), and so accepts `CDDL-1.0` for `CDDL-1.1+`. All such
 * ids differ from those of their range in the digits of the version alone, where the order of text is theirs.
 */
function misread(license: string, allowed: string): boolean {
  const [plain, range] = isOrLater(allowed) ? [license, allowed] : [allowed, license];
  return plain.length === 8 && plain < range.replace('+', '');
}
