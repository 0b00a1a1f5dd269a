// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { block, collect, dependencies, METADATA } from './collect-poetry.ts';

const skippedOf = async (lock: string, pyproject?: string) =>
  (await collect(lock, pyproject)).skipped.map(
    ({ location, text }) => `${location.uri}:${location.startLine} ${text}`,
  );

describe('poetry-lock, what is asked for and not locked', () => {
  it('by a package is a gap at that package', async () => {
    const project = await collect(`${block('a', '1', dependencies('Requests = ">=2"'))}${METADATA}`);
    const location = { uri: 'app/poetry.lock', startLine: 2 };
    const reason = 'expected a [[package]] named requests in app/poetry.lock, got none';
    expect(project.skipped).toEqual([{ project: 'app/poetry.lock', location, text: 'requests >=2', reason }]);
    expect(project.coverage).toEqual([
      {
        plugin: 'poetry-lock',
        target: 'app/poetry.lock',
        status: 'partial',
        cause: 'unpinned',
        unit: 'packages',
        expected: 2,
        processed: 1,
        required: true,
        errors: [{ message: `app/poetry.lock:2: ${reason}`, location }],
      },
    ]);
  });

  it.each([
    ['[tool.poetry.dependencies]\npython = "^3"\nrequests = "*"\n', 3, 'requests *'],
    ['[tool.poetry.group.test.dependencies]\npytest = {version = "^8", extras = ["x"]}\n', 2, 'pytest ^8'],
    ['[project]\nname = "app"\ndependencies = [\n  "requests>=2",\n]\n', 3, 'requests >=2'],
    ['[dependency-groups]\ndev = ["pytest"]\n', 2, 'pytest *'],
  ])('by %j is a gap at its line', async (pyproject, line, text) => {
    expect(await skippedOf(METADATA, pyproject)).toEqual([`app/pyproject.toml:${line} ${text}`]);
  });

  it.each([
    'optional = {version = "*", optional = true}',
    `marked = {version = "*", markers = "sys_platform == 'win32'"}`,
    'aged = {version = "*", python = "<3"}',
    'foreign = {version = "*", platform = "win32"}',
    'setuptools = "*"',
    'pip = "*"',
    'Wheel = "*"',
    'distribute = "*"',
    'App = "*"',
  ])('is no gap where it need not be there: %s', async (line) => {
    const project = '[project]\nname = "app"\n';
    const lock = `${block('a', '1', dependencies(line))}${METADATA}`;
    expect(await skippedOf(lock, `${project}[tool.poetry.dependencies]\n${line}\n`)).toEqual([]);
  });

  it('is no gap where only an extra or a marker brings it', async () => {
    const pyproject = `[project]
dependencies = ["a ; sys_platform == 'win32'"]
[project.optional-dependencies]
fast = ["b"]
`;
    expect(await skippedOf(METADATA, pyproject)).toEqual([]);
  });

  it('counts each alternative on its own: one that always holds must be there', async () => {
    const lock = block('a', '1', dependencies('b = ["*", {version = "<2", python = "<3"}]')) + METADATA;
    expect(await skippedOf(lock)).toEqual(['app/poetry.lock:2 b *']);
  });

  it('is told once where the entry is there and damaged', async () => {
    const lock = `${block('a', '1', dependencies('b_b = "*"'))}[[package]]\nname = "B.b"\n${METADATA}`;
    expect(await skippedOf(lock)).toEqual(['app/poetry.lock:10 B.b']);
  });

  it('has a row of its own beside other gaps, and is listed 1000 times at most', async () => {
    const many = dependencies(...Array.from({ length: 1500 }, (_, i) => `gone${i} = "*"`));
    const { coverage, skipped } = await collect(
      `${block('a', '1', many)}[[package]]\nname = "bad"\n${METADATA}`,
    );
    expect(coverage).toMatchObject([
      { cause: 'unparsable', expected: 1502, processed: 1501 },
      { cause: 'unpinned', expected: 1502, processed: 2 },
    ]);
    expect(skipped).toHaveLength(1001);
  });
});
