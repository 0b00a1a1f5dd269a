// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlimsollError } from '../../src/platform/errors.ts';
import { REPO_ROOT } from '../support/shared-data.ts';
import { load } from './support.ts';

async function messageOf(text: string): Promise<string> {
  const error: unknown = await load(text).then(
    () => undefined,
    (reason) => reason,
  );
  if (!(error instanceof PlimsollError)) return 'accepted';
  expect(error.code).toBe('policy-invalid');
  return error.message;
}

describe('unknown keys', () => {
  it.each([
    ['a section', 'version: 1\nadvisores: {}\n', 2, '"advisores"; did you mean "advisories"?'],
    [
      'another spelling',
      'advisories:\n  max-age: {}\n',
      2,
      '"max-age" in advisories; did you mean "maxAge"?',
    ],
    [
      'a swap',
      'advisories:\n  runtime:\n    fial: high\n',
      3,
      '"fial" in advisories.runtime; did you mean "fail"?',
    ],
    [
      'a scanner',
      'scanners:\n  trivvy: {required: true}\n',
      2,
      '"trivvy" in scanners; did you mean "trivy"?',
    ],
    [
      'in a list',
      'exceptions:\n  - id: A\n    reason: r\n    expire: 2026-01-01\n',
      4,
      'did you mean "expires"?',
    ],
    [
      'in a union',
      'licenses:\n  allow:\n    runtimes: [MIT]\n',
      3,
      '"runtimes" in licenses.allow; did you mean "runtime"?',
    ],
    ['in a record', 'scanners:\n  gitleaks:\n    require: true\n', 3, 'did you mean "required"?'],
    ['nothing near', 'secrets:\n  zzzzzzzz: 1\n', 2, '"zzzzzzzz" in secrets; expected one of fail, warn'],
    ['__proto__', '__proto__:\n  exceptions: []\n', 1, 'unknown key "__proto__"'],
    ['constructor', 'advisories:\n  constructor: 1\n', 2, 'unknown key "constructor" in advisories'],
    ['a merge key', '<<: {a: 1}\n', 1, 'unknown key "<<"'],
    ['an empty key', ': 1\n', 1, 'unknown key ""'],
  ])('%s', async (_, text, line, message) => {
    const actual = await messageOf(text);
    expect(actual).toContain(`plimsoll.yaml:${line}: unknown key`);
    expect(actual).toContain(message);
  });
});

describe('wrong values', () => {
  it.each([
    ['advisories: {malware: maybe}', 'expected fail or warn, got "maybe"'],
    ['advisories: {malware: never}', 'expected fail or warn, got "never"'],
    [
      'advisories: {runtime: {fail: unscored}}',
      'expected critical, high, medium, low, info or never, got "unscored"',
    ],
    ['advisories: {runtime: high}', 'expected a mapping of keys to values, got "high"'],
    ['advisories: {maxAge: {warn: 24}}', 'expected a duration such as 24h or 7d, got 24'],
    ['advisories: {maxAge: {warn: 1w}}', 'expected a duration such as 24h or 7d, got "1w"'],
    ['advisories: {grace: {critical: -1d}}', 'expected a duration such as 24h or 7d, got "-1d"'],
    ['dependencies: {unpinned: fail}', 'expected warn, incomplete or ignore, got "fail"'],
    ['licenses: {allow: MIT}', 'expected a list, got "MIT"'],
    ['licenses: {allow: [1]}', 'expected a licence id, got 1 (put quotes around it)'],
    ['licenses: {allow: [MIT OR ISC]}', 'no AND or OR, got "MIT OR ISC"'],
    ['licenses: {allow: {dev: [(MIT)]}}', 'no AND or OR, got "(MIT)"'],
    ['licenses: {ranges: yes}', 'expected true or false, got "yes"'],
    ['licenses: {unknown: }', 'expected warn, incomplete or ignore, got nothing'],
    ['licenses: {exceptions: [{package: a, reason: r}]}', 'expected the key "license", got none'],
    [
      'licenses: {exceptions: [{package: a, license: X, reason: r, expires: when-fixed}]}',
      'expected a date, YYYY-MM-DD, got "when-fixed"',
    ],
    ['coverage: {ignore: [a]}', 'expected a mapping of keys to values, got "a"'],
    ['coverage: {ignore: [{path: a}]}', 'expected the key "reason", got none'],
    ['coverage: {ignore: [{path: ../a, reason: r}]}', 'expected a relative path without empty'],
    ['coverage: {ignore: [{path: "{a,b}", reason: r}]}', 'expected a glob made of'],
    ['exceptions: {id: A, reason: r}', 'expected a list, got a mapping'],
    ['exceptions: [{id: A}]', 'expected the key "reason", got none'],
    ['exceptions: [{id: A, reason: ""}]', 'expected a text that is not empty, got ""'],
    ['exceptions: [{id: A, reason: "  "}]', 'expected a text that is not empty'],
    ['exceptions: [{reason: r}]', 'expected the key "id", got none'],
    ['exceptions: [{id: license-not-allowed, reason: r}]', 'for licences: licenses.exceptions'],
    [
      'exceptions: [{id: A, reason: r, expires: tomorrow}]',
      'expected a date, YYYY-MM-DD, or when-fixed, got "tomorrow"',
    ],
    [
      'exceptions: [{id: A, reason: r, expires: 2026-02-30}]',
      'expected a day that is in the calendar, got "2026-02-30"',
    ],
    ['exceptions: [{id: A, reason: r, expires: 2026-1-1}]', 'expected a date, YYYY-MM-DD'],
    [
      'exceptions: [{id: A, reason: r, package: "pkg:npm/a@1.0.0"}]',
      'expected a package name, or a purl without version',
    ],
    [
      'exceptions: [{id: A, reason: r, package: "pkg:cargo/a"}]',
      'expected a package name, or a purl without version',
    ],
    ['exceptions: [{id: A, reason: r, package: a, versions: 1.10}]', 'got 1.1 (put quotes around it)'],
    ['exceptions: [{id: A, reason: r, package: a, versions: ">>1"}]', 'expected a version range'],
    ['exceptions: [{id: A, reason: r, versions: "<2"}]', 'expected a package beside versions'],
    ['pullRequests: {exceptionsFromHead: 1}', 'expected true or false, got 1'],
    ['scanners: {gitleaks: {}}', 'expected the key "required", got none'],
    ['extends: [default]', 'expected default, strict or a path such as ./policy.yaml, got a list'],
    ['version: 2', 'expected 1, got 2'],
  ])('%s', async (text, message) => {
    const actual = await messageOf(text);
    expect(actual).toMatch(/^plimsoll\.yaml:1: expected /);
    expect(actual).toContain(message);
    expect(actual.split('\n')).toHaveLength(1);
  });

  it('lists all problems of a file in the order of their lines', async () => {
    const text = 'secrets: {fail: x}\nexceptions:\n  - id: A\n  - {id: B, reason: r, until: never}\nfoo: 1\n';
    expect((await messageOf(text)).split('\n')).toEqual([
      'plimsoll.yaml:1: expected critical, high, medium, low, info or never, got "x"',
      'plimsoll.yaml:3: expected the key "reason", got none',
      expect.stringMatching(/^plimsoll\.yaml:4: unknown key "until" in exceptions\.1; expected one of id, /),
      expect.stringMatching(/^plimsoll\.yaml:5: unknown key "foo"; /),
    ]);
  });

  it('lists at most 20 problems', async () => {
    const lines = (await messageOf(Array.from({ length: 30 }, (_, i) => `k${i}: 1`).join('\n'))).split('\n');
    expect(lines).toHaveLength(21);
    expect(lines[20]).toBe('and 10 more');
  });

  it('shows no more than the beginning of a long value', async () => {
    expect((await messageOf(`secrets: {fail: ${'x'.repeat(5_000)}}`)).length).toBeLessThan(200);
  });
});

describe('fixtures/policy/invalid', () => {
  const folder = join(REPO_ROOT, 'fixtures/policy/invalid');
  it.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))('%s', async (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const expected = readFileSync(join(folder, name.replace(/yaml$/, 'txt')), 'utf8').trimEnd();
    expect(await messageOf(text)).toBe(expected);
  });
});

it('never throws anything else, and gives every problem a line of the file', async () => {
  const key = fc.constantFrom(
    'advisories',
    'runtime',
    'fail',
    'licenses',
    'allow',
    'exceptions',
    'id',
    '__proto__',
    'x',
  );
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('high', 'MIT', '24h', 1, true, null, ''),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.array(fc.tuple(key, tie('node')), { maxLength: 3 }).map((pairs) => Object.fromEntries(pairs)),
    ),
  })).node;
  await fc.assert(
    fc.asyncProperty(fc.dictionary(key, value, { maxKeys: 3 }), async (data) => {
      const message = await messageOf(JSON.stringify(data));
      if (message !== 'accepted')
        expect(message).toMatch(/^(plimsoll\.yaml:1: (expected|unknown key) .*(\n|$))+/);
    }),
    { numRuns: 300 },
  );
});
