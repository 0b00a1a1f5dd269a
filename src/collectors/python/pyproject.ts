// SPDX-License-Identifier: Apache-2.0
import type { PackageSource, Scope } from '../../model/inventory.ts';
import { normalizePypiName } from '../../model/purl.ts';
import { errorMessage, parseError } from '../../platform/errors.ts';
import { withoutCredentials } from '../urls.ts';
import { parseRequirement } from './pep508.ts';
import { type LockedDependency, readDependency } from './poetry-package.ts';
import {
  isTable,
  parseToml,
  placeIn,
  stringAt,
  stringsAt,
  type TomlPlace,
  type TomlTable,
  type TomlValue,
  tableAt,
  tablesAt,
  unexpected,
} from './toml.ts';
import { tomlLines, tomlPath } from './toml-lines.ts';

/** What a project says of itself, in the standard tables and in Poetry's. */
export interface Pyproject {
  readonly file: string;
  /** Normalised. */
  readonly name?: string;
  /** 1-based line of the name. */
  readonly nameLine?: number;
  readonly version?: string;
  readonly dependencies: readonly DeclaredDependency[];
  /** In file order. */
  readonly sources: readonly PackageSource[];
}

export interface DeclaredDependency
  extends Pick<LockedDependency, 'name' | 'constraint' | 'extras' | 'conditional'> {
  /** `runtime`; `optional` for what only an extra brings; `dev` for every group but `main`. */
  readonly kind: Scope;
  /** 1-based line of the key, for a list that of the list. */
  readonly line?: number;
}

/**
 * Reads a pyproject.toml as Poetry does: `[project]`, `[dependency-groups]` (PEP 735) and `[tool.poetry]`. Where
 * the standard tables list dependencies, Poetry's table of the same group only adds detail to them, unless
 * `dynamic` says otherwise.
 *
 * @throws PlimsollError `parse-failed` where the file is no TOML, or one of these tables has another shape
 * @see https://python-poetry.org/docs/pyproject/
 */
export function readPyproject(bytes: Uint8Array, file: string): Pyproject {
  const document = parseToml(bytes, file);
  const { lines, sources } = readLines(document.text);
  const root: Table = { table: document.root, place: { file, path: '', lines } };
  const project = tableIn(root, 'project');
  const poetry = tableIn(tableIn(root, 'tool'), 'poetry');
  const named = [project, poetry].find(({ table }) => table.name !== undefined) ?? project;
  const name = stringAt(named.table, 'name', named.place);
  const nameLine = lines.get(placeIn(named.place, 'name').path);
  const version =
    stringAt(project.table, 'version', project.place) ?? stringAt(poetry.table, 'version', poetry.place);
  return {
    file,
    ...(name ? { name: normalizePypiName(name) } : {}),
    ...(nameLine === undefined ? {} : { nameLine }),
    ...(version ? { version } : {}),
    dependencies: [...mainDependencies(project, poetry), ...groupDependencies(root, poetry)],
    sources: readSources(poetry, sources),
  };
}

/**
 * Whether a pyproject.toml declares dependencies of any kind, in any of the tables that tools lock from; what
 * a build backend finds elsewhere (`dynamic`) does not count.
 *
 * @throws PlimsollError `parse-failed` where the file is no TOML
 */
export function declaresDependencies(bytes: Uint8Array, file: string): boolean {
  const { root } = parseToml(bytes, file);
  const poetry = child(root, 'tool', 'poetry');
  const lists = [
    child(root, 'project')?.dependencies,
    ...Object.values(child(root, 'project', 'optional-dependencies') ?? {}),
    ...Object.values(child(root, 'dependency-groups') ?? {}),
    ...Object.values(child(root, 'tool', 'pdm', 'dev-dependencies') ?? {}),
    child(root, 'tool', 'uv')?.['dev-dependencies'],
  ];
  const tables = [
    poetry?.dependencies,
    poetry?.['dev-dependencies'],
    ...Object.values(child(root, 'tool', 'poetry', 'group') ?? {}).map((group) =>
      isTable(group) ? group.dependencies : undefined,
    ),
  ];
  return (
    lists.some((list) => Array.isArray(list) && list.length > 0) ||
    tables.some((table) => isTable(table) && Object.keys(table).some((name) => !isPython(name)))
  );
}

interface Table {
  readonly table: TomlTable;
  readonly place: TomlPlace;
}

/** A table below another, empty where there is none. */
function tableIn({ table, place }: Table, key: string): Table {
  return { table: tableAt(table, key, place) ?? {}, place: placeIn(place, key) };
}

function mainDependencies(project: Table, poetry: Table): DeclaredDependency[] {
  const optional = tableIn(project, 'optional-dependencies');
  const standard = [
    ...readRequirements(project, 'dependencies', 'runtime'),
    ...Object.keys(optional.table).flatMap((extra) => readRequirements(optional, extra, 'optional')),
  ];
  const own = readPoetryTable(poetry, 'dependencies', 'runtime');
  const dynamic = stringsAt(project.table, 'dynamic', project.place) ?? [];
  if (standard.length === 0) return own;
  if (!dynamic.includes('dependencies') && !dynamic.includes('optional-dependencies')) return standard;
  const kinds = new Set(standard.map((dependency) => dependency.kind));
  return [...standard, ...own.filter((dependency) => !kinds.has(dependency.kind))];
}

function groupDependencies(root: Table, poetry: Table): DeclaredDependency[] {
  const standard = tableIn(root, 'dependency-groups');
  const listed = Object.keys(standard.table).map((group) => ({
    group: normalizePypiName(group),
    requirements: readRequirements(standard, group, 'dev'),
  }));
  const filled = new Set(listed.filter((one) => one.requirements.length > 0).map((one) => one.group));
  const groups = tableIn(poetry, 'group');
  const own = Object.keys(groups.table).flatMap((group) => {
    const kind = group === 'main' ? 'runtime' : 'dev';
    const dependencies = readPoetryTable(tableIn(groups, group), 'dependencies', kind);
    return filled.has(normalizePypiName(group)) ? [] : dependencies;
  });
  return [
    ...listed.flatMap((one) => one.requirements),
    ...own,
    ...readPoetryTable(poetry, 'dev-dependencies', 'dev'),
  ];
}

/**
 * An array of requirement strings. PEP 735 lets `{include-group = "x"}` stand among them: that group is read on
 * its own, and all groups count alike.
 */
function readRequirements({ table, place }: Table, key: string, kind: Scope): DeclaredDependency[] {
  const list = table[key] ?? [];
  if (!Array.isArray(list)) throw unexpected(place, key, 'an array', list);
  return list.flatMap((item) => {
    if (typeof item === 'string') return [readRequirement(item, kind, placeIn(place, key))];
    if (kind === 'dev' && isTable(item)) return [];
    throw unexpected(place, key, 'requirement strings', item, ' in it');
  });
}

function readRequirement(text: string, kind: Scope, place: TomlPlace): DeclaredDependency {
  try {
    const { name, extras, specifier, marker } = parseRequirement(text);
    return {
      name: normalizePypiName(name),
      ...(specifier === '' ? {} : { constraint: specifier }),
      extras: extras.map(normalizePypiName),
      conditional: marker !== undefined,
      kind,
      ...lineOf(place),
    };
  } catch (error) {
    throw parseError(place.file, lineOf(place).line, errorMessage(error), error);
  }
}

/** Poetry's own notation: a table from names to constraints, or to several of them. */
function readPoetryTable(parent: Table, key: string, kind: 'runtime' | 'dev'): DeclaredDependency[] {
  const { table, place } = tableIn(parent, key);
  return Object.keys(table)
    .filter((name) => !isPython(name))
    .flatMap((name) =>
      readDependency(name, table[name], place).map(({ optional, ...head }) => ({
        ...head,
        kind: optional && kind === 'runtime' ? 'optional' : kind,
        ...lineOf(placeIn(place, name)),
      })),
    );
}

function lineOf({ lines, path }: TomlPlace): { line?: number } {
  const line = lines?.get(path);
  return line === undefined ? {} : { line };
}

function readSources(poetry: Table, lines: readonly number[]): PackageSource[] {
  const place = placeIn(poetry.place, 'source');
  return (tablesAt(poetry.table, 'source', poetry.place) ?? []).flatMap((source, i) => {
    const url = stringAt(source, 'url', place);
    // `name = "PyPI"` stands for the default index and has no URL.
    if (url === undefined) return [];
    const priority = stringAt(source, 'priority', place)?.toLowerCase();
    const primary = priority === undefined ? source.secondary !== true : PRIMARY.includes(priority);
    const line = lines[i];
    return {
      kind: primary ? 'index' : 'extra-index',
      url: withoutCredentials(url),
      location: { uri: place.file, ...(line === undefined ? {} : { startLine: line }) },
    };
  });
}

const PRIMARY = ['primary', 'default'];

/** The line of each table and key, the first where one occurs twice, and of the URL of each Poetry source. */
function readLines(text: string): { lines: Map<string, number>; sources: number[] } {
  const lines = new Map<string, number>();
  const sources: number[] = [];
  for (const { kind, path, line } of tomlLines(text)) {
    if (!lines.has(path)) lines.set(path, line);
    if (kind === 'array' && path === SOURCE) sources.push(line);
    else if (kind === 'key' && path === SOURCE_URL) sources[sources.length - 1] = line;
  }
  return { lines, sources };
}

const SOURCE = tomlPath('tool', 'poetry', 'source');
const SOURCE_URL = tomlPath('tool', 'poetry', 'source', 'url');

/** A table below others, `undefined` where there is none or something else. */
function child(table: TomlTable, ...keys: readonly string[]): TomlTable | undefined {
  let at: TomlValue | undefined = table;
  for (const key of keys) at = isTable(at) ? at[key] : undefined;
  return isTable(at) ? at : undefined;
}

function isPython(name: string): boolean {
  return name.toLowerCase() === 'python';
}
