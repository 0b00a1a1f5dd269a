// SPDX-License-Identifier: Apache-2.0
import { PlimsollError } from '../../platform/errors.ts';
import { azurePipeline } from '../../reports/sarif/azure.ts';
import { sarifDocument } from '../../reports/sarif/build.ts';
import { SARIF_PROFILES } from '../../reports/sarif/profiles.ts';
import { scan } from '../../scan.ts';
import { EXIT } from '../exit-codes.ts';
import { FORMATS } from '../formats.ts';
import type { Io } from '../io.ts';
import { parseClock, parseOutputs, type RawOptions, text } from '../options.ts';
import { writeOutputs } from '../outputs.ts';
import { reportFiles } from '../report-files.ts';
import { noteSarif } from '../sarif-notes.ts';
import { findSubject } from '../subject.ts';

/**
 * `plimsoll sarif`: the reports of other tools as one SARIF file. It judges nothing: exit status 3 when a report could
 * not be read as a whole, else 0.
 */
export async function run(args: readonly string[], options: RawOptions, io: Io): Promise<number> {
  const { stdout, files } = parseOutputs(options, FORMATS.sarif);
  const lint = text(options.lint);
  if ((lint === undefined) === (args.length === 0))
    throw new PlimsollError('usage', 'sarif: expected reports or --lint FILE, got both or neither');
  const profile = SARIF_PROFILES.find((each) => each === options.profile) ?? 'github';
  if (lint !== undefined) {
    const { runLint } = await import('./sarif-lint.ts');
    return await runLint(lint, { outputs: files.map(({ path }) => path), profile }, io);
  }
  const reports = await reportFiles(args, io);
  const policy = text(options.policy);
  const report = await scan({
    root: io.cwd,
    paths: [],
    reports,
    ...(policy === undefined ? {} : { policy }),
    advisories: 'mirror',
    subject: findSubject(io.cwd, io),
    clock: parseClock(options, io),
    signal: io.signal,
  });
  const pipeline = azurePipeline(io.env);
  const document = sarifDocument(report, {
    profile,
    // A run of plimsoll's own without its scan would close the alerts of that scan.
    ownRun: 'with-results',
    ...(pipeline === undefined ? {} : { pipeline }),
  });
  const toStdout = files.length === 0 || options.format !== undefined;
  await writeOutputs(io, stdout, files, (_, toFile) => (toFile || toStdout ? document.chunks() : []));
  return noteSarif(document, io) > 0 ? EXIT.incomplete : EXIT.pass;
}
