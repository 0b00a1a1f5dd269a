// SPDX-License-Identifier: Apache-2.0
import type { AdvisoryData, AdvisoryEcosystemData } from '../model/advisory.ts';
import type { Coverage, CoverageCause } from '../model/coverage.ts';
import type { Inventory } from '../model/inventory.ts';
import { compareText } from '../model/order.ts';
import type { CoverageRuling } from './coverage.ts';
import { readDate } from './dates.ts';
import type { LoadedPolicy } from './loaded.ts';

/** How far a record may be dated ahead, since clocks differ. */
const AHEAD = 24 * 3_600_000;

/**
 * Judges the advisory data of every ecosystem in the inventory by its newest record. The texts hold dates and
 * limits and never an age, which would differ from run to run.
 */
export function judgeDataAge(
  inventory: Inventory,
  data: AdvisoryData,
  policy: LoadedPolicy,
  now: Date,
): CoverageRuling[] {
  // The API answers with what it knows now; whether it did answer is told by rows of its own.
  if (data.source === 'osv') return [];
  const known = new Map(data.ecosystems.map((ecosystem) => [ecosystem.name, ecosystem]));
  const wanted = new Set<string>();
  for (const { ecosystem, origin } of inventory.components) {
    if (ecosystem !== undefined && origin !== 'workspace') wanted.add(ecosystem);
  }
  return [...wanted].sort(compareText).flatMap((name) => judgeEcosystem(name, known.get(name), policy, now));
}

function judgeEcosystem(
  name: string,
  data: AdvisoryEcosystemData | undefined,
  policy: LoadedPolicy,
  now: Date,
): CoverageRuling[] {
  const { warn, incomplete } = policy.policy.advisories.maxAge;
  const gap = (cause: CoverageCause, limit: 'warn' | 'incomplete', message: string): CoverageRuling[] => [
    {
      coverage: row(name, data?.records ?? 0, cause, message),
      outcome: limit === 'warn' ? 'notChecked' : 'incomplete',
      policy: policy.where(`advisories.maxAge.${limit}`),
    },
  ];
  if (data === undefined || data.records === 0) {
    return gap('advisory-data-missing', 'incomplete', `expected advisory records of ${name}, got none`);
  }
  const newest = readDate(data.newestModified);
  if (newest === undefined) {
    const got = data.newestModified === undefined ? 'none' : JSON.stringify(data.newestModified);
    return gap(
      'advisory-data-stale',
      'incomplete',
      `expected the date of the newest record of ${name}, got ${got}`,
    );
  }
  const day = data.newestModified;
  if (newest - now.getTime() > AHEAD) {
    return gap(
      'advisory-data-stale',
      'incomplete',
      `expected the newest record of ${name} to be of today or before, got ${day}`,
    );
  }
  for (const limit of ['incomplete', 'warn'] as const) {
    const { milliseconds, text } = limit === 'warn' ? warn : incomplete;
    if (now.getTime() - newest <= milliseconds) continue;
    const message = `expected a record of ${name} not older than ${text}, got ${day} as the newest`;
    return gap('advisory-data-stale', limit, message);
  }
  return [];
}

function row(target: string, records: number, cause: CoverageCause, message: string): Coverage {
  return {
    plugin: 'advisories',
    target,
    status: records === 0 ? 'failed' : 'partial',
    cause,
    unit: 'records',
    expected: records,
    processed: records,
    required: true,
    errors: [{ message }],
  };
}
