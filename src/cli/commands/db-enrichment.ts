// SPDX-License-Identifier: Apache-2.0
import { realpath } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { EnrichmentImport, EnrichmentInput, ImportedTable } from '../../advisories/enrichment/import.ts';
import { SOURCE_LIMIT } from '../../advisories/enrichment/source-text.ts';
import type { EnrichmentStatus, TableStatus } from '../../advisories/enrichment/status.ts';
import { PlimsollError } from '../../platform/errors.ts';
import { createFileSource, systemErrorCode } from '../../platform/fs.ts';
import type { Io } from '../io.ts';
import { type RawOptions, text } from '../options.ts';

interface Inputs {
  readonly epss?: EnrichmentInput;
  readonly kev?: EnrichmentInput;
}

/**
 * The files of `--epss` and `--kev`, `undefined` where neither is given.
 * @throws PlimsollError `file-not-found`, `file-unreadable`, `file-too-large`
 */
export async function enrichmentInputs(options: RawOptions, io: Io): Promise<Inputs | undefined> {
  const [epss, kev] = [text(options.epss), text(options.kev)];
  if (epss === undefined && kev === undefined) return undefined;
  return {
    ...(epss === undefined ? {} : { epss: await readInput(epss, io) }),
    ...(kev === undefined ? {} : { kev: await readInput(kev, io) }),
  };
}

async function readInput(path: string, io: Io): Promise<EnrichmentInput> {
  const real = await realpath(resolve(io.cwd, path)).catch((error: unknown) => {
    const code = systemErrorCode(error);
    const message = `${path}: expected a file, got ${code === 'ENOENT' ? 'none' : code}`;
    throw new PlimsollError(code === 'ENOENT' ? 'file-not-found' : 'file-unreadable', message, {
      file: path,
      cause: error,
    });
  });
  const bytes = await createFileSource(dirname(real), { limit: SOURCE_LIMIT }).read(basename(real));
  if (bytes === undefined) throw new PlimsollError('file-not-found', `${path}: expected a file, got none`);
  return { bytes, name: basename(path) };
}

/** What an import took, a line per table, and what of the files could not be read. */
export function describeImported({ epss, kev }: EnrichmentImport): string[] {
  return [...(epss ? describeTable('EPSS', epss) : []), ...(kev ? describeTable('KEV', kev) : [])];
}

function describeTable(name: string, table: ImportedTable): string[] {
  const known = table.changed ? '' : ', which is in use already';
  return [`${name}: ${rows(name, table)}${known}`, ...describeRejected(table)];
}

/** The same of the tables in use, with their age. */
export function describeEnrichment({ epss, kev }: EnrichmentStatus, now: Date): string[] {
  return [
    ...(epss ? describeStatus('EPSS', epss, now) : []),
    ...(kev ? describeStatus('KEV', kev, now) : []),
  ];
}

function describeStatus(name: string, table: TableStatus, now: Date): string[] {
  if ('damaged' in table) return [`${name}: damaged: ${table.damaged}`];
  const days = Math.floor((now.getTime() - Date.parse(table.retrievedAt)) / 86_400_000);
  const age = Number.isFinite(days) ? `, ${Math.max(days, 0)} days ago` : '';
  return [`${name}: ${rows(name, table)}, retrieved ${table.retrievedAt}${age}`, ...describeRejected(table)];
}

function rows(name: string, table: ImportedTable | Exclude<TableStatus, { damaged: string }>): string {
  const version =
    table.version === undefined ? '' : `, ${name === 'EPSS' ? 'model' : 'version'} ${table.version}`;
  return `${table.rows} ${name === 'EPSS' ? 'scores' : 'entries'} of ${table.date}${version}`;
}

function describeRejected({
  rejected: { count, first },
  source: { name },
}: Pick<ImportedTable, 'rejected' | 'source'>): string[] {
  if (count === 0) return [];
  return [
    `  ${count} could not be read and are left out:`,
    ...first.slice(0, 10).map((each) => `    ${name}:${each}`),
  ];
}
