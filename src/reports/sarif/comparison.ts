// SPDX-License-Identifier: Apache-2.0
import type { Notification, Result } from 'sarif';
import { ownerOf } from '../../findings/owners.ts';
import type { Finding } from '../../model/finding.ts';
import { groupBy } from '../../model/group.ts';
import type { Report } from '../../model/report.ts';
import { visible } from '../encode.ts';
import { sarifFingerprints } from './fingerprints.ts';
import { locationMaker } from './location.ts';
import { messageMaker } from './message.ts';

/**
 * What an earlier run found and this one does not, as results of the tool whose alerts they were: `absent`, with level
 * `none`, since no policy has judged them. What is unknown is no result, which would be a state: see
 * {@link unknownNotification}.
 *
 * @param tools of the runs of the file
 */
export function absentResults(report: Report, tool: string, tools: ReadonlySet<string>): Result[] {
  const { comparison, subject } = report;
  const [locationOf, messageOf] = [locationMaker(subject.path), messageMaker()];
  const own = (comparison?.absent ?? []).filter((finding) => runOf(finding, tools) === tool);
  return [...groupBy(own, ({ fingerprint }) => fingerprint).values()].flatMap((group): Result[] => {
    const [first] = group;
    if (first === undefined) return [];
    return [
      {
        ruleId: first.ruleId,
        level: 'none',
        message: { text: messageOf(group) },
        locations: group.flatMap(({ locations }) => locations).map(locationOf),
        partialFingerprints: sarifFingerprints(first),
        baselineState: 'absent',
        properties: { kind: first.kind, severity: first.severity },
      },
    ];
  });
}

/** How many earlier findings of a tool are neither found nor fixed, and why. */
export function unknownNotification(
  { comparison }: Report,
  tool: string,
  tools: ReadonlySet<string>,
): Notification[] {
  const own = (comparison?.unknown ?? []).filter(({ finding }) => runOf(finding, tools) === tool);
  if (own.length === 0) return [];
  const reasons = [...groupBy(own, ({ reason }) => reason)].map(
    ([reason, { length }]) => `${reason} (${length})`,
  );
  const text = `${own.length} of the earlier findings may still be there: ${reasons.join('; ')}`;
  return [{ level: 'warning', message: { text: visible(text) }, descriptor: { id: 'comparison-unknown' } }];
}

/** The owner of the alert, else the first tool that reported it and has a run, else plimsoll's. */
function runOf(finding: Finding, tools: ReadonlySet<string>): string | undefined {
  const names = [ownerOf(finding), ...finding.sources.map(({ tool }) => tool)];
  return names.find((name) => tools.has(name)) ?? [...tools][0];
}
