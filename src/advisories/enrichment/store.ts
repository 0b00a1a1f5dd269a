// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { PlimsollError } from '../../platform/errors.ts';
import { type Fields, isObject } from '../json-object.ts';
import { readSmallFile } from '../mirror/data-file.ts';
import { type EnrichmentTable, openTable } from './table.ts';
import { damagedEnrichment, ENRICHMENT_KINDS, type EnrichmentKind } from './table-format.ts';

/** Name of a table file. */
export const TABLE_NAME = /^[0-9a-f]{64}$/;

/** Which tables are in use, and where they came from. */
export interface Pointer {
  readonly epss?: TableNote;
  readonly kev?: TableNote;
}

export interface TableNote {
  /** Name of the table's file, its hash. */
  readonly table: string;
  /** As in the facts of the table, by which the next import is guarded where the table is damaged. */
  readonly date: string;
  readonly rows: number;
  /** RFC 3339. Whether the KEV catalogue is up to date is judged by this: CISA publishes when there is something. */
  readonly retrievedAt: string;
  /** Name of the file, and where it was fetched from, without credentials and query. */
  readonly source: { readonly name: string; readonly url?: string };
}

export const POINTER = 'current.json';
const FORMAT = { format: 'plimsoll-enrichment', version: 1 } as const;

/** Lies beside the mirror's generations, so that an import of advisories and one of these do not meet. */
export function enrichmentDirectory(dbDir: string): string {
  return join(dbDir, 'enrichment');
}

/** The bytes of the pointer; the last key is the hash of the others. */
export function encodePointer({ epss, kev }: Pointer): Buffer {
  const content = { ...FORMAT, ...(epss ? { epss } : {}), ...(kev ? { kev } : {}) };
  return Buffer.from(`${JSON.stringify({ ...content, sha256: hashOf(content) }, null, 2)}\n`, 'utf8');
}

/** What is in use; empty where nothing was imported. @throws PlimsollError `data-damaged` */
export function readPointer(dbDir: string): Pointer {
  const file = join(enrichmentDirectory(dbDir), POINTER);
  const bytes = readSmallFile(file);
  if (bytes === undefined) return {};
  const value = parseJson(file, bytes);
  const { format, version, epss, kev } = value;
  if (format !== FORMAT.format) throw damagedEnrichment(file, 'a list of tables', 'another file');
  if (version !== FORMAT.version) {
    throw damagedEnrichment(file, `format version ${FORMAT.version}`, JSON.stringify(version) ?? 'none');
  }
  const pointer = { ...(epss ? { epss } : {}), ...(kev ? { kev } : {}) } as Pointer;
  // The hash is among the bytes that are compared; so is whatever stands between two tokens.
  const isWhole = isNote(epss) && isNote(kev) && encodePointer(pointer).equals(bytes);
  if (!isWhole) throw damagedEnrichment(file, 'a list of tables with the right hash', 'another');
  return pointer;
}

/** A table in use, with what the pointer says of it. */
export interface CurrentTable extends TableNote {
  readonly open: EnrichmentTable;
}

/**
 * Opens a table that is in use; `undefined` where none was imported.
 * @throws PlimsollError `data-damaged`
 */
export function openCurrentTable(dbDir: string, kind: EnrichmentKind): CurrentTable | undefined {
  for (let attempt = 1; ; attempt++) {
    const note = readPointer(dbDir)[kind];
    if (note === undefined) return undefined;
    try {
      return { ...note, open: openTable(kind, tableFile(dbDir, note.table), note.table) };
    } catch (error) {
      // Two imports in a row may remove the table between the two steps above.
      if (attempt === 3 || readPointer(dbDir)[kind]?.table === note.table) throw error;
    }
  }
}

export function tableFile(dbDir: string, name: string): string {
  return join(enrichmentDirectory(dbDir), name);
}

/**
 * Reads the tables in use whole and compares them with their names.
 * @returns what is wrong, a line per problem; nothing where all is well, or where nothing was imported
 */
export function verifyEnrichment(dbDir: string): string[] {
  return ENRICHMENT_KINDS.flatMap((kind) => {
    try {
      const current = openCurrentTable(dbDir, kind);
      if (current === undefined) return [];
      try {
        current.open.verify();
      } finally {
        current.open.close();
      }
      return [];
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      return [error.message];
    }
  });
}

function parseJson(file: string, bytes: Buffer): Fields {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw damagedEnrichment(file, 'JSON', bytes.length === 0 ? 'nothing' : 'something else', error);
  }
  if (!isObject(value)) throw damagedEnrichment(file, 'a list of tables', 'another file');
  return value;
}

function hashOf(content: Fields): string {
  return hash('sha256', JSON.stringify(content));
}

function isNote(value: unknown): boolean {
  if (value === undefined) return true;
  return (
    isObject(value) &&
    typeof value.table === 'string' &&
    TABLE_NAME.test(value.table) &&
    typeof value.date === 'string' &&
    Number.isSafeInteger(value.rows) &&
    typeof value.retrievedAt === 'string' &&
    isObject(value.source) &&
    typeof value.source.name === 'string' &&
    (value.source.url === undefined || typeof value.source.url === 'string')
  );
}
