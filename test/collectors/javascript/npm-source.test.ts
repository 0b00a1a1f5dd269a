// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIntegrity } from '../../../src/collectors/javascript/integrity.ts';
import {
  folderName,
  installName,
  isInstallName,
  joinPath,
  normalizePath,
} from '../../../src/collectors/javascript/npm-path.ts';
import { readSource, sourceReader, versionOfTarball } from '../../../src/collectors/javascript/npm-source.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';

describe('readSource', () => {
  it.each([
    ['https://registry.npmjs.org/a/-/a-1.0.0.tgz', 'https://registry.npmjs.org'],
    ['http://registry.npm.example/@s/a/-/a-1.0.0.tgz', 'http://registry.npm.example'],
    ['https://host.example/api/npm/all/@s/a/-/@s/a-1.0.0.tgz', 'https://host.example/api/npm/all'],
    ['https://user:secret@host.example/npm/a/-/a-1.0.0.tgz?token=secret', 'https://host.example/npm'],
    ['https://host.example/npm/a/-/a-1.0.0.tgz#0123', 'https://host.example/npm'],
  ])('takes %s for a download of a registry', (url, registry) => {
    const source = readSource(url);
    expect(source).toMatchObject({ kind: 'registry', registry });
    expect(JSON.stringify(source)).not.toMatch(/secret|#/);
  });

  it.each([
    'https://codeload.host.example/u/r/tar.gz/main',
    'https://host.example/u/r/-/archive/v1/r-v1.tgz',
    'https://host.example/-/a.tgz',
    'https://host.example/a-1.0.0.tgz',
  ])('takes %s for a plain download', (url) => {
    expect(readSource(url)).toEqual({ kind: 'url', url });
  });

  it.each([
    [`git+ssh://git@host.example/u/r.git#${COMMIT}`, 'git+ssh://git@host.example/u/r.git', COMMIT],
    [`git+https://u:secret@host.example/u/r.git#${COMMIT}`, 'git+https://host.example/u/r.git', COMMIT],
    [`https://host.example/u/r.git#${COMMIT}`, 'git+https://host.example/u/r.git', COMMIT],
    [`github:u/r#${COMMIT.toUpperCase()}`, 'git+https://github.com/u/r.git', COMMIT],
    ['gitlab:g/s/r.git#main', 'git+https://gitlab.com/g/s/r.git', undefined],
    ['git@host.example:u/r.git#v1', 'git+ssh://git@host.example/u/r.git', undefined],
    ['ssh://git@host.example/u/r', 'git+ssh://git@host.example/u/r', undefined],
    ['git://host.example/u/r.git#abc1234', 'git://host.example/u/r.git', undefined],
  ])('takes %s for a repository', (text, url, commit) => {
    expect(readSource(text)).toEqual({ kind: 'git', url, ...(commit === undefined ? {} : { commit }) });
  });

  it.each([
    ['file:../a', '../a'],
    ['file:vendor\\a.tgz', 'vendor/a.tgz'],
    ['link:./a/../b', 'b'],
    ['packages/a', 'packages/a'],
    ['file:', ''],
    ['file:/etc/a', undefined],
    ['file:C:\\a', undefined],
  ])('takes %s for a path', (text, path) => {
    expect(readSource(text)).toEqual({ kind: 'path', ...(path === undefined ? {} : { path }) });
  });

  it('does not guess at a scheme it does not know', () => {
    expect(readSource('workspace:*')).toEqual({ kind: 'unknown' });
    expect(readSource('ftp://host.example/a.tgz')).toEqual({ kind: 'unknown' });
  });

  it('takes any text, and keeps no password', () => {
    fc.assert(
      fc.property(fc.webUrl(), fc.string(), (url, text) => {
        readSource(text);
        const secret = url.replace('://', '://user:p4ssw0rd@');
        expect(JSON.stringify(readSource(secret))).not.toContain('p4ssw0rd');
      }),
    );
  });
});

describe('sourceReader', () => {
  const registries = [
    'https://registry.npm.example',
    'http://host.example:8080/api/npm',
    'https://host.example/@team',
    'https://host.example/%40team',
    'https://host.example/a b',
    'https://user:secret@host.example',
    'https://host.example/?q',
    'https:host.example',
  ];
  const names = ['a', 'b.c', '@s/a', '@s/@t', 'a/b', '@s', 'a b', 'a#b', 'a?b', '-', 'x%41', '..', ''];
  const versions = ['1.0.0', '1.0.0+build', 'v2', '1 0', '1#0', '../1', '^1.0', 'latest', '-', ''];
  const entry = fc.record({
    registry: fc.constantFrom(...registries),
    name: fc.constantFrom(...names),
    version: fc.constantFrom(...versions),
    form: fc.constantFrom('usual', 'other version', 'other name', 'query', 'scope twice'),
  });
  type UrlParts = { registry: string; name: string; version: string; form: string };
  function urlOf({ registry, name, version, form }: UrlParts): string {
    const base = name.slice(name.indexOf('/') + 1);
    if (form === 'other version') return `${registry}/${name}/-/${base}-9.9.9.tgz`;
    if (form === 'other name') return `${registry}/z/-/z-${version}.tgz`;
    if (form === 'scope twice') return `${registry}/${name}/-/${name}-${version}.tgz`;
    return `${registry}/${name}/-/${base}-${version}.tgz${form === 'query' ? '?token=1' : ''}`;
  }

  it('reads each as readSource does, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 8 }), (entries) => {
        const read = sourceReader();
        for (const said of entries) {
          const { isUsual, ...source } = { isUsual: false, ...read(urlOf(said), said) };
          expect(source).toEqual(readSource(urlOf(said)));
          if (isUsual) expect(versionOfTarball(urlOf(said), said.name)).toBe(said.version);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('knows the usual tarballs of the registry before', () => {
    const read = sourceReader();
    const said = { name: '@s/a', version: '1.0.0' };
    const url = 'https://registry.npm.example/@s/a/-/a-1.0.0.tgz';
    const source = { kind: 'registry', url, registry: 'https://registry.npm.example' };
    expect(read(url, said)).toEqual(source);
    expect(read(url, said)).toEqual({ ...source, isUsual: true });
    expect(read(url, { ...said, version: '2.0.0' })).toEqual(source);
  });
});

describe('versionOfTarball', () => {
  it.each([
    ['https://r.example/a/-/a-1.0.0-rc.1.tgz', 'a', '1.0.0-rc.1'],
    ['https://r.example/@s/a/-/a-1.0.0.tgz', '@s/a', '1.0.0'],
    ['https://r.example/b/-/b-1.0.0.tgz', 'a', undefined],
    ['https://r.example/a/-/a-1.0.0.zip', 'a', undefined],
  ])('%s', (url, name, version) => {
    expect(versionOfTarball(url, name)).toBe(version);
  });
});

describe('readIntegrity', () => {
  it.each(['md5', 'sha1', 'sha256', 'sha384', 'sha512'])('turns %s into hex', (algorithm) => {
    const digest = createHash(algorithm).update('x').digest();
    const hash = { algorithm, value: digest.toString('hex') };
    expect(readIntegrity(`${algorithm}-${digest.toString('base64')}?opt`)).toEqual([hash]);
  });

  it('reads several, and leaves out what is no digest', () => {
    const sha1 = createHash('sha1').update('x').digest('base64');
    const text = `sha1-${sha1} \n sha512-AAAA sha1-${sha1}AAAA sha1-${'%'.repeat(28)} crc32-AAAA sha1- - `;
    expect(readIntegrity(text)).toHaveLength(1);
    expect(readIntegrity(undefined)).toEqual([]);
  });
});

describe('paths of a lock', () => {
  it.each([
    ['node_modules/a', 'node_modules/a'],
    ['node_modules\\@s\\a', 'node_modules/@s/a'],
    ['./packages//a/', 'packages/a'],
    ['a/../../b', '../b'],
    ['../../b', '../../b'],
    ['', ''],
    ['/a', undefined],
    ['c:/a', undefined],
    ['cafe\u0301', 'caf\u00e9'],
  ])('normalises %j', (path, normal) => {
    expect(normalizePath(path)).toBe(normal);
  });

  it('normalises once and for all', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('..', '.', '', 'a', 'node_modules', '@s')), (segments) => {
        const once = normalizePath(segments.join('/'));
        if (once === undefined) return;
        expect(normalizePath(once)).toBe(once);
        expect(once).not.toMatch(/(?:^|\/)\.(?:\/|$)|[^.]\/\.\.(?:\/|$)|\/\//);
      }),
    );
  });

  it('N7: takes the name behind the last node_modules, with its scope', () => {
    expect(installName('node_modules/a/node_modules/@s/b')).toBe('@s/b');
    expect(installName('packages/a')).toBeUndefined();
    expect(installName('my_node_modules/a')).toBeUndefined();
    expect(installName('node_modules/a/lib')).toBeUndefined();
    expect(folderName('packages/@s/a')).toBe('@s/a');
    expect(folderName('packages/a')).toBe('a');
  });

  it('takes no name that leaves node_modules', () => {
    for (const name of ['a', '@s/a', '__proto__', 'a.b']) expect(isInstallName(name)).toBe(true);
    for (const name of ['', '.', '..', '../a', 'a/b', '@s/a/b', '@s/..', '@/a', 'a\\b', '/a']) {
      expect(isInstallName(name)).toBe(false);
    }
  });

  it('joins', () => {
    expect(joinPath('', 'a')).toBe('a');
    expect(joinPath('a', '')).toBe('a');
    expect(joinPath('a/b', '../c')).toBe('a/c');
    expect(joinPath('a', '../../c')).toBe('../c');
  });
});
