// SPDX-License-Identifier: Apache-2.0
import { tmpdir } from 'node:os';
import type { Rename } from '../model/comparison.ts';
import { compareText } from '../model/order.ts';
import { PlimsollError } from './errors.ts';
import { realRoot } from './fs.ts';
import { findBinary, type ProcessResult, runProcess } from './process.ts';

export interface GitOptions {
  /** OS path of the scanned tree. */
  readonly root: string;
  /** Directories in which git is looked for, as in PATH. */
  readonly toolPath: string;
  readonly signal?: AbortSignal;
}

/** Nothing of the user's or the system's configuration, no network, no question, no lock, no pager. */
const ENVIRONMENT = {
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: '',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_PAGER: 'cat',
  LC_ALL: 'C',
} as const;

/** Above what the configuration of the repository says. */
const CONFIGURATION = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'safe.directory=*'];
const TIMEOUT = 60_000;
const MAX_OUTPUT = 64 * 1024 * 1024;
/** Files on either side beyond which git looks for those alone that moved as they were; its own default. */
const RENAME_LIMIT = 1000;
/** A line of `diff --raw -z` without the colon: modes, the two objects, the status. */
const RENAMED = /^:\d+ \d+ ([0-9a-f]+) ([0-9a-f]+) R\d*$/;

/**
 * The files below the root that have another path in the commit `to` than in the commit `from`, sorted by `from`. Two
 * commits are compared, never the working tree, whose files git would put through the filters of the repository.
 *
 * @param from,to whatever git takes for a commit
 * @throws PlimsollError `data-missing` (no git, no repository, no such commit, or an object that is not at hand),
 *   `file-not-found` (root), `aborted`
 */
export async function gitRenames(from: string, to: string, options: GitOptions): Promise<Rename[]> {
  const git = await openGit(options);
  const [before, after] = [await commitOf(git, from), await commitOf(git, to)];
  const output = await git([
    'diff',
    '--raw',
    '-z',
    '--no-abbrev',
    '--find-renames',
    `-l${RENAME_LIMIT}`,
    '--diff-filter=R',
    '--no-ext-diff',
    '--no-textconv',
    '--ignore-submodules=all',
    '--relative',
    before,
    after,
    '--',
  ]);
  return parseRenames(output);
}

function parseRenames(output: string): Rename[] {
  const fields = output.split('\0');
  const renames: Rename[] = [];
  for (let i = 0; i + 2 < fields.length; i += 3) {
    const [, before, after] = RENAMED.exec(fields[i] ?? '') ?? [];
    if (before === undefined) throw failed(`expected renamed files, got ${JSON.stringify(fields[i])}`);
    const [from, to] = [fields[i + 1] ?? '', fields[i + 2] ?? ''].map((path) => path.normalize('NFC'));
    if (from !== undefined && to !== undefined && from !== to)
      renames.push({ from, to, identical: before === after });
  }
  return renames.sort((a, b) => compareText(a.from, b.from));
}

/** By its whole name, so that no later argument can be taken for an option. */
async function commitOf(git: Git, revision: string): Promise<string> {
  const name = (await git(['rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`])).trim();
  if (!/^[0-9a-f]{40,64}$/.test(name)) throw failed(`expected a commit, got ${JSON.stringify(revision)}`);
  return name;
}

type Git = (args: readonly string[]) => Promise<string>;

async function openGit({ root, toolPath, signal }: GitOptions): Promise<Git> {
  const tree = await realRoot(root);
  const binary = await findBinary('git', toolPath, tree);
  if (binary === undefined) throw failed('expected git outside the scanned tree, got none');
  return async (args) => {
    const configuration = CONFIGURATION.flatMap((setting) => ['-c', setting]);
    const result = await runProcess(binary, ['--no-pager', '-C', tree, ...configuration, ...args], {
      env: ENVIRONMENT,
      cwd: tmpdir(),
      timeout: TIMEOUT,
      maxOutput: MAX_OUTPUT,
      ...(signal ? { signal } : {}),
    });
    if (result.exitCode !== 0) throw failed(`${args[0]}: ${problemOf(result)}`);
    return result.stdout;
  };
}

function problemOf({ failure, stderr, exitCode }: ProcessResult): string {
  const [line = ''] = stderr.split('\n');
  return failure ?? (line === '' ? `exit status ${exitCode}` : line.slice(0, 200));
}

function failed(message: string): PlimsollError {
  return new PlimsollError('data-missing', `git: ${message}`);
}
