// SPDX-License-Identifier: Apache-2.0
import type { Advisory, AdvisoryGroup, AdvisoryMatch, Affected, MatchedRecord } from '../model/advisory.ts';
import type { Coverage } from '../model/coverage.ts';
import type { Component, Ecosystem } from '../model/inventory.ts';
import { compareKeys, compareText } from '../model/order.ts';
import { schemeOf } from '../versions/index.ts';
import { sortVersions, type VersionScheme } from '../versions/version.ts';
import {
  affectedOf,
  createEvaluator,
  type EntryMatch,
  type Evaluator,
  evaluators,
  type InstalledVersion,
} from './affected.ts';
import { groupRecords } from './groups.ts';
import { matchingCoverage } from './matching-coverage.ts';
import { splitPackageKey } from './source.ts';

/**
 * Decides which components are affected, from the records alone: a source may filter, but has no say. Only what
 * a registry supplies at a known version is matched; the rest, apart from the project's own packages, becomes
 * coverage rows of plugin `matcher`, one per project and cause.
 *
 * @param records by {@link packageKey} of a component's ecosystem and name
 * @param commits live records that affect a commit, by hash, for the components of {@link commitOf}
 * @returns matches sorted by component and anchor; coverage sorted by target and cause
 */
export function matchComponents(
  components: readonly Component[],
  records: ReadonlyMap<string, readonly Advisory[]>,
  commits: ReadonlyMap<string, readonly Advisory[]> = NO_COMMITS,
): { readonly matches: readonly AdvisoryMatch[]; readonly coverage: readonly Coverage[] } {
  const evaluatorOf = evaluators();
  const matches: AdvisoryMatch[] = [];
  const recordsOf = byEcosystem(records);
  // Components are sorted by project and package, so that the versions of a package follow each other.
  let latest: { readonly records: readonly Advisory[]; readonly matcher: PackageMatcher } | undefined;
  for (const component of components) {
    const { ref, origin, ecosystem, name, version } = component;
    if (origin === 'git') matches.push(...matchCommit(component, commits));
    if (origin !== 'registry' || ecosystem === undefined || version === undefined) continue;
    const known = recordsOf.get(ecosystem)?.get(name);
    if (known === undefined) continue;
    if (latest?.records !== known) {
      latest = { records: known, matcher: packageMatcher(ecosystem, name, known, evaluatorOf(ecosystem)) };
    }
    for (const match of latest.matcher.match(version)) matches.push({ component: ref, ...match });
  }
  matches.sort((a, b) => compareKeys([a.component, a.group.anchor], [b.component, b.group.anchor]));
  const isLookedUp = (component: Component) => commits.has(commitOf(component) ?? '');
  return { matches, coverage: matchingCoverage(components, isLookedUp) };
}

const NO_COMMITS: ReadonlyMap<string, readonly Advisory[]> = new Map();

/** The full hash at which a component from git stands, lower case. */
export function commitOf({ origin, source }: Component): string | undefined {
  const commit = origin === 'git' ? source?.commit?.toLowerCase() : undefined;
  return commit !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit) ? commit : undefined;
}

/** Who supplies the records has looked into the repository's graph; here they are only grouped. */
function matchCommit(
  component: Component,
  commits: ReadonlyMap<string, readonly Advisory[]>,
): AdvisoryMatch[] {
  const commit = commitOf(component) ?? '';
  const live = (commits.get(commit) ?? []).filter(({ withdrawn }) => withdrawn === undefined);
  if (live.length === 0) return [];
  const hits = live.map(
    ({ id, modified, published, aliases }): MatchedRecord => ({
      id,
      modified,
      ...(published === undefined ? {} : { published }),
      aliases,
      matched: { by: 'commit', value: commit },
      fixed: [],
    }),
  );
  return byGroup(hits, groupRecords(live)).map((match) => ({ component: component.ref, ...match }));
}

/** Records that are there, by ecosystem and name: the names of components need no new text to be looked up. */
function byEcosystem(
  records: ReadonlyMap<string, readonly Advisory[]>,
): ReadonlyMap<string, ReadonlyMap<string, readonly Advisory[]>> {
  const found = new Map<string, Map<string, readonly Advisory[]>>();
  for (const [key, list] of records) {
    if (list.length === 0) continue;
    const { ecosystem, name } = splitPackageKey(key);
    const names = found.get(ecosystem);
    if (names === undefined) found.set(ecosystem, new Map([[name, list]]));
    else names.set(name, list);
  }
  return found;
}

/** One problem that affects a version: a group, and those of its records that hit. */
export type PackageMatch = Omit<AdvisoryMatch, 'component'>;

/** The matches of one version of one package, sorted by anchor. */
export function matchPackage(
  ecosystem: Ecosystem,
  name: string,
  version: string,
  records: readonly Advisory[],
): readonly PackageMatch[] {
  return packageMatcher(ecosystem, name, records).match(version);
}

/** The live records of one package, looked up once for any number of versions. */
export interface PackageMatcher {
  readonly scheme: VersionScheme;
  match(version: string): readonly PackageMatch[];
  /** Whether any record hits; cheaper than `match`. */
  affects(version: string): boolean;
  /** Every version that a record names as fixed, in version order, each once. */
  fixes(): readonly string[];
}

/** Withdrawn records, and those that do not speak of this package, are left aside. */
export function packageMatcher(
  ecosystem: Ecosystem,
  name: string,
  records: readonly Advisory[],
  evaluator: Evaluator = createEvaluator(schemeOf(ecosystem)),
): PackageMatcher {
  const { scheme } = evaluator;
  const live: LiveRecord[] = [];
  for (const record of records) {
    if (record.withdrawn !== undefined) continue;
    const entries = affectedOf(record, ecosystem, name);
    if (entries.length > 0) live.push({ record, entries });
  }
  let groups: ReadonlyMap<string, AdvisoryGroup> | undefined;
  return {
    scheme,
    match(version) {
      const installed = evaluator.install(version);
      const hits: MatchedRecord[] = [];
      for (const { record, entries } of live) {
        const found = matchEntries(entries, installed, evaluator);
        if (found.length > 0) hits.push(toMatchedRecord(record, found, scheme));
      }
      if (hits.length === 0) return NO_MATCH;
      groups ??= groupRecords(live.map(({ record }) => record));
      return byGroup(hits, groups);
    },
    affects(version) {
      const installed = evaluator.install(version);
      return live.some(({ entries }) => matchEntries(entries, installed, evaluator).length > 0);
    },
    fixes() {
      const entries = live.flatMap((record) => record.entries);
      const ranges = entries.flatMap((entry) => entry.ranges).filter(({ type }) => type !== 'GIT');
      return sortVersions(
        scheme,
        ranges.flatMap(({ events }) => events.flatMap(({ fixed }) => fixed ?? [])),
      );
    },
  };
}

interface LiveRecord {
  readonly record: Advisory;
  /** Those of its `affected` that speak of the package. */
  readonly entries: readonly Affected[];
}

const NO_MATCH: readonly PackageMatch[] = [];
const NO_ENTRY: readonly FoundEntry[] = [];

/** The union of a record's entries. Most records do not hit, so nothing is allocated until one does. */
function matchEntries(
  entries: readonly Affected[],
  installed: InstalledVersion,
  evaluator: Evaluator,
): readonly FoundEntry[] {
  let found: FoundEntry[] | undefined;
  for (const entry of entries) {
    const match = evaluator.match(entry, installed);
    if (!match) continue;
    found ??= [];
    found.push({ entry, match });
  }
  return found ?? NO_ENTRY;
}

interface FoundEntry {
  readonly entry: Affected;
  readonly match: EntryMatch;
}

/** A record that hits by a range and by a list is explained by the range, which knows of a fix. */
function toMatchedRecord(
  record: Advisory,
  found: readonly FoundEntry[],
  scheme: VersionScheme,
): MatchedRecord {
  const intervals = found.flatMap(({ match }) => match.intervals);
  const by = intervals.length > 0 ? 'range' : 'version';
  const values =
    by === 'range' ? intervals.map(({ value }) => value) : found.flatMap(({ match }) => match.listed ?? []);
  const lastKnown = new Set([
    ...found.flatMap(({ entry }) => entry.lastKnownAffected ?? []),
    ...intervals.flatMap(({ lastAffected }) => (lastAffected === undefined ? [] : [`<=${lastAffected}`])),
  ]);
  return {
    id: record.id,
    modified: record.modified,
    ...(record.published === undefined ? {} : { published: record.published }),
    aliases: record.aliases,
    matched: { by, value: values.sort(compareText)[0] ?? '*' },
    fixed: sortVersions(
      scheme,
      intervals.flatMap(({ fixed }) => fixed ?? []),
    ),
    ...(lastKnown.size > 0 ? { lastKnownAffected: [...lastKnown].sort(compareText).join(' || ') } : {}),
  };
}

function byGroup(hits: readonly MatchedRecord[], groups: ReadonlyMap<string, AdvisoryGroup>): PackageMatch[] {
  const matches = new Map<AdvisoryGroup, MatchedRecord[]>();
  for (const hit of hits) {
    const group = groups.get(hit.id);
    if (!group) continue;
    const records = matches.get(group);
    if (records) records.push(hit);
    else matches.set(group, [hit]);
  }
  return [...matches]
    .map(([group, records]) => ({ group, records: records.sort((a, b) => compareText(a.id, b.id)) }))
    .sort((a, b) => compareText(a.group.anchor, b.group.anchor));
}
