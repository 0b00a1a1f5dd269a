// SPDX-License-Identifier: Apache-2.0
import deprecated from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import current from 'spdx-license-ids/index.json' with { type: 'json' };
import { suggest } from './suggest.ts';

const IDS: readonly string[] = [...current, ...deprecated];
const KNOWN: ReadonlySet<string> = new Set(IDS);

/** Whether an entry of an allow list names a licence of the SPDX list, or one of the project's own. */
export function isKnownLicense(entry: string): boolean {
  const id = baseId(entry);
  return KNOWN.has(id) || KNOWN.has(`${id}+`) || /^(DocumentRef-[\w.-]+:)?LicenseRef-[\w.-]+$/.test(id);
}

/** What was expected in place of an unknown id. */
export function expectedLicense(entry: string): string {
  const guess = suggest(baseId(entry), IDS);
  const advice = guess === undefined ? '' : ` (did you mean ${guess}?)`;
  return `an id of the SPDX licence list, spelt as there, or LicenseRef-...${advice}`;
}

function baseId(entry: string): string {
  const [id = ''] = entry.split(' WITH ');
  return id.replace(/\+$/, '');
}
