// SPDX-License-Identifier: Apache-2.0
import type { Advisory, AdvisoryRange, AdvisorySeverity, Affected, RangeEvent } from '../model/advisory.ts';
import { compareText } from '../model/order.ts';
import { parseError } from '../platform/errors.ts';
import { asObject, type Fields } from './json-object.ts';

/**
 * Reads one parsed OSV JSON record. Unknown fields, words and schema versions are ignored, parts of a wrong type
 * are left out, dates stay text: a record that a newer schema extends must not become a missed finding.
 * Checked by hand, since an import reads hundreds of thousands of records.
 *
 * @throws PlimsollError `parse-failed` for what cannot be a record: not an object, no `id`, or an `affected` that
 *   is not a list
 * @see https://ossf.github.io/osv-schema/
 */
export function readAdvisory(value: unknown): Advisory {
  const record = asObject(value);
  if (!record) throw parseError('advisory', undefined, `expected an object, got ${typeName(value)}`);
  const id = text(record.id);
  if (id === undefined) {
    throw parseError('advisory', undefined, `expected a string "id", got ${typeName(record.id)}`);
  }
  const { affected } = record;
  if (affected !== undefined && affected !== null && !Array.isArray(affected)) {
    throw parseError(id, undefined, `expected "affected" to be a list, got ${typeName(affected)}`);
  }
  const published = text(record.published);
  const withdrawn = text(record.withdrawn);
  const summary = text(record.summary);
  const details = text(record.details);
  const severityLabel = text(asObject(record.database_specific)?.severity);
  return {
    id,
    modified: text(record.modified) ?? '',
    ...(published === undefined ? {} : { published }),
    ...(withdrawn === undefined ? {} : { withdrawn }),
    aliases: texts(record.aliases),
    ...(summary === undefined ? {} : { summary }),
    ...(details === undefined ? {} : { details }),
    severity: readSeverity(record.severity),
    affected: list(affected, readAffected),
    references: list(record.references, readReference),
    ...(severityLabel === undefined ? {} : { severityLabel }),
    cwes: readCwes(record),
  };
}

/**
 * Milliseconds since 1970 of an RFC 3339 date or date-time; `undefined` for everything else, such as the
 * `1-01-01` and `0001-01-01T00:00:00Z` that stand in real records for "unknown".
 */
export function readableDate(date: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d(?:[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d))?$/.test(date))
    return undefined;
  const time = Date.parse(date.toUpperCase());
  return time >= 0 ? time : undefined;
}

function readAffected(value: unknown): Affected | undefined {
  const entry = asObject(value);
  const pkg = asObject(entry?.package);
  const ecosystem = text(pkg?.ecosystem);
  const name = text(pkg?.name);
  // An entry without a package speaks of a git repository only.
  if (entry === undefined || ecosystem === undefined || name === undefined) return undefined;
  const lastKnownAffected = text(asObject(entry.database_specific)?.last_known_affected_version_range);
  return {
    package: { ecosystem, name },
    ranges: list(entry.ranges, readRange),
    versions: texts(entry.versions),
    severity: readSeverity(entry.severity),
    ...(lastKnownAffected === undefined ? {} : { lastKnownAffected }),
  };
}

function readRange(value: unknown): AdvisoryRange | undefined {
  const range = asObject(value);
  if (!range) return undefined;
  const events = list(range.events, asObject).flatMap(readEvent);
  return { type: text(range.type) ?? '', events };
}

/** One event per key: `{}` has none; one that sets two keys, which the schema forbids, means both. */
function readEvent(event: Fields): RangeEvent[] {
  const { introduced, fixed, last_affected, limit } = event;
  return [
    ...(typeof introduced === 'string' ? [{ introduced }] : []),
    ...(typeof fixed === 'string' ? [{ fixed }] : []),
    ...(typeof last_affected === 'string' ? [{ last_affected }] : []),
    ...(typeof limit === 'string' ? [{ limit }] : []),
  ];
}

function readSeverity(value: unknown): readonly AdvisorySeverity[] {
  return list(value, (item) => {
    const fields = asObject(item);
    const type = text(fields?.type);
    const score = text(fields?.score);
    return type === undefined || score === undefined ? undefined : { type, score };
  });
}

function readReference(value: unknown): Advisory['references'][number] | undefined {
  const fields = asObject(value);
  const url = text(fields?.url);
  return url === undefined ? undefined : { type: text(fields?.type) ?? 'WEB', url };
}

/** `cwe_ids` (GHSA) and `cwes[].cweId` (malicious-packages), of the record and of its affected entries. */
function readCwes(record: Fields): readonly string[] {
  const found = new Set<string>();
  collectCwes(record.database_specific, found);
  for (const entry of Array.isArray(record.affected) ? record.affected : NONE) {
    collectCwes(asObject(entry)?.database_specific, found);
  }
  return found.size === 0 ? NONE : [...found].sort(compareText);
}

function collectCwes(databaseSpecific: unknown, found: Set<string>): void {
  const specific = asObject(databaseSpecific);
  if (!specific) return;
  const ids = [...texts(specific.cwe_ids), ...list(specific.cwes, (cwe) => text(asObject(cwe)?.cweId))];
  for (const id of ids) if (/^CWE-\d{1,6}$/.test(id)) found.add(id);
}

/** Shared by all records, so that a list which is missing costs no memory. */
const NONE: readonly never[] = Object.freeze([]);

function list<T>(value: unknown, read: (item: unknown) => T | undefined): readonly T[] {
  if (!Array.isArray(value) || value.length === 0) return NONE;
  const items: T[] = [];
  for (const item of value) {
    const entry = read(item);
    if (entry !== undefined) items.push(entry);
  }
  return items;
}

/** The list itself where nothing has to be left out: version lists are long, and copies cost a third of an import. */
function texts(value: unknown): readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every(isText) ? value : list(value, text);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function text(value: unknown): string | undefined {
  return isText(value) ? value : undefined;
}

function typeName(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;
}
