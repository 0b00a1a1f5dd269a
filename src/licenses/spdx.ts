// SPDX-License-Identifier: Apache-2.0

import deprecated from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import current from 'spdx-license-ids/index.json' with { type: 'json' };
import { EXCEPTION_IDS } from './exceptions.ts';

/** The id of a licence of the SPDX list, deprecated ones included, in the list's own spelling. */
export function listedLicense(word: string): string | undefined {
  return LICENSES.get(word.toLowerCase());
}

/** The id of an exception of the SPDX list, in the list's own spelling. */
export function listedException(word: string): string | undefined {
  return EXCEPTIONS.get(word.toLowerCase());
}

const LICENSES = bySpelling([...current, ...deprecated]);
const EXCEPTIONS = bySpelling(EXCEPTION_IDS);

/** Ids differ by more than case: https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/ (D.2). */
function bySpelling(ids: readonly string[]): ReadonlyMap<string, string> {
  return new Map(ids.map((id) => [id.toLowerCase(), id]));
}
