// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { packageLock } from '../../../src/collectors/javascript/package-lock.ts';
import { normalizeLicense } from '../../../src/licenses/normalize.ts';
import { collect, collectOne, edgesOf, find, lockOf } from './collect-lock.ts';

const SHA1_OF_X = 'sha1-EfatjsUqKYSrqv18O1FlA3hcIHI=';

describe('claims', () => {
  it.each(['package-lock.json', 'npm-shrinkwrap.json', 'a/b/package-lock.json'])('%s', (path) => {
    expect(packageLock.claims(path)).toBe(true);
  });

  it.each([
    'package.json',
    'my-package-lock.json',
    'node_modules/a/npm-shrinkwrap.json',
    'a/node_modules/package-lock.json',
  ])('not %s', (path) => {
    expect(packageLock.claims(path)).toBe(false);
  });
});

describe('a component', () => {
  it('has all that the lock says of it', async () => {
    const entry = {
      version: '1.2.3',
      resolved: 'https://user:secret@registry.npm.example/@s/rope/-/rope-1.2.3.tgz?auth=secret',
      integrity: `${SHA1_OF_X} sha512-nonsense`,
      license: 'MIT',
      hasInstallScript: true,
      deprecated: 'no more',
      engines: 'ignored',
    };
    const project = await collectOne(
      lockOf({ 'node_modules/@s/rope': entry }, { dependencies: { '@s/rope': '^1' } }),
    );
    expect(project.find('@s/rope')).toEqual({
      ref: 'package-lock.json#pkg:npm/%40s/rope@1.2.3',
      project: 'package-lock.json',
      purl: 'pkg:npm/%40s/rope@1.2.3',
      name: '@s/rope',
      version: '1.2.3',
      ecosystem: 'npm',
      origin: 'registry',
      source: { registry: 'https://registry.npm.example' },
      pinning: 'resolved',
      scopes: ['runtime'],
      direct: true,
      artifacts: [
        {
          filename: 'rope-1.2.3.tgz',
          url: 'https://registry.npm.example/@s/rope/-/rope-1.2.3.tgz',
          hashes: [{ algorithm: 'sha1', value: '11f6ad8ec52a2984abaafd7c3b516503785c2072' }],
        },
      ],
      licenses: [
        {
          raw: 'MIT',
          acknowledgement: 'declared',
          source: 'package-lock',
          confidence: 'high',
          location: { uri: 'package-lock.json', startLine: 12 },
        },
      ],
      flags: { installScript: true, deprecated: true },
      locations: [{ uri: 'package-lock.json', startLine: 12 }],
    });
    expect(project.coverage).toEqual([
      {
        plugin: 'package-lock',
        target: 'package-lock.json',
        status: 'succeeded',
        unit: 'packages',
        expected: 1,
        processed: 1,
        required: true,
        errors: [],
      },
    ]);
  });

  it.each([
    [{}, ['runtime'], {}],
    [{ dev: true }, ['dev'], {}],
    [{ dev: true, optional: true }, ['dev'], {}],
    [{ dev: true, peer: true }, ['dev'], {}],
    [{ optional: true }, ['optional'], {}],
    [{ devOptional: true }, ['dev', 'optional'], { devOptional: true }],
    [{ peer: true }, ['peer'], {}],
    [{ extraneous: true, dev: true }, ['unknown'], {}],
    [{ inBundle: true }, ['runtime'], { bundled: true }],
  ])('N4: %j is of the scopes %j', async (marks, scopes, flags) => {
    const { find } = await collectOne(lockOf({ 'node_modules/a': { version: '1.0.0', ...marks } }));
    expect(find('a')).toMatchObject({ scopes, flags });
  });

  it('N4: counts in every scope by which one of its copies is there', async () => {
    const project = await collectOne(
      lockOf({
        'node_modules/a': { version: '1.0.0', dev: true },
        'node_modules/b': { version: '1.0.0', dependencies: { a: '1' } },
        'node_modules/b/node_modules/a': { version: '1.0.0', inBundle: true },
      }),
    );
    expect(project.find('a')).toMatchObject({ scopes: ['runtime', 'dev'], flags: {} });
    expect(project.find('a').locations).toHaveLength(2);
  });

  it('reads licences in their old forms, and no others', async () => {
    const licenses = [{ type: 'MIT', url: 'x' }, ['ISC'], [], 7, ''];
    const entries = licenses.map((license, i) => [`node_modules/p${i}`, { version: '1.0.0', license }]);
    const { components } = await collectOne(lockOf(Object.fromEntries(entries)));
    expect(components.flatMap((component) => component.licenses.map(({ raw }) => raw))).toEqual([
      'MIT',
      'ISC',
    ]);
  });

  it.each([
    [['MIT', 'GPL-3.0'], 'MIT, GPL-3.0'],
    [[{ type: 'MIT', url: 'x' }, { type: 'ISC' }], 'MIT, ISC'],
    [['MIT', { name: 'ISC' }], 'MIT, {"name":"ISC"}'],
  ])('keeps several licences as text, %j, without saying how they go together', async (license, raw) => {
    const { find } = await collectOne(lockOf({ 'node_modules/a': { version: '1.0.0', license } }));
    expect(find('a').licenses).toMatchObject([{ raw }]);
    expect(normalizeLicense(raw).expression).toBeUndefined();
  });
});

describe('N1: formats are told apart by what is there', () => {
  const packages = { 'node_modules/a': { version: '1.0.0' } };

  it('reads packages alone where both are there, whatever lockfileVersion says', async () => {
    const lock = { lockfileVersion: 1, packages, dependencies: { b: { version: '2.0.0' } } };
    const { components } = await collectOne(lock);
    expect(components.map(({ name }) => name)).toEqual(['.', 'a']);
  });

  it('reads dependencies where packages is not there', async () => {
    const { components } = await collectOne({
      lockfileVersion: 3,
      dependencies: { b: { version: '2.0.0' } },
    });
    expect(components.map(({ name }) => name)).toEqual(['.', 'b']);
  });

  it('reads requires that is true', async () => {
    const project = await collectOne({
      requires: true,
      dependencies: { b: { version: '2.0.0', requires: true } },
    });
    expect(project.coverage[0]?.status).toBe('succeeded');
  });
});

describe('N2: aliases', () => {
  it('have the real name in format 3, and say how they are called', async () => {
    const resolved = 'https://r.example/rope/-/rope-3.0.0.tgz';
    const lock = lockOf({ 'node_modules/old-rope': { name: 'rope', version: '3.0.0', resolved } });
    const { find } = await collectOne(lock);
    expect(find('rope')).toMatchObject({ purl: 'pkg:npm/rope@3.0.0', origin: 'registry' });
    expect(find('rope').locations).toEqual([
      { uri: 'package-lock.json', startLine: 9, requirement: 'old-rope@npm:rope@3.0.0' },
    ]);
  });

  it.each([
    ['npm:rope@3.0.0', 'rope', '3.0.0'],
    ['npm:@s/rope@3.0.0', '@s/rope', '3.0.0'],
    ['npm:@s/rope', '@s/rope', undefined],
    ['npm:rope', 'rope', undefined],
  ])('have the real name in format 1: %s', async (version, name, expected) => {
    const { find } = await collectOne({ lockfileVersion: 1, dependencies: { 'old-rope': { version } } });
    expect(find(name).version).toBe(expected);
  });
});

describe('N3: links and workspaces', () => {
  const lock = lockOf(
    {
      'node_modules/lib': { resolved: 'packages\\ab', link: true },
      'node_modules/rope': { version: '1.0.0' },
      'packages/a': { version: '0.1.0', devDependencies: { rope: '1' } },
      'packages/ab': { name: 'lib', version: '0.2.0' },
    },
    { dependencies: { lib: 'file:packages/ab' } },
  );

  it('are the project itself, without purl, under their paths', async () => {
    const project = await collectOne(lock);
    expect(project.components.map(({ ref, origin }) => [ref, origin])).toEqual([
      ['package-lock.json#.', 'workspace'],
      ['package-lock.json#packages/a', 'workspace'],
      ['package-lock.json#packages/ab', 'workspace'],
      ['package-lock.json#pkg:npm/rope@1.0.0', 'registry'],
    ]);
    expect(project.components.filter(({ purl }) => purl === undefined)).toHaveLength(3);
    expect(edgesOf(project, 'app')).toEqual(['runtime packages/ab']);
    expect(edgesOf(project, 'a')).toEqual(['dev pkg:npm/rope@1.0.0']);
    expect(project.find('rope').direct).toBe(true);
    expect(project.coverage[0]).toMatchObject({ expected: 1, processed: 1 });
  });

  it('have the name of their package.json where the lock has none', async () => {
    const files = { 'packages/a/package.json': { name: '@app/a', dependencies: { lib: '*' } } };
    const project = await collectOne(lock, files);
    expect(project.find('@app/a')).toMatchObject({ version: '0.1.0', source: { path: 'packages/a' } });
    expect(edgesOf(project, '@app/a')).toEqual(['runtime packages/ab']);
    expect(project.project.files).toEqual(['package-lock.json', 'packages/a/package.json']);
  });

  it('are relative to the folder of the lock', async () => {
    const [project] = await collect({
      'web/package-lock.json': lock,
      'web/packages/a/package.json': { name: 'x' },
    });
    expect(find(project!, 'x').source).toEqual({ path: 'web/packages/a' });
    expect(find(project!, 'app').source).toEqual({ path: 'web' });
  });

  it('are found by the globs of the root', async () => {
    const project = await collectOne(lock, {
      'package.json': { name: 'app', workspaces: { packages: ['packages/*'] } },
    });
    expect(edgesOf(project, 'app')).toEqual(['runtime packages/ab']);
  });

  it('that lead nowhere are a gap', async () => {
    const project = await collectOne(
      lockOf({ 'node_modules/lib': { resolved: 'packages/lib', link: true } }),
    );
    expect(project.coverage).toMatchObject([{ status: 'partial', cause: 'unparsable' }]);
    expect(project.skipped[0]?.reason).toBe('expected an entry for packages/lib, which the link points to');
  });

  it('may point outside of the folder, whose packages they do not see', async () => {
    const files = {
      'node_modules/lib': { resolved: '../lib', link: true },
      'node_modules/rope': { version: '1.0.0' },
      '../lib': { version: '0.1.0', dependencies: { rope: '1' } },
    };
    const [project] = await collect({
      'web/package-lock.json': lockOf(files, { dependencies: { lib: '*' } }),
    });
    expect(edgesOf(project!, 'app')).toEqual(['runtime ../lib']);
    expect(edgesOf(project!, 'lib')).toEqual([]);
    expect(find(project!, 'lib').source).toEqual({ path: 'lib' });
  });
});

describe('N6: npm-shrinkwrap.json', () => {
  const files = {
    'a/npm-shrinkwrap.json': { dependencies: { shrunk: { version: '1.0.0' } } },
    'a/package-lock.json': lockOf({ 'node_modules/locked': { version: '1.0.0' } }),
    'b/package-lock.json': lockOf({}),
  };

  it('goes before the package-lock.json beside it, which is mentioned', async () => {
    const projects = await collect(files);
    expect(projects.map(({ project }) => project.id)).toEqual([
      'a/npm-shrinkwrap.json',
      'b/package-lock.json',
    ]);
    expect(projects[0]?.components.map(({ name }) => name)).toEqual(['a', 'shrunk']);
    expect(projects[0]?.project.files).toEqual(['a/npm-shrinkwrap.json', 'a/package-lock.json']);
    expect(projects[0]?.coverage[1]).toMatchObject({
      target: 'a/package-lock.json',
      status: 'skipped',
      cause: 'excluded',
      required: false,
      errors: [{ message: 'a/package-lock.json: npm reads a/npm-shrinkwrap.json instead' }],
    });
  });
});

describe('N7: node resolution', () => {
  it('takes the nearest copy, and the one of the tree that asks', async () => {
    const project = await collectOne(
      lockOf(
        {
          'node_modules/a': { version: '1.0.0', dependencies: { c: '*', '@s/d': '*' } },
          'node_modules/a/node_modules/@s/d': { version: '2.0.0', dependencies: { c: '*', e: '*' } },
          'node_modules/a/node_modules/c': { version: '2.0.0' },
          'node_modules/b': { version: '1.0.0', dependencies: { c: '*', '@s/d': '*' } },
          'node_modules/@s/d': { version: '1.0.0', dependencies: { c: '*' } },
          'node_modules/c': { version: '1.0.0' },
          'node_modules/e': { version: '1.0.0', dependencies: { a: '*' } },
        },
        { dependencies: { a: '*', b: '*' } },
      ),
    );
    const [outer, inner] = project.dependencies.filter(({ ref }) => ref.includes('/d@'));
    expect(edgesOf(project, 'a')).toEqual(['runtime pkg:npm/%40s/d@2.0.0', 'runtime pkg:npm/c@2.0.0']);
    expect(edgesOf(project, 'b')).toEqual(['runtime pkg:npm/%40s/d@1.0.0', 'runtime pkg:npm/c@1.0.0']);
    expect(outer?.dependsOn.map(({ ref }) => ref)).toEqual(['package-lock.json#pkg:npm/c@1.0.0']);
    expect(inner?.dependsOn.map(({ ref }) => ref)).toEqual([
      'package-lock.json#pkg:npm/c@2.0.0',
      'package-lock.json#pkg:npm/e@1.0.0',
    ]);
    expect(edgesOf(project, 'e')).toEqual(['runtime pkg:npm/a@1.0.0']);
  });

  it('has an edge of each kind, to an optional peer only where it is there', async () => {
    const project = await collectOne(
      lockOf(
        {
          'node_modules/a': {
            version: '1.0.0',
            dependencies: { o: '*' },
            optionalDependencies: { o: '*', gone: '*' },
            peerDependencies: { p: '*', q: '*', r: '*', gone: '*' },
            peerDependenciesMeta: { q: { optional: true }, r: { optional: true } },
            devDependencies: { d: '*' },
          },
          'node_modules/d': { version: '1.0.0', dev: true },
          'node_modules/o': { version: '1.0.0', optional: true },
          'node_modules/p': { version: '1.0.0', peer: true },
          'node_modules/q': { version: '1.0.0', peer: true },
        },
        { dependencies: { a: '*' }, devDependencies: { d: '*' } },
      ),
    );
    expect(edgesOf(project, 'app')).toEqual(['runtime pkg:npm/a@1.0.0', 'dev pkg:npm/d@1.0.0']);
    expect(edgesOf(project, 'a')).toEqual([
      'optional pkg:npm/o@1.0.0',
      'peer pkg:npm/p@1.0.0',
      'peer pkg:npm/q@1.0.0',
    ]);
    expect(project.coverage[0]?.status).toBe('succeeded');
  });

  it('reports what is asked for and not locked, where it is asked for', async () => {
    const manifest =
      '{\n"name": "app",\n"dependencies": {\n"gone": "git+https://u:secret@host.example/gone.git"}\n}';
    const lock = lockOf({ 'node_modules/a': { version: '1.0.0', dependencies: { lost: '^1' } } });
    const project = await collectOne(lock, { 'package.json': manifest });
    expect(project.skipped.map(({ location, text }) => [location.uri, location.startLine, text])).toEqual([
      ['package.json', 4, 'gone@git+https://host.example/gone.git'],
      ['package-lock.json', 9, 'lost@^1'],
    ]);
    expect(project.coverage).toMatchObject([
      { status: 'partial', cause: 'unpinned', expected: 3, processed: 1 },
    ]);
  });
});

describe('the root', () => {
  it('is named by the lock, package.json or the folder, and stands where its name stands', async () => {
    const manifest = '{\n"version": "2.0.0",\n"name": "shop"}';
    const unnamed = { packages: {} };
    const [byManifest] = await collect({ 'a/package-lock.json': unnamed, 'a/package.json': manifest });
    expect(byManifest?.components[0]).toMatchObject({
      ref: 'a/package-lock.json#.',
      name: 'shop',
      version: '2.0.0',
      locations: [{ uri: 'a/package.json', startLine: 3 }],
    });
    expect(byManifest?.project).toMatchObject({ root: 'a/package-lock.json#.', manifest: 'a/package.json' });
    const [byLock] = await collect({ 'a/package-lock.json': lockOf({}) });
    expect(byLock?.components[0]).toMatchObject({
      name: 'app',
      locations: [{ uri: 'a/package-lock.json', startLine: 2 }],
    });
    const [byFolder] = await collect({ 'a/package-lock.json': unnamed });
    expect(byFolder?.components[0]).toMatchObject({ name: 'a', locations: [{ uri: 'a/package-lock.json' }] });
    expect(byFolder?.project.manifest).toBe('a/package-lock.json');
  });

  it('bundles into flags of format 1', async () => {
    const entries = {
      a: { version: '1.0.0', requires: { b: '1' }, dependencies: { c: { version: '1.0.0' } } },
      b: { version: '1.0.0' },
      d: { version: '1.0.0' },
    };
    const project = await collectOne(
      { requires: true, dependencies: entries },
      {
        'package.json': { name: 'app', dependencies: { a: '1', d: '1' }, bundledDependencies: ['a', 'gone'] },
      },
    );
    const bundled = project.components.filter(({ flags }) => flags.bundled).map(({ name }) => name);
    expect(bundled).toEqual(['a', 'b', 'c']);
  });
});
