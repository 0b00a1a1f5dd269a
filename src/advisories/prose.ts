// SPDX-License-Identifier: Apache-2.0
import type { Advisory, AdvisoryGroup } from '../model/advisory.ts';
import type { VulnerabilityDetail } from '../model/finding.ts';
import { invalidVectors, type Problem } from './problem.ts';

const MAX_SUMMARY = 200;
const MAX_VECTOR = 100;

/** The best-known id, the package, its version, and the summary where a record has one. */
export function titleOf({ match, component, version, hits }: Problem): string {
  const summary = summaryOf(hits);
  return `${leadingId(match.group)}: ${component.name} ${version}${summary === undefined ? '' : `: ${summary}`}`;
}

/** Which record says so and by what: its interval, or its list. */
export function explain(problem: Problem): string {
  const { match, component, version } = problem;
  const evidence = match.records.map(({ id, matched: { by, value } }) =>
    by === 'range' ? `${id} (${value})` : `${id} (${by === 'commit' ? 'commit' : 'lists'} ${value})`,
  );
  const invalid = invalidVectors(problem).map((vector) => oneLine(vector, MAX_VECTOR));
  const note = invalid.length === 0 ? '' : ` Not a valid CVSS vector: ${invalid.join('; ')}.`;
  return `${component.name} ${version} is affected by ${evidence.join(', ')}.${note}`;
}

/** What to do: the upgrade that rids the package of all its advisories, or what else is known. */
export function tipOf({ match, component, version }: Problem, detail: VulnerabilityDetail): string {
  const { name } = component;
  if (detail.kind === 'malware') {
    return `Remove ${name} ${version}, and treat the machines that installed it as compromised.`;
  }
  const bundled = component.flags.bundled ? ' It is bundled: upgrade the package that brings it.' : '';
  const { fixedVersions, recommendedVersion: recommended } = detail;
  if (recommended) {
    const breaking = recommended.breaking ? ', which may need changes on your side' : '';
    return `Upgrade ${name} to ${recommended.version}${breaking}.${bundled}`;
  }
  if (fixedVersions.length > 0) {
    return `Fixed in ${fixedVersions.join(', ')}, but no fixed version without other advisories is known.${bundled}`;
  }
  if (match.records.every(({ matched }) => matched.by === 'commit')) {
    return `Move ${name} to a commit that has the fix.${bundled}`;
  }
  const lastKnown = [...new Set(match.records.flatMap((record) => record.lastKnownAffected ?? []))];
  return `No fixed version is known${lastKnown.length === 0 ? '' : `; last known affected ${lastKnown.join(', ')}`}.${bundled}`;
}

/** The id that people know a problem by: a CVE if there is one, else a GHSA, else the anchor. */
export function leadingId({ anchor, ids }: AdvisoryGroup): string {
  return ids.find((id) => id.startsWith('CVE-')) ?? ids.find((id) => id.startsWith('GHSA-')) ?? anchor;
}

/** The first summary of the records, on one line; `undefined` where none has one. */
export function summaryOf(records: readonly Advisory[]): string | undefined {
  for (const { summary } of records) {
    const text = summary === undefined ? '' : oneLine(summary, MAX_SUMMARY);
    if (text !== '') return text;
  }
  return undefined;
}

/** White space made single spaces, cut to `max` code units with an ellipsis. */
export function oneLine(text: string, max: number): string {
  // No more is searched than can be kept: the text may be megabytes of spaces.
  const line = text
    .slice(0, max * 4)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= max ? line : `${line.slice(0, max - 1).toWellFormed()}…`;
}
