// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Binary, findBinary, type ProcessOptions, runProcess } from '../../src/platform/process.ts';
import { tempTree } from '../support/temp-tree.ts';

const NODE: Binary = { path: realpathSync(process.execPath), sha256: '' };
const SCRIPT = '#!/bin/sh\nexit 0\n';

function program(folder: string, name: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, SCRIPT, { mode: 0o755 });
  return path;
}

function run(code: string, options: Partial<ProcessOptions> = {}, args: readonly string[] = []) {
  const cwd = options.cwd ?? tempTree({});
  return runProcess(NODE, ['-e', code, '--', ...args], {
    env: {},
    cwd,
    timeout: 10_000,
    maxOutput: 1_000_000,
    ...options,
  });
}

describe('a program', () => {
  it('is found by its real path, with the hash of its file', async () => {
    const root = realpathSync(tempTree({}));
    const path = program(join(root, 'bin'), 'tool');
    symlinkSync(path, join(root, 'bin', 'alias'));
    const found = await findBinary('alias', join(root, 'bin'), join(root, 'tree'));
    expect(found).toEqual({
      path,
      sha256: '306c6ca7407560340797866e077e053627ad409277d1b9da58106fce4cf717cb',
    });
  });

  it.each([
    ['in the tree', (root: string) => join(root, 'tree', 'node_modules', '.bin')],
    ['in the tree itself', (root: string) => join(root, 'tree')],
    ['by a relative entry', () => 'bin'],
    ['by an empty entry', () => ''],
    ['by a link into the tree', (root: string) => join(root, 'links')],
    ['that is a directory', (root: string) => join(root, 'folders')],
    ['that may not be run', (root: string) => join(root, 'plain')],
  ])('%s is none', async (_, pathOf) => {
    const root = realpathSync(tempTree({ 'plain/tool': SCRIPT, 'folders/tool/x': '' }));
    const planted = program(join(root, 'tree', 'node_modules', '.bin'), 'tool');
    program(join(root, 'tree'), 'tool');
    program(join(root, 'bin'), 'tool');
    mkdirSync(join(root, 'links'));
    symlinkSync(planted, join(root, 'links', 'tool'));
    expect(await findBinary('tool', pathOf(root), join(root, 'tree'))).toBeUndefined();
    const behind = `${pathOf(root)}:${join(root, 'bin')}`;
    expect((await findBinary('tool', behind, join(root, 'tree')))?.path).toBe(join(root, 'bin', 'tool'));
  });
});

describe('a run', () => {
  it('hands over arguments as they are, whatever they look like', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.string(),
            fc.constantFrom('--output=x', '$(id)', '`id`', 'a\n::error::b', '*', '; rm -rf /'),
          ),
        ),
        async (args) => {
          const sound = args.map((arg) => arg.replaceAll('\0', ''));
          const { stdout } = await run('console.log(JSON.stringify(process.argv.slice(1)))', {}, sound);
          expect(JSON.parse(stdout)).toEqual(sound.map((arg) => Buffer.from(arg).toString()));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('has the environment and the directory that it is given, and no input', async () => {
    const cwd = realpathSync(tempTree({}));
    const code =
      'console.log(JSON.stringify([process.env, process.cwd(), require("fs").readFileSync(0, "utf8")]))';
    const { stdout, exitCode } = await run(code, { cwd, env: { ONE: '1' } });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual([{ ONE: '1' }, cwd, '']);
  });

  it('tells its exit status and the end of what it said', async () => {
    const { exitCode, stderr, failure } = await run(
      'console.error("x".repeat(2_000_000) + "end"); process.exitCode = 127',
    );
    expect([exitCode, failure, stderr.length, stderr.endsWith('end\n')]).toEqual([
      127,
      undefined,
      1_000_000,
      true,
    ]);
  });

  it('is ended with all that it started when the time is over', async () => {
    const cwd = tempTree({});
    const code = `
      const { spawn } = require('child_process');
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      require('fs').writeFileSync('pid', String(child.pid));
      setInterval(() => {}, 1000);`;
    const { exitCode, failure } = await run(code, { cwd, timeout: 1000 });
    expect([exitCode, failure]).toEqual([undefined, 'no end within 1 s']);
    const pid = readFileSync(join(cwd, 'pid'), 'utf8');
    const state = existsSync(`/proc/${pid}/stat`)
      ? readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0]
      : 'gone';
    expect(['gone', 'Z', 'X']).toContain(state);
  });

  it('that writes too much is ended', async () => {
    const { failure, stdout } = await run(
      'const b = "x".repeat(65536); for (;;) require("fs").writeSync(1, b)',
      { maxOutput: 100_000 },
    );
    expect(failure).toBe('more than 100000 bytes of output');
    expect(stdout.length).toBeLessThanOrEqual(100_000);
  });

  it('that is aborted throws', async () => {
    const controller = new AbortController();
    const running = run('setInterval(() => {}, 1000)', { signal: controller.signal });
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
  });

  it('of what cannot be run is a failure, not an exception', async () => {
    const nothing: Binary = { path: join(tempTree({}), 'none'), sha256: '' };
    const result = await runProcess(nothing, [], {
      env: {},
      cwd: tempTree({}),
      timeout: 1000,
      maxOutput: 10,
    });
    expect(result).toMatchObject({ failure: 'ENOENT' });
  });
});
