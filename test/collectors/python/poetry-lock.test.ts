// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { CollectedProject } from '../../../src/collectors/collector.ts';
import { poetryLock } from '../../../src/collectors/python/poetry-lock.ts';
import { PlimsollError } from '../../../src/platform/errors.ts';
import { memoryContext } from '../../support/memory-files.ts';

const METADATA = '[metadata]\nlock-version = "2.0"\n';

async function collect(lock: string | Uint8Array, pyproject?: string): Promise<CollectedProject> {
  const files = {
    'app/poetry.lock': lock,
    ...(pyproject === undefined ? {} : { 'app/pyproject.toml': pyproject }),
  };
  const [project] = await poetryLock.collect(['app/poetry.lock'], memoryContext(files));
  return project!;
}

function block(name: string, version: string, rest = ''): string {
  return `[[package]]\nname = "${name}"\nversion = "${version}"\noptional = false\n${rest}\n`;
}

const dependencies = (...lines: string[]) => `\n[package.dependencies]\n${lines.join('\n')}\n`;

/** `name@version` of each end, and the kind. */
function edgesOf({ components, dependencies }: CollectedProject): string[] {
  const shown = new Map(
    components.map((c) => [c.ref, c.version === undefined ? c.name : `${c.name}@${c.version}`]),
  );
  return dependencies.flatMap(({ ref, dependsOn }) =>
    dependsOn.map((edge) => `${shown.get(ref)} -${edge.kind}-> ${shown.get(edge.ref)}`),
  );
}

function component({ components }: CollectedProject, name: string) {
  return components.filter((c) => c.name === name && c.origin !== 'workspace')[0]!;
}

const scopesOf = (project: CollectedProject) =>
  Object.fromEntries(
    project.components.filter((c) => c.origin !== 'workspace').map((c) => [c.name, c.scopes.join(' ')]),
  );

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

describe('poetry.lock, details', () => {
  it('finds the line of each name in one pass, whatever is quoted around it', async () => {
    const lock = `# [[package]]
[[package]]
description = '''
[[package]]
name = "b"
'''
"name" = "a"
version = "1"
[package.extras]
name = ["[[package]]"]
[[ package ]]
version = "1"
name = 'b'
${METADATA}`;
    const project = await collect(lock);
    expect(project.components.slice(1).map((c) => [c.name, c.locations[0]?.startLine])).toEqual([
      ['a', 7],
      ['b', 13],
    ]);
  });

  it('gives entries of an inline array the line of the array', async () => {
    const project = await collect(`package = [{name = "a", version = "1"}]\n${METADATA}`);
    expect(component(project, 'a').locations).toEqual([{ uri: 'app/poetry.lock', startLine: 1 }]);
  });

  it('keeps markers as text, with the group where they differ by group', async () => {
    const project = await collect(
      [
        block('a', '1', 'markers = "sys_platform == \\"win32\\""'),
        block('b', '1', 'marker = "old"'),
        block('c', '1', 'markers = {test = "t", main = "m"}'),
        METADATA,
      ].join('\n'),
    );
    expect(['a', 'b', 'c'].map((name) => component(project, name).marker)).toEqual([
      'sys_platform == "win32"',
      'old',
      'main: m; test: t',
    ]);
  });

  it('keeps odd versions as written, and yanked', async () => {
    const project = await collect(block('a', '2004d-Odd ~1', 'yanked = true') + METADATA);
    expect(component(project, 'a')).toMatchObject({
      version: '2004d-Odd ~1',
      purl: 'pkg:pypi/a@2004d-Odd%20~1',
      flags: { yanked: true },
    });
  });

  it('gives each version of a name only the files that state it', async () => {
    const file = (name: string) => `{file = "${name}", hash = "md5:${'0'.repeat(32)}"}`;
    const names = ['a-1.0.tar.gz', 'a-1.0.1-py3-none-any.whl', 'a-1.0-py3-none-any.whl', 'odd.zip'];
    const project = await collect(
      `${block('a', '1.0')}${block('a', '1.0.1')}[metadata]\n[metadata.files]\na = [${names.map(file)}]\n[metadata.hashes]\na = ["00"]\n`,
    );
    expect(project.components.slice(1).map((c) => c.artifacts.map((one) => one.filename))).toEqual([
      ['a-1.0.tar.gz', 'a-1.0-py3-none-any.whl'],
      ['a-1.0.1-py3-none-any.whl'],
    ]);
  });

  it('reads hashes by their length, and leaves out what is none', async () => {
    const hashes = [32, 40, 64, 96, 128].map((length) => `"${'F'.repeat(length)}"`);
    const project = await collect(
      `${block('a', '1')}[metadata]\n[metadata.hashes]\na = [${hashes}, "zz", "abc"]\n`,
    );
    expect(component(project, 'a').artifacts.map((one) => one.hashes[0]?.algorithm)).toEqual([
      'md5',
      'sha1',
      'sha256',
      'sha384',
      'sha512',
    ]);
  });

  it('keeps path packages apart from the project, from each other and from purls', async () => {
    const at = (name: string, url: string) =>
      block(name, '1', `\n[package.source]\ntype = "directory"\nurl = "${url}"\n`);
    const project = await collect(
      at('self', '..') +
        at('one', 'x') +
        at('two', 'x') +
        at('three', '../pkg:pypi/django@1') +
        block('django', '1') +
        METADATA,
    );
    expect(project.components.map((c) => c.ref.split('#')[1])).toEqual([
      '.',
      'one@1',
      'pkg:pypi/django@1',
      'self@1',
      'three@1',
      'two@1',
    ]);
  });
});

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
      `${block('good', '1', dependencies('bad = "*"'))}[[package]]\n${fields}\n${METADATA}`,
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
