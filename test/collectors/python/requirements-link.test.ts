// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { isPath, isUrl, parseUrl, pathBelow } from '../../../src/collectors/python/requirements-link.ts';

describe('isUrl', () => {
  it.each([
    'https://h.example',
    'HTTP://h',
    'ftp://h',
    'file:///x',
    'git+ssh://h',
    'bzr+lp:x',
    'svn+svn://h',
  ])('%s', (text) => {
    expect(isUrl(text)).toBe(true);
  });

  it.each(['git://h', 'ssh://h', 'git@h:x', 'x @ https://h', 'httpsx://h', ''])('not %s', (text) => {
    expect(isUrl(text)).toBe(false);
  });
});

describe('isPath', () => {
  it.each(['.', './x', '../x', 'a/b', '/a', 'x.whl', 'x.tar.gz[extra]', 'C:/x', '.[dev]'])('%s', (text) => {
    expect(isPath(text)).toBe(true);
  });

  it.each(['x', 'x==1', 'x @ https://h/x.zip', 'x@./x.zip', 'read/write access', 'https://h/x', 'a==1/2'])(
    'not %s',
    (text) => {
      expect(isPath(text)).toBe(false);
    },
  );
});

describe('parseUrl', () => {
  const commit = '0123456789abcdef0123456789abcdef01234567';

  it.each([
    ['git+https://h.example/r', { url: 'https://h.example/r' }],
    ['git+https://h.example/r@v1', { url: 'https://h.example/r' }],
    [`git+https://h.example/r@${commit}`, { url: 'https://h.example/r', commit }],
    [`git+https://h.example/r@${commit.slice(1)}`, { url: 'https://h.example/r' }],
    [`git+https://h.example/r@a@${commit}?x=1`, { url: 'https://h.example/r@a', commit }],
    ['git+ssh://git@h.example/r', { url: 'ssh://git@h.example/r' }],
    ['git+https://u:p@h.example/r', { url: 'https://h.example/r' }],
    [`hg+https://h.example/r@${commit}`, { url: 'https://h.example/r' }],
  ])('%s', (text, source) => {
    expect(parseUrl(text).source).toEqual(source);
  });

  it.each([
    ['https://h.example/pkg_x-1.0-py3-none-any.whl', 'pkg_x', '1.0'],
    ['https://h.example/pkg-x-1.0.tar.gz?y', 'pkg-x', '1.0'],
    ['https://h.example/pkg-1.0.zip#egg=other', 'other', undefined],
    ['https://h.example/pkg-main.zip', undefined, undefined],
    ['https://h.example/%ff.zip', undefined, undefined],
    ['https://h.example', undefined, undefined],
  ])('%s is named %s %s', (text, name, version) => {
    expect([parseUrl(text).name, parseUrl(text).version]).toEqual([name, version]);
  });
});

describe('pathBelow', () => {
  it.each([
    ['app', './lib/', 'app/lib'],
    ['app', '..', '.'],
    ['.', '../x', undefined],
    ['.', '/x', undefined],
    ['.', 'C:/x', undefined],
    ['.', 'file:///x', undefined],
  ])('in %s, %s is %s', (folder, path, expected) => {
    expect(pathBelow(folder, path)).toBe(expected);
  });
});
