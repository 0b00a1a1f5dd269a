// SPDX-License-Identifier: Apache-2.0
import { ADVISORY_CHOICES } from '../../advisories/choices.ts';
import { SEVERITIES } from '../../model/finding.ts';
import { REPORTERS } from '../../reports/index.ts';
import { sarifDocument } from '../../reports/sarif/build.ts';
import { scan } from '../../scan.ts';
import { EXIT } from '../exit-codes.ts';
import { FORMATS } from '../formats.ts';
import type { Io } from '../io.ts';
import { networkOf } from '../network.ts';
import {
  databaseDirectory,
  NOTHING_TO_SCAN,
  networkCacheDirectory,
  parseClock,
  parseOutputs,
  parseTarget,
  type RawOptions,
  strings,
  text,
} from '../options.ts';
import { writeOutputs } from '../outputs.ts';
import { reportFiles, scannersToRun } from '../report-files.ts';
import { noteSarif } from '../sarif-notes.ts';
import { findSubject } from '../subject.ts';

/** `plimsoll scan`: the verdict decides the exit status. */
export async function run(args: readonly string[], options: RawOptions, io: Io): Promise<number> {
  const { stdout, files } = parseOutputs(options, FORMATS.scan);
  const clock = parseClock(options, io);
  const target = parseTarget(args, options, io);
  const policy = text(options.policy);
  const failOn = SEVERITIES.find((severity) => severity === options.failOn);
  const advisories = ADVISORY_CHOICES.find((choice) => choice === options.advisories) ?? 'auto';
  const usesNetwork = advisories === 'auto' || advisories === 'osv';
  const http = usesNetwork ? await networkOf(options, io) : undefined;
  const advisoriesUrl = text(options.advisoriesUrl);
  const report = await scan({
    ...target,
    ...(policy === undefined ? {} : { policy }),
    ...(failOn === undefined ? {} : { failOn }),
    onIncomplete: options.onIncomplete === 'warn' ? 'warn' : 'fail',
    advisories,
    ...(http === undefined ? {} : { http, cacheDir: networkCacheDirectory(io) }),
    ...(advisoriesUrl === undefined ? {} : { advisoriesUrl }),
    db: databaseDirectory(options, io),
    run: scannersToRun(strings(options.run)),
    reports: await reportFiles(strings(options.import), io),
    ...(io.env.PATH === undefined ? {} : { toolPath: io.env.PATH }),
    subject: findSubject(target.root, io),
    clock,
    signal: io.signal,
  }).finally(() => http?.close());
  for (const row of report.coverage) {
    io.detail(`${row.plugin} ${row.target}: ${row.status}, ${row.processed} of ${row.expected} ${row.unit}`);
  }
  // Loaded when asked for: the library behind it takes longer to load than most scans take.
  const wanted = [stdout, ...files.map((file) => file.format)];
  const sbom = wanted.includes('cyclonedx') ? await import('../../sbom/cyclonedx.ts') : undefined;
  const sarif = wanted.includes('sarif') ? sarifDocument(report, { profile: 'github' }) : undefined;
  await writeOutputs(io, stdout, files, (format, toFile) => {
    if (sarif !== undefined && format === 'sarif') return sarif.chunks();
    if (sbom !== undefined && format === 'cyclonedx')
      return sbom.renderCycloneDx({ ...report, timestamp: clock.documentTime() });
    const reporter = REPORTERS.find((candidate) => candidate.format === format);
    return reporter?.render(report, { columns: io.columns, color: io.color && !toFile }) ?? [];
  });
  if (sarif !== undefined) noteSarif(sarif, io);
  if (report.verdict.exitCode === EXIT.nothingToScan) io.note(NOTHING_TO_SCAN);
  return report.verdict.exitCode;
}
