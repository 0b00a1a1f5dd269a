// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { importEnrichment } from '../../advisories/enrichment/import.ts';
import { enrichmentStatus } from '../../advisories/enrichment/status.ts';
import type { ChangeResult } from '../../advisories/mirror/change.ts';
import { importAdvisories } from '../../advisories/mirror/import.ts';
import type { MirroredEcosystem, Quarantine } from '../../advisories/mirror/manifest.ts';
import { type MirrorStatus, mirrorStatus } from '../../advisories/mirror/status.ts';
import { PlimsollError } from '../../platform/errors.ts';
import { terminal } from '../../reports/encode.ts';
import { EXIT } from '../exit-codes.ts';
import { FORMATS } from '../formats.ts';
import type { Io } from '../io.ts';
import { databaseDirectory, parseClock, parseOutputs, type RawOptions } from '../options.ts';
import { writeOutputs } from '../outputs.ts';
import { describeEnrichment, describeImported, enrichmentInputs } from './db-enrichment.ts';

/**
 * `plimsoll db import`: says what the mirror holds now, and what of the input could not be read. EPSS and KEV files
 * come first, since they are read in a moment.
 */
export async function runImport(args: readonly string[], options: RawOptions, io: Io): Promise<number> {
  const { stdout, files } = parseOutputs(options, FORMATS.db);
  const common = {
    dbDir: databaseDirectory(options, io),
    allowRollback: options.allowRollback === true,
    now: parseClock(options, io).now(),
  };
  const given = await enrichmentInputs(options, io);
  if (args.length === 0 && given === undefined) {
    throw new PlimsollError('usage', 'db import: expected paths, --epss or --kev, got none of them');
  }
  const enrichment = given && (await importEnrichment({ ...common, ...given }));
  const inputs = args.map((path) => resolve(io.cwd, path));
  const advisories = inputs.length > 0 && (await importAdvisories({ ...common, inputs, signal: io.signal }));
  const lines = [
    ...(enrichment ? describeImported(enrichment) : []),
    ...(advisories ? describeImport(advisories) : []),
  ];
  const value = { ...(advisories || {}), ...(enrichment ? { enrichment } : {}) };
  await writeOutputs(io, stdout, files, (format) => render(format, value, lines));
  return EXIT.pass;
}

/** `plimsoll db status`. Without a mirror, or where anything is damaged, the exit status is 3. */
export async function runStatus(_args: readonly string[], options: RawOptions, io: Io): Promise<number> {
  const { stdout, files } = parseOutputs(options, FORMATS.db);
  const directory = databaseDirectory(options, io);
  const now = parseClock(options, io).now();
  const enrichment = enrichmentStatus(directory);
  const mirror = await mirrorStatus(directory).catch((error: unknown) => {
    if (error instanceof PlimsollError && Object.keys(enrichment).length > 0) return error;
    throw error;
  });
  const isBroken = mirror instanceof PlimsollError;
  const lines = [...(isBroken ? [] : describeMirror(mirror, now)), ...describeEnrichment(enrichment, now)];
  const value = { ...(isBroken ? { directory } : mirror), enrichment };
  await writeOutputs(io, stdout, files, (format) => render(format, value, lines));
  if (isBroken) throw mirror;
  return Object.values(enrichment).some((table) => 'damaged' in table) ? EXIT.incomplete : EXIT.pass;
}

function describeImport(result: ChangeResult): string[] {
  return [
    `read ${result.read} records${result.ignored > 0 ? `, ${result.ignored} of other ecosystems left out` : ''}`,
    result.changed
      ? `generation ${result.generation.slice(0, 12)} is in use`
      : 'the same data are in use already',
    ...result.ecosystems.map(describeEcosystem),
    ...describeQuarantine(result.quarantined),
  ];
}

function describeMirror(status: MirrorStatus, now: Date): string[] {
  return [
    `${status.directory}: generation ${status.generation.slice(0, 12)}, retrieved ${status.retrievedAt ?? 'at an unknown time'}`,
    ...status.ecosystems.map((each) => `${describeEcosystem(each)}${age(each.newestModified, now)}`),
    ...describeQuarantine(status.quarantined),
  ];
}

function render(format: string, value: unknown, lines: readonly string[]): string[] {
  if (format === 'json') return [`${JSON.stringify(value, null, 2)}\n`];
  return lines.map((line) => `${terminal(line)}\n`);
}

function describeEcosystem({ name, records, newestModified }: MirroredEcosystem): string {
  return `${name}: ${records} records, the newest of ${newestModified ?? 'an unknown date'}`;
}

function age(date: string | undefined, now: Date): string {
  const days = Math.floor((now.getTime() - Date.parse(date ?? '')) / 86_400_000);
  return Number.isFinite(days) ? `, ${Math.max(days, 0)} days old` : '';
}

function describeQuarantine(quarantined: readonly Quarantine[]): string[] {
  return quarantined.flatMap(({ ecosystems, count, first }) => [
    `${count} records of ${ecosystems.join(' and ')} could not be read and are left out:`,
    ...first.slice(0, 10).map(({ record, reason }) => `  ${record}: ${reason}`),
  ]);
}
