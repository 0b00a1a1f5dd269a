// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { closeSync, fstatSync } from 'node:fs';
import { firstIndex } from '../../model/order.ts';
import { readExactly } from '../mirror/byte-reader.ts';
import { openRegularFile } from '../mirror/data-file.ts';
import { cveKey } from './cve.ts';
import type { EpssScore } from './epss.ts';
import {
  DIRECTORY_ROW_BYTES,
  damagedEnrichment,
  type EnrichmentKind,
  encodeHeader,
  FORMAT_VERSION,
  HEADER_BYTES,
  PAGE_ROWS,
  ROW_BYTES,
  readKey,
  readScore,
  type TableFacts,
  TRAILER_BYTES,
} from './table-format.ts';

/** An open table. Every page is compared with its hash before anything of it is believed. */
export interface EnrichmentTable {
  readonly facts: TableFacts;
  /** Whether a CVE id is in the table. @throws PlimsollError `data-damaged` */
  has(id: string): boolean;
  /** Of a table of scores. @throws PlimsollError `data-damaged` */
  score(id: string): EpssScore | undefined;
  /** Reads every page. @throws PlimsollError `data-damaged` */
  verify(): void;
  close(): void;
}

/** Directory, facts and trailer of the largest table that is ever written. */
const END_LIMIT = 16 * 1024 * 1024;

/**
 * Opens the table that was written as `name`. Reads what follows the pages and compares it with the name.
 * @throws PlimsollError `data-damaged`
 */
export function openTable(kind: EnrichmentKind, file: string, name: string): EnrichmentTable {
  const fd = openRegularFile(file);
  if (fd === undefined) throw damagedEnrichment(file, 'a file', 'nothing');
  try {
    const { size } = fstatSync(fd);
    if (size < HEADER_BYTES + TRAILER_BYTES) {
      throw damagedEnrichment(file, 'a header and a trailer', `${size} bytes`);
    }
    if (!readAt(file, fd, 0, HEADER_BYTES).equals(encodeHeader(kind))) {
      throw damagedEnrichment(file, `a table of kind ${kind}`, 'another file');
    }
    const { rows, directoryAt, factsAt } = readTrailer(kind, file, fd, size);
    const end = readAt(file, fd, directoryAt, size - directoryAt);
    if (hash('sha256', end) !== name) throw damagedEnrichment(file, `data of hash ${name}`, 'other data');
    const directory = end.subarray(0, factsAt - directoryAt);
    const facts = parseFacts(file, end.subarray(directory.length, end.length - TRAILER_BYTES));
    return table({ kind, file, fd, rows, directory, facts });
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function readTrailer(kind: EnrichmentKind, file: string, fd: number, size: number) {
  const trailer = readAt(file, fd, size - TRAILER_BYTES, TRAILER_BYTES);
  const version = trailer.readUInt32LE(0);
  if (version !== FORMAT_VERSION) {
    throw damagedEnrichment(file, `format version ${FORMAT_VERSION}`, String(version));
  }
  const rows = trailer.readUInt32LE(4);
  const directoryAt = trailer.readUInt32LE(8);
  const factsAt = trailer.readUInt32LE(12);
  const whole =
    directoryAt === HEADER_BYTES + rows * ROW_BYTES[kind] &&
    factsAt === directoryAt + Math.ceil(rows / PAGE_ROWS) * DIRECTORY_ROW_BYTES &&
    factsAt <= size - TRAILER_BYTES &&
    size - directoryAt <= END_LIMIT;
  if (!whole) throw damagedEnrichment(file, 'sizes that agree', `a file of ${size} bytes`);
  return { rows, directoryAt, factsAt };
}

function parseFacts(file: string, bytes: Buffer): TableFacts {
  let facts: Partial<Record<string, unknown>> | null = null;
  try {
    facts = JSON.parse(bytes.toString('utf8'));
  } catch {
    // Said below.
  }
  const rejected = facts?.rejected as Partial<Record<string, unknown>> | null | undefined;
  const whole =
    typeof facts?.date === 'string' &&
    typeof facts.sha256 === 'string' &&
    Number.isSafeInteger(facts.rows) &&
    (facts.version === undefined || typeof facts.version === 'string') &&
    Number.isSafeInteger(rejected?.count) &&
    Array.isArray(rejected?.first);
  if (!whole) throw damagedEnrichment(file, 'what the table was made from', 'another text');
  return facts as unknown as TableFacts;
}

interface Open {
  readonly kind: EnrichmentKind;
  readonly file: string;
  readonly fd: number;
  readonly rows: number;
  readonly directory: Buffer;
  readonly facts: TableFacts;
}

function table(open: Open): EnrichmentTable {
  const pages = new Map<number, Buffer>();
  const page = (index: number): Buffer => {
    const known = pages.get(index);
    if (known !== undefined) return known;
    const bytes = readPage(open, index);
    pages.set(index, bytes);
    return bytes;
  };
  const find = (id: string) => {
    const key = cveKey(id);
    return key === undefined ? undefined : findRow(open, page, key);
  };
  return {
    facts: open.facts,
    has: (id) => find(id) !== undefined,
    score(id) {
      const row = find(id);
      return row === undefined ? undefined : readScore(row.page, row.at);
    },
    verify() {
      for (let i = 0; i * PAGE_ROWS < open.rows; i++) readPage(open, i);
    },
    close: () => closeSync(open.fd),
  };
}

function findRow({ kind, directory }: Open, page: (index: number) => Buffer, key: number) {
  const index = lastNotAbove(directory, DIRECTORY_ROW_BYTES, key);
  if (index < 0) return undefined;
  const bytes = page(index);
  const at = lastNotAbove(bytes, ROW_BYTES[kind], key) * ROW_BYTES[kind];
  return readKey(bytes, at) === key ? { page: bytes, at } : undefined;
}

/** The last row of a sorted column whose key is not above `key`; -1 where the first one is. */
function lastNotAbove(rows: Buffer, rowBytes: number, key: number): number {
  return firstIndex(rows.length / rowBytes, (row) => readKey(rows, row * rowBytes) <= key) - 1;
}

/** A page whose first key is that of the directory, since both are hashed. */
function readPage({ kind, file, fd, rows, directory }: Open, index: number): Buffer {
  const first = index * PAGE_ROWS;
  const count = Math.min(PAGE_ROWS, rows - first);
  const bytes = readAt(file, fd, HEADER_BYTES + first * ROW_BYTES[kind], count * ROW_BYTES[kind]);
  const at = index * DIRECTORY_ROW_BYTES + 8;
  if (!hash('sha256', bytes, 'buffer').equals(directory.subarray(at, at + 32))) {
    throw damagedEnrichment(file, 'a page with the right hash', 'another');
  }
  return bytes;
}

function readAt(file: string, fd: number, at: number, length: number): Buffer {
  return readExactly(file, fd, at, length, damagedEnrichment);
}
