// SPDX-License-Identifier: Apache-2.0
import { compareText } from '../model/order.ts';
import { PlimsollError } from '../platform/errors.ts';
import { openBundled } from './bundled.ts';
import { messageInReport } from './mirror/format.ts';
import { openMirror } from './mirror/generation-source.ts';
import { noData } from './mirror/generations.ts';
import type { AdvisorySource } from './source.ts';

/** `auto` is the mirror until there is a second transport; the bundled snapshot is never chosen by itself. */
export type AdvisoryChoice = 'auto' | 'mirror' | 'bundled';

/**
 * Opens the chosen source. Data that are missing or damaged do not end a scan: the source then has no records, and
 * says so in a failed coverage row for each ecosystem that is asked for.
 */
export async function openAdvisories(choice: AdvisoryChoice, dbDir?: string): Promise<AdvisorySource> {
  try {
    if (choice === 'bundled') return await openBundled();
    if (dbDir === undefined) throw noData('advisories');
    return await openMirror(dbDir);
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    return unavailableSource(error);
  }
}

function unavailableSource(error: PlimsollError): AdvisorySource {
  const cause = error.code === 'data-missing' ? 'advisory-data-missing' : 'advisory-data-damaged';
  const help = error.hint === undefined ? '' : `; ${error.hint}`;
  const errors = [{ message: `${messageInReport(error)}${help}` }];
  return {
    id: 'none',
    async query(packages) {
      const ecosystems = [...new Set(packages.map(({ ecosystem }) => ecosystem))].sort(compareText);
      return {
        records: new Map(),
        coverage: ecosystems.map((target) => ({
          plugin: 'advisories',
          target,
          status: 'failed',
          cause,
          unit: 'records',
          expected: 0,
          processed: 0,
          required: true,
          errors,
        })),
      };
    },
    commits: async () => ({ records: new Map(), coverage: [] }),
    records: async () => new Map(),
    describe: () => ({ source: 'none', ecosystems: [], quarantined: 0 }),
    close: async () => {},
  };
}
