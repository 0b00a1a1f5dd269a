// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { importAdvisories } from '../../advisories/mirror/import.ts';
import type { MirroredEcosystem, Quarantine } from '../../advisories/mirror/manifest.ts';
import { mirrorStatus } from '../../advisories/mirror/status.ts';
import { terminal } from '../../reports/encode.ts';
import { EXIT } from '../exit-codes.ts';
import { FORMATS } from '../formats.ts';
import type { Io } from '../io.ts';
import { databaseDirectory, parseClock, parseOutputs, type RawOptions } from '../options.ts';
import { writeOutputs } from '../outputs.ts';

/** `plimsoll db import`: says what the mirror holds now, and what of the input could not be read. */
export async function runImport(args: readonly string[], options: RawOptions, io: Io): Promise<number> {
  const { stdout, files } = parseOutputs(options, FORMATS.db);
  const result = await importAdvisories({
    dbDir: databaseDirectory(options, io),
    inputs: args.map((path) => resolve(io.cwd, path)),
    allowRollback: options.allowRollback === true,
    now: parseClock(options, io).now(),
    signal: io.signal,
  });
  const lines = [
    `read ${result.read} records${result.ignored > 0 ? `, ${result.ignored} of other ecosystems left out` : ''}`,
    result.changed
      ? `generation ${result.generation.slice(0, 12)} is in use`
      : 'the same data are in use already',
    ...result.ecosystems.map(describeEcosystem),
    ...describeQuarantine(result.quarantined),
  ];
  await writeOutputs(io, stdout, files, (format) => render(format, result, lines));
  return EXIT.pass;
}

/** `plimsoll db status`. Without a mirror, or with a damaged one, the exit status is 3. */
export async function runStatus(_args: readonly string[], options: RawOptions, io: Io): Promise<number> {
  const { stdout, files } = parseOutputs(options, FORMATS.db);
  const status = await mirrorStatus(databaseDirectory(options, io));
  const now = parseClock(options, io).now();
  const lines = [
    `${status.directory}: generation ${status.generation.slice(0, 12)}, retrieved ${status.retrievedAt ?? 'at an unknown time'}`,
    ...status.ecosystems.map((ecosystem) => `${describeEcosystem(ecosystem)}${age(ecosystem, now)}`),
    ...describeQuarantine(status.quarantined),
  ];
  await writeOutputs(io, stdout, files, (format) => render(format, status, lines));
  return EXIT.pass;
}

function render(format: string, value: unknown, lines: readonly string[]): string[] {
  if (format === 'json') return [`${JSON.stringify(value, null, 2)}\n`];
  return lines.map((line) => `${terminal(line)}\n`);
}

function describeEcosystem({ name, records, newestModified }: MirroredEcosystem): string {
  return `${name}: ${records} records, the newest of ${newestModified ?? 'an unknown date'}`;
}

function age({ newestModified }: MirroredEcosystem, now: Date): string {
  const days = Math.floor((now.getTime() - Date.parse(newestModified ?? '')) / 86_400_000);
  return Number.isFinite(days) ? `, ${Math.max(days, 0)} days old` : '';
}

function describeQuarantine(quarantined: readonly Quarantine[]): string[] {
  return quarantined.flatMap(({ ecosystems, count, first }) => [
    `${count} records of ${ecosystems.join(' and ')} could not be read and are left out:`,
    ...first.slice(0, 10).map(({ record, reason }) => `  ${record}: ${reason}`),
  ]);
}
