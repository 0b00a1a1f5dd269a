// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { block, collect, component, METADATA } from './collect-poetry.ts';

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
