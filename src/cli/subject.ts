// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Subject } from '../model/report.ts';
import { toModelPath } from '../platform/fs.ts';
import type { Io } from './io.ts';

/** What is scanned, as far as a CI environment and the nearest repository root tell it; no process is asked. */
export function findSubject(root: string, io: Io): Subject {
  const { GITHUB_ACTIONS, GITHUB_REPOSITORY, GITHUB_SHA, GITHUB_REF } = io.env;
  const repositoryRoot = findUp(root);
  const path = repositoryRoot === undefined ? undefined : toModelPath(root, repositoryRoot);
  return {
    ...(GITHUB_ACTIONS === 'true' && GITHUB_REPOSITORY
      ? { name: GITHUB_REPOSITORY, repository: GITHUB_REPOSITORY }
      : {}),
    ...(GITHUB_ACTIONS === 'true' && GITHUB_SHA ? { commit: GITHUB_SHA } : {}),
    ...(GITHUB_ACTIONS === 'true' && GITHUB_REF ? { ref: GITHUB_REF } : {}),
    ...(path === undefined ? {} : { path: path === '' ? '.' : path }),
  };
}

/** The nearest directory at or above `from` with a `.git`. */
function findUp(from: string): string | undefined {
  for (let dir = from; ; ) {
    if (existsSync(join(dir, '.git'))) return dir;
    const up = dirname(dir);
    if (up === dir) return undefined;
    dir = up;
  }
}
