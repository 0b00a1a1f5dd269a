// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { PlimsollError } from '../../platform/errors.ts';
import type { EpssFile, EpssScore } from './epss.ts';
import type { KevFile } from './kev.ts';
import type { Rejected } from './source-text.ts';

/**
 * A table of CVE ids, byte by byte in docs/adr/005-enrichment.md: rows sorted by key in pages, then what is read at
 * once: a directory with the first key and the sha256 of each page, what the table is, and a trailer. The sha256 of
 * that last part is the name of the file, and so the name speaks for every byte. All numbers are little-endian.
 */
export type EnrichmentKind = 'epss' | 'kev';

export const ENRICHMENT_KINDS = ['epss', 'kev'] as const satisfies readonly EnrichmentKind[];

export const FORMAT_VERSION = 1;
export const HEADER_BYTES = 16;
export const TRAILER_BYTES = 16;
export const PAGE_ROWS = 256;
/** Key of a page's first row, and sha256 of the page. */
export const DIRECTORY_ROW_BYTES = 8 + 32;
/** EPSS has two numbers of four bytes beside the key. */
export const ROW_BYTES = { epss: 16, kev: 8 } as const satisfies Record<EnrichmentKind, number>;

const MAGIC = { epss: 'plimsoll-epss-t1', kev: 'plimsoll-kev--t1' } as const;
const MILLION = 1_000_000;

/** What a table was made from: content alone, so that the same file gives the same bytes. */
export interface TableFacts {
  /** Of the scores, or of the release of the catalogue; `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly date: string;
  /** Of the file as it came, compressed or not. */
  readonly sha256: string;
  readonly rows: number;
  /** EPSS: of the model. KEV: of the catalogue. */
  readonly version?: string;
  readonly rejected: Rejected;
}

export interface EncodedTable {
  /** sha256 of the part after the pages. */
  readonly name: string;
  readonly bytes: Buffer;
  readonly facts: TableFacts;
}

/** The table of a file whose bytes have this sha256. */
export function encodeEpss(file: EpssFile, sha256: string): EncodedTable {
  return encode('epss', file, sha256, file.scores.keys(), (row, key) => {
    const { score, percentile } = file.scores.get(key) as EpssScore;
    row.writeUInt32LE(Math.round(score * MILLION), 8);
    row.writeUInt32LE(Math.round(percentile * MILLION), 12);
  });
}

/** Likewise. */
export function encodeKev(file: KevFile, sha256: string): EncodedTable {
  return encode('kev', file, sha256, file.keys, () => {});
}

function encode(
  kind: EnrichmentKind,
  { date, version, rejected: { count, first } }: EpssFile | KevFile,
  sha256: string,
  unsorted: Iterable<number>,
  writeRow: (row: Buffer, key: number) => void,
): EncodedTable {
  const keys = Float64Array.from(unsorted).sort();
  const rowBytes = ROW_BYTES[kind];
  const rows = Buffer.alloc(keys.length * rowBytes);
  for (const [i, key] of keys.entries()) {
    const row = rows.subarray(i * rowBytes, (i + 1) * rowBytes);
    writeKey(row, 0, key);
    writeRow(row, key);
  }
  const facts: TableFacts = {
    date,
    sha256,
    rows: keys.length,
    ...(version === undefined ? {} : { version }),
    rejected: { count, first: [...first] },
  };
  const end = encodeEnd(rows, rowBytes, facts);
  const bytes = Buffer.concat([encodeHeader(kind), rows, end]);
  return { name: hash('sha256', end), bytes, facts };
}

export function encodeHeader(kind: EnrichmentKind): Buffer {
  return Buffer.from(MAGIC[kind], 'latin1');
}

function encodeEnd(rows: Buffer, rowBytes: number, facts: TableFacts): Buffer {
  const directory: Buffer[] = [];
  for (let at = 0; at < rows.length; at += PAGE_ROWS * rowBytes) {
    const page = rows.subarray(at, at + PAGE_ROWS * rowBytes);
    directory.push(page.subarray(0, 8), hash('sha256', page, 'buffer'));
  }
  const directoryBytes = Buffer.concat(directory);
  const directoryAt = HEADER_BYTES + rows.length;
  const trailer = Buffer.alloc(TRAILER_BYTES);
  trailer.writeUInt32LE(FORMAT_VERSION, 0);
  trailer.writeUInt32LE(facts.rows, 4);
  trailer.writeUInt32LE(directoryAt, 8);
  trailer.writeUInt32LE(directoryAt + directoryBytes.length, 12);
  return Buffer.concat([directoryBytes, Buffer.from(JSON.stringify(facts), 'utf8'), trailer]);
}

function writeKey(target: Buffer, at: number, key: number): void {
  target.writeUInt32LE(key % 2 ** 32, at);
  target.writeUInt32LE(Math.floor(key / 2 ** 32), at + 4);
}

export function readKey(source: Buffer, at: number): number {
  return source.readUInt32LE(at + 4) * 2 ** 32 + source.readUInt32LE(at);
}

/** The score in a row that begins at `at`. */
export function readScore(page: Buffer, at: number): EpssScore {
  return { score: page.readUInt32LE(at + 8) / MILLION, percentile: page.readUInt32LE(at + 12) / MILLION };
}

/** The error for a file of the enrichment that is not what it was when it was written. */
export function damagedEnrichment(
  file: string,
  expected: string,
  got: string,
  cause?: unknown,
): PlimsollError {
  return new PlimsollError('data-damaged', `${file}: expected ${expected}, got ${got}`, {
    file,
    hint: 'fetch it again: plimsoll db update; or import the file: plimsoll db import --epss FILE --kev FILE',
    cause,
  });
}
