// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { licenseRules } from '../../src/policy/licenses.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { memoryContext } from '../support/memory-files.ts';
import { BUILTINS, load, POLICY_TEXT } from './support.ts';

function lineOf(text: string, needle: string): number {
  return text.split('\n').findIndex((line) => line.includes(needle)) + 1;
}

describe('the default policy', () => {
  it('applies where there is no file, and gives the true lines of its keys', async () => {
    const loaded = await load();
    expect(loaded.files).toEqual(['plimsoll:policies/default.yaml']);
    expect(loaded.exceptions).toEqual([]);
    expect(loaded.policy.advisories.runtime).toEqual({ fail: 'high', warn: 'never' });
    expect(loaded.policy.advisories.maxAge.incomplete).toEqual({ text: '7d', milliseconds: 604_800_000 });
    expect(loaded.where('advisories.malware')).toEqual({
      uri: 'plimsoll:policies/default.yaml',
      line: lineOf(POLICY_TEXT.default, '  malware: fail'),
      key: 'advisories.malware',
    });
    expect(() => loaded.where('advisories.nothing')).toThrow(TypeError);
  });

  it.each(['', '# nothing but a comment\n', '---\n', 'version: 1\n'])('stands behind %j', async (text) => {
    const loaded = await load(text);
    expect(loaded.files).toEqual(['plimsoll.yaml', 'plimsoll:policies/default.yaml']);
    expect(loaded.policy).toEqual((await load()).policy);
  });

  it('is complete in both shipped files: strict takes nothing from default', async () => {
    const strict = await load('extends: strict\n');
    for (const key of [
      'advisories.dev.warn',
      'advisories.grace',
      'scanners',
      'licenses.exceptions',
      'exceptions',
    ]) {
      expect(strict.where(key).uri).toBe('plimsoll:policies/strict.yaml');
    }
  });
});

describe('an explicit policy', () => {
  it('that is missing is an error with a hint', async () => {
    const options = { root: memoryContext({}).files, builtins: BUILTINS, path: 'ci/policy.yaml' };
    await expect(loadPolicy(options)).rejects.toMatchObject({
      code: 'file-not-found',
      message: 'ci/policy.yaml: expected a policy file, found none',
      hint: expect.stringContaining('--policy'),
    });
  });

  it.each(['plimsoll.yml', '.plimsoll.yaml'])('%s is refused instead of ignored', async (name) => {
    await expect(load(undefined, { [name]: 'exceptions: []' })).rejects.toThrow(
      `${name}:1: expected the name`,
    );
  });
});

describe('extends', () => {
  it('merges mappings key by key, and says which file set a key', async () => {
    const loaded = await load('extends: ./ci/base.yaml\nadvisories:\n  runtime: {fail: critical}\n', {
      'ci/base.yaml': 'extends: ../org.yaml\nadvisories:\n  runtime:\n    fail: low\n    warn: info\n',
      'org.yaml': 'extends: strict\nsecrets: {fail: high}\n',
    });
    expect(loaded.files).toEqual([
      'plimsoll.yaml',
      'ci/base.yaml',
      'org.yaml',
      'plimsoll:policies/strict.yaml',
      'plimsoll:policies/default.yaml',
    ]);
    expect(loaded.policy.advisories.runtime).toEqual({ fail: 'critical', warn: 'info' });
    expect(loaded.policy.advisories.dev).toEqual({ fail: 'high', warn: 'never' });
    expect(loaded.where('advisories.runtime.fail')).toMatchObject({ uri: 'plimsoll.yaml', line: 3 });
    expect(loaded.where('advisories.runtime.warn')).toMatchObject({ uri: 'ci/base.yaml', line: 5 });
    expect(loaded.where('secrets.fail')).toMatchObject({ uri: 'org.yaml', line: 2 });
  });

  it('appends exceptions, clarifications and ignored paths, and replaces the allow list', async () => {
    const list = (name: string) =>
      [
        'licenses:',
        name === 'own' ? '  allow: [MIT]' : '  allow: {runtime: [ISC], dev: [Zlib]}',
        `  clarify: [{package: ${name}, expression: MIT, reason: r}]`,
        `  exceptions: [{package: ${name}, license: GPL-2.0-only, reason: r}]`,
        `coverage: {ignore: [{path: ${name}, reason: r}]}`,
        `exceptions: [{id: ${name}, reason: r}]`,
      ].join('\n');
    const loaded = await load(`extends: ./base.yaml\n${list('own')}`, { 'base.yaml': list('base') });
    expect(loaded.exceptions.map(({ id, location }) => [id, location])).toEqual([
      ['own', { uri: 'plimsoll.yaml', startLine: 7 }],
      ['base', { uri: 'base.yaml', startLine: 6 }],
      ['license-not-allowed', { uri: 'plimsoll.yaml', startLine: 5 }],
      ['license-not-allowed', { uri: 'base.yaml', startLine: 4 }],
    ]);
    expect(loaded.policy.coverage.ignore.map(({ path }) => path)).toEqual(['own', 'base']);
    expect([0, 1].map((index) => loaded.where(`coverage.ignore.${index}`).uri)).toEqual([
      'plimsoll.yaml',
      'base.yaml',
    ]);
    const rules = licenseRules(loaded);
    expect(rules.allow).toEqual({ runtime: ['MIT'], dev: ['MIT'] });
    expect(rules.clarify.map((entry) => entry.location)).toEqual([
      { uri: 'plimsoll.yaml', startLine: 4 },
      { uri: 'base.yaml', startLine: 3 },
    ]);
  });

  it.each([
    ['a URL', 'https://example.org/policy.yaml', 'expected default, strict or a path within the tree'],
    ['a path out of the tree', '../policy.yaml', 'expected default, strict or a path within the tree'],
    ['a path that winds out of the tree', './a/../../policy.yaml', 'expected default, strict or a path'],
    ['an absolute path', '/etc/policy.yaml', 'expected default, strict or a path'],
    ['a Windows path', './a\\\\b.yaml', 'expected default, strict or a path'],
    ['a misspelt name', 'strickt', 'did you mean "strict"?'],
    ['a file that is not there', './none.yaml', 'expected a policy file at none.yaml, found none'],
    ['itself', './plimsoll.yaml', 'expected no cycle, got plimsoll.yaml -> plimsoll.yaml'],
  ])('refuses %s at its line', async (_, target, message) => {
    const promise = load(`version: 1\nextends: "${target}"\n`);
    await expect(promise).rejects.toMatchObject({ code: 'policy-invalid', file: 'plimsoll.yaml', line: 2 });
    await expect(promise).rejects.toThrow(message);
  });

  it('refuses a cycle over several files', async () => {
    const others = { 'a.yaml': 'extends: ./b.yaml', 'b.yaml': 'extends: ./a.yaml' };
    await expect(load('extends: ./a.yaml', others)).rejects.toThrow(
      'b.yaml:1: expected no cycle, got plimsoll.yaml -> a.yaml -> b.yaml -> a.yaml',
    );
  });

  it('refuses a chain of more than 8 files', async () => {
    const others = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`p${i}.yaml`, `extends: ./p${i + 1}.yaml`]),
    );
    await expect(load('extends: ./p0.yaml', others)).rejects.toThrow('p6.yaml:1: expected at most 8 files');
  });

  it('names the extended file in its errors', async () => {
    await expect(load('extends: ./a.yaml', { 'a.yaml': 'advisory: {}' })).rejects.toThrow(
      'a.yaml:1: unknown key "advisory"; did you mean "advisories"?',
    );
  });
});

describe('licenseRules', () => {
  it('takes nothing from the allow list of an extended file', async () => {
    const base = 'licenses: {allow: {runtime: [ISC], dev: [Zlib]}}';
    const loaded = await load('extends: ./base.yaml\nlicenses: {allow: {runtime: [MIT]}}', {
      'base.yaml': base,
    });
    expect(licenseRules(loaded).allow).toEqual({ runtime: ['MIT'] });
  });

  it.each([
    ['', {}],
    ['allow: []', {}],
    ['allow: {runtime: [], dev: [MIT]}', { dev: ['MIT'] }],
    ['allow: {runtime: [MIT]}', { runtime: ['MIT'] }],
    ['allow: [MIT, GPL-2.0-only WITH Classpath-exception-2.0]', undefined],
  ])('%s', async (text, allow) => {
    const both = ['MIT', 'GPL-2.0-only WITH Classpath-exception-2.0'];
    const rules = licenseRules(await load(text && `licenses:\n  ${text}\n`));
    expect(rules.allow).toEqual(allow ?? { runtime: both, dev: both });
    expect(rules).toMatchObject({ ranges: false, with: 'base', clarify: [] });
  });
});
