// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import type { Coverage, CoverageCause } from '../model/coverage.ts';
import { type ErrorCode, errorMessage, PlimsollError, throwIfAborted } from '../platform/errors.ts';
import { walkTree } from '../platform/walk.ts';
import type { ReadDirectory, TreeWalk } from '../platform/walk-state.ts';
import type { Collector, FileSource } from './collector.ts';
import { discoverRow, walkRows } from './discover-rows.ts';
import { isContext, lacksLock, needsLock, type TreeNames } from './unlocked.ts';
import { type KnownFormat, outOfScopeFormat, unsupportedFormat } from './unsupported.ts';

export interface DiscoverOptions {
  /** OS path. */
  readonly root: string;
  readonly collectors: readonly Collector[];
  readonly files: FileSource;
  /** Model paths of files and directories below the root; all of it by default. */
  readonly paths?: readonly string[];
  /** Model paths for which somebody named a collector. */
  readonly assigned?: readonly string[];
  readonly excludes?: (path: string) => boolean;
  readonly concurrency?: number;
  readonly entryLimit?: number;
  readonly readDirectory?: ReadDirectory;
  readonly signal?: AbortSignal;
}

export interface Discovery {
  /** Sorted paths by collector id. */
  readonly claimed: ReadonlyMap<string, readonly string[]>;
  /** Rows of plugin `discover`, in no order. */
  readonly coverage: readonly Coverage[];
}

/**
 * Walks the tree once, gives each file to the first collector that claims it, and tells of what no collector
 * reads: formats known by name, manifests without a lock, other ecosystems, and what was left out. A claim wins over
 * the name of another ecosystem: `requirements/conanfile.txt` is a requirements file.
 * @throws PlimsollError what {@link walkTree} throws
 */
export async function discover(options: DiscoverOptions): Promise<Discovery> {
  const { collectors } = options;
  const tree = await walkTree(options.root, {
    ...options,
    ...(options.paths === undefined ? {} : { starts: options.paths }),
    wants: (path) => isManifest(path, collectors) || isContext(path) || outOfScopeFormat(path) !== undefined,
  });
  const { claimed, rest } = assign(tree.files, options);
  const names = treeNames(tree, claimed, options.files);
  return {
    claimed,
    coverage: [
      ...walkRows(tree.notes, (path) => isManifest(path, collectors)),
      ...(await unsupportedRows(rest, names, options.signal)),
      ...(await unlockedRows(rest, names, options.signal)),
      ...outOfScopeRows(rest),
      ...unknownRows(rest),
    ],
  };
}

function isManifest(path: string, collectors: readonly Collector[]): boolean {
  return needsLock(path) || unsupportedFormat(path) !== undefined || collectors.some((c) => c.claims(path));
}

function assign(files: readonly string[], options: DiscoverOptions) {
  const assigned = new Set(options.assigned ?? []);
  const claimed = new Map<string, string[]>();
  const rest: string[] = [];
  for (const path of files) {
    if (assigned.has(path)) continue;
    const id = options.collectors.find((c) => c.claims(path))?.id;
    if (id === undefined) rest.push(path);
    else append(claimed, id, path);
  }
  return { claimed, rest };
}

function treeNames(tree: TreeWalk, claimed: Discovery['claimed'], files: FileSource): TreeNames {
  const all = new Set([...tree.files, ...tree.nearby]);
  const requirements = new Map<string, string[]>();
  for (const path of claimed.get('requirements') ?? []) {
    if (path.endsWith('.txt')) append(requirements, posix.dirname(path), path);
  }
  return {
    files,
    has: (path) => all.has(path),
    requirementsIn: (directory) => requirements.get(directory) ?? [],
  };
}

async function unsupportedRows(paths: readonly string[], tree: TreeNames, signal: AbortSignal | undefined) {
  const rows: Coverage[] = [];
  for (const path of paths) {
    const known = unsupportedFormat(path);
    if (known === undefined) continue;
    // The lock stands for the pair.
    if (known.format === 'Pipfile' && tree.has(`${path}.lock`)) continue;
    throwIfAborted(signal);
    const row = await guarded(path, async () => {
      if (!(await declares(known, path, tree.files))) return undefined;
      return notRead(path, `no collector for ${known.format}`);
    });
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

async function declares(known: KnownFormat, path: string, files: FileSource): Promise<boolean> {
  if (known.declares === undefined) return true;
  const bytes = await files.read(path);
  return bytes !== undefined && known.declares(new TextDecoder().decode(bytes));
}

async function unlockedRows(paths: readonly string[], tree: TreeNames, signal: AbortSignal | undefined) {
  const rows: Coverage[] = [];
  for (const path of paths.filter(needsLock)) {
    throwIfAborted(signal);
    const row = await guarded(path, async () => {
      if (!(await lacksLock(path, tree))) return undefined;
      const message = `${posix.basename(path)} declares dependencies, and no lock of its workspace was found`;
      return discoverRow({ target: path, status: 'skipped', cause: 'no-lock', required: true, message });
    });
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

/** One row per format, at the first of its files. */
function outOfScopeRows(paths: readonly string[]): Coverage[] {
  const byFormat = new Map<string, string[]>();
  for (const path of paths) {
    const known = unsupportedFormat(path) === undefined ? outOfScopeFormat(path) : undefined;
    if (known !== undefined) append(byFormat, known.format, path);
  }
  return [...byFormat].map(([format, [target = '', ...others]]) => {
    const files = others.length + 1;
    const message = `${format} is out of scope: ${files === 1 ? '1 file' : `${files} files`} not read`;
    return discoverRow({ target, status: 'skipped', cause: 'out-of-scope', required: false, message, files });
  });
}

/** Files that a caller asked for by name and that nothing knows. */
function unknownRows(paths: readonly string[]): Coverage[] {
  return paths
    .filter((path) => !needsLock(path) && !isContext(path))
    .filter((path) => unsupportedFormat(path) === undefined && outOfScopeFormat(path) === undefined)
    .map((path) => notRead(path, 'no collector claims a file of this name; name one with -L FORMAT:FILE'));
}

function notRead(target: string, message: string): Coverage {
  return discoverRow({ target, status: 'skipped', cause: 'no-collector', required: true, message });
}

const CAUSES: ReadonlyMap<ErrorCode, CoverageCause> = new Map([
  ['parse-failed', 'unparsable'],
  ['file-too-large', 'limit-exceeded'],
]);

/** A file that cannot be looked at is a row of its own. */
async function guarded(
  target: string,
  look: () => Promise<Coverage | undefined>,
): Promise<Coverage | undefined> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    const cause = CAUSES.get(error.code) ?? 'unreadable';
    const line = error.file === target ? error.line : undefined;
    return discoverRow({
      target,
      status: 'failed',
      cause,
      required: true,
      message: errorMessage(error),
      ...(line === undefined ? {} : { line }),
    });
  }
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
