// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import type { Collector } from '../../src/collectors/collector.ts';
import { createFileSource } from '../../src/platform/fs.ts';
import { memoryContext } from '../support/memory-files.ts';
import { REPO_ROOT } from '../support/shared-data.ts';
import { tempTree } from '../support/temp-tree.ts';

const SCRIPT = join(REPO_ROOT, 'scripts', 'new-collector.mjs');

function generate(root: string, ...args: string[]): string {
  return execFileSync(process.execPath, [SCRIPT, '--root', root, ...args], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
}

it('writes a collector that works, with its test and fixture', async () => {
  const root = tempTree({ 'src/collectors/python/.keep': '' });
  const output = generate(root, 'python/demo-lock', 'demo.lock');
  expect(output).toContain("import { demoLock } from './python/demo-lock.ts';");
  expect(output).toContain('| `demo-lock` | `demo.lock` |');
  const test = readFileSync(join(root, 'test/collectors/python/demo-lock.test.ts'), 'utf8');
  expect(test).toContain("from '../../../src/collectors/python/demo-lock.ts'");
  expect(test).not.toMatch(/\{\{|undefined/);

  for (const path of ['model', 'platform', 'collectors/collector.ts', 'collectors/fold.ts']) {
    symlinkSync(join(REPO_ROOT, 'src', path), join(root, 'src', path));
  }
  const outfile = join(root, 'demo-lock.mjs');
  const entry = join(root, 'src/collectors/python/demo-lock.ts');
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
  const { demoLock } = (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as {
    demoLock: Collector;
  };

  const fixture = join(root, 'fixtures/collectors/demo-lock/minimal');
  expect(existsSync(join(fixture, 'demo.lock'))).toBe(true);
  const [good] = await demoLock.collect(['demo.lock'], { files: createFileSource(fixture) });
  expect(good?.components.map(({ ref }) => ref)).toEqual(['demo.lock#.', 'demo.lock#pkg:pypi/demo@1.0.0']);
  const [broken] = await demoLock.collect(['demo.lock'], memoryContext({ 'demo.lock': '\ndemo\n' }));
  expect(broken?.coverage).toMatchObject([{ status: 'failed', errors: [{ location: { startLine: 2 } }] }]);
});

it('overwrites nothing', () => {
  const root = tempTree({ 'src/collectors/python/demo-lock.ts': 'mine' });
  expect(() => generate(root, 'python/demo-lock', 'demo.lock')).toThrow(/exists already/);
  expect(readFileSync(join(root, 'src/collectors/python/demo-lock.ts'), 'utf8')).toBe('mine');
  expect(existsSync(join(root, 'test'))).toBe(false);
});

it.each([
  [],
  ['python/demo-lock'],
  ['rust/cargo', 'Cargo.lock'],
  ['python/Demo', 'x'],
  ['python/../x', 'x'],
  ['python/x', '../y'],
])('refuses %j', (...args) => {
  expect(() => generate(tempTree({}), ...args)).toThrow(/usage/);
});
