// SPDX-License-Identifier: Apache-2.0

/** An OSV record as JSON has it. */
export interface WireRecord {
  readonly id: string;
  readonly modified?: string;
  readonly withdrawn?: string;
  readonly affected?: readonly WireAffected[];
  readonly [key: string]: unknown;
}

interface WireAffected {
  readonly package?: { readonly ecosystem: string; readonly name: string };
  readonly versions?: readonly string[];
  readonly ranges?: readonly { readonly type: string; readonly events?: readonly Record<string, string>[] }[];
}

/** PyPI names are normalised by the server too (`NormalizePackageName` of osv.dev). */
export function normalized(ecosystem: string, name: string): string {
  return ecosystem === 'PyPI' ? name.toLowerCase().replace(/[-_.]+/g, '-') : name;
}

function affectedEntries(record: WireRecord, ecosystem: string, name: string): readonly WireAffected[] {
  return (record.affected ?? []).filter(
    ({ package: p }) =>
      p !== undefined &&
      p.ecosystem.split(':')[0] === ecosystem &&
      normalized(ecosystem, p.name) === normalized(ecosystem, name),
  );
}

/**
 * Whether the server says that a version is affected, by its own rules and not by the specification's: a listed
 * version in another spelling counts, and of the events, walked backwards, the first one that is not above the
 * version decides, so that `last_affected` counts only for that very version. A client that leaves the decision to
 * the server gets other answers than one that asks by name and decides itself.
 */
export function serverSaysAffected(
  record: WireRecord,
  ecosystem: string,
  name: string,
  version: string,
): boolean {
  return affectedEntries(record, ecosystem, name).some(
    ({ versions = [], ranges = [] }) =>
      versions.some((listed) => fuzzy(listed) === fuzzy(version)) ||
      ranges.some(({ type, events = [] }) => type !== 'GIT' && decidedBackwards(events, version)),
  );
}

function decidedBackwards(events: readonly Record<string, string>[], version: string): boolean {
  const walked = events
    .flatMap((event) => Object.entries(event))
    .map(([kind, at]) => ({ kind, at: at === '0' ? [] : numbers(at) }))
    .sort((a, b) => compare(a.at, b.at));
  for (const { kind, at } of walked.reverse()) {
    const order = compare(at, numbers(version));
    if (order > 0) continue;
    return kind === 'introduced' || (kind === 'last_affected' && order === 0);
  }
  return false;
}

/** Letters, a leading `v` and trailing zeros do not count. */
function fuzzy(version: string): string {
  return numbers(version)
    .join('.')
    .replace(/(?:\.0)+$/, '');
}

function numbers(version: string): number[] {
  return (version.match(/\d+/g) ?? []).map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
