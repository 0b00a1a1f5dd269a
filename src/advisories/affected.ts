// SPDX-License-Identifier: Apache-2.0
import type { Advisory, AdvisoryRange, Affected, RangeEvent } from '../model/advisory.ts';
import type { Ecosystem } from '../model/inventory.ts';
import { normalizePypiName } from '../model/purl.ts';
import { schemeOf } from '../versions/index.ts';
import { keyAgainst, MINUS_INFINITY, type Version, type VersionScheme } from '../versions/version.ts';

/** How one `affected` entry affects a version: by ranges, or else by its list. */
export interface EntryMatch {
  readonly intervals: readonly Interval[];
  /** The spelling by which `versions` names the version, looked up where no range contains it. */
  readonly listed?: string;
}

/** A part of a range that contains a version. */
interface Interval {
  /** `>=1.0, <1.2`; `*` without ends. */
  readonly value: string;
  /** The version of the event that ends it, of which at most one is set. */
  readonly fixed?: string;
  readonly lastAffected?: string;
}

/** `parsed` is absent where the text is no version of the scheme; then it is compared with the list, as text. */
export interface InstalledVersion {
  readonly text: string;
  readonly parsed: Version | undefined;
}

/**
 * OSV's evaluation of `affected`, in the order of the ecosystem's scheme whatever the type of a range says. An
 * evaluator remembers what it parsed, so one serves a whole run.
 *
 * @see https://ossf.github.io/osv-schema/#evaluation
 */
export interface Evaluator {
  readonly scheme: VersionScheme;
  install(text: string): InstalledVersion;
  match(entry: Affected, installed: InstalledVersion): EntryMatch | undefined;
}

export function createEvaluator(scheme: VersionScheme): Evaluator {
  const versions = new Map<string, Version | undefined>();
  const lists = new Map<Affected, ReadonlyMap<string, string>>();
  function parse(text: string): Version | undefined {
    let version = versions.get(text);
    if (version === undefined && !versions.has(text)) {
      version = scheme.parse(text);
      versions.set(text, version);
    }
    return version;
  }
  function listedAs(entry: Affected, { text, parsed }: InstalledVersion): string | undefined {
    if (entry.versions.length === 0) return undefined;
    if (!parsed) return entry.versions.includes(text) ? text : undefined;
    let spellings = lists.get(entry);
    if (!spellings) {
      spellings = spellingsByKey(entry.versions, parse);
      lists.set(entry, spellings);
    }
    // A listed version without a local part speaks of the public version.
    return spellings.get(parsed.key) ?? spellings.get(parsed.publicKey);
  }
  return {
    scheme,
    install: (text) => ({ text, parsed: parse(text) }),
    match(entry, installed) {
      const intervals = installed.parsed ? intervalsOf(entry.ranges, installed.parsed, parse) : NONE;
      if (intervals.length > 0) return { intervals };
      const listed = listedAs(entry, installed);
      return listed === undefined ? undefined : { intervals, listed };
    },
  };
}

/** One evaluator per ecosystem, made when it is first asked for. */
export function evaluators(): (ecosystem: Ecosystem) => Evaluator {
  const made = new Map<Ecosystem, Evaluator>();
  return (ecosystem) => {
    const known = made.get(ecosystem);
    if (known !== undefined) return known;
    const evaluator = createEvaluator(schemeOf(ecosystem));
    made.set(ecosystem, evaluator);
    return evaluator;
  };
}

/** The entries of a record that speak of this package: the ecosystem's suffix (`:9`) does not count, the name does. */
export function affectedOf(record: Advisory, ecosystem: Ecosystem, name: string): readonly Affected[] {
  return record.affected.filter(
    (entry) => isEcosystem(entry.package.ecosystem, ecosystem) && isName(entry.package.name, name, ecosystem),
  );
}

function isEcosystem(written: string, ecosystem: Ecosystem): boolean {
  return written === ecosystem || (written.startsWith(ecosystem) && written.charAt(ecosystem.length) === ':');
}

function isName(written: string, name: string, ecosystem: Ecosystem): boolean {
  return written === name || (ecosystem === 'PyPI' && normalizePypiName(written) === normalizePypiName(name));
}

type Parse = (text: string) => Version | undefined;

/** Kinds of events in the order that holds at equal versions, as osv.dev has it. */
const KINDS = ['introduced', 'last_affected', 'fixed', 'limit'] as const;

interface Bound {
  readonly kind: (typeof KINDS)[number];
  readonly text: string;
  readonly version: Pick<Version, 'key' | 'publicKey'>;
}

/** `introduced: "0"`. */
const BEGINNING: Bound = {
  kind: 'introduced',
  text: '0',
  version: { key: MINUS_INFINITY, publicKey: MINUS_INFINITY },
};

const NONE: readonly Interval[] = [];

/** Most ranges do not hit, so nothing is allocated until one does. */
function intervalsOf(ranges: readonly AdvisoryRange[], version: Version, parse: Parse): readonly Interval[] {
  let found: Interval[] | undefined;
  for (const range of ranges) {
    const interval = intervalOf(range, version, parse);
    if (!interval) continue;
    found ??= [];
    found.push(interval);
  }
  return found ?? NONE;
}

/**
 * The schema lets sorted events pass and asks for the state that they leave behind, which is what the last of
 * those at or below the version says: no sorting is needed. A GIT range needs the commit graph; it neither hits
 * nor stands in the way of the others. An event whose version cannot be parsed is passed over.
 */
function intervalOf(range: AdvisoryRange, version: Version, parse: Parse): Interval | undefined {
  if (range.type === 'GIT') return undefined;
  let last: Bound | undefined;
  let end: Bound | undefined;
  let limit: Bound | undefined;
  for (const event of range.events) {
    const bound = readBound(event, parse);
    if (!bound) continue;
    if (bound.kind === 'limit') limit = later(limit, bound);
    else if (hasPassed(bound, version)) last = later(last, bound);
    else if (bound.kind !== 'introduced') end = earlier(end, bound);
  }
  if (last?.kind !== 'introduced') return undefined;
  if (!limit || range.events.some((event) => event.limit === '*')) return describeInterval(last, end);
  // A version must lie below one of the limits, so the highest counts.
  return hasPassed(limit, version) ? undefined : describeInterval(last, end ?? limit);
}

function hasPassed({ kind, version: bound }: Bound, version: Version): boolean {
  const key = keyAgainst(version, bound);
  return kind === 'last_affected' ? key > bound.key : key >= bound.key;
}

function later(a: Bound | undefined, b: Bound): Bound {
  return a && isBefore(b, a) ? a : b;
}

function earlier(a: Bound | undefined, b: Bound): Bound {
  return a && isBefore(a, b) ? a : b;
}

function isBefore(a: Bound, b: Bound): boolean {
  if (a.version.key !== b.version.key) return a.version.key < b.version.key;
  return KINDS.indexOf(a.kind) < KINDS.indexOf(b.kind);
}

function describeInterval(start: Bound, end: Bound | undefined): Interval {
  const lower = start.version.key === MINUS_INFINITY ? [] : [`>=${start.text}`];
  const upper = end ? [`${end.kind === 'last_affected' ? '<=' : '<'}${end.text}`] : [];
  return {
    value: [...lower, ...upper].join(', ') || '*',
    ...(end?.kind === 'fixed' ? { fixed: end.text } : {}),
    ...(end?.kind === 'last_affected' ? { lastAffected: end.text } : {}),
  };
}

function readBound(event: RangeEvent, parse: Parse): Bound | undefined {
  if (event.introduced === '0') return BEGINNING;
  const kind = kindOf(event);
  const text = event[kind];
  const version = text === undefined ? undefined : parse(text);
  return version && text !== undefined ? { kind, text, version } : undefined;
}

function kindOf(event: RangeEvent): Bound['kind'] {
  if (event.introduced !== undefined) return 'introduced';
  if (event.fixed !== undefined) return 'fixed';
  return event.last_affected === undefined ? 'limit' : 'last_affected';
}

/** Of two spellings of one version the first in code-unit order, so that the order of the list does not show. */
function spellingsByKey(versions: readonly string[], parse: Parse): Map<string, string> {
  const spellings = new Map<string, string>();
  for (const text of versions) {
    const version = parse(text);
    if (!version) continue;
    const known = spellings.get(version.key);
    if (known === undefined || text < known) spellings.set(version.key, text);
  }
  return spellings;
}
