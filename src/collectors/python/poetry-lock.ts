// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import { listErrors } from '../../findings/coverage-errors.ts';
import type { Coverage, CoverageCause } from '../../model/coverage.ts';
import { compareText } from '../../model/order.ts';
import { PlimsollError, throwIfAborted } from '../../platform/errors.ts';
import type { CollectContext, CollectedProject, Collector } from '../collector.ts';
import { foldEntries } from '../fold.ts';
import { poetryEntries } from './poetry-entries.ts';
import { MAX_ALTERNATIVES, poetryGraph } from './poetry-graph.ts';
import { type PoetryLock, readPoetryLock } from './poetry-read.ts';
import { readPyproject } from './pyproject.ts';

/**
 * Reads poetry.lock, with groups and extras from the pyproject.toml beside it. Groups are those that the lock
 * states (`category`, `groups`); scopes are walked from the pyproject.toml where it states none.
 */
export const poetryLock: Collector = {
  id: 'poetry-lock',
  describes: '`poetry.lock`, lock-version none to 2.1, with the `pyproject.toml` beside it',
  claims: (path) => posix.basename(path) === 'poetry.lock',
  async collect(manifests, context) {
    const projects: CollectedProject[] = [];
    for (const path of manifests) {
      throwIfAborted(context.signal);
      projects.push(await collectLock(path, context));
    }
    return projects;
  },
};

async function collectLock(id: string, context: CollectContext): Promise<CollectedProject> {
  const manifest = posix.join(posix.dirname(id), 'pyproject.toml');
  const lock = await readWith(readPoetryLock, id, context);
  const pyproject = await readWith(readPyproject, manifest, context);
  const locked = lock.value ?? NO_LOCK;
  const graph = poetryGraph(locked.packages);
  const { components, dependencies } = foldEntries(id, poetryEntries(id, locked, graph, pyproject.value));
  const problems = [
    ...(lock.exists
      ? []
      : [new PlimsollError('file-not-found', `${id}: expected a file, got none`, { file: id })]),
    ...[lock.error, pyproject.error].filter((error) => error !== undefined),
    ...locked.problems,
    ...graph.crowded.map((name) => crowdedName(id, name)),
  ];
  return {
    project: {
      id,
      collector: poetryLock.id,
      manifest: pyproject.exists ? manifest : id,
      files: (pyproject.exists ? [id, manifest] : [id]).sort(compareText),
      root: `${id}#.`,
      sources: pyproject.value?.sources ?? [],
    },
    components,
    dependencies,
    skipped: locked.skipped.map(({ line, text, error }) => ({
      project: id,
      location: { uri: id, ...(line === undefined ? {} : { startLine: line }) },
      text,
      reason: withoutPlace(error),
    })),
    coverage: coverageOf(id, lock.value, problems),
    findings: [],
  };
}

const NO_LOCK: PoetryLock = { packages: [], expected: 0, extras: [], skipped: [], problems: [] };

interface Reading<T> {
  readonly exists: boolean;
  readonly value?: T;
  readonly error?: PlimsollError;
}

async function readWith<T>(
  parse: (bytes: Uint8Array, file: string) => T,
  path: string,
  { files }: CollectContext,
): Promise<Reading<T>> {
  try {
    const bytes = await files.read(path);
    return bytes === undefined ? { exists: false } : { exists: true, value: parse(bytes, path) };
  } catch (error) {
    if (!(error instanceof PlimsollError) || error.code === 'aborted') throw error;
    return { exists: true, error };
  }
}

/** One row where all is read, else one per cause. */
function coverageOf(
  id: string,
  lock: PoetryLock | undefined,
  problems: readonly PlimsollError[],
): Coverage[] {
  const row = {
    plugin: poetryLock.id,
    target: id,
    unit: 'packages',
    expected: lock?.expected ?? 0,
    processed: lock?.packages.length ?? 0,
    required: true,
  } as const;
  if (problems.length === 0) return [{ ...row, status: 'succeeded', errors: [] }];
  const causes = [...new Set(problems.map(causeOf))].sort(compareText);
  return causes.map((cause) => ({
    ...row,
    status: lock === undefined ? 'failed' : 'partial',
    cause,
    errors: listErrors(
      problems
        .filter((problem) => causeOf(problem) === cause)
        .map(({ message, file = id, line }) => ({
          message,
          location: { uri: file, ...(line === undefined ? {} : { startLine: line }) },
        })),
    ),
  }));
}

function causeOf({ code }: PlimsollError): CoverageCause {
  if (code === 'parse-failed') return 'unparsable';
  return code === 'file-too-large' || code === 'limit-exceeded' ? 'limit-exceeded' : 'unreadable';
}

function crowdedName(file: string, name: string): PlimsollError {
  const message = `${file}: expected at most ${MAX_ALTERNATIVES} entries named ${name}, got more; edges to them are left out`;
  return new PlimsollError('limit-exceeded', message, { file });
}

/** The message without `FILE:LINE: `, for where the place stands beside it. */
function withoutPlace({ message, file, line }: PlimsollError): string {
  const place = line === undefined ? `${file}: ` : `${file}:${line}: `;
  return message.startsWith(place) ? message.slice(place.length) : message;
}
