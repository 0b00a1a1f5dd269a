// SPDX-License-Identifier: Apache-2.0
import type { Artifact, Hash } from '../../model/inventory.ts';
import { compareText } from '../../model/order.ts';
import { normalizePypiName } from '../../model/purl.ts';
import { parseError } from '../../platform/errors.ts';
import {
  booleanAt,
  isTable,
  placeIn,
  requiredStringAt,
  stringAt,
  stringsAt,
  type TomlPlace,
  type TomlTable,
  type TomlValue,
  tableAt,
  tablesAt,
  unexpected,
} from './toml.ts';

/** One `[[package]]` of a lock, names normalised. */
export interface LockedPackage {
  readonly name: string;
  /** As written, however odd. */
  readonly version: string;
  readonly optional: boolean;
  /** Sorted; absent in a lock that does not say. */
  readonly groups?: readonly string[];
  readonly marker?: string;
  readonly source?: LockedSource;
  /** In the entry itself (lock-version 2); older locks have them in `[metadata]`. */
  readonly artifacts?: readonly Artifact[];
  readonly dependencies: readonly LockedDependency[];
  /** What each extra asks for. */
  readonly extras: ReadonlyMap<string, readonly RequirementHead[]>;
  readonly yanked: boolean;
}

export interface LockedSource {
  readonly type: string;
  readonly url: string;
  readonly reference?: string;
  readonly resolvedReference?: string;
  readonly subdirectory?: string;
}

/** One alternative of one name under `[package.dependencies]`. */
export interface LockedDependency {
  readonly name: string;
  readonly optional: boolean;
  /** It holds for some platforms or versions of Python alone. */
  readonly conditional: boolean;
  /** Absent for a dependency by URL, path or git. */
  readonly constraint?: string;
  /** Normalised. */
  readonly extras: readonly string[];
}

/** Name and extras of a requirement string. All names are normalised. */
export interface RequirementHead {
  readonly name: string;
  readonly extras: readonly string[];
}

/** A name that PyPI could hold. @see https://packaging.python.org/specifications/name-normalization/ */
const NAME = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i;

/** @throws PlimsollError `parse-failed` at `place` where a field is missing or of another type */
export function readPackage(table: TomlTable, place: TomlPlace): LockedPackage {
  const written = requiredStringAt(table, 'name', place);
  if (!NAME.test(written))
    throw parseError(place.file, place.line, 'expected a package name, got other text');
  const source = readSource(table, place);
  const groups = readGroups(table, place);
  const marker = readMarker(table, place);
  const files = tablesAt(table, 'files', place);
  return {
    name: normalizePypiName(written),
    version: requiredStringAt(table, 'version', place),
    optional: booleanAt(table, 'optional', place) ?? false,
    ...(groups === undefined ? {} : { groups }),
    ...(marker === undefined ? {} : { marker }),
    ...(source === undefined ? {} : { source }),
    ...(files === undefined
      ? {}
      : { artifacts: files.map((file) => readFile(file, placeIn(place, 'files'))) }),
    dependencies: readDependencies(table, place),
    extras: readExtras(table, place),
    yanked: typeof table.yanked === 'string' || table.yanked === true,
  };
}

/** `{file = "x.whl", hash = "sha256:..."}`. */
export function readFile(table: TomlTable, place: TomlPlace): Artifact {
  const [algorithm = '', value = ''] = (stringAt(table, 'hash', place) ?? '').split(':', 2);
  const hash = toHash(value, algorithm.toLowerCase());
  return { filename: requiredStringAt(table, 'file', place), hashes: hash === undefined ? [] : [hash] };
}

const ALGORITHM_OF_LENGTH: ReadonlyMap<number, string> = new Map([
  [32, 'md5'],
  [40, 'sha1'],
  [64, 'sha256'],
  [96, 'sha384'],
  [128, 'sha512'],
]);

/** A hash in hex, its algorithm told by its length where it is not named; `undefined` for other text. */
export function toHash(value: string, algorithm = ALGORITHM_OF_LENGTH.get(value.length)): Hash | undefined {
  if (!algorithm || !/^[0-9a-f]+$/i.test(value)) return undefined;
  return { algorithm, value: value.toLowerCase() };
}

/** Extras hold requirement strings; locks of all ages have such that no longer follow the grammar. */
export function requirementHead(text: string): RequirementHead {
  const [, name = '', extras = ''] = /^\s*([\w.-]+)\s*(?:\[([^\]]*)\])?/.exec(text) ?? [];
  return {
    name: normalizePypiName(name),
    extras: extras
      .split(',')
      .map((extra) => normalizePypiName(extra.trim()))
      .filter((extra) => extra !== ''),
  };
}

function readSource(table: TomlTable, place: TomlPlace): LockedSource | undefined {
  const source = tableAt(table, 'source', place);
  if (source === undefined) return undefined;
  const at = placeIn(place, 'source');
  const reference = stringAt(source, 'reference', at);
  const resolvedReference = stringAt(source, 'resolved_reference', at);
  const subdirectory = stringAt(source, 'subdirectory', at);
  return {
    type: requiredStringAt(source, 'type', at),
    url: requiredStringAt(source, 'url', at),
    ...(reference === undefined ? {} : { reference }),
    ...(resolvedReference === undefined ? {} : { resolvedReference }),
    ...(subdirectory === undefined ? {} : { subdirectory }),
  };
}

function readGroups(table: TomlTable, place: TomlPlace): readonly string[] | undefined {
  const groups = stringsAt(table, 'groups', place);
  if (groups !== undefined) return [...new Set(groups)].sort(compareText);
  const category = stringAt(table, 'category', place);
  return category === undefined ? undefined : [category];
}

/** `marker` (lock-version 1.0) or `markers`: text, or one text per group, which are then named in the result. */
function readMarker(table: TomlTable, place: TomlPlace): string | undefined {
  if (!isTable(table.markers)) return stringAt(table, 'markers', place) ?? stringAt(table, 'marker', place);
  const byGroup = table.markers;
  const at = placeIn(place, 'markers');
  return Object.keys(byGroup)
    .sort(compareText)
    .map((group) => `${group}: ${requiredStringAt(byGroup, group, at)}`)
    .join('; ');
}

function readDependencies(table: TomlTable, place: TomlPlace): LockedDependency[] {
  const dependencies = tableAt(table, 'dependencies', place) ?? {};
  const at = placeIn(place, 'dependencies');
  return Object.keys(dependencies).flatMap((name) => readDependency(name, dependencies[name], at));
}

/**
 * What a lock, and `[tool.poetry.dependencies]` alike, says behind a name: a constraint, a table, or an array of
 * alternatives.
 */
export function readDependency(
  name: string,
  value: TomlValue | undefined,
  place: TomlPlace,
): LockedDependency[] {
  return (Array.isArray(value) ? value : [value]).map((one) => {
    if (typeof one === 'string') {
      return {
        name: normalizePypiName(name),
        optional: false,
        conditional: false,
        constraint: one,
        extras: [],
      };
    }
    if (!isTable(one)) throw unexpected(place, name, 'a string, a table or an array of them', one);
    const at = placeIn(place, name);
    const constraint = stringAt(one, 'version', at);
    return {
      name: normalizePypiName(name),
      optional: booleanAt(one, 'optional', at) ?? false,
      conditional: CONDITIONS.some((key) => one[key] !== undefined),
      ...(constraint === undefined ? {} : { constraint }),
      extras: (stringsAt(one, 'extras', at) ?? []).map(normalizePypiName),
    };
  });
}

const CONDITIONS = ['markers', 'python', 'platform'];

function readExtras(table: TomlTable, place: TomlPlace): Map<string, readonly RequirementHead[]> {
  const extras = tableAt(table, 'extras', place) ?? {};
  const at = placeIn(place, 'extras');
  return new Map(
    Object.keys(extras).map((key) => [
      normalizePypiName(key),
      (stringsAt(extras, key, at) ?? []).map(requirementHead),
    ]),
  );
}
