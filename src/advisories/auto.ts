// SPDX-License-Identifier: Apache-2.0
import type { Coverage } from '../model/coverage.ts';
import { throwIfAborted } from '../platform/errors.ts';
import type { AdvisoryAnswer, AdvisorySource, PackageQuery } from './source.ts';

export interface AutoSourceOptions {
  /** The mirror, or what stands for it where there is none. */
  readonly mirror: AdvisorySource;
  /** Absent offline. */
  readonly api?: () => Promise<AdvisorySource>;
  /** The time that decides how old data are. */
  readonly now: Date;
  /** Milliseconds since its newest record for which an ecosystem of the mirror is fresh. */
  readonly freshFor: number;
}

/**
 * A fresh mirror, else the API, else a mirror that is stale: one source for all packages of a run, chosen when they
 * are known, and named in the report. Where none can answer whole, the answer of the first one stands, gaps and all.
 * Commits are asked of the API wherever there is one, for nobody else knows.
 */
export function autoSource({ mirror, api, now, freshFor }: AutoSourceOptions): AdvisorySource {
  let opened: AdvisorySource | undefined;
  let chosen = mirror;
  async function remote(): Promise<AdvisorySource | undefined> {
    opened ??= await api?.();
    return opened;
  }
  /** In the order in which they are asked; made only when it is their turn. */
  function candidates(packages: readonly PackageQuery[]): (() => Promise<AdvisorySource | undefined>)[] {
    const local = async () => mirror;
    return isFresh(mirror, packages, now, freshFor) ? [local, remote] : [remote, local];
  }

  return {
    get id() {
      return chosen.id;
    },
    async query(packages, signal) {
      const gaps: Coverage[] = [];
      let first: { readonly source: AdvisorySource; readonly answer: AdvisoryAnswer } | undefined;
      for (const open of candidates(packages)) {
        const source = await open();
        if (source === undefined) continue;
        const answer = await source.query(packages, signal);
        throwIfAborted(signal);
        if (!answer.coverage.some(isHole)) {
          chosen = source;
          return { ...answer, coverage: [...answer.coverage, ...gaps.map(mentioned)] };
        }
        first ??= { source, answer };
        gaps.push(...answer.coverage.filter(isHole));
      }
      if (first === undefined) return await mirror.query(packages, signal);
      chosen = first.source;
      return first.answer;
    },
    async commits(hashes, signal) {
      const source = hashes.length === 0 ? mirror : ((await remote()) ?? mirror);
      return await source.commits(hashes, signal);
    },
    records: async (ids, signal) => await chosen.records(ids, signal),
    describe: () => chosen.describe(),
    async close() {
      await mirror.close();
      await opened?.close();
    },
  };
}

/** Clocks differ; data dated further ahead are not to be trusted, and the policy says so too. */
const AHEAD = 24 * 3_600_000;

function isFresh(
  mirror: AdvisorySource,
  packages: readonly PackageQuery[],
  now: Date,
  freshFor: number,
): boolean {
  const held = new Map(
    mirror.describe().ecosystems.map(({ name, newestModified }) => [name, newestModified]),
  );
  const asked = new Set<string>(packages.map(({ ecosystem }) => ecosystem));
  return [...asked].every((name) => {
    const age = now.getTime() - Date.parse(held.get(name) ?? '');
    // NaN, where there are no data or no date, is not fresh.
    return age <= freshFor && age >= -AHEAD;
  });
}

/**
 * Whether records are missing that another source may have. That a later update was refused leaves those in use whole,
 * and what its publisher cannot write is unreadable everywhere.
 */
function isHole({ required, status, cause }: Coverage): boolean {
  const isMentioned = cause === 'advisory-update-refused' || cause === 'advisory-records-unreadable';
  return required && status !== 'succeeded' && !isMentioned;
}

/** What another source made up for is told, and no longer needed. */
function mentioned(row: Coverage): Coverage {
  return { ...row, required: false };
}
