// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { poetryLock } from '../../../src/collectors/python/poetry-lock.ts';
import { block, collect, component, dependencies, edgesOf, METADATA, scopesOf } from './collect-poetry.ts';

describe('poetry-lock, what it claims', () => {
  it('claims the file by its name alone', () => {
    expect(
      ['poetry.lock', 'a/b/poetry.lock', 'my-poetry.lock', 'pyproject.toml'].map(poetryLock.claims),
    ).toEqual([true, true, false, false]);
  });
});

describe('poetry.lock traps', () => {
  it('P1: without category and groups in the lock, groups stay absent and scopes come from the pyproject.toml', async () => {
    const lock = [
      block('web', '1', dependencies('shared = "*"')),
      block('shared', '1'),
      block('lint', '1', dependencies('shared = "*"', 'helper = "*"')),
      block('helper', '1'),
      block('stray', '1'),
      METADATA,
    ].join('\n');
    const project = await collect(
      lock,
      '[tool.poetry.dependencies]\nweb = "*"\n[tool.poetry.group.dev.dependencies]\nlint = "*"\n',
    );
    expect(scopesOf(project)).toEqual({
      web: 'runtime',
      shared: 'runtime dev',
      lint: 'dev',
      helper: 'dev',
      stray: 'unknown',
    });
    expect(project.components.every((c) => c.groups === undefined)).toBe(true);
  });

  it('P1: category and groups are taken as listed', async () => {
    const project = await collect(
      [
        block('a', '1', 'category = "main"'),
        block('b', '1', 'category = "dev"'),
        block('c', '1', 'groups = ["test", "main"]'),
        block('d', '1', 'groups = []'),
        METADATA,
      ].join('\n'),
    );
    expect(project.components.slice(1).map((c) => [c.name, c.groups])).toEqual([
      ['a', ['main']],
      ['b', ['dev']],
      ['c', ['main', 'test']],
      ['d', []],
    ]);
    expect(scopesOf(project)).toEqual({ a: 'runtime', b: 'dev', c: 'runtime dev', d: 'unknown' });
  });

  it('P2: optional is a scope of the main group, not a group; a group that is not known is not production', async () => {
    const optional = (rest: string) => `[[package]]\nversion = "1"\noptional = true\n${rest}\n`;
    const project = await collect(
      [
        optional('name = "a"\ngroups = ["main"]'),
        optional('name = "b"\ngroups = ["main", "dev"]'),
        optional('name = "c"'),
        block('d', '1'),
        METADATA,
      ].join('\n'),
    );
    expect(scopesOf(project)).toEqual({ a: 'optional', b: 'dev optional', c: 'optional', d: 'unknown' });
    expect(component(project, 'c').groups).toBeUndefined();
  });

  it('P3: several entries of one name stay apart, and edges go where the constraint fits', async () => {
    const lock = [
      block('numpy', '1.19.5'),
      block('numpy', '1.21.6'),
      block('old', '1', dependencies('numpy = "<1.20"')),
      block('any', '1', dependencies('numpy = "*"')),
      block('unclear', '1', dependencies('numpy = {git = "https://x.example/n.git"}')),
      block('none', '1', dependencies('numpy = ">=9"')),
      METADATA,
    ].join('\n');
    expect(edgesOf(await collect(lock)).filter((edge) => edge.includes('-> numpy'))).toEqual([
      'any@1 -runtime-> numpy@1.19.5',
      'any@1 -runtime-> numpy@1.21.6',
      'none@1 -runtime-> numpy@1.19.5',
      'none@1 -runtime-> numpy@1.21.6',
      'old@1 -runtime-> numpy@1.19.5',
      'unclear@1 -runtime-> numpy@1.19.5',
      'unclear@1 -runtime-> numpy@1.21.6',
    ]);
  });

  it('P3: one version from two sources is one component with both places and markers', async () => {
    const source = (url: string) => `\n[package.source]\ntype = "legacy"\nurl = "${url}"\nreference = "x"\n`;
    const first = block('torch', '2.0', `markers = "a"\n${source('https://a.example')}`);
    const second = block('torch', '2.0', `markers = "b"\n${source('https://b.example')}`);
    const [there, back] = [
      await collect(first + second + METADATA),
      await collect(second + first + METADATA),
    ];
    expect(component(there, 'torch').locations).toEqual([
      { uri: 'app/poetry.lock', startLine: 2, marker: 'a' },
      { uri: 'app/poetry.lock', startLine: 13, marker: 'b' },
    ]);
    expect(component(back, 'torch').source).toEqual(component(there, 'torch').source);
    expect(component(back, 'torch').locations.map((l) => l.marker)).toEqual(['a', 'b']);
  });

  it('P4: a dependency is a string, a table or an array of tables', async () => {
    const lock = [
      block(
        'a',
        '1',
        dependencies(
          's = ">=1"',
          't = {version = "*", markers = "m"}',
          'l = [{version = "1"}, {version = "2"}]',
        ),
      ),
      ...['s', 't', 'l'].map((name) => block(name, '1')),
      METADATA,
    ].join('\n');
    expect(edgesOf(await collect(lock)).filter((edge) => edge.startsWith('a@1'))).toEqual([
      'a@1 -runtime-> l@1',
      'a@1 -runtime-> s@1',
      'a@1 -runtime-> t@1',
    ]);
  });

  it('P5: names are normalised on both sides of an edge, and in [metadata.files]', async () => {
    const lock = [
      block('aspy.yaml', '1', dependencies('PyYAML = "*"')),
      block('pyyaml', '3', dependencies('Aspy_Yaml = "*"')),
      `[metadata]\nlock-version = "1.1"\n[metadata.files]\n"Aspy-YAML" = [{file = "a.whl", hash = "sha256:${'AB'.repeat(32)}"}]`,
    ].join('\n');
    const project = await collect(lock);
    expect(edgesOf(project).slice(-2)).toEqual([
      'aspy-yaml@1 -runtime-> pyyaml@3',
      'pyyaml@3 -runtime-> aspy-yaml@1',
    ]);
    expect(component(project, 'aspy-yaml').artifacts).toEqual([
      { filename: 'a.whl', hashes: [{ algorithm: 'sha256', value: 'ab'.repeat(32) }] },
    ]);
  });

  const commit = '0123456789abcdef0123456789abcdef01234567';
  it.each([
    [
      'git',
      `url = "https://u:p@x.example/r.git"\nreference = "main"\nresolved_reference = "${commit}"`,
      {
        origin: 'git',
        pinning: 'resolved',
        source: { url: 'https://x.example/r.git', commit },
        purl: `pkg:pypi/p@1?vcs_url=git%2Bhttps:%2F%2Fx.example%2Fr.git%40${commit}`,
      },
    ],
    [
      'git',
      `url = "ssh://git@x.example/r.git"\nreference = "${commit.toUpperCase()}"`,
      {
        origin: 'git',
        pinning: 'resolved',
        source: { url: 'ssh://git@x.example/r.git', commit },
        purl: `pkg:pypi/p@1?vcs_url=git%2Bssh:%2F%2Fgit%40x.example%2Fr.git%40${commit}`,
      },
    ],
    [
      'git',
      'url = "https://x.example/r.git"\nreference = "main"\nsubdirectory = "sub"',
      {
        origin: 'git',
        pinning: 'unresolved',
        source: { url: 'https://x.example/r.git', subdirectory: 'sub' },
        purl: 'pkg:pypi/p@1?vcs_url=git%2Bhttps:%2F%2Fx.example%2Fr.git%40main%23sub',
      },
    ],
    [
      'url',
      'url = "https://x.example/p.whl"',
      {
        origin: 'url',
        pinning: 'resolved',
        source: { url: 'https://x.example/p.whl' },
        purl: 'pkg:pypi/p@1?download_url=https:%2F%2Fx.example%2Fp.whl',
      },
    ],
    [
      'directory',
      'url = "libs/p/"',
      { origin: 'path', pinning: 'resolved', source: { path: 'app/libs/p' }, purl: undefined },
    ],
    [
      'directory',
      'url = "..\\\\p"',
      { origin: 'path', pinning: 'resolved', source: { path: 'p' }, purl: undefined },
    ],
    [
      'directory',
      'url = "../../p"',
      { origin: 'path', pinning: 'resolved', source: undefined, purl: undefined },
    ],
    [
      'file',
      'url = "/opt/p.whl"',
      { origin: 'path', pinning: 'resolved', source: undefined, purl: undefined },
    ],
    [
      'legacy',
      'url = "https://u:p@x.example/simple"\nreference = "x"',
      {
        origin: 'registry',
        pinning: 'resolved',
        source: { registry: 'https://x.example/simple' },
        purl: 'pkg:pypi/p@1',
      },
    ],
    [
      'hg',
      'url = "https://x.example/r"',
      { origin: 'unknown', pinning: 'resolved', source: { url: 'https://x.example/r' }, purl: undefined },
    ],
  ])('P6: a source of type %s keeps its origin (%s)', async (type, fields, expected) => {
    const project = await collect(
      block('p', '1', `\n[package.source]\ntype = "${type}"\n${fields}\n`) + METADATA,
    );
    const { origin, pinning, source, purl } = component(project, 'p');
    expect({ origin, pinning, source, purl }).toEqual(expected);
  });

  it('P7: an empty file is no lock', async () => {
    const { components, coverage } = await collect('');
    expect(components.map((c) => c.ref)).toEqual(['app/poetry.lock#.']);
    expect(coverage).toMatchObject([
      {
        status: 'failed',
        cause: 'unparsable',
        errors: [{ message: 'app/poetry.lock:1: expected a [[package]] or [metadata] table, got neither' }],
      },
    ]);
  });

  it('P7: a lock without packages is read', async () => {
    const { coverage } = await collect(`package = []\n${METADATA}`);
    expect(coverage).toMatchObject([{ status: 'succeeded', expected: 0, processed: 0, errors: [] }]);
  });

  it('P7: extras hold requirement strings, and bring only what they name', async () => {
    const extras = `
[package.extras]
Sock_S = ["PySocks (>=1.5,!=1.5.7)", "win-inet-pton ; sys_platform == 'win32'"]
other = ["unasked[x] (>=1) ; python_version < '3'"]
all = ["lib[sock-s,none-such]"]
`;
    const optional = (name: string) => `${name} = {version = "*", optional = true}`;
    const lock = [
      block(
        'lib',
        '1',
        dependencies(optional('pysocks'), optional('win-inet-pton'), optional('unasked')) + extras,
      ),
      ...['pysocks', 'win-inet-pton', 'unasked'].map((name) => block(name, '1')),
      METADATA,
    ].join('\n');
    const pyproject = (extra: string) =>
      `[tool.poetry.dependencies]\nlib = {version = "*", extras = ["${extra}"]}\n[tool.poetry.dev-dependencies]\nunasked = "*"\n`;
    const asked = await collect(lock, pyproject('sock.s'));
    expect(scopesOf(asked)).toEqual({
      lib: 'runtime',
      pysocks: 'runtime',
      'win-inet-pton': 'runtime',
      unasked: 'dev',
    });
    expect(edgesOf(asked)).toContain('lib@1 -optional-> unasked@1');
    // `all` asks for an extra that is not listed: then nothing can be ruled out.
    expect(scopesOf(await collect(lock, pyproject('all'))).unasked).toBe('runtime dev');
    expect(scopesOf(await collect(lock, pyproject('other'))).pysocks).toBe('unknown');
  });
});
