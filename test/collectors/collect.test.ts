// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { type CollectOptions, collect } from '../../src/collectors/collect.ts';
import { PlimsollError } from '../../src/platform/errors.ts';
import { emptyProject, fakeCollector } from '../support/fake-collector.ts';
import { tempTree } from '../support/temp-tree.ts';

const collectors = [fakeCollector('lock-b', 'b.lock'), fakeCollector('lock-a', 'a.lock')];

function collectIn(root: string, options: Partial<CollectOptions> = {}) {
  return collect({ root, collectors, ...options });
}

it('makes one sorted inventory of all projects', async () => {
  const { inventory, coverage, nothingToScan } = await collectIn(
    tempTree({ 'z/b.lock': '', 'z/a.lock': '', 'B/a.lock': '', 'uv.lock': '' }),
  );
  expect(inventory.projects.map(({ id }) => id)).toEqual(['B/a.lock', 'z/a.lock', 'z/b.lock']);
  expect(inventory.components.map(({ ref }) => ref)).toEqual(['B/a.lock#.', 'z/a.lock#.', 'z/b.lock#.']);
  expect(inventory.dependencies.map(({ ref }) => ref)).toEqual(['B/a.lock#.', 'z/a.lock#.', 'z/b.lock#.']);
  expect(coverage.map(({ target, plugin }) => [target, plugin])).toEqual([
    ['B/a.lock', 'lock-a'],
    ['uv.lock', 'discover'],
    ['z/a.lock', 'lock-a'],
    ['z/b.lock', 'lock-b'],
  ]);
  expect(nothingToScan).toBe(false);
});

it('sorts skipped lines by place', async () => {
  const at = (uri: string, startLine: number) => ({ location: { uri, startLine }, text: 't', reason: 'r' });
  const skipping = fakeCollector('lock-a', 'a.lock', {
    collect: async (paths) =>
      paths.map((path) => ({ ...emptyProject('lock-a', path), skipped: [at(path, 10), at(path, 9)] })),
  });
  const { inventory } = await collectIn(tempTree({ 'b/a.lock': '', 'a/a.lock': '' }), {
    collectors: [skipping],
  });
  expect(inventory.skipped.map(({ location }) => [location.uri, location.startLine])).toEqual([
    ['a/a.lock', 9],
    ['a/a.lock', 10],
    ['b/a.lock', 9],
    ['b/a.lock', 10],
  ]);
});

describe('a collector that fails', () => {
  const failing = (error: unknown) =>
    fakeCollector('lock-a', 'a.lock', {
      collect: async () => {
        throw error;
      },
    });

  it('makes its manifests failed and ends nothing', async () => {
    const root = tempTree({ 'x/a.lock': '', 'y/a.lock': '', 'b.lock': '' });
    const all = [failing(new TypeError('oops')), fakeCollector('lock-b', 'b.lock')];
    const { inventory, coverage } = await collectIn(root, { collectors: all });
    expect(inventory.projects.map(({ id }) => id)).toEqual(['b.lock']);
    expect(coverage.filter((row) => row.plugin === 'lock-a')).toMatchObject([
      { target: 'x/a.lock', status: 'failed', required: true },
      {
        target: 'y/a.lock',
        errors: [{ message: 'y/a.lock: expected a project, the collector failed: oops' }],
      },
    ]);
  });

  it('does not bring a path of the machine into the report', async () => {
    const error = Object.assign(new Error("ENOENT: open '/home/me/x'"), { code: 'ENOENT' });
    const { coverage } = await collectIn(tempTree({ 'a.lock': '' }), { collectors: [failing(error)] });
    expect(JSON.stringify(coverage)).not.toContain('/home/me');
  });

  it('is told from one that was aborted', async () => {
    const controller = new AbortController();
    const aborting = fakeCollector('lock-a', 'a.lock', {
      collect: async () => {
        controller.abort();
        throw new PlimsollError('aborted', 'x');
      },
    });
    const options = { collectors: [aborting], signal: controller.signal };
    await expect(collectIn(tempTree({ 'a.lock': '' }), options)).rejects.toMatchObject({ code: 'aborted' });
  });

  it('is one that forgets a manifest', async () => {
    const forgetful = fakeCollector('lock-a', 'a.lock', {
      collect: async (paths) => paths.slice(1).map((path) => emptyProject('lock-a', path)),
    });
    const { coverage } = await collectIn(tempTree({ 'x/a.lock': '', 'y/a.lock': '' }), {
      collectors: [forgetful],
    });
    expect(coverage).toMatchObject([
      { target: 'x/a.lock', status: 'failed' },
      { target: 'y/a.lock', status: 'succeeded' },
    ]);
  });
});

describe('nothing to scan', () => {
  it.each([
    [{ 'readme.md': '' }, true],
    [{ 'node_modules/a/package.json': '{}' }, true],
    [{ 'package.json': '{}' }, true],
    [{ 'a.lock': '' }, false],
    [{ 'uv.lock': '' }, false],
    [{ 'go.mod': '' }, false],
    [{ 'package.json': '{"dependencies": {"a": "1"}}' }, false],
  ])('in %j: %s', async (files, expected) => {
    expect((await collectIn(tempTree(files))).nothingToScan).toBe(expected);
  });

  it('is what remains where everything is excluded, and says what was', async () => {
    const { nothingToScan, coverage } = await collectIn(tempTree({ 'sub/a.lock': '' }), { exclude: ['sub'] });
    expect(nothingToScan).toBe(true);
    expect(coverage).toMatchObject([{ target: 'sub', cause: 'excluded' }]);
  });
});

describe('named manifests', () => {
  const manifests = [{ collector: 'lock-a', path: 'sub/deps.lst' }];

  it('are read by their collector, besides the walk or instead of it', async () => {
    const root = tempTree({ 'sub/deps.lst': '', 'a.lock': '', 'uv.lock': '' });
    const both = await collectIn(root, { manifests });
    expect(both.inventory.projects.map(({ id, collector }) => [id, collector])).toEqual([
      ['a.lock', 'lock-a'],
      ['sub/deps.lst', 'lock-a'],
    ]);
    const alone = await collectIn(root, { manifests, paths: [] });
    expect(alone.inventory.projects.map(({ id }) => id)).toEqual(['sub/deps.lst']);
    expect(alone.coverage).toHaveLength(1);
  });

  it('take a file from the collector that claims its name', async () => {
    const named = [{ collector: 'lock-a', path: 'b.lock' }];
    const { inventory } = await collectIn(tempTree({ 'b.lock': '' }), { manifests: [...named, ...named] });
    expect(inventory.projects.map(({ collector }) => collector)).toEqual(['lock-a']);
  });

  it.each([
    [[{ collector: 'lock-a', path: 'none' }], 'file-not-found'],
    [[{ collector: 'lock-a', path: '../x' }], 'path-outside-root'],
    [[{ collector: 'nonsense', path: 'f' }], 'usage'],
    [
      [
        { collector: 'lock-a', path: 'f' },
        { collector: 'lock-b', path: 'f' },
      ],
      'usage',
    ],
  ])('are refused: %j %s', async (bad, code) => {
    await expect(collectIn(tempTree({ f: '' }), { manifests: bad })).rejects.toMatchObject({ code });
  });
});

it('refuses a glob that cannot be right', async () => {
  await expect(collectIn(tempTree({}), { exclude: ['/abs'] })).rejects.toMatchObject({ code: 'usage' });
});

it('stops before it starts when it was aborted', async () => {
  const options = { signal: AbortSignal.abort() };
  await expect(collectIn(tempTree({ 'a.lock': '' }), options)).rejects.toMatchObject({ code: 'aborted' });
});
