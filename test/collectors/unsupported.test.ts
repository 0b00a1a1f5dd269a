// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import {
  OUT_OF_SCOPE_FORMATS,
  outOfScopeFormat,
  UNSUPPORTED_FORMATS,
  unsupportedFormat,
} from '../../src/collectors/unsupported.ts';

describe('unsupportedFormat', () => {
  it.each([
    ['uv.lock', 'uv.lock'],
    ['a/b/pdm.lock', 'pdm.lock'],
    ['Pipfile', 'Pipfile'],
    ['Pipfile.lock', 'Pipfile.lock'],
    ['pylock.toml', 'pylock.toml'],
    ['pylock.dev.toml', 'pylock.toml'],
    ['environment.yml', 'conda environment'],
    ['environment.yaml', 'conda environment'],
    ['yarn.lock', 'yarn.lock'],
    ['pnpm-lock.yaml', 'pnpm-lock.yaml'],
    ['bun.lock', 'bun.lock'],
    ['bun.lockb', 'bun.lockb'],
    ['deno.lock', 'deno.lock'],
  ])('%s is %s', (path, format) => {
    expect(unsupportedFormat(path)?.format).toBe(format);
  });

  it.each(['my-uv.lock', 'uv.lock.bak', 'uv.lock/x', 'environment.yml.j2', 'constructor', '__proto__', ''])(
    '%j is none',
    (path) => {
      expect(unsupportedFormat(path)).toBeUndefined();
      expect(outOfScopeFormat(path)).toBeUndefined();
    },
  );
});

describe('install_requires', () => {
  it.each([
    ['setup.py', 'setup(install_requires=["django"])', true],
    ['setup.py', 'setup(install_requires = [\n  "django"])', true],
    ['setup.py', 'setup(install_requires=read("requirements.txt"))', true],
    ['setup.py', 'setup(install_requires=[ \n ])', false],
    ['setup.py', 'setup(name="x")', false],
    ['setup.cfg', '[options]\ninstall_requires =\n  django', true],
    ['setup.cfg', '[options]\r\ninstall_requires=django', true],
    ['setup.cfg', '[flake8]\nmax-line-length = 100', false],
    ['setup.cfg', '# install_requires = no', false],
  ])('%s %j: %s', (name, text, expected) => {
    expect(unsupportedFormat(name)?.declares?.(text)).toBe(expected);
  });

  it.each([
    'install_requires'.repeat(20_000),
    `install_requires${' '.repeat(300_000)}x`,
    ' '.repeat(300_000),
  ])('takes no time on hostile text %#', (text) => {
    const start = performance.now();
    for (const { declares } of UNSUPPORTED_FORMATS) declares?.(text);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

it.each([
  ['svc/go.mod', 'Go modules'],
  ['App.csproj', 'NuGet'],
  ['Dockerfile', 'Dockerfile'],
  ['Dockerfile.dev', 'Dockerfile'],
  ['web.Dockerfile', 'Dockerfile'],
  ['x.gemspec', 'Bundler'],
  ['build.gradle.kts', 'Gradle'],
])('%s is out of scope: %s', (path, format) => {
  expect(outOfScopeFormat(path)?.format).toBe(format);
});

it('names each format and each file once', () => {
  const all = [...UNSUPPORTED_FORMATS, ...OUT_OF_SCOPE_FORMATS];
  const formats = all.map(({ format }) => format);
  const names = all.flatMap((format) => format.names);
  expect(new Set(formats).size).toBe(formats.length);
  expect(new Set(names).size).toBe(names.length);
});
