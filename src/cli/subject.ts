// SPDX-License-Identifier: Apache-2.0
import { realpathSync } from 'node:fs';
import type { Subject } from '../model/report.ts';
import { toModelPath } from '../platform/fs.ts';
import { findRepositoryRoot } from '../platform/repository.ts';
import type { Io } from './io.ts';

/** What is scanned, as far as a CI environment and the nearest repository root tell it; no process is asked. */
export function findSubject(root: string, io: Io): Subject {
  const { GITHUB_ACTIONS, GITHUB_REPOSITORY, GITHUB_SHA, GITHUB_REF } = io.env;
  const realRoot = realpathSync(root);
  const repositoryRoot = findRepositoryRoot(realRoot);
  const path = repositoryRoot === undefined ? undefined : toModelPath(realRoot, repositoryRoot);
  return {
    ...(GITHUB_ACTIONS === 'true' && GITHUB_REPOSITORY
      ? { name: GITHUB_REPOSITORY, repository: GITHUB_REPOSITORY }
      : {}),
    ...(GITHUB_ACTIONS === 'true' && GITHUB_SHA ? { commit: GITHUB_SHA } : {}),
    ...(GITHUB_ACTIONS === 'true' && GITHUB_REF ? { ref: GITHUB_REF } : {}),
    ...(path === undefined ? {} : { path }),
  };
}
