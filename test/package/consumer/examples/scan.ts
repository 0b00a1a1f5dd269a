// SPDX-License-Identifier: Apache-2.0
import { type Report, scan } from 'plimsoll';

const report: Report = await scan({ root: '/srv/shop', db: '/var/cache/plimsoll/advisories' });

for (const [i, finding] of report.findings.entries()) {
  const decision = report.verdict.decisions[i];
  if (decision?.outcome !== 'fail') continue;
  const [place] = finding.locations;
  process.stdout.write(`${place?.uri}:${place?.startLine ?? 1}: ${finding.title}\n`);
}
for (const { coverage } of report.verdict.incomplete) {
  process.stdout.write(`not checked: ${coverage.target}: ${coverage.cause ?? coverage.status}\n`);
}
process.exitCode = report.verdict.exitCode;
