// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DiscoverOptions, discover } from '../../src/collectors/discover.ts';
import { requirements } from '../../src/collectors/python/requirements.ts';
import { createFileSource } from '../../src/platform/fs.ts';
import { globMatcher } from '../../src/platform/glob.ts';
import { fakeCollector } from '../support/fake-collector.ts';
import { link, tempTree } from '../support/temp-tree.ts';

const collectors = [
  fakeCollector('package-lock', 'package-lock.json'),
  fakeCollector('poetry-lock', 'poetry.lock'),
  fakeCollector('requirements', 'requirements.txt'),
];

function discoverIn(root: string, options: Partial<DiscoverOptions> = {}) {
  return discover({ root, collectors, files: createFileSource(root), ...options });
}

async function rows(files: Parameters<typeof tempTree>[0], options: Partial<DiscoverOptions> = {}) {
  const { coverage } = await discoverIn(tempTree(files), options);
  return coverage.map((row) => [row.target, row.status, row.cause, row.required]);
}

const DEPENDS = '{"dependencies": {"left-pad": "1"}}';
const PYPROJECT = '[project]\nname = "x"\ndependencies = ["django"]\n';

it('gives each file to the collector that claims it', async () => {
  const { claimed, coverage } = await discoverIn(
    tempTree({ 'b/poetry.lock': '', 'a/poetry.lock': '', 'requirements.txt': '', 'readme.txt': '' }),
  );
  expect([...claimed].sort()).toEqual([
    ['poetry-lock', ['a/poetry.lock', 'b/poetry.lock']],
    ['requirements', ['requirements.txt']],
  ]);
  expect(coverage).toEqual([]);
});

it('takes the claim of a collector for more than the name of another ecosystem', async () => {
  const files = {
    'requirements/conanfile.txt': '',
    'requirements/Dockerfile.in': '',
    'lib/conanfile.txt': '',
  };
  const { claimed, coverage } = await discoverIn(tempTree(files), { collectors: [requirements] });
  expect(claimed.get('requirements')).toEqual(['requirements/Dockerfile.in', 'requirements/conanfile.txt']);
  expect(coverage.map(({ target, cause }) => [target, cause])).toEqual([
    ['lib/conanfile.txt', 'out-of-scope'],
  ]);
});

it('leaves out what somebody named a collector for', async () => {
  const root = tempTree({ 'poetry.lock': '', 'uv.lock': '' });
  expect(await discoverIn(root, { assigned: ['poetry.lock', 'uv.lock'] })).toEqual({
    claimed: new Map(),
    coverage: [],
  });
});

describe('formats without a collector', () => {
  it('are rows that a verdict needs', async () => {
    const { coverage } = await discoverIn(tempTree({ 'svc/uv.lock': '' }));
    expect(coverage).toEqual([
      {
        plugin: 'discover',
        target: 'svc/uv.lock',
        status: 'skipped',
        cause: 'no-collector',
        unit: 'files',
        expected: 1,
        processed: 0,
        required: true,
        errors: [{ message: 'no collector for uv.lock', location: { uri: 'svc/uv.lock' } }],
      },
    ]);
  });

  it('are one row for Pipfile and Pipfile.lock', async () => {
    expect(await rows({ 'a/Pipfile': '', 'a/Pipfile.lock': '', 'b/Pipfile': '' })).toEqual([
      ['a/Pipfile.lock', 'skipped', 'no-collector', true],
      ['b/Pipfile', 'skipped', 'no-collector', true],
    ]);
  });

  it('count setup.py and setup.cfg only with install_requires', async () => {
    const files = {
      'a/setup.py': 'setup(install_requires=["x"])',
      'a/setup.cfg': '[flake8]',
      'b/setup.py': 'setup()',
      'b/setup.cfg': 'install_requires = x',
    };
    expect((await rows(files)).map(([path]) => path)).toEqual(['a/setup.py', 'b/setup.cfg']);
  });

  it('are failed where they cannot be looked at', async () => {
    const root = tempTree({ 'setup.py': 'x'.repeat(100) });
    const { coverage } = await discoverIn(root, { files: createFileSource(root, { limit: 10 }) });
    expect(coverage).toMatchObject([
      { target: 'setup.py', status: 'failed', cause: 'limit-exceeded', required: true },
    ]);
  });

  it('include a file of unknown name that was asked for', async () => {
    expect(await rows({ 'deps.lst': '', 'uv.lock': '' }, { paths: ['deps.lst'] })).toEqual([
      ['deps.lst', 'skipped', 'no-collector', true],
    ]);
  });
});

describe('package.json without a lock', () => {
  const noLock = (path: string) => [path, 'skipped', 'no-lock', true];

  it.each([
    'package-lock.json',
    'npm-shrinkwrap.json',
    'yarn.lock',
    'pnpm-lock.yaml',
    'bun.lock',
    'bun.lockb',
  ])('is covered by %s beside it', async (lock) => {
    const causes = (await rows({ 'package.json': DEPENDS, [lock]: '' })).map((row) => row[2]);
    expect(causes).not.toContain('no-lock');
  });

  it.each(['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'])(
    'is told of for %s',
    async (key) => {
      expect(await rows({ 'package.json': JSON.stringify({ [key]: { a: '1' } }) })).toEqual([
        noLock('package.json'),
      ]);
    },
  );

  it.each([
    '{}',
    '{"dependencies": {}}',
    '{"dependencies": null}',
    '{"dependencies": 1}',
    '\uFEFF{"name": "x"}',
  ])('is nothing where it declares none: %j', async (text) => {
    expect(await rows({ 'package.json': text })).toEqual([]);
  });

  it.each([
    ['["packages/*"]', true],
    ['{"packages": ["packages/*"]}', true],
    ['["packages/*", "!packages/a"]', false],
    ['["apps/*"]', false],
    ['"packages/*"', false],
    ['[1, null]', false],
  ])('above it covers a member of its workspaces %s: %s', async (workspaces, covered) => {
    const files = {
      'package.json': `{"workspaces": ${workspaces}}`,
      'package-lock.json': '',
      'packages/a/package.json': DEPENDS,
    };
    expect(await rows(files)).toEqual(covered ? [] : [noLock('packages/a/package.json')]);
  });

  it.each([
    ['packages:\n  - "packages/*"\n', true],
    ['', true],
    ['packages:\n  - "apps/*"\n', false],
    ['packages: [', false],
    ['a: &a [x]\npackages: *a\n', false],
  ])('above it covers a member of pnpm-workspace.yaml %j: %s', async (yaml, covered) => {
    const files = {
      'pnpm-workspace.yaml': yaml,
      'package-lock.json': '',
      'packages/a/package.json': DEPENDS,
    };
    expect(await rows(files)).toEqual(covered ? [] : [noLock('packages/a/package.json')]);
  });

  it('is covered by a lock above the part that is scanned', async () => {
    const files = {
      'package.json': '{"workspaces": ["packages/*"]}',
      'package-lock.json': '',
      'packages/a/package.json': DEPENDS,
      'packages/b/c/package.json': DEPENDS,
    };
    expect(await rows(files, { paths: ['packages'] })).toEqual([noLock('packages/b/c/package.json')]);
    expect(await rows(files, { paths: ['packages/a/package.json'] })).toEqual([]);
  });

  it('is failed where it is no JSON, with the line', async () => {
    const { coverage } = await discoverIn(tempTree({ 'package.json': '{\n  "a": oops\n}' }));
    expect(coverage).toMatchObject([
      {
        status: 'failed',
        cause: 'unparsable',
        errors: [{ message: 'package.json:2: expected a value, got "o"', location: { startLine: 2 } }],
      },
    ]);
    expect(await rows({ 'package.json': '[]' })).toEqual([['package.json', 'failed', 'unparsable', true]]);
  });

  it('is not fooled by __proto__', async () => {
    expect(await rows({ 'package.json': '{"__proto__": {"dependencies": {"a": "1"}}}' })).toEqual([]);
  });
});

describe('pyproject.toml without a lock', () => {
  const noLock = (path: string) => [path, 'skipped', 'no-lock', true];

  it.each(['poetry.lock', 'uv.lock', 'pdm.lock', 'pylock.toml'])(
    'is covered by %s beside it',
    async (lock) => {
      const causes = (await rows({ 'pyproject.toml': PYPROJECT, [lock]: '' })).map((row) => row[2]);
      expect(causes).not.toContain('no-lock');
    },
  );

  it('is told of, unless it declares nothing', async () => {
    expect(await rows({ 'pyproject.toml': PYPROJECT })).toEqual([noLock('pyproject.toml')]);
    expect(await rows({ 'pyproject.toml': '[tool.ruff]\nline-length = 100\n' })).toEqual([]);
  });

  it.each([
    ['requirements.txt', '#\n#    pip-compile pyproject.toml\n#\ndjango==5\n', true],
    [
      'requirements.txt',
      '# This file was autogenerated by uv via the following command:\n#    uv export\n',
      true,
    ],
    ['requirements/requirements.txt', '# pip-compile ../pyproject.toml\n', true],
    ['requirements.txt', 'pytest==8\n', false],
    ['requirements.txt', 'pyproject.toml\n', false],
    ['other/requirements.txt', '# pip-compile pyproject.toml\n', false],
  ])('is covered by %s that says it was compiled from it: %j %s', async (path, text, covered) => {
    expect(await rows({ 'pyproject.toml': PYPROJECT, [path]: text })).toEqual(
      covered ? [] : [noLock('pyproject.toml')],
    );
  });

  it.each([
    ['members = ["libs/*"]', true],
    ['members = ["libs/*"]\nexclude = ["libs/a"]', false],
    ['members = ["apps/*"]', false],
    ['', false],
  ])('above it covers a member of [tool.uv.workspace] %j: %s', async (table, covered) => {
    const files = {
      'pyproject.toml': `[tool.uv.workspace]\n${table}\n`,
      'uv.lock': '',
      'libs/a/pyproject.toml': PYPROJECT,
    };
    const lockRow = ['uv.lock', 'skipped', 'no-collector', true];
    expect(await rows(files)).toEqual(covered ? [lockRow] : [lockRow, noLock('libs/a/pyproject.toml')]);
  });

  it('is failed where it is no TOML', async () => {
    expect(await rows({ 'pyproject.toml': '[project' })).toEqual([
      ['pyproject.toml', 'failed', 'unparsable', true],
    ]);
  });
});

it('lists other ecosystems once per format, without need', async () => {
  const { coverage } = await discoverIn(tempTree({ 'b/go.mod': '', 'a/go.sum': '', Dockerfile: '' }));
  expect(
    coverage.map((row) => [row.target, row.cause, row.required, row.expected, row.errors[0]?.message]),
  ).toEqual([
    ['Dockerfile', 'out-of-scope', false, 1, 'Dockerfile is out of scope: 1 file not read'],
    ['a/go.sum', 'out-of-scope', false, 2, 'Go modules is out of scope: 2 files not read'],
  ]);
});

describe('what the walk left out', () => {
  it('is a row per directory where it held a manifest', async () => {
    const root = tempTree({
      'old/a/poetry.lock': '',
      'old/b/uv.lock': '',
      'img/Dockerfile': '',
      'poetry.lock': '',
    });
    const { coverage } = await discoverIn(root, { excludes: globMatcher(['old', 'img']) });
    expect(coverage).toMatchObject([
      {
        target: 'old',
        status: 'skipped',
        cause: 'excluded',
        required: false,
        expected: 2,
        errors: [{ message: 'not read: excluded; holds 2 manifests, the first is old/a/poetry.lock' }],
      },
    ]);
  });

  it('is needed where a manifest cannot be read, and not where a directory lies outside', async () => {
    const outside = tempTree({ 'poetry.lock': '' });
    const files = {
      'poetry.lock': link(join(outside, 'poetry.lock')),
      'a/uv.lock': link('nothing'),
      Dockerfile: link('nothing'),
      vendor: link(outside),
      up: link('.'),
    };
    expect(await rows(files)).toEqual([
      ['a/uv.lock', 'failed', 'unreadable', true],
      ['poetry.lock', 'skipped', 'unreadable', true],
      ['up', 'skipped', 'excluded', false],
      ['vendor', 'skipped', 'excluded', false],
    ]);
  });

  it('is needed where the tree is too large', async () => {
    expect(await rows({ 'a/poetry.lock': '', 'b/poetry.lock': '' }, { entryLimit: 3 })).toEqual([
      ['b', 'failed', 'limit-exceeded', true],
    ]);
  });

  it('is told of installed packages and virtual environments', async () => {
    const files = {
      'node_modules/a/package.json': DEPENDS,
      'venv/pyvenv.cfg': '',
      'venv/share/x/package.json': DEPENDS,
    };
    expect(await rows(files)).toEqual([
      ['node_modules', 'skipped', 'excluded', false],
      ['venv/share', 'skipped', 'excluded', false],
    ]);
  });
});
