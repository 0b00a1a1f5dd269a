// SPDX-License-Identifier: Apache-2.0
import { REPORTERS, type Report } from 'plimsoll';

export function render(report: Report, format: string): string {
  const reporter = REPORTERS.find((candidate) => candidate.format === format);
  if (reporter === undefined) throw new RangeError(`no reporter for ${format}`);
  return [...reporter.render(report, { columns: 100, color: false })].join('');
}
