// SPDX-License-Identifier: Apache-2.0
import { compareText } from '../../../src/model/order.ts';
import { schemeOf } from '../../../src/versions/index.ts';
import { MINUS_INFINITY, type VersionScheme } from '../../../src/versions/version.ts';

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
 * Whether the server says that a version is affected, by its own rules and not by the specification's: of the events
 * of a range, walked backwards, the first one that is not above the version decides, so that `last_affected` counts
 * only for that very version, and local parts count in full; what it cannot parse is compared as a tag of a repository.
 * A client that leaves the decision to the server gets other answers than one that asks by name and decides itself.
 *
 * @see https://github.com/google/osv.dev/blob/master/go/internal/database/datastore/vulnerability_matching.go
 */
export function serverSaysAffected(
  record: WireRecord,
  ecosystem: string,
  name: string,
  version: string,
): boolean {
  const scheme = ecosystem === 'npm' || ecosystem === 'PyPI' ? schemeOf(ecosystem) : undefined;
  const key = scheme?.parse(version)?.key;
  return affectedEntries(record, ecosystem, name).some(({ versions = [], ranges = [] }) => {
    if (scheme === undefined || key === undefined) {
      return versions.some((listed) => listed === version || asTag(listed) === asTag(version));
    }
    return (
      versions.some((listed) => scheme.parse(listed)?.key === key) ||
      ranges.some(({ type, events = [] }) => type !== 'GIT' && decidedBackwards(events, key, scheme))
    );
  });
}

/** Kinds of events in the order that holds at equal versions. */
const KINDS = ['introduced', 'last_affected', 'fixed', 'limit'];

function decidedBackwards(
  events: readonly Record<string, string>[],
  version: string,
  scheme: VersionScheme,
): boolean {
  const walked = events
    .flatMap((event) => Object.entries(event))
    .flatMap(([kind, text]) => {
      const key = text === '0' ? MINUS_INFINITY : scheme.parse(text)?.key;
      return key === undefined ? [] : [{ kind, key }];
    })
    .sort((a, b) => compareText(a.key, b.key) || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind))
    .reverse();
  const decisive = walked.find(({ key }) => key <= version);
  if (decisive?.kind === 'introduced') return true;
  return decisive?.kind === 'last_affected' && decisive.key === version;
}

/** Its numbers and pre-release words alone: `v1.0-rc1` and `release-1-0-rc1` are one. */
function asTag(version: string): string {
  const parts = version.match(/\d+|(?<![a-z])(?:rc|alpha|beta|preview)\d*/gi);
  return parts === null ? version : parts.join('-');
}
