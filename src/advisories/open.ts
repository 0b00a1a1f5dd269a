// SPDX-License-Identifier: Apache-2.0
import { compareText } from '../model/order.ts';
import { PlimsollError } from '../platform/errors.ts';
import { autoSource } from './auto.ts';
import { openBundled } from './bundled.ts';
import type { AdvisoryChoice } from './choices.ts';
import { messageInReport } from './mirror/format.ts';
import { openMirror } from './mirror/generation-source.ts';
import { noData } from './mirror/generations.ts';
import type { AdvisorySource } from './source.ts';

export interface OpenOptions {
  /** Directory of the mirror. */
  readonly dbDir?: string;
  /** Makes the client of the OSV API; absent where no network may be used. */
  readonly api?: () => Promise<AdvisorySource>;
  /** The time that decides how old data are. */
  readonly now: Date;
  /** Milliseconds since its newest record for which `auto` takes a mirror without asking the API. */
  readonly freshFor: number;
}

/**
 * Opens the chosen source. Data that are missing or damaged do not end a scan: the source then has no records, and
 * says so in a failed coverage row for each ecosystem that is asked for.
 *
 * @throws PlimsollError `usage` where `osv` is chosen and no network may be used
 */
export async function openAdvisories(choice: AdvisoryChoice, options: OpenOptions): Promise<AdvisorySource> {
  const { dbDir, api, now, freshFor } = options;
  switch (choice) {
    case 'bundled':
      return await orUnavailable(() => openBundled());
    case 'mirror':
      return await orUnavailable(() => mirrorIn(dbDir));
    case 'osv':
      if (api === undefined) throw offlineApi();
      return await api();
    case 'auto':
      return autoSource({
        mirror: await orUnavailable(() => mirrorIn(dbDir)),
        ...(api === undefined ? {} : { api }),
        now,
        freshFor,
      });
  }
}

async function mirrorIn(dbDir: string | undefined): Promise<AdvisorySource> {
  if (dbDir === undefined) throw noData('advisories');
  return await openMirror(dbDir);
}

function offlineApi(): PlimsollError {
  return new PlimsollError('usage', 'expected a network for the advisories of osv, got an offline run', {
    hint: 'use the mirror: plimsoll db update, then --advisories mirror',
  });
}

async function orUnavailable(open: () => Promise<AdvisorySource>): Promise<AdvisorySource> {
  try {
    return await open();
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
