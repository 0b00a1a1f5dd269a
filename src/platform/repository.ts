// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The nearest directory at or above `from` with a `.git`, which in a worktree is a file. `from` is a real path: the
 * directories above a symbolic link are not those of its target.
 */
export function findRepositoryRoot(from: string): string | undefined {
  for (let directory = from; ; ) {
    if (existsSync(join(directory, '.git'))) return directory;
    const up = dirname(directory);
    if (up === directory) return undefined;
    directory = up;
  }
}
