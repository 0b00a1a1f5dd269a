// SPDX-License-Identifier: Apache-2.0
import type { ComparedPackage, EarlierRun } from '../../model/comparison.ts';
import type { Finding } from '../../model/finding.ts';
import { groupBy } from '../../model/group.ts';
import type { Location } from '../../model/location.ts';
import { compareKeys, compareText } from '../../model/order.ts';
import { compareFindings } from '../build.ts';
import { componentsByRef } from '../paths.ts';

/** The findings of one run with one fingerprint: two affected versions in a project are one problem. */
export interface TrackedProblem {
  readonly fingerprint: string;
  /** In report order. */
  readonly findings: readonly Finding[];
  /** The first of the findings. */
  readonly first: Finding;
  readonly place: Location;
  /** Of each finding; undefined where it is about no package, or about one that the inventory lacks. */
  readonly packages: readonly (ComparedPackage | undefined)[];
}

/** The problems of a run, in an order that does not depend on that of the findings. */
export function trackProblems(
  findings: readonly Finding[],
  { components }: EarlierRun['inventory'],
  known: ReadonlyMap<Finding, ComparedPackage> = new Map(),
): TrackedProblem[] {
  const refs = new Set(findings.flatMap(({ component }) => component ?? []));
  const byRef = componentsByRef(components, refs);
  const packageOf = (finding: Finding): ComparedPackage | undefined => {
    const component = finding.component === undefined ? undefined : byRef.get(finding.component);
    if (component === undefined) return known.get(finding);
    const { ecosystem = '', name, version } = component;
    return { ecosystem, name, ...(version === undefined ? {} : { version }) };
  };
  const groups = groupBy(findings, ({ fingerprint }) => fingerprint);
  return [...groups]
    .flatMap(([fingerprint, members]): TrackedProblem[] => {
      const sorted = members.toSorted(compareMembers);
      const [first] = sorted;
      const [place] = first?.locations ?? [];
      if (first === undefined || place === undefined) return [];
      return [{ fingerprint, findings: sorted, first, place, packages: sorted.map(packageOf) }];
    })
    .sort(compareProblems);
}

/** By place, so that what is paired in order is paired from the top of a file down. */
export function compareProblems(a: TrackedProblem, b: TrackedProblem): number {
  const keys = ({ place, fingerprint }: TrackedProblem) => [
    place.uri,
    place.startLine,
    place.startColumn,
    fingerprint,
  ];
  return compareKeys(keys(a), keys(b));
}

/** The checks that report it, each as a key; a misconfiguration's control is one, since tools share it. */
export function ruleKeys({ first: { kind, ruleId, sources, detail } }: TrackedProblem): string[] {
  const control = detail.kind === 'misconfiguration' ? detail.control : undefined;
  const keys = [
    ...(control === undefined ? [] : [JSON.stringify([kind, 'control', control])]),
    ...sources.map((source) => JSON.stringify([kind, source.tool, source.ruleId])),
  ];
  return keys.length === 0 ? [JSON.stringify([kind, '', ruleId])] : [...new Set(keys)];
}

/**
 * What it is known again by when its line has moved: the resource, the hash of the line and those after it, or the text
 * of a finding of plimsoll's own. Undefined for a secret: no hash of its line is in a report.
 */
export function contentKey({ first, place }: TrackedProblem): string | undefined {
  const { kind, detail, lineHash, message } = first;
  if (detail.kind === 'misconfiguration' && detail.resource !== undefined)
    return JSON.stringify(['resource', detail.resource]);
  // The number behind the colon counts the lines before that are the same.
  if (lineHash !== undefined) return JSON.stringify(['line', lineHash.replace(/:\d+$/, '')]);
  if (kind === 'policy' || kind === 'license')
    return JSON.stringify(['text', message.replaceAll(place.uri, '')]);
  return undefined;
}

/** The place in a file, which is content enough where not a byte of the file has changed. */
export function placeKey({ place: { startLine, startColumn, endColumn } }: TrackedProblem): string {
  return JSON.stringify(['place', startLine ?? 0, startColumn ?? 0, endColumn ?? 0]);
}

/** All ids by which an advisory group is known; of other findings about packages what tells two of them apart. */
export function problemIds({ findings }: TrackedProblem): ReadonlySet<string> {
  return new Set(findings.flatMap(idsOf));
}

function idsOf({ ruleId, aliases, detail }: Finding): string[] {
  if (detail.kind === 'license') return [JSON.stringify([ruleId, detail.expression])];
  if (detail.kind !== 'vulnerability' && detail.kind !== 'malware') return [ruleId];
  return [ruleId, ...aliases, ...detail.records.flatMap((record) => [record.id, ...record.aliases])];
}

/** Whether it is about a package of a project. */
export function isOfProject({ first, packages: [named] }: TrackedProblem): boolean {
  return first.project !== undefined && named !== undefined;
}

/** What a change of which makes a problem `updated`: no line, path or order of sources. */
export function factsOf({ findings, packages }: TrackedProblem): string {
  const facts = findings.map((finding, i) =>
    JSON.stringify([
      finding.kind,
      finding.severity,
      finding.score ?? null,
      packages[i]?.version ?? null,
      ...ownFacts(finding),
    ]),
  );
  return JSON.stringify(facts.sort(compareText));
}

function ownFacts({ detail, message, locations }: Finding): readonly unknown[] {
  switch (detail.kind) {
    // Its message names the tools that found it, which may come and go.
    case 'secret':
      return [detail.mask, detail.verified ?? false, locations.length];
    case 'vulnerability':
    case 'malware':
      return [steady(message, locations), detail.fixedVersions, detail.kev ?? false];
    default:
      return [steady(message, locations)];
  }
}

/** A message without what moves with the lines and the file. */
function steady(message: string, locations: readonly Location[]): string {
  return locations
    .reduce((text, { uri }) => text.replaceAll(uri, '*'), message)
    .replace(/\b(lines?) \d+/gi, '$1 *');
}

function compareMembers(a: Finding, b: Finding): number {
  return compareFindings(a, b) || compareText(a.message, b.message);
}
