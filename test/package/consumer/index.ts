// SPDX-License-Identifier: Apache-2.0
// A project that uses the library as a stranger would; compiled with skipLibCheck off and run against the packed files.
import { PlimsollError, REPORTERS, type Report, scan } from 'plimsoll';

const root = process.argv[2] ?? '.';
const report: Report = await scan({ root, advisories: 'bundled' });

const controller = new AbortController();
const aborted = scan({ root, advisories: 'bundled', signal: controller.signal }).then(
  () => 'finished',
  (error: unknown) => (error instanceof PlimsollError ? error.code : String(error)),
);
setImmediate(() => controller.abort());

const missing = await scan({ root: `${root}/missing`, advisories: 'bundled' }).catch((error: unknown) =>
  error instanceof PlimsollError ? error.code : String(error),
);

process.stdout.write(
  JSON.stringify({
    result: report.verdict.result,
    findings: report.findings.length,
    formats: REPORTERS.map(({ format }) => format),
    aborted: await aborted,
    missing,
    exitCode: process.exitCode ?? null,
  }),
);
