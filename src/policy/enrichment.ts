// SPDX-License-Identifier: Apache-2.0
import type { EnrichmentData, EnrichmentNeed, EnrichmentNeeds } from '../model/advisory.ts';
import type { Coverage } from '../model/coverage.ts';
import type { Inventory } from '../model/inventory.ts';
import type { CoverageRuling } from './coverage.ts';
import { readDate } from './dates.ts';
import type { LoadedPolicy } from './loaded.ts';

const DAY = 24 * 3_600_000;
/** How far data may be dated ahead, since clocks differ. */
const AHEAD = DAY;
const DEFAULT_POLICY = 'plimsoll:policies/default.yaml';

/**
 * Which data the gates of a policy need. A gate that somebody chose, `extends: strict` included, does not pass without
 * its data; that of the default policy, which nobody may know of, only says that they are not there. An inventory
 * without packages of others needs none.
 */
export function enrichmentNeeds({ policy, where }: LoadedPolicy, inventory: Inventory): EnrichmentNeeds {
  const isNothing = inventory.components.every(({ origin }) => origin === 'workspace');
  if (isNothing) return { epss: 'none', kev: 'none' };
  const { kev, epss } = policy.advisories;
  const chosen = (key: string): EnrichmentNeed =>
    where(key).uri === DEFAULT_POLICY ? 'mentioned' : 'required';
  return {
    epss: epss.fail === undefined && epss.warn === undefined ? 'none' : chosen('advisories.epss'),
    kev: kev === 'ignore' ? 'none' : chosen('advisories.kev'),
  };
}

/**
 * Judges the age of the data that a gate needs by `advisories.maxAge`. EPSS has scores for every day, which count from
 * the end of that day (UTC), since they come in the course of it. KEV has no days: the catalogue is as old as the time
 * since it was fetched.
 */
export function judgeEnrichmentAge(
  inventory: Inventory,
  data: EnrichmentData | undefined,
  policy: LoadedPolicy,
  now: Date,
): CoverageRuling[] {
  const needs = enrichmentNeeds(policy, inventory);
  const rulings: CoverageRuling[] = [];
  if (needs.epss === 'required' && data?.epss) {
    const { date, scores } = data.epss;
    const day = `${date.slice(0, 10)}T00:00:00Z`;
    const words = ['EPSS scores', 'not older than', 'those of'] as const;
    rulings.push(...judgeAge({ target: 'EPSS', words, date: day, holds: DAY, records: scores }, policy, now));
  }
  if (needs.kev === 'required' && data?.kev) {
    const { retrievedAt: date, entries } = data.kev;
    const words = ['a KEV catalogue', 'fetched within', 'one of'] as const;
    rulings.push(...judgeAge({ target: 'KEV', words, date, holds: 0, records: entries }, policy, now));
  }
  return rulings;
}

interface Dated {
  readonly target: string;
  /** What is expected, how old it may be, and what there is instead. */
  readonly words: readonly [what: string, limit: string, got: string];
  readonly date: string;
  /** Milliseconds after its date before its age counts. */
  readonly holds: number;
  readonly records: number;
}

function judgeAge(dated: Dated, policy: LoadedPolicy, now: Date): CoverageRuling[] {
  const { date, holds, words } = dated;
  const [what, limitWord, gotWord] = words;
  const { maxAge } = policy.policy.advisories;
  const stale = (limit: 'warn' | 'incomplete', expected: string): CoverageRuling[] => [
    {
      coverage: row(dated, `expected ${what} ${expected}, got ${gotWord} ${date}`),
      outcome: limit === 'warn' ? 'notChecked' : 'incomplete',
      policy: policy.where(`advisories.maxAge.${limit}`),
    },
  ];
  const time = readDate(date);
  if (time === undefined || time - now.getTime() > AHEAD) return stale('incomplete', 'of today or before');
  for (const limit of ['incomplete', 'warn'] as const) {
    const { milliseconds, text } = maxAge[limit];
    if (now.getTime() - time - holds > milliseconds) return stale(limit, `${limitWord} ${text}`);
  }
  return [];
}

function row({ target, records }: Dated, message: string): Coverage {
  return {
    plugin: 'advisories',
    target,
    status: 'partial',
    cause: 'advisory-data-stale',
    unit: 'records',
    expected: records,
    processed: records,
    required: true,
    errors: [{ message }],
  };
}
