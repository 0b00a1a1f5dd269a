// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutCredentials } from '../../src/collectors/urls.ts';

describe('withoutCredentials', () => {
  it.each([
    ['x https://u:p@h/a https://t@h/b@c', 'x https://h/a https://h/b@c'],
    ['https://u:p@ss@h/', 'https://h/'],
    ['HTTPS:u:p@h/a', 'HTTPS:h/a'],
    ['https:\\\\u:p@h\\a', 'https:\\\\h\\a'],
    ['//u:p@h/a', '//h/a'],
    ['git+ssh://git@h/r', 'git+ssh://git@h/r'],
    ['git+ssh://git:pw@h/r', 'git+ssh://h/r'],
    ['ssh://token@h/r', 'ssh://h/r'],
    ['git@github.com:o/r.git#v1', 'git@github.com:o/r.git#v1'],
    ['u:p@github.com:o/r', 'github.com:o/r'],
    ['github:u:p@o/r#v1', 'github:o/r#v1'],
    ['gist:token@1234', 'gist:1234'],
    ['https://h/a.zip?sig=s&x=1#egg=a&sha256=00', 'https://h/a.zip#egg=a&sha256=00'],
    ['https://h/a#egg=a?token=s', 'https://h/a#egg=a'],
    ['https://u:pa/ss@h/a', 'https://h/a'],
    ['https://u:p#w@h/a', 'https://h/a'],
    ['https://u:p?w@h/a', 'https://h/a'],
    ['https://u:p w x@h/a b@c', 'https://h/a b@c'],
    ['a https://h:80/b c@d', 'a https://h:80/b c@d'],
    ['name@git+https://u:p@h/r@v1', 'name@git+https://h/r@v1'],
  ])('of %s leaves %s', (text, expected) => {
    expect(withoutCredentials(text)).toBe(expected);
  });

  it.each([
    '',
    'https://h:8080/a/@scope/b@1.0.0',
    'https://[::1]:80/r@v1',
    'git+https://h/r.git@0123456789abcdef#egg=a',
    '@scope/name@^1 || 2',
    'npm:@scope/name@1.0.0',
    'npm:name@1.0.0',
    'file:../lib@2',
    'name@1.0.0',
    '>=1,<2 ; python_version < "3"',
    '/home/a:b/c@d',
  ])('leaves %s as it is', (text) => {
    expect(withoutCredentials(text)).toBe(text);
  });

  const CANARY = 'hunter2';
  const letters = [..."abXY09-._~!$&'()*+,;=%:@"];
  const around = (characters: readonly string[]) => fc.string({ unit: fc.constantFrom(...characters) });
  const scheme = fc.constantFrom(
    'https://',
    'http:',
    'git+https://',
    'ftp:\\\\',
    'ssh://',
    'git+ssh://',
    '//',
  );

  it('never lets a user name or password through', () => {
    const user = around(letters.filter((c) => c !== ':' && c !== '@'));
    const secret = fc.tuple(around(letters), around(letters)).map(([a, b]) => a + CANARY + b);
    const userinfo = fc.oneof(
      secret,
      fc.tuple(user, secret).map((pair) => pair.join(':')),
    );
    const host = fc.constantFrom('h', 'h.example:8080', '[::1]', '');
    const rest = fc.constantFrom('', '/', '/a@b', '/a:b@c/d', '?x', '#egg=a@b', '/-/a-1.0.0.tgz', ':o/r');
    const before = fc.constantFrom('', 'x ', 'name@', 'name @ ', '--find-links=', '"');
    fc.assert(
      fc.property(before, scheme, userinfo, host, rest, (...[b, s, u, h, r]) => {
        expect(withoutCredentials(`${b}${s}${u}@${h}${r}`)).not.toContain(CANARY);
      }),
      { numRuns: 500 },
    );
  });

  it('never lets a password through that is not encoded as it should be', () => {
    const odd = around([...letters.filter((c) => c !== '@'), '/', '?', '#', '\\']);
    fc.assert(
      fc.property(fc.constantFrom('https://', 'http:', 'git+https://'), odd, odd, (start, a, b) => {
        expect(withoutCredentials(`${start}user:x${a}${CANARY}${b}@h/r`)).not.toContain(CANARY);
      }),
      { numRuns: 500 },
    );
  });

  it('never lets a query through', () => {
    fc.assert(
      fc.property(scheme, fc.string(), fc.string({ unit: 'grapheme-ascii' }), (start, path, key) => {
        const query = `?${key.replace(/[\s#]/g, '')}=${CANARY}`;
        expect(withoutCredentials(`${start}h/${path.replace(/\s/g, '')}${query}`)).not.toContain(CANARY);
      }),
    );
  });

  it('adds nothing and never throws', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('http:', '://', '//', '@', ':', '/', '?', '#', 'a', ' '),
    });
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string()), (text) => {
        expect(withoutCredentials(text).length).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it.each(['http:', '://', 'a:b@', '@', '?', 'https://u:', ' x:', '//@'])(
    'is linear in %j repeated',
    (part) => {
      const start = performance.now();
      withoutCredentials(part.repeat(1_000_000 / part.length));
      expect(performance.now() - start).toBeLessThan(1000);
    },
  );
});
