// SPDX-License-Identifier: Apache-2.0
import type { Artifact } from '../../model/inventory.ts';
import { normalizePypiName } from '../../model/purl.ts';
import { PlimsollError, parseError } from '../../platform/errors.ts';
import { withoutCredentials } from '../urls.ts';
import { MAX_ALTERNATIVES } from './poetry-graph.ts';
import {
  type LockedPackage,
  type RequirementHead,
  readFile,
  readPackage,
  requirementHead,
  toHash,
} from './poetry-package.ts';
import { shorten } from './requirements-error.ts';
import {
  isTable,
  parseToml,
  placeIn,
  requiredStringAt,
  stringsAt,
  type TomlDocument,
  type TomlPlace,
  type TomlTable,
  type TomlValue,
  tableAt,
  tablesAt,
  unexpected,
} from './toml.ts';
import { tomlLines, tomlPath } from './toml-lines.ts';

/** A lock as written, before anything is concluded from it. */
export interface PoetryLock {
  readonly packages: readonly LocatedPackage[];
  /** Requirements of the project's own extras. */
  readonly extras: readonly RequirementHead[];
  readonly skipped: readonly SkippedPackage[];
  /** What could not be read, the reasons of `skipped` included. */
  readonly problems: readonly PlimsollError[];
}

export interface LocatedPackage extends LockedPackage {
  /** 1-based line of `name = `. */
  readonly line?: number;
  readonly artifacts: readonly Artifact[];
}

interface SkippedPackage {
  readonly line?: number;
  readonly text: string;
  readonly error: PlimsollError;
}

/**
 * Reads a poetry.lock of any lock-version up to 2.x. An entry with a field of another type is skipped; the rest is
 * still read.
 *
 * @throws PlimsollError `parse-failed` where the file is no TOML, or no lock
 */
export function readPoetryLock(bytes: Uint8Array, file: string): PoetryLock {
  const document = parseToml(bytes, file);
  const { root } = document;
  if (root.package === undefined && root.metadata === undefined) {
    throw parseError(file, 1, 'expected a [[package]] or [metadata] table, got neither');
  }
  const { lineOf, lines } = findLines(document);
  const top: TomlPlace = { file, path: '', lines };
  const entries = root.package ?? [];
  if (!Array.isArray(entries)) throw unexpected(top, 'package', 'an array of tables', entries);

  const problems: PlimsollError[] = [];
  function attempt<T>(read: () => T, otherwise: T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      problems.push(error);
      return otherwise;
    }
  }

  const packages: LocatedPackage[] = [];
  const skipped: SkippedPackage[] = [];
  for (const [i, entry] of entries.entries()) {
    const line = lineOf(i);
    const place: TomlPlace = { file, path: 'package', ...line };
    const found = problems.length;
    const read = attempt(() => {
      if (!isTable(entry)) throw unexpected(top, 'package', 'an array of tables', entry, ' in it');
      return readPackage(entry, place);
    }, undefined);
    if (read) packages.push({ artifacts: [], ...read, ...line });
    const error = problems[found];
    if (error) skipped.push({ ...line, text: describe(entry), error });
  }
  attempt(() => checkLockVersion(root, top), undefined);
  const artifacts = attempt(() => metadataArtifacts(root, top), new Map());
  return {
    packages: artifacts.size === 0 ? packages : withMetadata(packages, artifacts),
    extras: attempt(() => projectExtras(root, top), []),
    skipped,
    problems,
  };
}

/**
 * One pass: the line of each entry's name by index (that of the entry where it has no name), and of every table
 * and key outside the entries by path.
 */
function findLines({ text }: TomlDocument): {
  lineOf: (i: number) => { line?: number };
  lines: ReadonlyMap<string, number>;
} {
  const names: number[] = [];
  const lines = new Map<string, number>();
  for (const { kind, path, line } of tomlLines(text)) {
    if (path === PACKAGE && kind === 'array') names.push(line);
    else if (path === PACKAGE_NAME) names[names.length - 1] = line;
    else if (!lines.has(path) && !path.startsWith(IN_PACKAGE)) lines.set(path, line);
  }
  return {
    lines,
    lineOf(i) {
      const line = names[i] ?? lines.get(PACKAGE);
      return line === undefined ? {} : { line };
    },
  };
}

const PACKAGE = tomlPath('package');
const PACKAGE_NAME = tomlPath('package', 'name');
const IN_PACKAGE = tomlPath('package', '');

function describe(entry: TomlValue): string {
  const name = isTable(entry) ? entry.name : undefined;
  return typeof name === 'string' && name !== '' ? shorten(withoutCredentials(name), 200) : '[[package]]';
}

/** A lock without the key is of 2018; one of a later major version may mean other things by the same words. */
function checkLockVersion(root: TomlTable, top: TomlPlace): void {
  const metadata = tableAt(root, 'metadata', top);
  if (metadata?.['lock-version'] === undefined) return;
  const place = placeIn(top, 'metadata');
  const version = requiredStringAt(metadata, 'lock-version', place);
  if (/^[012](?:\.\d+)*$/.test(version)) return;
  throw parseError(
    top.file,
    top.lines?.get(placeIn(place, 'lock-version').path),
    `expected a lock-version up to 2.x, got ${JSON.stringify(shorten(version, 20))}`,
  );
}

/** Files by normalised name: `[metadata.files]` (1.0, 1.1), or bare hashes in `[metadata.hashes]` (older). */
function metadataArtifacts(root: TomlTable, top: TomlPlace): Map<string, Artifact[]> {
  const metadata = tableAt(root, 'metadata', top) ?? {};
  const place = placeIn(top, 'metadata');
  const files = tableAt(metadata, 'files', place) ?? {};
  const hashes = tableAt(metadata, 'hashes', place) ?? {};
  const artifacts = new Map<string, Artifact[]>();
  function add(name: string, more: readonly Artifact[]): void {
    const key = normalizePypiName(name);
    const known = artifacts.get(key);
    if (known === undefined) artifacts.set(key, [...more]);
    else for (const one of more) known.push(one);
  }
  for (const name of Object.keys(files)) {
    const at = placeIn(place, 'files');
    add(
      name,
      (tablesAt(files, name, at) ?? []).map((one) => readFile(one, placeIn(at, name))),
    );
  }
  for (const name of Object.keys(hashes)) {
    const values = stringsAt(hashes, name, placeIn(place, 'hashes')) ?? [];
    add(
      name,
      values.flatMap((value) => toHash(value) ?? []).map((hash) => ({ hashes: [hash] })),
    );
  }
  return artifacts;
}

/**
 * Gives each package its files. Under one name stand the files of all its versions: then only those whose name
 * states the version are taken, and none where the entries are more than {@link MAX_ALTERNATIVES}.
 */
function withMetadata(
  packages: readonly LocatedPackage[],
  artifacts: ReadonlyMap<string, readonly Artifact[]>,
): LocatedPackage[] {
  const count = new Map<string, number>();
  for (const { name } of packages) count.set(name, (count.get(name) ?? 0) + 1);
  return packages.map((one) => {
    const all = artifacts.get(one.name) ?? [];
    const entries = count.get(one.name) ?? 0;
    if (one.artifacts.length > 0 || entries > MAX_ALTERNATIVES) return one;
    if (entries === 1) return { ...one, artifacts: all };
    return {
      ...one,
      artifacts: all.filter(({ filename }) => filename && isOfVersion(filename, one.version)),
    };
  });
}

/** `name-1.0-py3-none-any.whl`, `name-1.0.tar.gz`. */
function isOfVersion(filename: string, version: string): boolean {
  const rest = filename.split(`-${version}`)[1];
  return rest !== undefined && /^(?:-|\.(?:tar|zip|tgz|whl|egg|exe)\b)/.test(rest);
}

function projectExtras(root: TomlTable, top: TomlPlace): RequirementHead[] {
  const extras = tableAt(root, 'extras', top) ?? {};
  const place = placeIn(top, 'extras');
  return Object.keys(extras).flatMap((extra) => (stringsAt(extras, extra, place) ?? []).map(requirementHead));
}
