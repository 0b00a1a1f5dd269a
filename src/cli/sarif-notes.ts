// SPDX-License-Identifier: Apache-2.0
import { DEPENDENCIES } from '../findings/owners.ts';
import type { SarifDocument } from '../reports/sarif/build.ts';
import { leftOutText } from '../reports/sarif/run.ts';
import type { Io } from './io.ts';

/** Results in quarantine that are told one by one. */
const MAX_TOLD = 10;

/**
 * Says what a SARIF file lacks, once it is written: tools without a run, what its reader has no room for, and what it
 * would refuse. @returns how many other tools did not do their work
 */
export function noteSarif({ profile, withheld, leftOut, quarantined }: SarifDocument, io: Io): number {
  const file = `SARIF for ${NAMES[profile]}`;
  for (const { id, name, withheld: reason } of withheld) {
    const label =
      id === DEPENDENCIES ? 'dependencies' : id === 'import' ? 'the tool of a report that is not read' : name;
    const effect = `no run of ${label}, so its alerts stay as they are`;
    io.note(`${file}: ${profile === 'archive' ? `${label} is not complete` : effect}: ${reason}`);
  }
  for (const each of leftOut) io.note(`${file}: ${leftOutText(each, profile)}`);
  const bad = quarantined();
  for (const { tool, ruleId, place, reason } of bad.slice(0, MAX_TOLD))
    io.note(`${file}: a result of ${tool.name} is left out: ${ruleId} at ${place}: ${reason}`);
  if (bad.length > MAX_TOLD)
    io.note(`${file}: and ${bad.length - MAX_TOLD} more results that it would refuse`);
  return withheld.filter(({ id, gaps }) => id !== DEPENDENCIES && gaps.length > 0).length;
}

const NAMES = {
  github: 'GitHub',
  archive: 'the archive',
  ghes: 'GitHub Enterprise Server',
  azure: 'Azure DevOps',
} as const;
