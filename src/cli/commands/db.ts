// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { importAdvisories } from '../../advisories/mirror/import.ts';
import { mirrorStatus } from '../../advisories/mirror/status.ts';
import { terminal } from '../../reports/encode.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { databaseDirectory, parseClock, parseOutputs, type RawOptions } from '../options.ts';
import { writeOutputs } from '../outputs.ts';

/** `plimsoll db import`: prints what the new generation holds, and what could not be read. */
export async function runImport(args: readonly string[], options: RawOptions, io: Io): Promise<number> {
  const result = await importAdvisories({
    dbDir: databaseDirectory(options, io),
    inputs: args.map((path) => resolve(io.cwd, path)),
    allowRollback: options.allowRollback === true,
    now: parseClock(options, io).now(),
    signal: io.signal,
  });
  await io.print([`${terminal(JSON.stringify(result))}\n`]);
  return EXIT.pass;
}

/** `plimsoll db status`: exit status 3 when there is no mirror, or when it is damaged. */
export async function runStatus(_args: readonly string[], options: RawOptions, io: Io): Promise<number> {
  const { stdout, files } = parseOutputs(options, ['console', 'json'], 'console');
  const status = await mirrorStatus(databaseDirectory(options, io));
  await writeOutputs(io, stdout, files, () => [`${JSON.stringify(status, null, 2)}\n`]);
  return EXIT.pass;
}
