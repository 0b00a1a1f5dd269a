// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { verifyEnrichment } from '../../advisories/enrichment/store.ts';
import { exportMirror } from '../../advisories/mirror/export.ts';
import { pruneMirror } from '../../advisories/mirror/prune.ts';
import { verifyMirror } from '../../advisories/mirror/status.ts';
import { ECOSYSTEMS } from '../../model/inventory.ts';
import { PlimsollError } from '../../platform/errors.ts';
import { EXIT } from '../exit-codes.ts';
import { FORMATS } from '../formats.ts';
import type { Io } from '../io.ts';
import { databaseDirectory, parseOutputs, type RawOptions, strings } from '../options.ts';
import { writeOutputs } from '../outputs.ts';
import { render } from './db-output.ts';

/** `plimsoll db verify`: reads every byte and compares it with its hash. Anything wrong is exit status 3. */
export async function runVerify(_args: readonly string[], options: RawOptions, io: Io): Promise<number> {
  const { stdout, files } = parseOutputs(options, FORMATS.db);
  const directory = databaseDirectory(options, io);
  const problems = [...(await verifyMirror(directory)), ...verifyEnrichment(directory)];
  const lines =
    problems.length === 0 ? [`${directory}: every file is what it was when it was written`] : problems;
  await writeOutputs(io, stdout, files, (format) => render(format, { directory, problems }, lines));
  return problems.length === 0 ? EXIT.pass : EXIT.incomplete;
}

/** `plimsoll db export DIR`: the layout of OSV's bucket, for `db import` and `db update --from file:///DIR`. */
export async function runExport(args: readonly string[], options: RawOptions, io: Io): Promise<number> {
  const { stdout, files } = parseOutputs(options, FORMATS.db);
  const asked = strings(options.ecosystem);
  const ecosystems = asked.map((name) => {
    const known = ECOSYSTEMS.find((each) => each === name);
    if (known !== undefined) return known;
    throw new PlimsollError(
      'usage',
      `--ecosystem: expected ${ECOSYSTEMS.join(' or ')}, got ${JSON.stringify(name)}`,
    );
  });
  const target = resolve(io.cwd, args[0] ?? '.');
  const exported = exportMirror({
    dbDir: databaseDirectory(options, io),
    target,
    ...(ecosystems.length > 0 ? { ecosystems } : {}),
  });
  const lines = exported.map(
    ({ ecosystem, records, sha256, size }) =>
      `${ecosystem}/all.zip: ${records} records, ${size} bytes, sha256 ${sha256}`,
  );
  await writeOutputs(io, stdout, files, (format) => render(format, { target, exported }, lines));
  return EXIT.pass;
}

/** `plimsoll db prune`. */
export async function runPrune(_args: readonly string[], options: RawOptions, io: Io): Promise<number> {
  const { stdout, files } = parseOutputs(options, FORMATS.db);
  const directory = databaseDirectory(options, io);
  const { removed, freed } = pruneMirror(directory);
  const lines = [
    removed.length === 0
      ? `${directory}: nothing to remove`
      : `${directory}: removed ${removed.length} former generations and leftovers, ${freed} bytes`,
  ];
  await writeOutputs(io, stdout, files, (format) => render(format, { directory, removed, freed }, lines));
  return EXIT.pass;
}
