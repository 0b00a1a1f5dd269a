// SPDX-License-Identifier: Apache-2.0
import { compareFindings } from '../findings/build.ts';
import type { Coverage } from '../model/coverage.ts';
import type { Finding } from '../model/finding.ts';
import type { Component, Inventory } from '../model/inventory.ts';
import { compareKeys, compareText } from '../model/order.ts';
import { errorMessage, PlimsollError, throwIfAborted } from '../platform/errors.ts';
import { createFileSource, systemErrorCode } from '../platform/fs.ts';
import { globMatcher, globProblem } from '../platform/glob.ts';
import { withoutSecrets } from '../platform/mask.ts';
import type { ReadDirectory } from '../platform/walk-state.ts';
import type { CollectContext, CollectedProject, Collector, FileSource } from './collector.ts';
import { discover } from './discover.ts';
import { COLLECTORS } from './index.ts';
import type { NamedManifest } from './manifest-option.ts';

export interface CollectOptions {
  /** OS path of the tree. */
  readonly root: string;
  /** Model paths of the only files and directories to walk: the whole tree where absent, nothing for `[]`. */
  readonly paths?: readonly string[];
  readonly manifests?: readonly NamedManifest[];
  /** Globs of paths to leave out, as {@link globProblem} accepts them. */
  readonly exclude?: readonly string[];
  /** Further paths to leave out. */
  readonly excludes?: (path: string) => boolean;
  /** Reads the files; the tree itself is always walked on disk. */
  readonly files?: FileSource;
  readonly collectors?: readonly Collector[];
  /** Directories read at once, 1 to 8. */
  readonly concurrency?: number;
  readonly entryLimit?: number;
  readonly readDirectory?: ReadDirectory;
  readonly signal?: AbortSignal;
}

export interface Collected {
  readonly inventory: Inventory;
  /** Sorted by target, plugin, cause. */
  readonly coverage: readonly Coverage[];
  readonly findings: readonly Finding[];
  /** There is no manifest of any kind, not even one that cannot be read; what was left out does not count. */
  readonly nothingToScan: boolean;
}

/**
 * Finds and reads every manifest of a tree. What cannot be read is a coverage row; a collector that throws makes
 * its manifests `failed` and ends nothing.
 * @throws PlimsollError `usage` for options that contradict, `file-not-found`, `path-outside-root`, `aborted`
 */
export async function collect(options: CollectOptions): Promise<Collected> {
  const collectors = options.collectors ?? COLLECTORS;
  const files = options.files ?? createFileSource(options.root);
  const manifests = options.manifests ?? [];
  const work = await assignNamed(manifests, collectors, files);
  const coverage: Coverage[] = [];
  if (options.paths?.length !== 0) {
    const assigned = manifests.map(({ path }) => path);
    const excludes = excludeMatcher(options);
    const found = await discover({ ...options, collectors, files, assigned, excludes });
    coverage.push(...found.coverage);
    for (const [id, paths] of found.claimed) work.set(id, [...(work.get(id) ?? []), ...paths]);
  }
  const projects: CollectedProject[] = [];
  for (const collector of collectors) {
    throwIfAborted(options.signal);
    const paths = [...new Set(work.get(collector.id))].sort(compareText);
    if (paths.length === 0) continue;
    const run = await runCollector(collector, paths, contextOf(files, options.signal));
    projects.push(...run.projects);
    coverage.push(...run.coverage);
  }
  throwIfAborted(options.signal);
  return assemble(projects, coverage);
}

async function assignNamed(
  manifests: readonly NamedManifest[],
  collectors: readonly Collector[],
  files: FileSource,
): Promise<Map<string, string[]>> {
  const owner = new Map<string, string>();
  const work = new Map<string, string[]>();
  for (const { collector, path } of manifests) {
    if (!collectors.some(({ id }) => id === collector)) {
      throw new PlimsollError('usage', `${path}: expected a known format, got ${collector}`);
    }
    const other = owner.get(path);
    if (other === collector) continue;
    if (other !== undefined) {
      throw new PlimsollError('usage', `${path}: expected one format, got ${other} and ${collector}`);
    }
    if (!(await isThere(path, files))) {
      throw new PlimsollError('file-not-found', `${path}: expected a file, got nothing`);
    }
    owner.set(path, collector);
    work.set(collector, [...(work.get(collector) ?? []), path]);
  }
  return work;
}

/** A file that is there and cannot be read is left to its collector, which tells of it. */
async function isThere(path: string, files: FileSource): Promise<boolean> {
  try {
    return (await files.read(path)) !== undefined;
  } catch (error) {
    if (error instanceof PlimsollError && error.code !== 'path-outside-root') return true;
    throw error;
  }
}

function excludeMatcher({ exclude = [], excludes }: CollectOptions): (path: string) => boolean {
  for (const glob of exclude) {
    const problem = globProblem(glob);
    if (problem !== undefined) {
      throw new PlimsollError('usage', `exclude ${JSON.stringify(glob)}: expected ${problem}`);
    }
  }
  const matches = globMatcher(exclude);
  return excludes === undefined ? matches : (path) => matches(path) || excludes(path);
}

function contextOf(files: FileSource, signal: AbortSignal | undefined): CollectContext {
  return signal === undefined ? { files } : { files, signal };
}

async function runCollector(collector: Collector, manifests: readonly string[], context: CollectContext) {
  try {
    const projects = await collector.collect(manifests, context);
    const covered = new Set(projects.flatMap(({ project }) => project.files));
    const forgotten = manifests.filter((path) => !covered.has(path));
    return { projects, coverage: forgotten.map((path) => failedRow(collector, path, 'gave no project')) };
  } catch (error) {
    throwIfAborted(context.signal);
    const reason = `failed: ${reasonOf(error)}`;
    return { projects: [], coverage: manifests.map((path) => failedRow(collector, path, reason)) };
  }
}

/** The message of a system error would carry an absolute path into the report. */
function reasonOf(error: unknown): string {
  const isSystemError = !(error instanceof PlimsollError) && error instanceof Error && 'code' in error;
  return isSystemError ? systemErrorCode(error) : errorMessage(error);
}

function failedRow(collector: Collector, target: string, reason: string): Coverage {
  return {
    plugin: collector.id,
    target,
    status: 'failed',
    cause: 'unparsable',
    unit: 'files',
    expected: 1,
    processed: 0,
    required: true,
    errors: [
      { message: `${target}: expected a project, the collector ${reason}`, location: { uri: target } },
    ],
  };
}

function assemble(projects: readonly CollectedProject[], others: readonly Coverage[]): Collected {
  const coverage = [...projects.flatMap((p) => p.coverage), ...others]
    .map(blankedRow)
    .sort((a, b) => compareKeys([a.target, a.plugin, a.cause], [b.target, b.plugin, b.cause]));
  return {
    inventory: {
      projects: projects.map((p) => p.project).sort((a, b) => compareText(a.id, b.id)),
      components: sortedByRef(projects.map((p) => p.components.map(blankedComponent))),
      dependencies: sortedByRef(projects.map((p) => p.dependencies)),
      skipped: projects.flatMap((p) => p.skipped.map(blankedSkip)).sort(compareSkipped),
    },
    coverage,
    findings: projects.flatMap((p) => p.findings).sort(compareFindings),
    nothingToScan: projects.length === 0 && coverage.every((row) => row.cause === 'excluded'),
  };
}

/** What could not be read is quoted as it is written, and a secret may stand where a version should. */
function blankedRow(row: Coverage): Coverage {
  if (row.errors.length === 0) return row;
  return {
    ...row,
    errors: row.errors.map((error) => ({ ...error, message: withoutSecrets(error.message) })),
  };
}

function blankedSkip(skip: Inventory['skipped'][number]): Inventory['skipped'][number] {
  return { ...skip, text: withoutSecrets(skip.text), reason: withoutSecrets(skip.reason) };
}

function blankedComponent(component: Component): Component {
  const { requirement } = component;
  const blanked = requirement === undefined ? undefined : withoutSecrets(requirement);
  return blanked === requirement || blanked === undefined
    ? component
    : { ...component, requirement: blanked };
}

/** Each list is sorted; where there is but one, nothing is left to do. */
function sortedByRef<T extends { readonly ref: string }>(lists: readonly (readonly T[])[]): readonly T[] {
  const [only] = lists;
  if (only !== undefined && lists.length === 1) return only;
  return lists.flat().sort((a, b) => compareText(a.ref, b.ref));
}

function compareSkipped(a: Inventory['skipped'][number], b: Inventory['skipped'][number]): number {
  const keys = ({ location, project, text, reason }: typeof a) => [
    location.uri,
    location.startLine,
    location.startColumn,
    project,
    text,
    reason,
  ];
  return compareKeys(keys(a), keys(b));
}
