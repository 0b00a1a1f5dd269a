// SPDX-License-Identifier: Apache-2.0
// Repositories as somebody else may leave them for a scan: the same planted files in each, and a `.git` that runs
// programs, hides what is there, or is broken.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { writeTree } from './temp-tree.ts';
import { toolDirectory } from './tools.ts';

/** Put together here, so that this repository holds nothing that looks like a secret. */
export const SECRETS = {
  key: ['AKIA', 'Q7PL3MNX2RTV2KWD'].join(''),
  token: ['ghp_', 'x9Kd3Lm7Qr2Ts5Vw8Yz1Bc4Df6Gh0Jk5Np7R'].join(''),
  password: ['hunter2', 'hunter2'].join(''),
} as const;

const LEFT = { version: '1.0.0', resolved: 'https://registry.npm.example/left/-/left-1.0.0.tgz' };
const MANIFEST = { name: 'app', dependencies: { left: '1' } };
const LOCK = { name: 'app', lockfileVersion: 3, packages: { '': MANIFEST, 'node_modules/left': LEFT } };

/** Something for each scanner. */
const PLANTED = {
  'app/keys.py': `# comment\naws = "${SECRETS.key}"\ntoken = "${SECRETS.token}"\n`,
  'app/run.py': `import subprocess\n\nsubprocess.call("ls", shell=True)\npassword = "${SECRETS.password}"\n`,
  Dockerfile: 'FROM debian:latest\nUSER me\nHEALTHCHECK CMD true\n',
  'package.json': JSON.stringify(MANIFEST),
  'package-lock.json': JSON.stringify(LOCK),
};

export interface Repository {
  /** Its working tree, with `.git`. */
  readonly tree: string;
  /** A directory outside of the tree. */
  readonly beside: string;
  /** A program in the tree that, when it runs, writes {@link canary}. */
  readonly program: string;
  /** Outside of the tree. */
  readonly canary: string;
}

export interface HostileCase {
  readonly name: string;
  spoil(repository: Repository): void;
  /** Whether one who is careless falls for it: without that, a test would prove nothing. */
  isSet(repository: Repository): boolean;
  /** Files that it has besides the planted ones, each with {@link SECRETS.key} in line 1. */
  readonly more?: readonly string[];
}

/** A repository with the planted files in its only commit. */
export function plantedRepository(folder: string): Repository {
  const repository = {
    tree: join(folder, 'tree'),
    beside: join(folder, 'beside'),
    program: join(folder, 'tree', 'scripts', 'planted'),
    canary: join(folder, 'canary'),
  };
  const { tree, beside, program, canary } = repository;
  mkdirSync(beside, { recursive: true });
  writeTree(tree, { ...PLANTED, 'scripts/planted': `#!/bin/sh\necho "$0 $*" >>${canary}\n` });
  chmodSync(program, 0o755);
  git(tree, 'init', '--quiet');
  commit(repository);
  return repository;
}

/** What `.git` can hold against whoever looks at it. */
export const HOSTILE_CASES: readonly HostileCase[] = [
  {
    name: 'attributes that hide every difference',
    spoil: ({ tree }) => writeTree(tree, { '.gitattributes': '* -diff\n' }),
    isSet: isSilenced,
  },
  {
    name: 'drivers for differences and filters',
    spoil: ({ tree, program }) => {
      writeTree(tree, { '.gitattributes': '* diff=evil filter=evil\n' });
      configure(tree, { 'diff.external': program, 'diff.evil.command': program });
      configure(tree, { 'diff.evil.textconv': program });
      for (const way of ['clean', 'smudge', 'process']) configure(tree, { [`filter.evil.${way}`]: program });
    },
    isSet: runsBy('show', 'HEAD'),
  },
  {
    name: 'a file system monitor',
    spoil: ({ tree, program }) => configure(tree, { 'core.fsmonitor': program }),
    isSet: runsBy('status'),
  },
  {
    name: 'hooks',
    spoil: ({ tree, beside, program }) => {
      const names = ['post-checkout', 'post-index-change', 'reference-transaction', 'pre-commit'];
      writeTree(beside, Object.fromEntries(names.map((name) => [`hooks/${name}`, { target: program }])));
      configure(tree, { 'core.hooksPath': join(beside, 'hooks') });
    },
    isSet: runsBy('checkout', '--quiet', 'HEAD'),
  },
  {
    name: 'a remote behind a command',
    spoil: ({ tree, program }) =>
      configure(tree, {
        'remote.origin.url': 'ssh://git.example/a.git',
        ...{ 'core.sshCommand': program, 'core.askPass': program, 'credential.helper': program },
        ...{ 'core.pager': program, 'core.editor': program, 'gpg.program': program },
      }),
    isSet: runsBy('ls-remote', 'origin'),
  },
  {
    name: 'a partial clone that fetches through a program',
    spoil: (repository) => {
      const { tree, beside, program } = repository;
      git(tree, 'clone', '--quiet', '--bare', tree, join(beside, 'origin.git'));
      configure(tree, {
        'core.repositoryFormatVersion': '1',
        'extensions.partialClone': 'origin',
        'remote.origin.url': join(beside, 'origin.git'),
        'remote.origin.promisor': 'true',
        'remote.origin.partialCloneFilter': 'blob:none',
        'remote.origin.uploadpack': program,
      });
      removeObject(tree, 'HEAD:app/keys.py');
    },
    isSet: runsBy('show', 'HEAD:app/keys.py'),
  },
  {
    name: 'a .git that is a file and leads elsewhere',
    spoil: ({ tree, beside, program }) => {
      configure(tree, { 'core.fsmonitor': program, 'core.worktree': tree });
      renameSync(join(tree, '.git'), join(beside, 'elsewhere'));
      writeTree(tree, { '.git': `gitdir: ${join(beside, 'elsewhere')}\n` });
    },
    isSet: runsBy('status'),
  },
  {
    name: 'alternates that are not there',
    spoil: (repository) => moveObjects(repository, 'moved', 'missing'),
    isSet: isSilenced,
  },
  {
    name: "alternates that are somebody else's",
    spoil: (repository) => {
      moveObjects(repository, 'moved', 'moved');
      ownByStranger(join(repository.beside, 'moved'));
    },
    isSet: ({ tree }) => git(tree, 'cat-file', '-t', 'HEAD:app/keys.py') === 'blob\n',
  },
  {
    name: 'another owner',
    spoil: ({ tree }) => ownByStranger(tree),
    isSet: isSilenced,
  },
  {
    name: 'a missing blob',
    spoil: ({ tree }) => removeObject(tree, 'HEAD:app/keys.py'),
    isSet: isSilenced,
  },
  {
    name: 'a missing tree',
    spoil: ({ tree }) => removeObject(tree, 'HEAD^{tree}'),
    isSet: isSilenced,
  },
  {
    name: 'programs for those who look there first',
    spoil: ({ tree, program }) => {
      const names = ['git', 'gitleaks', 'bandit', 'detect-secrets', 'trivy', 'osv-scanner', 'python3'];
      const folders = ['node_modules/.bin', 'bin', '.'];
      const paths = folders.flatMap((folder) => names.map((name) => `${folder}/${name}`));
      writeTree(tree, Object.fromEntries(paths.map((path) => [path, { target: program }])));
    },
    isSet: (repository) =>
      ['git', 'gitleaks', 'trivy'].every((name) => {
        const env = { PATH: join(repository.tree, 'node_modules', '.bin') };
        spawnSync('/bin/sh', ['-c', name], { env: { PATH: `${env.PATH}:/usr/bin:/bin` } });
        return hasRun(repository);
      }),
  },
  {
    name: 'names that are commands',
    spoil: (repository) => {
      writeTree(repository.tree, Object.fromEntries(ODD_NAMES.map((name) => [name, ODD_CONTENT])));
      commit(repository);
    },
    isSet: ({ tree }) => /^::error /m.test(naiveGitleaks('dir', tree, '--verbose').stdout),
    more: [
      '-x.py',
      '--output=x.py',
      'odd\n::error title=PWN::\u001b[31m.py',
      '$(touch canary).py',
      'a`touch canary`;touch canary|x.py',
    ],
  },
];

const ODD_NAMES = HOSTILE_CASES.flatMap(({ more = [] }) => more);
const ODD_CONTENT = `key = "${SECRETS.key}"\n`;

/** Whether the program has run; its trace is removed. */
export function hasRun({ canary }: Repository): boolean {
  const ran = existsSync(canary);
  rmSync(canary, { force: true });
  return ran;
}

/** Whether these words to git run the program. */
function runsBy(...words: readonly string[]): HostileCase['isSet'] {
  return (repository) => {
    spawnSync('git', ['-c', 'safe.directory=*', ...words], { cwd: repository.tree, timeout: 10_000 });
    return hasRun(repository);
  };
}

/** Whether gitleaks on the history says that nothing is there. */
function isSilenced({ tree }: Repository): boolean {
  const sound = naiveGitleaks('dir', tree).status;
  return sound !== 0 && naiveGitleaks('git', tree).status === 0;
}

function naiveGitleaks(...args: readonly string[]) {
  const program = join(toolDirectory('gitleaks'), 'gitleaks');
  const env = { PATH: process.env.PATH, HOME: '/nonexistent' };
  return spawnSync(program, [...args, '--no-banner', '--no-color'], { encoding: 'utf8', env });
}

/** With a configuration that is nobody's. */
function git(cwd: string, ...args: readonly string[]): string {
  const env = { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  return execFileSync('git', ['-c', 'safe.directory=*', ...args], { cwd, env, encoding: 'utf8' });
}

function commit({ tree }: Repository): void {
  const as = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'gc.auto=0'];
  git(tree, 'add', '--all');
  git(tree, ...as, 'commit', '--quiet', '--message=planted');
}

function configure(tree: string, settings: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(settings)) git(tree, 'config', key, value);
}

function removeObject(tree: string, revision: string): void {
  const id = git(tree, 'rev-parse', revision).trim();
  rmSync(join(tree, '.git', 'objects', id.slice(0, 2), id.slice(2)));
}

/** Objects lie at `to`, and the repository names `named` as the place. */
function moveObjects({ tree, beside }: Repository, to: string, named: string): void {
  const objects = join(tree, '.git', 'objects');
  renameSync(objects, join(beside, to));
  mkdirSync(join(objects, 'info'), { recursive: true });
  appendFileSync(join(objects, 'info', 'alternates'), `${join(beside, named)}\n`);
}

function ownByStranger(path: string): void {
  const stranger = 12_345;
  lchownSync(path, stranger, stranger);
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true }))
    lchownSync(join(entry.parentPath, entry.name), stranger, stranger);
}
