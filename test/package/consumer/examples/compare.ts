// SPDX-License-Identifier: Apache-2.0
import { compareReports, gitRenames, parseReport, type Report } from 'plimsoll';

/** `earlier`: the text of a JSON report of the commit `base`; `current`: a scan of HEAD. */
export async function newFindings(
  earlier: string,
  base: string,
  current: Report,
  root: string,
  path: string,
) {
  const renames = await gitRenames(base, 'HEAD', { root, toolPath: path });
  const report = compareReports(parseReport(earlier, 'earlier.json'), current, { renames });
  for (const { finding, reason } of report.comparison?.unknown ?? []) {
    process.stderr.write(`may still be there: ${finding.title}: ${reason}\n`);
  }
  return report.findings.filter(({ baselineState }) => baselineState === 'new');
}
