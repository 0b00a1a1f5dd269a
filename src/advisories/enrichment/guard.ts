// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { PlimsollError } from '../../platform/errors.ts';
import { enrichmentDirectory, type Pointer, readPointer, TABLE_NAME, tableFile } from './store.ts';
import { openTable } from './table.ts';
import { ENRICHMENT_KINDS, type EnrichmentKind, type TableFacts } from './table-format.ts';

/** What is in use before an import. */
export interface Former {
  readonly pointer: Pointer;
  readonly facts: { readonly [kind in EnrichmentKind]?: TableFacts };
}

/** A smaller loss of rows is no sign of a broken download. */
const ROWS_SHARE = 0.9;
/** How far a file may be dated ahead, since clocks differ. */
const AHEAD = 24 * 3_600_000;

const NAMES = { epss: 'EPSS', kev: 'KEV' } as const;

/**
 * What is in use. Where the pointer or the table that it names is damaged, the tables that can still be read take its
 * place, the newest of each kind, so that the next import heals the damage and is guarded all the same.
 * @throws PlimsollError `data-damaged` where something is in use and nothing of it can be read
 */
export function readFormer(dbDir: string, allowRollback: boolean): Former {
  const pointer = readPointerOrNone(dbDir);
  const facts: { [kind in EnrichmentKind]?: TableFacts } = {};
  for (const kind of ENRICHMENT_KINDS) {
    if (pointer !== undefined && pointer[kind] === undefined) continue;
    const named = pointer?.[kind]?.table;
    const known = (named === undefined ? undefined : factsOf(kind, dbDir, named)) ?? newestFacts(kind, dbDir);
    if (known !== undefined) facts[kind] = known;
    else if (named !== undefined && !allowRollback) throw unknown(dbDir, kind);
  }
  if (pointer === undefined && Object.keys(facts).length === 0 && !allowRollback) throw unknown(dbDir);
  return { pointer: pointer ?? {}, facts };
}

/**
 * Refuses data that are older than those in use, hold far fewer rows, or are dated ahead.
 * @throws PlimsollError `data-rollback`
 */
export function guardRollback(
  kind: EnrichmentKind,
  former: TableFacts | undefined,
  next: TableFacts,
  now: Date,
): void {
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

function rollback(message: string): PlimsollError {
  return new PlimsollError('data-rollback', message, {
    hint: 'the former data are still in use; --allow-rollback takes the given ones all the same',
  });
}

/** `undefined` where there is one that cannot be read. */
function readPointerOrNone(dbDir: string): Pointer | undefined {
  try {
    return readPointer(dbDir);
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    return undefined;
  }
}

function newestFacts(kind: EnrichmentKind, dbDir: string): TableFacts | undefined {
  let newest: TableFacts | undefined;
  for (const name of readdirSync(enrichmentDirectory(dbDir))) {
    const facts = TABLE_NAME.test(name) ? factsOf(kind, dbDir, name) : undefined;
    if (facts !== undefined && (newest === undefined || facts.date > newest.date)) newest = facts;
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

function unknown(dbDir: string, kind?: EnrichmentKind): PlimsollError {
  const what = kind === undefined ? 'EPSS or KEV' : NAMES[kind];
  const message = `${enrichmentDirectory(dbDir)}: expected readable ${what} data in use, got damaged ones`;
  return new PlimsollError('data-damaged', message, {
    hint: 'import with --allow-rollback to start afresh: what the data in use hold cannot be told',
  });
}
