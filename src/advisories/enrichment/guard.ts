// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { PlimsollError } from '../../platform/errors.ts';
import { rollback } from '../mirror/rollback.ts';
import { enrichmentDirectory, type Pointer, readPointer, TABLE_NAME, tableFile } from './store.ts';
import { openTable } from './table.ts';
import { ENRICHMENT_KINDS, type EnrichmentKind, type TableFacts } from './table-format.ts';

/** What is in use before an import. */
export interface Former {
  readonly pointer: Pointer;
  readonly known: { readonly [kind in EnrichmentKind]?: Known };
}

/** What a guard must know of data: from when they are, and how many. */
type Known = Pick<TableFacts, 'date' | 'rows'>;

/** A smaller loss of rows is no sign of a broken download. */
const ROWS_SHARE = 0.9;
/** How far a file may be dated ahead, since clocks differ. */
const AHEAD = 24 * 3_600_000;

const NAMES = { epss: 'EPSS', kev: 'KEV' } as const;

/**
 * What is in use, as the pointer has it, whatever became of the tables. Where the pointer is damaged, the newest table
 * of each kind that can still be read takes its place, so that the next import heals the damage and is guarded all the
 * same.
 * @throws PlimsollError `data-damaged` where the pointer is, and there is no such table
 */
export function readFormer(dbDir: string, allowRollback: boolean): Former {
  try {
    const pointer = readPointer(dbDir);
    return { pointer, known: pointer };
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    const known = newestTables(dbDir);
    if (allowRollback || Object.keys(known).length > 0) return { pointer: {}, known };
    throw new PlimsollError(error.code, error.message, {
      hint: 'import with --allow-rollback to start afresh: what the data in use are cannot be told',
      cause: error,
    });
  }
}

/**
 * Refuses data that are older than those in use, hold far fewer rows, or are dated ahead.
 * @throws PlimsollError `data-rollback`
 */
export function guardRollback(kind: EnrichmentKind, former: Known | undefined, next: Known, now: Date): void {
  const name = NAMES[kind];
  if (Date.parse(next.date) - now.getTime() > AHEAD) {
    throw rollback(`${name}: expected data of today or before, got ${next.date}`);
  }
  if (former === undefined) return;
  if (next.date < former.date) {
    throw rollback(`${name}: expected data of ${former.date} or later, got ${next.date}`);
  }
  if (next.rows < former.rows * ROWS_SHARE) {
    throw rollback(`${name}: expected about ${former.rows} rows, got ${next.rows}`);
  }
}

function newestTables(dbDir: string): Former['known'] {
  const newest: { [kind in EnrichmentKind]?: Known } = {};
  for (const name of readdirSync(enrichmentDirectory(dbDir)).filter((each) => TABLE_NAME.test(each))) {
    for (const kind of ENRICHMENT_KINDS) {
      const facts = factsOf(kind, dbDir, name);
      const best = newest[kind];
      if (facts !== undefined && (best === undefined || facts.date > best.date)) newest[kind] = facts;
    }
  }
  return newest;
}

function factsOf(kind: EnrichmentKind, dbDir: string, name: string): TableFacts | undefined {
  try {
    const table = openTable(kind, tableFile(dbDir, name), name);
    table.close();
    return table.facts;
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    return undefined;
  }
}
