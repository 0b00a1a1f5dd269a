// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tarballOf } from '../../../src/collectors/javascript/npm-source.ts';
import { collectOne, lockOf } from './collect-lock.ts';

const HOST = 'https://registry.npm.example';

async function collectRope(entry: object) {
  return collectOne(lockOf({ 'node_modules/rope': { version: '1.0.2', ...entry } }));
}

describe('a resolved that is not what the entry says', () => {
  it.each([
    [{ resolved: `${HOST}/rope/-/rope-1.0.0.tgz` }, 'rope@1.0.2', 'rope@1.0.0'],
    [{ name: '@s/x', resolved: `${HOST}/rope/-/rope-1.0.2.tgz` }, '@s/x@1.0.2', 'rope@1.0.2'],
    [{ resolved: `${HOST}/@s/rope/-/rope-1.0.2.tgz` }, 'rope@1.0.2', '@s/rope@1.0.2'],
    [{ resolved: `${HOST}/%40s/rope/-/rope-1.0.2.tgz` }, 'rope@1.0.2', '@s/rope@1.0.2'],
    [{ resolved: `${HOST}/evil/-/rope-1.0.2.tgz` }, 'rope@1.0.2', 'evil'],
    [{ resolved: `${HOST}/rope/-/rope%2D1.0.0.tgz?rope-1.0.2.tgz` }, 'rope@1.0.2', 'rope@1.0.0'],
    [{ resolved: `${HOST}/rope/-/../../evil/-/evil-1.0.2.tgz` }, 'rope@1.0.2', 'evil@1.0.2'],
  ])('%j is a gap', async (entry, said, got) => {
    const project = await collectRope(entry);
    const reason = `expected ${said} as resolved, got ${got}`;
    const location = { uri: 'package-lock.json', startLine: 9 };
    expect(project.skipped).toEqual([{ project: 'package-lock.json', location, text: said, reason }]);
    expect(project.coverage).toMatchObject([
      {
        status: 'partial',
        cause: 'unparsable',
        expected: 1,
        processed: 0,
        errors: [{ message: `package-lock.json:9: ${reason}`, location }],
      },
    ]);
    expect(project.components[1]).toMatchObject({ version: '1.0.2', pinning: 'resolved' });
  });

  it('is a gap in format 1 too', async () => {
    const resolved = `${HOST}/rope/-/rope-1.0.0.tgz`;
    const project = await collectOne({
      lockfileVersion: 1,
      dependencies: { rope: { version: '1.0.2', resolved } },
    });
    expect(project.coverage).toMatchObject([{ status: 'partial', cause: 'unparsable' }]);
  });
});

describe('a resolved that is what the entry says', () => {
  it.each([
    { resolved: `${HOST}/rope/-/rope-1.0.2.tgz` },
    { resolved: `${HOST}/repository/npm/rope/-/rope-1.0.2.tgz#0123` },
    { resolved: 'https://user:secret@host.example/npm/rope/-/rope-1.0.2.tgz?token=secret' },
    { name: '@s/x', resolved: `${HOST}/@s/x/-/x-1.0.2.tgz` },
    { name: '@s/x', resolved: `${HOST}/npm/@s/x/-/@s/x-1.0.2.tgz` },
    { name: '@s/x', resolved: `${HOST}/npm/@s%2fx/-/x-1.0.2.tgz` },
    { name: '@s/x', resolved: `${HOST}/%40s%2Fx/-/x-1.0.2.tgz` },
    { version: '1.0.2+build.7', resolved: `${HOST}/rope/-/rope-1.0.2.tgz` },
    { version: 'v1.0.2', resolved: `${HOST}/rope/-/rope-1.0.2.tgz` },
    { version: undefined, resolved: `${HOST}/rope/-/rope-1.0.2.tgz` },
    // Nothing can be told from these.
    { resolved: `${HOST}/rope/-/download.tgz` },
    { resolved: `${HOST}/%ZZ/-/rope-1.0.2.tgz` },
    { resolved: `${HOST}/rope-1.0.0.tgz` },
  ])('%j is none', async (entry) => {
    const project = await collectRope(entry);
    expect(project.skipped).toEqual([]);
    expect(project.coverage).toMatchObject([{ status: 'succeeded', expected: 1, processed: 1 }]);
  });

  it('reads back what a registry is asked for, under any path', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9._-]{0,8}$/);
    const version = fc.stringMatching(/^\d{1,3}\.\d{1,3}\.\d{1,3}(?:-[a-z]{1,4}\.\d)?$/);
    fc.assert(
      fc.property(
        fc.option(word),
        word,
        version,
        fc.constantFrom('', '/a', '/a/-/b'),
        (scope, base, v, at) => {
          const name = scope === null ? base : `@${scope}/${base}`;
          expect(tarballOf(`${HOST}${at}/${name}/-/${base}-${v}.tgz`)).toEqual({ name, version: v });
        },
      ),
    );
  });

  it('takes any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void tarballOf(text)));
  });
});
