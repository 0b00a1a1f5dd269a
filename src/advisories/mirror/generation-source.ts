// SPDX-License-Identifier: Apache-2.0
import { listErrors } from '../../findings/coverage-errors.ts';
import type { Advisory, AdvisoryData } from '../../model/advisory.ts';
import type { Coverage, CoverageError } from '../../model/coverage.ts';
import type { Ecosystem } from '../../model/inventory.ts';
import { compareText } from '../../model/order.ts';
import { PlimsollError, throwIfAborted } from '../../platform/errors.ts';
import { type AdvisoryAnswer, type AdvisorySource, type PackageQuery, packageKey } from '../source.ts';
import { type RefusedAttempt, readAttempts } from './attempts.ts';
import { indexName } from './compact.ts';
import { messageInReport } from './format.ts';
import { openCurrent } from './generations.ts';
import { quarantinedCount } from './manifest.ts';
import type { Generation } from './reader.ts';

/**
 * The advisory mirror in a directory.
 * @throws PlimsollError `data-missing` where nothing was imported, `data-damaged`
 */
export async function openMirror(dbDir: string): Promise<AdvisorySource> {
  return generationSource('mirror', openCurrent(dbDir), readAttempts(dbDir));
}

/** A generation as a source of records. What is damaged is coverage, never an exception. */
export function generationSource(
  id: 'mirror' | 'bundled',
  generation: Generation,
  refused: readonly RefusedAttempt[] = [],
): AdvisorySource {
  return {
    id,
    async query(packages, signal) {
      const answer = query(generation, packages, signal);
      if (packages.length === 0 || refused.length === 0) return answer;
      return { ...answer, coverage: [...answer.coverage, refusedRow(refused)] };
    },
    commits: async () => ({ records: new Map(), coverage: [] }),
    records: async (ids) => generation.records(ids),
    describe: () => describe(id, generation),
    close: async () => generation.close(),
  };
}

/** The data in use are whole; that newer ones were offered and not believed is for people to look at. */
function refusedRow(refused: readonly RefusedAttempt[]): Coverage {
  return {
    plugin: 'advisories',
    target: 'mirror',
    status: 'partial',
    cause: 'advisory-update-refused',
    unit: 'records',
    expected: refused.length,
    processed: 0,
    required: true,
    errors: listErrors(
      refused.map(({ at, reason }) => ({ message: `update of ${at} was refused: ${reason}` })),
    ),
  };
}

/** Lookups between two looks at the signal. */
const STEP = 4_096;

interface Tally {
  records: number;
  readonly errors: CoverageError[];
}

function query(
  generation: Generation,
  packages: readonly PackageQuery[],
  signal: AbortSignal | undefined,
): AdvisoryAnswer {
  const records = new Map<string, readonly Advisory[]>();
  const tallies = new Map<Ecosystem, Tally>();
  let asked = 0;
  for (const { ecosystem, name } of packages) {
    if (asked++ % STEP === 0) throwIfAborted(signal);
    const key = packageKey(ecosystem, name);
    if (records.has(key)) continue;
    let tally = tallies.get(ecosystem);
    if (tally === undefined) {
      tally = { records: 0, errors: [] };
      tallies.set(ecosystem, tally);
    }
    try {
      const found = generation.lookup({ ecosystem, name: indexName(ecosystem, name) });
      tally.records += found.length;
      records.set(key, found);
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      records.set(key, []);
      tally.errors.push({ message: messageInReport(error) });
    }
  }
  const coverage = [...tallies]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([ecosystem, tally]) => ecosystemCoverage(generation, ecosystem, tally));
  return { records, coverage };
}

function ecosystemCoverage(generation: Generation, target: Ecosystem, tally: Tally): Coverage[] {
  const row = { plugin: 'advisories', target, unit: 'records', required: true } as const;
  const rows: Coverage[] = [];
  if (tally.errors.length > 0) {
    rows.push({
      ...row,
      status: 'failed',
      cause: 'advisory-data-damaged',
      expected: tally.records + tally.errors.length,
      processed: tally.records,
      errors: tally.errors,
    });
  }
  const held = generation.manifest.ecosystems.find(({ name }) => name === target);
  if (!held?.complete) {
    const message = `expected advisory data of ${target}, got ${held ? 'single records only' : 'none'}`;
    rows.push({
      ...row,
      status: 'failed',
      cause: 'advisory-data-missing',
      expected: tally.records,
      processed: tally.records,
      errors: [{ message }],
    });
  }
  rows.push(...unreadableRecords(generation, target));
  if (rows.length > 0) return rows;
  return [{ ...row, status: 'succeeded', expected: tally.records, processed: tally.records, errors: [] }];
}

/** Of a record that could not be read nobody knows which packages it speaks of. */
function unreadableRecords({ manifest }: Generation, target: Ecosystem): Coverage[] {
  const held = manifest.ecosystems.find(({ name }) => name === target)?.records ?? 0;
  const groups = manifest.quarantined.filter(({ ecosystems }) => ecosystems.includes(target));
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  if (count === 0) return [];
  return [
    {
      plugin: 'advisories',
      target,
      status: 'partial',
      cause: 'advisory-records-unreadable',
      unit: 'records',
      expected: held + count,
      processed: held,
      required: true,
      errors: listErrors(
        groups.flatMap(({ first }) =>
          first.map(({ record, reason }) => ({ message: `${record}: ${reason}` })),
        ),
        count,
      ),
    },
  ];
}

function describe(source: 'mirror' | 'bundled', { sha256, manifest, note }: Generation): AdvisoryData {
  return {
    source,
    generation: sha256,
    // An ecosystem with single records only has no age: the coverage row says that it is missing.
    ecosystems: manifest.ecosystems
      .filter(({ complete }) => complete)
      .map(({ name, records, newestModified }) => ({
        name,
        records,
        ...(newestModified === undefined ? {} : { newestModified }),
      })),
    quarantined: quarantinedCount(manifest),
    ...(note ? { retrievedAt: note.retrievedAt } : {}),
  };
}
