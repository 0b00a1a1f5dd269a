// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { globMatcher } from '../../src/platform/glob.ts';
import { walkTree } from '../../src/platform/walk.ts';
import { ENTRY_LIMIT, type ReadDirectory, type WalkOptions } from '../../src/platform/walk-state.ts';
import { skipTitle } from '../support/skip-title.ts';
import { link, tempTree } from '../support/temp-tree.ts';

const POSIX = process.platform !== 'win32';
const LINUX = process.platform === 'linux';
const MACOS = process.platform === 'darwin';

const wants = (path: string) => /(^|\/)(lock|lock2)$/.test(path);

function walk(root: string, options: Partial<WalkOptions> = {}) {
  return walkTree(root, { wants, ...options });
}

async function notes(root: string, options: Partial<WalkOptions> = {}) {
  return (await walk(root, options)).notes.map(({ path, kind, found }) => [path, kind, ...found]);
}

describe('what is walked', () => {
  it('finds wanted files at any depth, hidden directories included, in code-unit order', async () => {
    const root = tempTree({
      lock: '',
      'b/lock': '',
      'B/lock': '',
      '.hidden/lock': '',
      'a/b/c/d/lock': '',
      'a/x': '',
    });
    const tree = await walk(root);
    expect(tree.files).toEqual(['.hidden/lock', 'B/lock', 'a/b/c/d/lock', 'b/lock', 'lock']);
    expect(tree.notes).toEqual([]);
  });

  it('does not enter .git, and says nothing of it', async () => {
    const root = tempTree({ '.git/lock': '', 'sub/.git/lock': '', 'sub/.git-not/lock': '' });
    expect(await walk(root)).toMatchObject({ files: ['sub/.git-not/lock'], notes: [] });
  });

  it('does not enter node_modules, and tells of it where packages are installed', async () => {
    const root = tempTree({
      'node_modules/.package-lock.json': '',
      'a/node_modules/dep/lock': '',
      'b/node_modules/.cache/x': '',
    });
    expect(await walk(root)).toMatchObject({ files: [] });
    expect(await notes(root)).toEqual([
      ['a/node_modules', 'node-modules'],
      ['node_modules', 'node-modules'],
    ]);
  });

  it('leaves out the packages of a virtual environment and nothing else beside its marker', async () => {
    const root = tempTree({
      '.venv/pyvenv.cfg': '',
      '.venv/lib/python3.12/site-packages/dep/lock': '',
      '.venv/share/x/lock': '',
      '.venv/lock': '',
      '.venv/app/share/lock': '',
      'site-packages/lock': '',
    });
    expect((await walk(root)).files).toEqual(['.venv/app/share/lock', '.venv/lock', 'site-packages/lock']);
    expect(await notes(root)).toEqual([
      [
        '.venv/lib/python3.12/site-packages',
        'virtual-environment',
        '.venv/lib/python3.12/site-packages/dep/lock',
      ],
      ['.venv/share', 'virtual-environment', '.venv/share/x/lock'],
    ]);
  });
});

describe('what is excluded', () => {
  it('is one note per directory that held a wanted file', async () => {
    const root = tempTree({
      'vendor/a/lock': '',
      'vendor/b/lock': '',
      'vendor/node_modules/x/lock': '',
      'empty/readme': '',
      'src/lock': '',
      'src/lock2': '',
    });
    const excludes = globMatcher(['vendor', 'empty', 'src/lock2']);
    expect((await walk(root, { excludes })).files).toEqual(['src/lock']);
    expect(await notes(root, { excludes })).toEqual([
      ['src/lock2', 'excluded', 'src/lock2'],
      ['vendor', 'excluded', 'vendor/a/lock', 'vendor/b/lock'],
    ]);
  });

  it('takes dir/** for the directory', async () => {
    const root = tempTree({ 'vendor/a/lock': '', 'vendor/b/lock': '' });
    expect(await notes(root, { excludes: globMatcher(['vendor/**']) })).toEqual([
      ['vendor', 'excluded', 'vendor/a/lock', 'vendor/b/lock'],
    ]);
  });

  it.each(['vendor/?', 'vendor/??*', 'vendor/*.txt', '*/lock'])(
    'does not take %s for the directory',
    async (glob) => {
      const root = tempTree({ 'vendor/abc/lock': '', 'vendor/d/lock': '', lock: '' });
      const tree = await walk(root, { excludes: globMatcher([glob]) });
      expect(tree.files.length).toBeGreaterThan(1);
      expect(tree.notes.map((note) => note.path)).not.toContain('vendor');
    },
  );

  it('is looked into only so far, and says so', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [`out/${String(i).padStart(3, '0')}`, '']),
    );
    const root = tempTree({ ...many, 'out/z/lock': '' });
    const tree = await walk(root, { excludes: globMatcher(['out']), entryLimit: 20 });
    expect(tree.notes).toMatchObject([{ path: 'out', kind: 'excluded', found: [], cut: true }]);
  });
});

describe('links', () => {
  it('take a file of the tree once, under its own name where that is wanted', async () => {
    const root = tempTree({
      'a/lock': '',
      'a/other': '',
      'b/lock': link('../a/lock'),
      'c/lock': link('../a/other'),
      'node_modules/x/lock': '',
      'd/lock': link('../node_modules/x/lock'),
    });
    const tree = await walk(root);
    expect(tree.files).toEqual(['a/lock', 'c/lock', 'd/lock']);
    expect(tree.nearby).toEqual(['b/lock']);
  });

  it('to directories are not followed; loops and unwalked targets are told of', async () => {
    const root = tempTree({
      'a/b/up': link('../..'),
      'a/b/self': link('.'),
      'a/lock': '',
      elsewhere: link('a'),
      modules: link('node_modules/x'),
      'node_modules/x/lock': '',
      loop: link('loop'),
    });
    expect((await walk(root)).files).toEqual(['a/lock']);
    expect(await notes(root)).toEqual([
      ['a/b/self', 'link-loop'],
      ['a/b/up', 'link-loop'],
      ['loop', 'link-loop'],
      ['modules', 'link-not-followed'],
      ['node_modules', 'node-modules'],
    ]);
  });

  it('out of the tree are told of where they could matter, dangling ones where they are wanted', async () => {
    const outside = tempTree({ 'dir/lock': '', readme: '' });
    const root = tempTree({
      dir: link(join(outside, 'dir')),
      lock: link(join(outside, 'dir', 'lock')),
      readme: link(join(outside, 'readme')),
      'x/lock': link('nothing'),
      'x/readme': link('nothing'),
    });
    expect((await walk(root)).files).toEqual([]);
    expect(await notes(root)).toEqual([
      ['dir', 'link-outside'],
      ['lock', 'link-outside', 'lock'],
      ['x/lock', 'link-broken', 'x/lock'],
    ]);
  });
});

describe('what cannot be read', () => {
  it('is told of: a directory', async () => {
    const root = tempTree({ 'a/lock': '', 'b/lock': '' });
    const readDirectory: ReadDirectory = async (path) => {
      if (path.endsWith('/a')) throw Object.assign(new Error('no'), { code: 'EACCES' });
      return readdir(path, { withFileTypes: true });
    };
    const tree = await walk(root, { readDirectory });
    expect(tree.files).toEqual(['b/lock']);
    expect(tree.notes).toMatchObject([
      { path: 'a', kind: 'unreadable', message: 'expected a readable directory, got EACCES' },
    ]);
  });

  it.skipIf(!POSIX)(skipTitle('is told of: a FIFO of a wanted name', !POSIX, 'no FIFOs'), async () => {
    const root = tempTree({ 'a/x': '' });
    execFileSync('mkfifo', [join(root, 'lock'), join(root, 'a', 'fifo'), join(root, 'a', 'target')]);
    execFileSync('ln', ['-s', 'target', join(root, 'a', 'lock')]);
    expect(await notes(root)).toEqual([
      ['a/lock', 'special-file', 'a/lock'],
      ['lock', 'special-file', 'lock'],
    ]);
  });

  it.skipIf(!LINUX)(
    skipTitle('is told of: a name that is not UTF-8', !LINUX, 'names are Unicode here'),
    async () => {
      const root = tempTree({ 'good/lock': '' });
      // The shell, since Node would encode the name.
      execFileSync('sh', [
        '-c',
        `cd "$1" && d=$(printf 'd\\377') && mkdir "$d" && : > "$d/lock" && : > "f$d"`,
        'sh',
        root,
      ]);
      const tree = await walk(root);
      expect(tree.files).toEqual(['good/lock']);
      expect(tree.notes).toMatchObject([{ path: 'd\uFFFD', kind: 'name-not-usable' }]);
    },
  );

  it('keeps a name that only looks like one', async () => {
    expect((await walk(tempTree({ 'd\uFFFD/lock': '' }))).files).toEqual(['d\uFFFD/lock']);
  });

  it.skipIf(MACOS)(
    skipTitle('is told of: the second of two names that are one in NFC', MACOS, 'the file system joins them'),
    async () => {
      const tree = await walk(tempTree({ 'cafe\u0301/lock': '', 'caf\u00e9/lock': '' }));
      expect(tree.files).toEqual(['caf\u00e9/lock']);
      expect(tree.notes).toMatchObject([{ path: 'caf\u00e9', kind: 'name-not-usable' }]);
    },
  );

  it('is told of: a tree over the limit, at the same place whatever the order', async () => {
    const root = tempTree({ 'a/lock': '', 'b/lock': '', 'b/x': '', 'c/lock': '' });
    for (const concurrency of [1, 8]) {
      const tree = await walk(root, { entryLimit: 5, concurrency, readDirectory: shuffled(concurrency) });
      expect(tree.files).toEqual(['a/lock', 'b/lock']);
      expect(tree.notes).toMatchObject([{ path: 'b', kind: 'limit' }]);
    }
    expect((await walk(root, { entryLimit: 7 })).notes).toEqual([]);
  });
});

describe('the limit of a tree', () => {
  /** A directory of `count` files, none of which exists. */
  const crowd =
    (count: number): ReadDirectory =>
    async () =>
      Array.from({ length: count }, (_, i) => fakeFile(i === 0 ? 'lock' : `x${i}`));

  it.each([
    [ENTRY_LIMIT, []],
    [
      ENTRY_LIMIT + 1,
      [
        {
          path: '.',
          kind: 'limit',
          message: 'expected at most 200000 entries in the tree, got more: the walk ended here',
          found: [],
        },
      ],
    ],
  ])('is 200,000 by default: %d entries', async (count, expected) => {
    expect(ENTRY_LIMIT).toBe(200_000);
    const tree = await walk(tempTree({ lock: '' }), { readDirectory: crowd(count) });
    expect(tree).toEqual({ files: ['lock'], nearby: [], notes: expected });
  });
});

describe('starts', () => {
  const files = { lock: '', 'a/lock': '', 'a/b/lock': '', 'a/b/readme': '', 'c/lock': '' };

  it('are walked alone, once, and what stands above them is nearby', async () => {
    const tree = await walk(tempTree(files), { starts: ['a/b', 'a/b/lock', 'a/b/.'] });
    expect(tree.files).toEqual(['a/b/lock']);
    expect(tree.nearby).toEqual(['a/lock', 'lock']);
  });

  it('can be files of any name, and nested', async () => {
    const tree = await walk(tempTree(files), { starts: ['a/b/readme', 'a', 'c/lock'] });
    expect(tree.files).toEqual(['a/b/lock', 'a/b/readme', 'a/lock', 'c/lock']);
    expect(tree.nearby).toEqual(['lock']);
  });

  it('must exist, lie in the tree, and can be excluded', async () => {
    const root = tempTree({ ...files, out: link('..') });
    await expect(walk(root, { starts: ['none'] })).rejects.toMatchObject({ code: 'file-not-found' });
    await expect(walk(root, { starts: ['../x'] })).rejects.toMatchObject({ code: 'path-outside-root' });
    await expect(walk(root, { starts: ['out'] })).rejects.toMatchObject({ code: 'path-outside-root' });
    const tree = await walk(root, { starts: ['c', 'lock'], excludes: globMatcher(['c', 'lock']) });
    expect(tree.files).toEqual([]);
    expect(tree.notes.map((note) => note.path)).toEqual(['c', 'lock']);
  });
});

it('gives the same result for every order of entries and every concurrency', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [`d${i % 7}/e${i % 5}/${i % 3 ? 'lock' : `f${i}`}`, '']),
  );
  const root = tempTree({ ...files, 'd1/up': link('..'), 'd2/node_modules/a/lock': '', 'out/lock': '' });
  const excludes = globMatcher(['out', 'd3']);
  const expected = await walk(root, { excludes });
  expect(expected.files.length).toBeGreaterThan(10);
  for (let concurrency = 1; concurrency <= 8; concurrency++) {
    expect(await walk(root, { excludes, concurrency, readDirectory: shuffled(concurrency) })).toEqual(
      expected,
    );
  }
});

it('stops when it is told to', async () => {
  const signal = AbortSignal.abort();
  await expect(walk(tempTree({ lock: '' }), { signal })).rejects.toMatchObject({ code: 'aborted' });
});

/** Entries in another order, and answers that come out of turn. */
function shuffled(seed: number): ReadDirectory {
  return async (path) => {
    for (let turn = (path.length * seed) % 5; turn > 0; turn--) await new Promise(setImmediate);
    const entries = await readdir(path, { withFileTypes: true });
    return entries.sort(
      (a, b) => ((a.name.charCodeAt(0) * 7 + seed) % 5) - ((b.name.charCodeAt(0) * 7 + seed) % 5),
    );
  };
}

function fakeFile(name: string): Dirent {
  const no = () => false;
  return { name, isFile: () => true, isDirectory: no, isSymbolicLink: no } as Dirent;
}
