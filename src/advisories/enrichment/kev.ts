// SPDX-License-Identifier: Apache-2.0
import { parseError } from '../../platform/errors.ts';
import { type Fields, isObject } from '../json-object.ts';
import { cveKey } from './cve.ts';
import {
  createRejects,
  plainBytes,
  type Rejected,
  refuseMostlyRejected,
  shown,
  timestamp,
} from './source-text.ts';

/** CISA's catalogue of vulnerabilities that are known to be exploited. */
export interface KevFile {
  /** `dateReleased`, `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly date: string;
  /** `catalogVersion`. */
  readonly version?: string;
  /** `cveKey` of every entry. */
  readonly keys: ReadonlySet<number>;
  readonly rejected: Rejected;
}

/**
 * Reads `known_exploited_vulnerabilities.json`, plain or gzip. An entry without a CVE id, or that repeats one, is
 * left out and counted. Nothing else of an entry is looked at.
 *
 * @throws PlimsollError `parse-failed` for what is not the catalogue, holds another number of entries than it says,
 *   none, or more than a tenth that cannot be read; `file-too-large`
 * @see https://www.cisa.gov/known-exploited-vulnerabilities-catalog
 */
export function parseKev(file: string, bytes: Uint8Array): KevFile {
  const catalogue = parseJson(file, plainBytes(file, bytes).toString('utf8'));
  const { dateReleased, catalogVersion, count, vulnerabilities } = catalogue;
  const date = typeof dateReleased === 'string' ? timestamp(dateReleased) : undefined;
  if (date === undefined) throw expected(file, 'a date in "dateReleased"', dateReleased);
  if (!Array.isArray(vulnerabilities)) throw expected(file, 'a list "vulnerabilities"', vulnerabilities);
  if (count !== vulnerabilities.length && count !== undefined) {
    throw expected(file, `${vulnerabilities.length} entries as there are in "count"`, count);
  }
  const keys = new Set<number>();
  const rejected = createRejects();
  for (const [i, entry] of vulnerabilities.entries()) {
    const problem = addEntry(keys, entry);
    if (problem !== undefined) rejected.add(`vulnerabilities[${i}]: ${problem}`);
  }
  refuseMostlyRejected(file, rejected, keys.size, 'entries of the KEV catalogue');
  const isVersion = typeof catalogVersion === 'string' && /^[\w.-]{1,40}$/.test(catalogVersion);
  return { date, ...(isVersion ? { version: catalogVersion } : {}), keys, rejected };
}

function parseJson(file: string, text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const isPage = /^\s*</.test(text);
    const got = isPage ? 'an HTML page' : text === '' ? 'nothing' : 'something else';
    throw parseError(file, lineOf(text, error), `expected the KEV catalogue as JSON, got ${got}`, error);
  }
  if (!isObject(value)) throw expected(file, 'the KEV catalogue, an object', value);
  return value;
}

/** V8 names the position of most mistakes; for the others it is the first character, or the end where it says so. */
function lineOf(text: string, error: unknown): number {
  const message = error instanceof Error ? error.message : '';
  const [, position] = /at position (\d+)/.exec(message) ?? [];
  const at = position === undefined ? (message.includes('end of JSON') ? text.length : 0) : Number(position);
  return text.slice(0, at).split('\n').length;
}

function addEntry(keys: Set<number>, entry: unknown): string | undefined {
  const id = isObject(entry) ? entry.cveID : entry;
  const key = typeof id === 'string' ? cveKey(id) : undefined;
  if (key === undefined) return `expected a CVE id in "cveID", got ${describe(id)}`;
  if (keys.has(key)) return `expected each CVE once, got ${String(id)} again`;
  keys.add(key);
  return undefined;
}

function expected(file: string, what: string, got: unknown) {
  return parseError(file, undefined, `expected ${what}, got ${describe(got)}`);
}

function describe(value: unknown): string {
  if (value === undefined) return 'none';
  if (Array.isArray(value)) return 'a list';
  return isObject(value) ? 'an object' : shown(String(value));
}
