// SPDX-License-Identifier: Apache-2.0
import { DEPENDENCIES } from '../findings/owners.ts';
import type { Report } from '../model/report.ts';
import { withheldTools } from '../reports/sarif/build.ts';
import { coverageText } from '../reports/view.ts';
import type { Io } from './io.ts';

/** Says which tools have no run in a SARIF file for GitHub, and why. @returns how many other tools did not do their work */
export function noteWithheld(report: Report, io: Io): number {
  const withheld = withheldTools(report);
  for (const { id, name, gaps } of withheld) {
    const label =
      id === DEPENDENCIES ? 'dependencies' : id === 'import' ? 'the tool of a report that is not read' : name;
    const reason =
      gaps[0] === undefined ? 'a tool that would own its findings did not run' : coverageText(gaps[0]);
    io.note(`SARIF for GitHub: no run of ${label}, so its alerts stay as they are: ${reason}`);
  }
  return withheld.filter(({ id, gaps }) => id !== DEPENDENCIES && gaps.length > 0).length;
}
