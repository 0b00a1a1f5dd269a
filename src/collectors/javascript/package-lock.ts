// SPDX-License-Identifier: Apache-2.0
import type { Coverage } from '../../model/coverage.ts';
import { compareText } from '../../model/order.ts';
import { throwIfAborted } from '../../platform/errors.ts';
import type { CollectContext, CollectedProject, Collector } from '../collector.ts';
import { foldEntries } from '../fold.ts';
import { isOwn, toEntries } from './lock-entries.ts';
import { folderOf } from './npm-path.ts';
import { errorAt, noteProblems, type Problems } from './problems.ts';
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
  const lock = await readLock(file, context.files, problems);
  const entries = toEntries(lock.graph, { file, folder: folderOf(file), ...lock });
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
      ...coverageOf(file, lock, problems),
      ...(ignored === undefined ? [] : [ignoredRow(ignored, file)]),
    ],
    findings: [],
  };
}

function coverageOf(file: string, lock: ReadLock, problems: Problems): Coverage[] {
  const { failure, graph } = lock;
  const target = { plugin: ID, target: file, unit: 'packages' } as const;
  if (failure !== undefined) {
    const { cause, location, reason } = failure;
    const errors = [errorAt(location, reason)];
    return [{ ...target, status: 'failed', cause, expected: 0, processed: 0, required: true, errors }];
  }
  const packages = [...graph.nodes.values()].filter((node) => node.link === undefined && !isOwn(node));
  const expected = packages.length;
  const processed = packages.filter((node) => !node.damaged).length;
  const gaps = problems.coverage({ ...target, expected, processed });
  if (gaps.length > 0) return gaps;
  return [{ ...target, status: 'succeeded', expected, processed, required: true, errors: [] }];
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
