// SPDX-License-Identifier: Apache-2.0
import { parse, TomlDate, TomlError, type TomlTable, type TomlValue } from 'smol-toml';
import { errorMessage, type PlimsollError, parseError } from '../../platform/errors.ts';
import { tomlPath } from './toml-lines.ts';

export type { TomlTable, TomlValue };

/** Inline arrays and tables nest this deep at most; no lock or manifest comes near it. */
const MAX_DEPTH = 100;

/** A parsed document and the text it was parsed from, for {@link tomlLines}. */
export interface TomlDocument {
  readonly file: string;
  readonly text: string;
  /** Tables have no prototype, so that `__proto__` and `constructor` are keys like any other. */
  readonly root: TomlTable;
}

/**
 * Parses a TOML file.
 *
 * @throws PlimsollError `parse-failed` with file and line. The message never quotes the file, which may hold
 * credentials.
 */
export function parseToml(bytes: Uint8Array, file: string): TomlDocument {
  const text = decode(bytes, file);
  try {
    // TOML integers have 64 bits; one that JavaScript cannot hold must not make the whole file unreadable.
    return { file, text, root: parse(text, { maxDepth: MAX_DEPTH, integersAsBigInt: 'asNeeded' }) };
  } catch (error) {
    const reason = (errorMessage(error).split('\n', 1)[0] ?? '').replace('Invalid TOML document: ', '');
    const line = error instanceof TomlError ? error.line : undefined;
    throw parseError(file, line, `expected valid TOML, got an error: ${reason}`, error);
  }
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw parseError(file, undefined, 'expected UTF-8, got other bytes', error);
  }
}

/** Where a table stands, for error messages. */
export interface TomlPlace {
  readonly file: string;
  /** As {@link tomlPath} makes it; empty for the document. */
  readonly path: string;
  /** Line of the table, where one line stands for all that is in it. */
  readonly line?: number;
  /** Else: line of each path. */
  readonly lines?: ReadonlyMap<string, number>;
}

/** The place of a table below another. */
export function placeIn(place: TomlPlace, key: string): TomlPlace {
  return { ...place, path: place.path === '' ? key : tomlPath(place.path, key) };
}

/** The value of a key, `undefined` where it is absent. @throws PlimsollError where it is no string */
export function stringAt(table: TomlTable, key: string, place: TomlPlace): string | undefined {
  const value = table[key];
  if (value === undefined || typeof value === 'string') return value;
  throw unexpected(place, key, 'a string', value);
}

/** As {@link stringAt}, for a key that must be there. */
export function requiredStringAt(table: TomlTable, key: string, place: TomlPlace): string {
  const value = stringAt(table, key, place);
  if (value !== undefined && value !== '') return value;
  throw unexpected(place, key, 'a string', value);
}

/** As {@link stringAt}, for a boolean. */
export function booleanAt(table: TomlTable, key: string, place: TomlPlace): boolean | undefined {
  const value = table[key];
  if (value === undefined || typeof value === 'boolean') return value;
  throw unexpected(place, key, 'a boolean', value);
}

/** As {@link stringAt}, for an array of strings. */
export function stringsAt(table: TomlTable, key: string, place: TomlPlace): readonly string[] | undefined {
  const value = table[key];
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw unexpected(place, key, 'an array of strings', value);
  return value.map((item) => {
    if (typeof item === 'string') return item;
    throw unexpected(place, key, 'an array of strings', item, ' in it');
  });
}

/** As {@link stringAt}, for a table. */
export function tableAt(table: TomlTable, key: string, place: TomlPlace): TomlTable | undefined {
  const value = table[key];
  if (value === undefined || isTable(value)) return value;
  throw unexpected(place, key, 'a table', value);
}

/** As {@link stringAt}, for an array of tables. */
export function tablesAt(table: TomlTable, key: string, place: TomlPlace): readonly TomlTable[] | undefined {
  const value = table[key];
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw unexpected(place, key, 'an array of tables', value);
  return value.map((item) => {
    if (isTable(item)) return item;
    throw unexpected(place, key, 'an array of tables', item, ' in it');
  });
}

export function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof TomlDate);
}

/** `FILE:LINE: expected a string for package.version, got an integer`. */
export function unexpected(
  place: TomlPlace,
  key: string,
  expected: string,
  value: TomlValue | undefined,
  where = '',
): PlimsollError {
  const { path, file, line, lines } = placeIn(place, key);
  const name = path.replaceAll('\0', '.');
  const message = `expected ${expected} for ${name}, got ${typeName(value)}${where}`;
  return parseError(file, line ?? lines?.get(path) ?? lines?.get(place.path), message);
}

function typeName(value: TomlValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === '') return 'an empty string';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof TomlDate) return 'a date';
  return typeof value === 'object' ? 'a table' : `a ${typeof value}`;
}
