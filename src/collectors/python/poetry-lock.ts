// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import { errorAt, listErrors } from '../../findings/coverage-errors.ts';
import type { Coverage, CoverageCause, CoverageError } from '../../model/coverage.ts';
import { compareText } from '../../model/order.ts';
import { PlimsollError, throwIfAborted } from '../../platform/errors.ts';
import type { CollectContext, CollectedProject, Collector } from '../collector.ts';
import { foldEntries } from '../fold.ts';
import { poetryEntries } from './poetry-entries.ts';
import { MAX_ALTERNATIVES, poetryGraph } from './poetry-graph.ts';
import { type PoetryLock, readPoetryLock } from './poetry-read.ts';
import { type Unmet, unmetDependencies } from './poetry-unmet.ts';
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
  const unmet = lock.value === undefined ? [] : unmetDependencies(id, lock.value, pyproject.value);
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
    skipped: [
      ...locked.skipped.map(({ line, text, error }) => ({
        project: id,
        location: { uri: id, ...(line === undefined ? {} : { startLine: line }) },
        text,
        reason: withoutPlace(error),
      })),
      ...unmet.slice(0, MAX_SKIPPED_UNMET).map((one) => ({ project: id, ...one })),
    ],
    coverage: coverageOf(id, lock.value, [
      ...problems.map((problem) => gapOf(id, problem)),
      ...unmet.map(unmetGap),
    ]),
    findings: [],
  };
}

const NO_LOCK: PoetryLock = { packages: [], extras: [], skipped: [], problems: [] };
/** More are counted in the row alone; a lock may be hostile. */
const MAX_SKIPPED_UNMET = 1000;

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

interface Gap {
  readonly cause: CoverageCause;
  readonly error: CoverageError;
}

/** One row where all is read, else one per cause, in which all but what that cause keeps back is processed. */
function coverageOf(id: string, lock: PoetryLock | undefined, gaps: readonly Gap[]): Coverage[] {
  const expected = lock === undefined ? 0 : lock.packages.length + gaps.length;
  const row = { plugin: poetryLock.id, target: id, unit: 'packages', expected, required: true } as const;
  if (gaps.length === 0) return [{ ...row, status: 'succeeded', processed: expected, errors: [] }];
  const causes = [...new Set(gaps.map(({ cause }) => cause))].sort(compareText);
  return causes.map((cause) => {
    const errors = gaps.filter((gap) => gap.cause === cause).map(({ error }) => error);
    return lock === undefined
      ? { ...row, status: 'failed', cause, processed: 0, errors: listErrors(errors) }
      : { ...row, status: 'partial', cause, processed: expected - errors.length, errors: listErrors(errors) };
  });
}

function gapOf(id: string, problem: PlimsollError): Gap {
  const { message, file = id, line } = problem;
  const location = { uri: file, ...(line === undefined ? {} : { startLine: line }) };
  return { cause: causeOf(problem), error: { message, location } };
}

function unmetGap({ location, reason }: Unmet): Gap {
  return { cause: 'unpinned', error: errorAt(location, reason) };
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
