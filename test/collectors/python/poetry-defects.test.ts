// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { poetryLock } from '../../../src/collectors/python/poetry-lock.ts';
import { PlimsollError } from '../../../src/platform/errors.ts';
import { memoryContext } from '../../support/memory-files.ts';
import { block, collect, component, dependencies, METADATA } from './collect-poetry.ts';

describe('poetry.lock, defects', () => {
  it.each([
    ['no TOML', '[[package]]\nname = \n', 2, 'expected valid TOML, got an error: invalid value'],
    ['a merge conflict', `${METADATA}<<<<<<< HEAD\n`, 3, 'expected valid TOML'],
    [
      'a package table',
      '# x\n[package]\nname = "a"\n',
      2,
      'expected an array of tables for package, got a table',
    ],
    ['other bytes', new Uint8Array([0xff]), undefined, 'expected UTF-8, got other bytes'],
  ])('%s fails the project, with its place', async (_, lock, line, message) => {
    const { components, coverage, skipped } = await collect(
      lock,
      '[project]\nname = "x"\ndependencies = ["a"]\n',
    );
    expect(components.map((c) => c.name)).toEqual(['x']);
    expect(skipped).toEqual([]);
    expect(coverage).toMatchObject([{ status: 'failed', cause: 'unparsable', expected: 0, processed: 0 }]);
    const [error] = coverage[0]!.errors;
    expect(error?.message).toContain(`app/poetry.lock${line === undefined ? '' : `:${line}`}: ${message}`);
    expect(error?.location).toEqual({
      uri: 'app/poetry.lock',
      ...(line === undefined ? {} : { startLine: line }),
    });
  });

  it.each([
    ['no name', 'version = "1"', '[[package]]', 'expected a string for package.name, got nothing'],
    [
      'an empty name',
      'name = ""\nversion = "1"',
      '[[package]]',
      'expected a string for package.name, got an empty string',
    ],
    ['a name that is none', 'name = "a b"\nversion = "1"', 'a b', 'expected a package name, got other text'],
    ['no version', 'name = "bad"', 'bad', 'expected a string for package.version, got nothing'],
    [
      'a number as version',
      'name = "bad"\nversion = 1.0',
      'bad',
      'expected a string for package.version, got a number',
    ],
    [
      'text as optional',
      'name = "bad"\nversion = "1"\noptional = "no"',
      'bad',
      'expected a boolean for package.optional',
    ],
    [
      'text as groups',
      'name = "bad"\nversion = "1"\ngroups = "main"',
      'bad',
      'expected an array of strings for package.groups',
    ],
    [
      'a number as marker',
      'name = "bad"\nversion = "1"\nmarkers = {main = 1}',
      'bad',
      'expected a string for package.markers.main',
    ],
    [
      'text as file',
      'name = "bad"\nversion = "1"\nfiles = ["x.whl"]',
      'bad',
      'expected an array of tables for package.files',
    ],
    [
      'text as source',
      'name = "bad"\nversion = "1"\nsource = "git"',
      'bad',
      'expected a table for package.source',
    ],
    [
      'a number as dependency',
      'name = "bad"\nversion = "1"\ndependencies = {x = [1]}',
      'bad',
      'expected a string, a table or an array of them for package.dependencies.x, got a number',
    ],
    [
      'text as extra',
      'name = "bad"\nversion = "1"\nextras = {x = "y"}',
      'bad',
      'expected an array of strings for package.extras.x',
    ],
  ])('%s skips the entry, and the rest is read', async (_, fields, text, reason) => {
    const project = await collect(
      `${block('good', '1', dependencies('bad = {version = "*", optional = true}'))}[[package]]\n${fields}\n${METADATA}`,
    );
    expect(project.components.map((c) => c.name)).toEqual(['app', 'good']);
    expect(project.skipped).toMatchObject([
      { project: 'app/poetry.lock', text, reason: expect.stringContaining(reason) },
    ]);
    expect(project.skipped[0]?.location.startLine).toBeGreaterThan(7);
    expect(project.coverage).toMatchObject([
      { status: 'partial', cause: 'unparsable', expected: 2, processed: 1 },
    ]);
    expect(project.coverage[0]?.errors[0]?.message).toMatch(/^app\/poetry\.lock:\d+: expected /);
  });

  it.each([
    [
      'an entry that is no table',
      1,
      `package = [1, {name = "a", version = "1"}]\n${METADATA}`,
      'expected an array of tables for package',
    ],
    [
      'a lock-version of the future',
      7,
      `${block('a', '1')}[metadata]\nlock-version = "3.0"\n`,
      'expected a lock-version up to 2.x, got "3.0"',
    ],
    [
      'text as metadata.files',
      7,
      `${block('a', '1')}[metadata]\nfiles = "x"\n`,
      'expected a table for metadata.files',
    ],
    ['text as metadata', 1, `metadata = "x"\n${block('a', '1')}`, 'expected a table for metadata'],
    ['text as extras', 1, `extras = "x"\n${block('a', '1')}${METADATA}`, 'expected a table for extras'],
  ])('%s makes the project partial', async (_, line, lock, message) => {
    const project = await collect(lock);
    expect(project.components.map((c) => c.name)).toEqual(['app', 'a']);
    expect(project.coverage).toMatchObject([{ status: 'partial', cause: 'unparsable' }]);
    expect(project.coverage[0]?.errors[0]?.message).toContain(`app/poetry.lock:${line}: ${message}`);
  });

  it('reads the lock where the pyproject.toml cannot be parsed', async () => {
    const project = await collect(block('a', '1', 'groups = ["dev"]') + METADATA, '[project]\nname = 1\n');
    expect(component(project, 'a')).toMatchObject({ scopes: ['dev'], direct: true });
    expect(project.project.manifest).toBe('app/pyproject.toml');
    expect(project.coverage).toMatchObject([
      {
        status: 'partial',
        cause: 'unparsable',
        errors: [{ location: { uri: 'app/pyproject.toml', startLine: 2 } }],
      },
    ]);
  });

  it.each([
    ['file-too-large', 'limit-exceeded'],
    ['file-unreadable', 'unreadable'],
  ] as const)('a lock that cannot be read (%s) fails the project', async (code, cause) => {
    const files = {
      async read(path: string) {
        if (path.endsWith('.lock')) throw new PlimsollError(code, `${path}: no`, { file: path });
        return undefined;
      },
    };
    const [project] = await poetryLock.collect(['poetry.lock'], { files });
    expect(project?.coverage).toMatchObject([
      { status: 'failed', cause, errors: [{ message: 'poetry.lock: no' }] },
    ]);
  });

  it('a lock that is gone fails the project', async () => {
    const [project] = await poetryLock.collect(['poetry.lock'], memoryContext({}));
    expect(project?.coverage).toMatchObject([{ status: 'failed', cause: 'unreadable' }]);
  });

  it('stops when it is told to', async () => {
    const context = { ...memoryContext({ 'poetry.lock': METADATA }), signal: AbortSignal.abort() };
    await expect(poetryLock.collect(['poetry.lock'], context)).rejects.toMatchObject({ code: 'aborted' });
  });
});
