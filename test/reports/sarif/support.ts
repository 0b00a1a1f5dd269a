// SPDX-License-Identifier: Apache-2.0
import type { Log } from 'sarif';
import type { Report } from '../../../src/model/report.ts';
import { sarifDocument, sarifReporter } from '../../../src/reports/sarif/build.ts';
import type { SarifProfile } from '../../../src/reports/sarif/profiles.ts';

/** As if nothing had been left unread. */
export function complete(report: Report): Report {
  return { ...report, verdict: { ...report.verdict, incomplete: [] } };
}

export function render(report: Report): Log {
  const chunks = sarifReporter.render(complete(report), { columns: 80, color: false });
  return JSON.parse([...chunks].join('')) as Log;
}

export function archive(report: Report): Log {
  return written(report, 'archive');
}

/** As it is, with what is left unread. */
export function written(report: Report, profile: SarifProfile): Log {
  return JSON.parse([...sarifDocument(report, { profile }).chunks()].join('')) as Log;
}
