// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { PlimsollError } from '../../src/platform/errors.ts';
import { withoutSecrets } from '../../src/platform/mask.ts';
import { bestTime } from '../support/best-time.ts';
import { leaksIn, PLANTED_TOKENS } from '../support/planted-secrets.ts';

describe('withoutSecrets', () => {
  it.each([
    ['got "password=hunter2 and more": why', 'got "password=***": why'],
    ['DB_PASSWD = hunter2\nnext', 'DB_PASSWD = ***\nnext'],
    ['--api-key=1 2', '--api-key=***'],
    ['see https://u:p@h/a and git+ssh://t@h/b', 'see https://***@h/a and git+ssh://***@h/b'],
    ['https:/u:p@h', 'https:/***@h'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- x', '*** x'],
  ])('of %j leaves %j', (text, expected) => {
    expect(withoutSecrets(text)).toBe(expected);
  });

  it.each([
    '',
    'a@b',
    'plimsoll.yaml:3: expected fail, warn or ignore, got "token"',
    'the secret of a secret: none',
    'git+ssh://git@host/a.git and ssh://hg@host',
    'name@npm:other@^1.0.0',
    'ghp_short',
    'pip install detect-secrets==1.5.0',
    'expected a file behind detect-secrets=, got nothing',
    'token==1.0',
    '>=1.0,<2 ; python_version == "3.12"',
  ])('leaves %j as it is', (text) => {
    expect(withoutSecrets(text)).toBe(text);
  });

  it('keeps the published beginning of a token alone', () => {
    const text = withoutSecrets(PLANTED_TOKENS.map((token) => `got "${token}"`).join('\n'));
    expect(leaksIn(text)).toEqual([]);
    expect(text).toContain('got "github_pat_***"');
  });

  it.each([
    ['slashes', '://'],
    ['names', 'password'],
    ['signs', 'password = '],
    ['users', 'ab://a'],
    ['keys', '-----BEGIN '],
    ['dots', 'eyJaaaaaaaa.'],
  ])('takes no longer for more %s than their number', (_, part) => {
    expect(bestTime(() => withoutSecrets(part.repeat(20_000)))).toBeLessThan(500);
  });
});

it('an error quotes no secret', () => {
  const [token = ''] = PLANTED_TOKENS;
  expect(new PlimsollError('usage', `expected a word, got "${token}"`).message).toBe(
    'expected a word, got "ghp_***"',
  );
});
