// SPDX-License-Identifier: Apache-2.0
import { collect } from '../../collectors/collect.ts';
import { omitScopes } from '../../collectors/omit.ts';
import { normalizeClaims } from '../../licenses/check.ts';
import type { Coverage } from '../../model/coverage.ts';
import { VERSION } from '../../model/version.ts';
import { renderCycloneDx } from '../../sbom/cyclonedx.ts';
import { EXIT } from '../exit-codes.ts';
import { FORMATS } from '../formats.ts';
import type { Io } from '../io.ts';
import { NOTHING_TO_SCAN, parseClock, parseOutputs, parseTarget, type RawOptions } from '../options.ts';
import { writeOutputs } from '../outputs.ts';
import { findSubject } from '../subject.ts';

/** `plimsoll sbom`: exit status 3 when a manifest could not be read, 4 when there was none. */
export async function run(args: readonly string[], options: RawOptions, io: Io): Promise<number> {
  const { stdout, files } = parseOutputs(options, FORMATS.sbom);
  const target = parseTarget(args, options, io);
  const collected = await collect({ ...target, signal: io.signal });
  const omitted = omitScopes(collected.inventory, target.omit);
  const coverage = [...collected.coverage, ...omitted.coverage];
  const document = {
    inventory: { ...omitted.inventory, components: normalizeClaims(omitted.inventory.components) },
    coverage,
    subject: findSubject(target.root, io),
    tool: { name: 'plimsoll', version: VERSION } as const,
    timestamp: parseClock(options, io).documentTime(),
  };
  // With a file asked for, standard output stays free for people.
  const toStdout = files.length === 0 || options.format !== undefined;
  await writeOutputs(io, stdout, files, (_, toFile) => (toFile || toStdout ? renderCycloneDx(document) : []));
  for (const row of coverage.filter(isGap)) {
    io.note(
      `${row.target}: ${row.cause ?? row.status}: ${row.errors.map((error) => error.message).join('; ')}`,
    );
  }
  if (collected.nothingToScan) {
    io.note(NOTHING_TO_SCAN);
    return EXIT.nothingToScan;
  }
  return coverage.some(isGap) ? EXIT.incomplete : EXIT.pass;
}

function isGap(row: Coverage): boolean {
  return row.required && row.status !== 'succeeded';
}
