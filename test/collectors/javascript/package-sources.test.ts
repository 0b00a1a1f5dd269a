// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { collectOne, lockOf } from './collect-lock.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const SHA1_OF_X = 'sha1-EfatjsUqKYSrqv18O1FlA3hcIHI=';

describe('N5: where a package comes from', () => {
  const cases: [entry: object, expected: object][] = [
    [{ version: '1.0.0' }, { origin: 'registry', purl: 'pkg:npm/a@1.0.0', artifacts: [] }],
    [
      { version: '1.0.0', resolved: false },
      { origin: 'registry', purl: 'pkg:npm/a@1.0.0' },
    ],
    [{ resolved: 'https://r.example/a/-/a-1.0.0.tgz' }, { origin: 'registry', purl: 'pkg:npm/a@1.0.0' }],
    [
      { version: '^1.0.0', resolved: 'https://r.example/b/-/b-1.0.0.tgz' },
      { origin: 'registry', purl: 'pkg:npm/a', pinning: 'unresolved' },
    ],
    [
      { version: '1.0.0', resolved: `git+ssh://git@host.example/u/a.git#${COMMIT}` },
      {
        origin: 'git',
        purl: `pkg:npm/a@1.0.0?vcs_url=git%2Bssh://git%40host.example/u/a.git%40${COMMIT}`.replaceAll(
          '/u',
          '%2Fu',
        ),
        source: { url: 'git+ssh://git@host.example/u/a.git', commit: COMMIT },
        pinning: 'resolved',
      },
    ],
    [
      { version: '1.0.0', resolved: 'github:u/a#main' },
      { origin: 'git', pinning: 'unresolved', requirement: 'github:u/a#main' },
    ],
    [
      { version: '1.0.0', resolved: 'https://x:secret@host.example/a.zip?key=secret', integrity: SHA1_OF_X },
      {
        origin: 'url',
        source: { url: 'https://host.example/a.zip' },
        artifacts: [
          { filename: 'a.zip', url: 'https://host.example/a.zip', hashes: [{ algorithm: 'sha1' }] },
        ],
      },
    ],
    [
      { version: '1.0.0', resolved: 'file:vendor/a.tgz' },
      { origin: 'path', source: { path: 'vendor/a.tgz' } },
    ],
    [{ version: '1.0.0', resolved: 'file:/vendor/a.tgz' }, { origin: 'path' }],
    [{ version: 'latest' }, { origin: 'unknown', pinning: 'unresolved', requirement: 'latest' }],
    [{ optional: true }, { origin: 'unknown', pinning: 'unresolved', requirement: '*' }],
  ];

  it.each(cases)('format 3: %j', async (entry, expected) => {
    const { find } = await collectOne(lockOf({ 'node_modules/a': entry }));
    const component = find('a');
    const { purl, ...others } = expected as { purl?: string };
    expect(component).toMatchObject(others);
    if (purl !== undefined) expect(decodeURIComponent(component.purl ?? '')).toBe(decodeURIComponent(purl));
    expect(component.ecosystem).toBe(component.origin === 'registry' ? 'npm' : undefined);
    expect(JSON.stringify(component)).not.toContain('secret');
  });

  it.each([
    [{ version: 'https://r.example/a/-/a-1.0.0.tgz' }, { origin: 'registry', version: '1.0.0' }],
    [{ version: 'https://host.example/u/a/tarball/main' }, { origin: 'url' }],
    [{ version: `git+https://host.example/a.git#${COMMIT}` }, { origin: 'git', source: { commit: COMMIT } }],
    [{ version: `u/a#${COMMIT}` }, { origin: 'git', source: { url: 'git+https://github.com/u/a.git' } }],
    [{ version: 'file:a.tgz' }, { origin: 'path', source: { path: 'a.tgz' } }],
    [{ version: 'file:packages/a' }, { origin: 'workspace', source: { path: 'packages/a' } }],
    [
      { version: '1.0.0', from: 'a@file:../a' },
      { origin: 'path', source: { path: '../a' } },
    ],
    [{ version: '1.0.0', from: '../a' }, { origin: 'path' }],
    [{ version: '1.0.0', from: 'git-a@^1.0.0' }, { origin: 'registry' }],
    [
      { version: '1.0.0', from: 'a@git+https://host.example/a.git', resolved: 'git://host.example/a.git#v1' },
      { origin: 'git' },
    ],
  ])('format 1: %j', async (entry, expected) => {
    const { find } = await collectOne({ requires: true, dependencies: { a: entry } });
    expect(find('a')).toMatchObject(expected);
  });

  it('outside of node_modules is told by its download', async () => {
    const { components } = await collectOne(
      lockOf({
        'node_modules/rope': { resolved: 'vendor/rope', link: true },
        'vendor/rope': { version: '1.0.0', resolved: 'https://r.example/rope/-/rope-1.0.0.tgz' },
      }),
    );
    expect(components.map(({ ref, origin }) => [ref, origin])).toEqual([
      ['package-lock.json#.', 'workspace'],
      ['package-lock.json#pkg:npm/rope@1.0.0', 'registry'],
    ]);
  });
});
