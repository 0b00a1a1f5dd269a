// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { packageLock } from '../../../src/collectors/javascript/package-lock.ts';
import { PlimsollError } from '../../../src/platform/errors.ts';
import { collect, collectOne, edgesOf, lockOf } from './collect-lock.ts';

describe('a lock that cannot be read', () => {
  it.each([
    [
      '{\n  "packages": {\n  }\n',
      'unparsable',
      4,
      'package-lock.json:4: expected , or }, got the end of the file',
    ],
    [
      '{\n<<<<<<< HEAD\n',
      'unparsable',
      2,
      'package-lock.json:2: expected a key or }, got the merge conflict marker <<<<<<<',
    ],
    ['', 'unparsable', 1, 'package-lock.json:1: expected a value, got the end of the file'],
    ['[]', 'unparsable', 1, 'package-lock.json:1: expected a JSON object'],
    ['{\n"packages": []}', 'unparsable', 2, 'package-lock.json:2: expected an object as packages'],
    ['{\n\n"dependencies": "x"}', 'unparsable', 3, 'package-lock.json:3: expected an object as dependencies'],
  ])('%j is a failed project with its root', async (text, cause, startLine, message) => {
    const project = await collectOne(text, { 'package.json': { name: 'app', dependencies: { a: '1' } } });
    expect(project.components.map(({ ref, name }) => [ref, name])).toEqual([['package-lock.json#.', 'app']]);
    expect(project.dependencies).toEqual([{ ref: 'package-lock.json#.', dependsOn: [] }]);
    expect(project.skipped).toEqual([]);
    expect(project.coverage).toEqual([
      {
        plugin: 'package-lock',
        target: 'package-lock.json',
        status: 'failed',
        cause,
        unit: 'packages',
        expected: 0,
        processed: 0,
        required: true,
        errors: [{ message, location: { uri: 'package-lock.json', startLine } }],
      },
    ]);
  });

  it.each([
    ['file-too-large', 'limit-exceeded'],
    ['file-unreadable', 'unreadable'],
  ] as const)('because of %s is one too', async (code, cause) => {
    const read = async (path: string): Promise<Uint8Array> => {
      throw new PlimsollError(code, `${path}: no`);
    };
    const [project] = await packageLock.collect(['package-lock.json'], { files: { read } });
    expect(project?.coverage).toMatchObject([{ status: 'failed', cause }]);
  });

  it('because it is gone is one too', async () => {
    const [project] = await packageLock.collect(['x/package-lock.json'], {
      files: { read: async () => undefined },
    });
    expect(project?.coverage).toMatchObject([{ status: 'failed', cause: 'unreadable' }]);
    expect(project?.components).toMatchObject([{ name: 'x' }]);
  });

  it('because the scan was aborted ends the scan', async () => {
    const aborted = { files: { read: async () => undefined }, signal: AbortSignal.abort() };
    await expect(packageLock.collect(['package-lock.json'], aborted)).rejects.toThrow('aborted');
  });

  it('leaves a package.json that cannot be read as a gap', async () => {
    const project = await collectOne(lockOf({ 'node_modules/a': { version: '1.0.0' } }), {
      'package.json': '{\n\n x',
    });
    expect(project.components).toHaveLength(2);
    expect(project.coverage).toMatchObject([
      {
        status: 'partial',
        cause: 'unparsable',
        errors: [{ message: 'package.json:3: expected a key or }, got "x"' }],
      },
    ]);
  });
});

describe('encodings', () => {
  const text = JSON.stringify(lockOf({ 'node_modules/a': { version: '1.0.0' } }), undefined, 2);

  it('reads a byte order mark and CRLF', async () => {
    const { find } = await collectOne(`\uFEFF${text.replaceAll('\n', '\r\n')}`);
    expect(find('a').locations).toEqual([{ uri: 'package-lock.json', startLine: 9 }]);
  });

  it('reads a lock without line breaks', async () => {
    const { find } = await collectOne(JSON.stringify(JSON.parse(text)));
    expect(find('a').locations).toEqual([{ uri: 'package-lock.json', startLine: 1 }]);
  });

  it('finds the lines of escaped and repeated keys', async () => {
    const lines = [
      '{"packages": {"node_modules/z": {}},',
      '"packages": {',
      '"node_modules/a": {"version": "1.0.0"},',
    ];
    lines.push(
      '"node_modules/\\u0062": {"version": "1.0.0"},',
      '"node_modules/a": {"version": "2.0.0"}',
      '}}',
    );
    const { components } = await collectOne(lines.join('\n'));
    expect(
      components.slice(1).map(({ name, version, locations }) => [name, version, locations[0]?.startLine]),
    ).toEqual([
      ['a', '2.0.0', 5],
      ['b', '1.0.0', 4],
    ]);
  });

  it('finds the lines of nested and repeated keys of format 1', async () => {
    const a = '"a": {"version": "1.0.0",\n"dependencies": {\n"b": {"version": "1.0.0"}}}';
    const { components } = await collectOne(`{"dependencies": {${a},\n${a}}}`);
    expect(components.slice(1).map(({ name, locations }) => [name, locations[0]?.startLine])).toEqual([
      ['a', 4],
      ['b', 6],
    ]);
  });
});

describe('damaged entries', () => {
  it.each([
    ['x', 'expected an object, got a string'],
    [null, 'expected an object, got null'],
    [[], 'expected an object, got an array'],
    [{ version: 1 }, 'expected a string as version, got a number'],
    [{ resolved: {} }, 'expected a string as resolved, got a object'],
    [{ name: ['a'] }, 'expected a string as name, got an array'],
    [{ version: '1'.repeat(5000) }, 'expected a version of at most 4096 characters'],
    [{ dependencies: ['a'] }, 'expected an object as dependencies, got an array'],
    [{ peerDependenciesMeta: 'x' }, 'expected an object as peerDependenciesMeta, got a string'],
    [{ link: true }, 'expected a relative path as target of the link'],
    [{ link: true, resolved: '/etc' }, 'expected a relative path as target of the link'],
  ])('%j is left out, and what asks for it is not blamed', async (entry, reason) => {
    const good = { version: '1.0.0', dependencies: { bad: '*' } };
    const project = await collectOne(lockOf({ 'node_modules/bad': entry, 'node_modules/good': good }));
    expect(project.components.map(({ name }) => name)).toEqual(['app', 'good']);
    expect(project.skipped).toEqual([
      {
        project: 'package-lock.json',
        location: { uri: 'package-lock.json', startLine: 9 },
        text: 'node_modules/bad',
        reason,
      },
    ]);
    expect(project.coverage).toMatchObject([
      { status: 'partial', cause: 'unparsable', expected: 2, processed: 1 },
    ]);
    expect(edgesOf(project, 'good')).toEqual([]);
  });

  it('keeps the root, whatever stands for it', async () => {
    for (const root of [7, { link: true, resolved: 'x' }, { version: {} }]) {
      const project = await collectOne({ name: 'app', packages: { '': root } });
      expect(project.components).toMatchObject([{ name: 'app', ref: 'package-lock.json#.' }]);
      expect(project.coverage[0]?.status).toBe('partial');
    }
  });

  it('refuses paths that are absolute, spelled twice, or of no package', async () => {
    const entry = { version: '1.0.0' };
    const { components, skipped } = await collectOne(
      lockOf({
        '/etc/a': entry,
        'C:\\a': entry,
        './node_modules//a': entry,
        'node_modules/a': entry,
        '.': entry,
      }),
    );
    expect(components.map(({ name }) => name)).toEqual(['app', 'a']);
    expect(skipped.map(({ text }) => text)).toEqual(['/etc/a', 'C:\\a', 'node_modules/a', '.']);
    const old = await collectOne({ dependencies: { '../../a': entry, 'a/b': entry, '..': entry, b: entry } });
    expect(old.components.map(({ name }) => name)).toEqual(['.', 'b']);
    expect(old.skipped).toHaveLength(3);
  });

  it('notes at most 1,000 of them, and counts the rest', async () => {
    const entries = Array.from({ length: 1500 }, (_, i) => [`node_modules/p${i}`, i]);
    const { skipped, coverage } = await collectOne(lockOf(Object.fromEntries(entries)));
    expect(skipped).toHaveLength(1000);
    expect(coverage[0]?.errors).toHaveLength(21);
    expect(coverage[0]?.errors.at(-1)?.message).toBe('and 1480 more');
    expect(coverage[0]).toMatchObject({ expected: 1500, processed: 0 });
  });
});

describe('hostile locks', () => {
  it('N8: keys of Object.prototype are names like others', async () => {
    const names = ['__proto__', 'constructor', 'toString'];
    const table = (value: string) =>
      `{${names.map((name) => `${JSON.stringify(name)}: ${value}`).join(',')}}`;
    const entries = names.map(
      (name) => `"node_modules/${name}": {"version": "1.0.0", "dependencies": ${table('"*"')}}`,
    );
    const lock = `{"packages": {"": {"dependencies": ${table('"*"')}}, ${entries.join(',')}}}`;
    const project = await collectOne(lock);
    expect(project.components.map(({ name }) => name)).toEqual(['.', ...names]);
    expect(edgesOf(project, '__proto__')).toHaveLength(3);
    const old = await collectOne(`{"requires": true, "dependencies": ${table('{"version": "1.0.0"}')}}`);
    expect(old.components.map(({ name }) => name)).toEqual(['.', ...names]);
    const unmet = await collectOne(
      lockOf({ 'node_modules/a': { version: '1.0.0', dependencies: { constructor: '*' } } }),
    );
    expect(unmet.skipped).toHaveLength(1);
  });

  it('a path that looks like a purl hides no package', async () => {
    const real = { version: '1.0.0' };
    const lock = lockOf({ 'pkg:npm/rope@1.0.0': { version: '1.0.0' }, 'node_modules/rope': real });
    const { components } = await collectOne(lock);
    expect(components.map(({ ref, origin }) => [ref, origin])).toEqual([
      ['package-lock.json#.', 'workspace'],
      ['package-lock.json#./pkg:npm/rope@1.0.0', 'workspace'],
      ['package-lock.json#pkg:npm/rope@1.0.0', 'registry'],
    ]);
  });

  it('requests of any type are told of', async () => {
    const dependencies = { a: { toString: 1, valueOf: 1 }, b: null, c: ['x'] };
    const { skipped } = await collectOne(lockOf({}, { dependencies }));
    expect(skipped.map(({ text }) => text)).toEqual(['a@*', 'b@*', 'c@*']);
  });

  it('cycles end', async () => {
    const project = await collectOne(
      lockOf(
        {
          'node_modules/a': { version: '1.0.0', dependencies: { b: '*', a: '*' } },
          'node_modules/b': { version: '1.0.0', dependencies: { a: '*' } },
          'node_modules/l': { link: true, resolved: 'node_modules/m' },
          'node_modules/m': { link: true, resolved: 'node_modules/l' },
          'node_modules/self': { link: true, resolved: '' },
        },
        { dependencies: { a: '*', l: '*', self: '*' } },
      ),
      { 'package.json': { dependencies: { b: '*', self: '*' } } },
    );
    expect(edgesOf(project, 'a')).toHaveLength(2);
    expect(edgesOf(project, 'app')).toEqual(['runtime .', 'runtime pkg:npm/b@1.0.0']);
    const old = await collectOne({
      requires: true,
      dependencies: { a: { version: 'file:.', requires: { a: '1' } } },
    });
    expect(old.coverage[0]?.status).toBe('succeeded');
  });

  it('deep nesting stops at a limit', async () => {
    const depth = 20_000;
    const text = `${'{"dependencies":{"a":'.repeat(depth)}{}${'}}'.repeat(depth)}`;
    const { components, coverage } = await collectOne(text);
    expect(components.length).toBeLessThan(300);
    expect(coverage.map(({ cause }) => cause)).toContain('limit-exceeded');
  });

  it('more members than are looked into are told of', async () => {
    const members = Array.from({ length: 10_000 }, (_, i) => [`m/${i}`, { version: '1.0.0' }]);
    const { coverage } = await collectOne(lockOf(Object.fromEntries(members)));
    expect(coverage.map(({ status, cause }) => [status, cause])).toEqual([['partial', 'limit-exceeded']]);
    expect(coverage[0]?.errors[0]?.message).toMatch(/^package-lock\.json: expected at most 10000 folders/);
  });

  it('many names and many edges are linear', async () => {
    const count = 20_000;
    const deep = Array.from({ length: 200 }, () => 'node_modules/x').join('/');
    const names = Array.from({ length: count }, (_, i) => `p${i}`);
    const wanted = Object.fromEntries(names.map((name) => [name, '*']));
    const packages = Object.fromEntries(names.map((name) => [`node_modules/${name}`, { version: '1.0.0' }]));
    const start = performance.now();
    const project = await collectOne(
      lockOf({ ...packages, [deep]: { version: '1.0.0', dependencies: wanted } }),
    );
    expect(project.dependencies.find(({ ref }) => ref.endsWith('/x@1.0.0'))?.dependsOn).toHaveLength(count);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('a file of any bytes is a failed project', async () => {
    for (const bytes of [[0], [0xff, 0xfe, 0x7b, 0], [0xef, 0xbb, 0xbf], [0x7b, 0xff, 0x7d]]) {
      const [project] = await collect({ 'package-lock.json': Uint8Array.from(bytes) });
      expect(project?.coverage[0]?.status).toBe('failed');
    }
  });
});
