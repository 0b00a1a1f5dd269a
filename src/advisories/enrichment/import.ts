// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { PlimsollError } from '../../platform/errors.ts';
import { shownUrl } from '../../platform/http-rules.ts';
import { takeLock } from '../mirror/lock.ts';
import { removeQuietly, systemFs, type WriteFs, writeFailed, writeWhole } from '../mirror/write-fs.ts';
import { parseEpss } from './epss.ts';
import { guardRollback, readFormer } from './guard.ts';
import { parseKev } from './kev.ts';
import {
  encodePointer,
  enrichmentDirectory,
  POINTER,
  type Pointer,
  TABLE_NAME,
  type TableNote,
  tableFile,
} from './store.ts';
import { openTable } from './table.ts';
import {
  ENRICHMENT_KINDS,
  type EncodedTable,
  type EnrichmentKind,
  encodeEpss,
  encodeKev,
  type TableFacts,
} from './table-format.ts';

/** A file as its publisher has it, plain or gzip. */
export interface EnrichmentInput {
  readonly bytes: Uint8Array;
  /** For messages and the record of where it came from: the last segment of its path. */
  readonly name: string;
  /** Where it was fetched; credentials, query and fragment are not kept. */
  readonly url?: string;
}

export interface EnrichmentImportOptions {
  /** Directory of the mirror; made where it does not exist. */
  readonly dbDir: string;
  readonly epss?: EnrichmentInput;
  readonly kev?: EnrichmentInput;
  /** Also takes data that are older, far fewer, or dated ahead, and starts afresh where those in use are damaged. */
  readonly allowRollback?: boolean;
  /** Written down as the time of retrieval, by which the age of the KEV catalogue is judged. */
  readonly now: Date;
  /** For tests of failing disks. */
  readonly writeFs?: WriteFs;
}

export interface EnrichmentImport {
  readonly epss?: ImportedTable;
  readonly kev?: ImportedTable;
}

export interface ImportedTable extends TableFacts {
  readonly source: TableNote['source'];
  /** False where the same data were in use already. */
  readonly changed: boolean;
}

/**
 * Puts the scores or the catalogue, or both, in the place of those in use. Of two files either both are taken or none.
 * Until the last rename the former ones are in use. Takes a lock of its own, so that it can run beside an import of
 * advisories.
 *
 * @throws PlimsollError `parse-failed`, `file-too-large`, `limit-exceeded`, `data-rollback`, `data-damaged` (the data
 *   in use, where not even their date can be told), `output-failed`
 */
export async function importEnrichment(options: EnrichmentImportOptions): Promise<EnrichmentImport> {
  const { dbDir, writeFs = systemFs } = options;
  const tables = {
    ...(options.epss ? { epss: readEpss(options.epss) } : {}),
    ...(options.kev ? { kev: readKev(options.kev) } : {}),
  };
  const directory = enrichmentDirectory(dbDir);
  try {
    writeFs.mkdirSync(directory, { recursive: true });
    const release = takeLock(writeFs, directory);
    try {
      return install(options, writeFs, tables);
    } finally {
      release();
    }
  } catch (error) {
    throw writeFailed(directory, error);
  }
}

type Tables = { readonly [kind in EnrichmentKind]?: EncodedTable };

function readEpss({ name, bytes }: EnrichmentInput): EncodedTable {
  return encodeEpss(parseEpss(name, bytes), hash('sha256', bytes));
}

function readKev({ name, bytes }: EnrichmentInput): EncodedTable {
  return encodeKev(parseKev(name, bytes), hash('sha256', bytes));
}

function install(options: EnrichmentImportOptions, writeFs: WriteFs, tables: Tables): EnrichmentImport {
  const { dbDir, now, allowRollback = false } = options;
  const directory = enrichmentDirectory(dbDir);
  const former = readFormer(dbDir, allowRollback);
  const result: { [kind in EnrichmentKind]?: ImportedTable } = {};
  const notes: { [kind in EnrichmentKind]?: TableNote } = { ...former.pointer };
  for (const kind of ENRICHMENT_KINDS) {
    const [table, input] = [tables[kind], options[kind]];
    if (table === undefined || input === undefined) continue;
    if (!allowRollback) guardRollback(kind, former.known[kind], table.facts, now);
    const source = sourceOf(input);
    const { date, rows } = table.facts;
    notes[kind] = { table: table.name, date, rows, retrievedAt: now.toISOString(), source };
    result[kind] = { ...table.facts, source, changed: former.pointer[kind]?.table !== table.name };
  }
  for (const kind of ENRICHMENT_KINDS) {
    const table = tables[kind];
    if (table === undefined || isWhole(kind, dbDir, table.name)) continue;
    writeWhole(writeFs, directory, table.name, table.bytes);
  }
  writeWhole(writeFs, directory, POINTER, encodePointer(notes));
  prune(writeFs, dbDir, [notes, former.pointer]);
  return result;
}

/** Whether the same table is there and in order, in use or from before. */
function isWhole(kind: EnrichmentKind, dbDir: string, name: string): boolean {
  try {
    const table = openTable(kind, tableFile(dbDir, name), name);
    try {
      table.verify();
      return true;
    } finally {
      table.close();
    }
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    return false;
  }
}

function sourceOf({ name, url }: EnrichmentInput): TableNote['source'] {
  return { name, ...(url === undefined ? {} : { url: shownUrl(new URL(url)) }) };
}

/** Removes all tables but those in use and those before, which readers may have open, and what a kill left. */
function prune(writeFs: WriteFs, dbDir: string, pointers: readonly Pointer[]): void {
  const directory = enrichmentDirectory(dbDir);
  const keep = new Set(pointers.flatMap(({ epss, kev }) => [epss?.table, kev?.table]));
  for (const name of writeFs.readdirSync(directory)) {
    const isTable = TABLE_NAME.test(name);
    const isLeftOver = /^\.(?:[0-9a-f]{64}|current\.json)\.tmp$/.test(name);
    if (isLeftOver || (isTable && !keep.has(name))) removeQuietly(writeFs, tableFile(dbDir, name));
  }
}
