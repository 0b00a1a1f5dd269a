// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitRenames } from '../../src/platform/git.ts';
import { tempTree, writeTree } from '../support/temp-tree.ts';

const PATH = process.env.PATH ?? '';
const LINES = Array.from({ length: 30 }, (_, i) => `line ${i} of a file that git can know again\n`);

function git(root: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', ['-C', root, ...identity, ...args], { encoding: 'utf8' }).trim();
}

function commit(root: string): string {
  git(root, 'add', '-A');
  git(root, 'commit', '-q', '--allow-empty', '-m', 'x');
  return git(root, 'rev-parse', 'HEAD');
}

/** Moves `app/a.py` as it is and `app/b.py` with a change, both of `app`. */
function movedTree() {
  const root = tempTree({
    'app/a.py': LINES.join(''),
    'app/b.py': LINES.map((line) => `b ${line}`).join(''),
    'app/gone.py': 'x = 1\n',
    'other/c.txt': LINES.map((line) => `c ${line}`).join(''),
  });
  git(root, 'init', '-q');
  const from = commit(root);
  mkdirSync(join(root, 'app/sub'));
  renameSync(join(root, 'app/a.py'), join(root, 'app/sub/ä b.py'));
  renameSync(join(root, 'app/b.py'), join(root, 'app/c.py'));
  writeFileSync(join(root, 'app/c.py'), ['new\n', ...LINES.map((line) => `b ${line}`)].join(''));
  renameSync(join(root, 'other/c.txt'), join(root, 'other/d.txt'));
  rmSync(join(root, 'app/gone.py'));
  return { root, from, to: commit(root) };
}

describe('gitRenames', () => {
  it('tells what has moved between two commits, and whether it is the same', async () => {
    const { root, from, to } = movedTree();
    expect(await gitRenames(from, to, { root, toolPath: PATH })).toEqual([
      { from: 'app/a.py', to: 'app/sub/ä b.py', identical: true },
      { from: 'app/b.py', to: 'app/c.py', identical: false },
      { from: 'other/c.txt', to: 'other/d.txt', identical: true },
    ]);
    expect(await gitRenames('HEAD', 'HEAD', { root, toolPath: PATH })).toEqual([]);
  });

  it('speaks of the files below the scan root alone, by their paths there', async () => {
    const { root } = movedTree();
    expect(await gitRenames('HEAD~1', 'HEAD', { root: join(root, 'app'), toolPath: PATH })).toEqual([
      { from: 'a.py', to: 'sub/ä b.py', identical: true },
      { from: 'b.py', to: 'c.py', identical: false },
    ]);
  });

  it('runs nothing that the repository names, and leaves it as it is', async () => {
    const { root } = movedTree();
    const marks = tempTree({});
    const trap = join(marks, 'trap.sh');
    writeFileSync(trap, `#!/bin/sh\ntouch "${marks}/ran-$1"\ncat\n`);
    chmodSync(trap, 0o755);
    writeTree(root, {
      '.gitattributes': '* diff=evil filter=evil\n',
      '.git/info/attributes': '* diff=evil filter=evil\n',
    });
    mkdirSync(join(root, '.git/hooks'), { recursive: true });
    for (const hook of ['post-index-change', 'fsmonitor-watchman', 'reference-transaction']) {
      writeFileSync(join(root, '.git/hooks', hook), `#!/bin/sh\ntouch "${marks}/ran-${hook}"\n`);
      chmodSync(join(root, '.git/hooks', hook), 0o755);
    }
    const settings = {
      'core.fsmonitor': `${trap} fsmonitor`,
      'core.hooksPath': join(root, '.git/hooks'),
      'core.pager': `${trap} pager`,
      'pager.diff': `${trap} pager-diff`,
      'diff.external': `${trap} external`,
      'diff.evil.command': `${trap} command`,
      'diff.evil.textconv': `${trap} textconv`,
      'filter.evil.clean': `${trap} clean`,
      'filter.evil.smudge': `${trap} smudge`,
      'alias.diff': `!${trap} alias`,
      'alias.rev-parse': `!${trap} alias`,
      'diff.renames': 'false',
      'diff.relative': 'false',
      'diff.renameLimit': '1',
      'diff.noprefix': 'true',
    };
    for (const [key, value] of Object.entries(settings)) git(root, 'config', key, value);
    // Whoever asks git without care does run them.
    git(root, 'diff', 'HEAD~1', 'HEAD');
    git(root, 'status');
    const ranBefore = readdirSync(marks).filter((name) => name.startsWith('ran-'));
    expect(ranBefore).toEqual(expect.arrayContaining(['ran-command', 'ran-fsmonitor']));
    for (const name of ranBefore) rmSync(join(marks, name));
    expect(await gitRenames('HEAD~1', 'HEAD', { root, toolPath: PATH })).toHaveLength(3);
    expect(readdirSync(marks)).toEqual(['trap.sh']);
    expect(existsSync(join(root, '.git/index.lock'))).toBe(false);
  });

  it.each([
    ['a commit that is none', 'nowhere', /git: rev-parse/],
    ['an option', '--output=pwned', /git: rev-parse/],
    ['an empty revision', '', /git: rev-parse/],
  ])('refuses %s', async (_, revision, message) => {
    const { root } = movedTree();
    const refused = gitRenames(revision, 'HEAD', { root, toolPath: PATH });
    await expect(refused).rejects.toMatchObject({ code: 'data-missing' });
    await expect(gitRenames('HEAD', revision, { root, toolPath: PATH })).rejects.toThrow(message);
    expect(existsSync(join(root, 'pwned'))).toBe(false);
  });

  it('takes no git of the scanned tree, and needs a repository', async () => {
    const { root } = movedTree();
    writeTree(root, { 'bin/git': '#!/bin/sh\ntouch pwned\n' });
    chmodSync(join(root, 'bin/git'), 0o755);
    await expect(gitRenames('HEAD', 'HEAD', { root, toolPath: join(root, 'bin') })).rejects.toThrow(
      'git: expected git outside the scanned tree, got none',
    );
    await expect(gitRenames('HEAD', 'HEAD', { root: tempTree({}), toolPath: PATH })).rejects.toMatchObject({
      code: 'data-missing',
    });
    await expect(
      gitRenames('HEAD', 'HEAD', { root: join(root, 'none'), toolPath: PATH }),
    ).rejects.toMatchObject({ code: 'file-not-found' });
  });

  it('says so where an object is missing', async () => {
    const { root, from, to } = movedTree();
    const blob = git(root, 'rev-parse', `${from}:app/b.py`);
    rmSync(join(root, '.git/objects', blob.slice(0, 2), blob.slice(2)), { force: true });
    await expect(gitRenames(from, to, { root, toolPath: PATH })).rejects.toMatchObject({
      code: 'data-missing',
    });
  });
});
