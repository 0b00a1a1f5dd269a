// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { poetryLock } from '../../../src/collectors/python/poetry-lock.ts';
import { memoryContext } from '../../support/memory-files.ts';
import { block, collect, dependencies, edgesOf, METADATA } from './collect-poetry.ts';

describe('poetry.lock, the project itself', () => {
  it('is named by the pyproject.toml, else by the folder, else by the file', async () => {
    const named = await collect(METADATA, '[project]\nname = "A.b"\nversion = "1"\n');
    expect(named.components).toMatchObject([
      {
        ref: 'app/poetry.lock#.',
        name: 'a-b',
        version: '1',
        origin: 'workspace',
        locations: [{ uri: 'app/pyproject.toml', startLine: 2 }],
      },
    ]);
    expect(named.project).toMatchObject({
      manifest: 'app/pyproject.toml',
      files: ['app/poetry.lock', 'app/pyproject.toml'],
    });
    const alone = await collect(METADATA);
    expect(alone.components).toMatchObject([{ name: 'app', locations: [{ uri: 'app/poetry.lock' }] }]);
    expect(alone.project).toMatchObject({ manifest: 'app/poetry.lock', files: ['app/poetry.lock'] });
    const [top] = await poetryLock.collect(['poetry.lock'], memoryContext({ 'poetry.lock': METADATA }));
    expect(top?.components).toMatchObject([
      { name: 'poetry.lock', ref: 'poetry.lock#.', source: { path: '.' } },
    ]);
  });

  it('depends on what the pyproject.toml names, with the kind of each, and nothing else is direct', async () => {
    const lock = ['a', 'b', 'c', 'd'].map((name) => block(name, '1')).join('') + METADATA;
    const project = await collect(
      lock,
      '[tool.poetry.dependencies]\nA = "*"\nb = {version = "*", optional = true}\nmissing = "*"\n[tool.poetry.dev-dependencies]\na = "*"\nc = "*"\n',
    );
    expect(edgesOf(project)).toEqual([
      'app -dev-> a@1',
      'app -runtime-> a@1',
      'app -optional-> b@1',
      'app -dev-> c@1',
    ]);
    expect(project.components.filter((c) => c.direct).map((c) => c.name)).toEqual(['a', 'b', 'c']);
  });

  it('depends, without a pyproject.toml, on what nothing else depends on and on what its extras name', async () => {
    const lock = [
      block(
        'a',
        '1',
        `groups = ["main"]\n${dependencies('b = "*"', 'a = {version = "*", optional = true}')}`,
      ),
      block('b', '1', 'groups = ["main"]'),
      block('c', '1', 'groups = ["dev"]'),
      '[extras]\nx = ["b (>=1)"]\n',
      METADATA,
    ].join('\n');
    expect(edgesOf(await collect(lock)).filter((edge) => edge.startsWith('app'))).toEqual([
      'app -runtime-> a@1',
      'app -optional-> b@1',
      'app -dev-> c@1',
    ]);
  });
});
