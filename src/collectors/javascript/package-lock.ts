// SPDX-License-Identifier: Apache-2.0
import { errorAt } from '../../findings/coverage-errors.ts';
import type { Coverage } from '../../model/coverage.ts';
import { compareText } from '../../model/order.ts';
import { throwIfAborted } from '../../platform/errors.ts';
import type { CollectContext, CollectedProject, Collector } from '../collector.ts';
import { type Entry, foldEntries } from '../fold.ts';
import { type EntryContext, toEntries } from './lock-entries.ts';
import { noteMismatch } from './lock-mismatch.ts';
import { folderOf } from './npm-path.ts';
import { noteProblems, type Problems } from './problems.ts';
import { type ReadLock, readLock } from './read-lock.ts';

const ID = 'package-lock';
const LOCK = 'package-lock.json';
const SHRINKWRAP = 'npm-shrinkwrap.json';

/** The locks of npm: one project for each folder, where npm-shrinkwrap.json goes before package-lock.json. */
export const packageLock: Collector = {
  id: ID,
  describes: `${LOCK} and ${SHRINKWRAP}: lockfileVersion 1, 2 and 3, and the locks of older npm that have none`,

  claims(path) {
    const segments = path.split('/');
    const name = segments.pop();
    return (name === LOCK || name === SHRINKWRAP) && !segments.includes('node_modules');
  },

  async collect(manifests, context) {
    const present = new Set(manifests);
    const projects: CollectedProject[] = [];
    for (const file of [...present].sort(compareText)) {
      throwIfAborted(context.signal);
      if (isNamed(file, LOCK) && present.has(beside(file, SHRINKWRAP))) continue;
      const ignored = isNamed(file, SHRINKWRAP) ? beside(file, LOCK) : undefined;
      projects.push(await collectLock(file, ignored && present.has(ignored) ? ignored : undefined, context));
    }
    return projects;
  },
};

/** `ignored`: the lock that `file` takes precedence over. */
async function collectLock(
  file: string,
  ignored: string | undefined,
  context: CollectContext,
): Promise<CollectedProject> {
  const problems = noteProblems(file);
  const { lock, entries, ...counts } = await readEntries(file, context, problems);
  const { components, dependencies } = foldEntries(file, entries);
  const files = ignored === undefined ? lock.files : [...lock.files, ignored];
  return {
    project: {
      id: file,
      collector: ID,
      manifest: lock.manifest ?? file,
      files: [...new Set(files)].sort(compareText),
      root: `${file}#.`,
      sources: [],
    },
    components,
    dependencies,
    skipped: problems.skipped,
    coverage: [
      ...coverageOf(file, lock.failure, counts, problems),
      ...(ignored === undefined ? [] : [ignoredRow(ignored, file)]),
    ],
    findings: [],
  };
}

interface Counts {
  /** Packages that were read and leave no doubt, and besides them whatever is wrong or missing. */
  readonly expected: number;
  readonly processed: number;
}

/** The graph stays inside: with a large lock it must be gone before folding takes its room. */
async function readEntries(
  file: string,
  { files }: CollectContext,
  problems: Problems,
): Promise<Counts & { readonly lock: Omit<ReadLock, 'graph'>; readonly entries: readonly Entry[] }> {
  const { graph, ...lock } = await readLock(file, files, problems);
  let processed = 0;
  const onInstalled: EntryContext['onInstalled'] = (node, identified) => {
    if (!noteMismatch(node, identified, file, problems)) processed += 1;
  };
  const entries = toEntries(graph, { file, folder: folderOf(file), ...lock, onInstalled });
  return { lock, entries, expected: processed + problems.count(), processed };
}

function coverageOf(
  file: string,
  failure: ReadLock['failure'],
  counts: Counts,
  problems: Problems,
): Coverage[] {
  const row = { plugin: ID, target: file, unit: 'packages', required: true, ...counts } as const;
  if (failure !== undefined) {
    const { cause, location, reason } = failure;
    return [{ ...row, status: 'failed', cause, errors: [errorAt(location, reason)] }];
  }
  const gaps = problems.coverage(row);
  return gaps.length > 0 ? gaps : [{ ...row, status: 'succeeded', errors: [] }];
}

function ignoredRow(ignored: string, winner: string): Coverage {
  return {
    plugin: ID,
    target: ignored,
    status: 'skipped',
    cause: 'excluded',
    unit: 'files',
    expected: 1,
    processed: 0,
    required: false,
    errors: [errorAt({ uri: ignored }, `npm reads ${winner} instead`)],
  };
}

function isNamed(file: string, name: string): boolean {
  return file === name || file.endsWith(`/${name}`);
}

function beside(file: string, name: string): string {
  const folder = folderOf(file);
  return folder === '' ? name : `${folder}/${name}`;
}
