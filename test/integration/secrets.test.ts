// SPDX-License-Identifier: Apache-2.0
// Secrets of many kinds, planted wherever one may stand; no output, cache or temporary file may hold one.
import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { markdown } from '../../src/reports/encode.ts';
import { leaksIn, PLANTED, PLANTED_TOKENS } from '../support/planted-secrets.ts';
import { plimsoll } from '../support/program.ts';
import { tempTree } from '../support/temp-tree.ts';
import { banditReport, banditResult, gitleaksReport } from '../support/tool-reports.ts';

const FORMATS = ['console', 'json', 'markdown', 'sarif', 'cyclonedx'];
const each = (write: (secret: string, i: number) => string) => PLANTED.map(write).join('\n');
const eachToken = (write: (secret: string, i: number) => string) => PLANTED_TOKENS.map(write).join('\n');
const uri = encodeURIComponent;
const [TOKEN = ''] = PLANTED_TOKENS;
const PASSWORD = PLANTED.find((secret) => secret.startsWith('postgres')) ?? '';

/** All that the commands say and leave behind: both streams, a file of each format, the cache and temporary files. */
function everythingOf(
  files: Readonly<Record<string, string>>,
  options: { args?: readonly string[]; env?: Record<string, string>; commands?: readonly string[][] } = {},
) {
  const cwd = tempTree(files);
  const outside = tempTree({});
  for (const name of ['out', 'cache', 'tmp']) mkdirSync(join(outside, name));
  const env = {
    COLUMNS: '500',
    XDG_CACHE_HOME: join(outside, 'cache'),
    TMPDIR: join(outside, 'tmp'),
    ...options.env,
  };
  const outputs = FORMATS.flatMap((format) => ['-o', `${format}=${join(outside, 'out', format)}`]);
  const scan = plimsoll(['scan', '.', '--verbose', ...(options.args ?? []), ...outputs], { cwd, env });
  const others = (options.commands ?? []).map((args) => plimsoll(args, { cwd, env }));
  expect(readdirSync(join(outside, 'tmp'))).toEqual([]);
  const left = readdirSync(outside, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  const said = [scan, ...others].flatMap(({ stdout, stderr }) => [stdout, stderr]);
  return { scan, others, text: [...said, ...left].join('\n'), outside };
}

it('a leak would be found, however it is spelt', () => {
  expect(PLANTED.length).toBeGreaterThanOrEqual(30);
  for (const secret of PLANTED) {
    const half = secret.length / 2;
    for (const spelt of [
      secret,
      `…${secret.slice(-16)}`,
      markdown(secret),
      `https://u:${uri(secret)}@h`,
      `Basic ${Buffer.from(`user:${secret}`).toString('base64')}`,
      `${secret.slice(0, half)}\n    ${secret.slice(half)}`,
    ])
      expect([spelt, leaksIn(`said: "${spelt}"`)]).toEqual([spelt, [secret]]);
  }
});

describe('secrets', () => {
  it('in code, which reports quote', () => {
    const quoting = banditReport([
      ...PLANTED.map((secret, i) => banditResult('B105', i + 1, `Possible hardcoded password: '${secret}'`)),
      ...PLANTED.map((secret, i) => banditResult('B608', i + 1, `built of ${secret} here`)),
    ]);
    const { scan, text } = everythingOf(
      {
        'app/a.py': each((secret, i) => `v${i} = "${secret}"`),
        'bandit.json': quoting,
        'leaks.json': gitleaksReport(...PLANTED),
      },
      {
        args: ['--import', 'bandit.json', '--import', 'gitleaks=leaks.json'],
        commands: ['archive', 'github'].map((profile) => [
          ...['sarif', 'bandit.json', 'gitleaks=leaks.json', '--profile', profile],
        ]),
      },
    );
    expect(scan.status).toBe(1);
    expect(text).toContain('B608');
    expect(leaksIn(text)).toEqual([]);
  });

  it('in the environment, of which a tool that is run gets none', () => {
    const seen = join(tempTree({}), 'seen');
    const bin = tempTree({
      gitleaks: `#!${process.execPath}
require('fs').appendFileSync(${JSON.stringify(seen)}, JSON.stringify(process.env));
if (process.argv[2] === 'version') console.log('8.30.1');
else {
  console.log('[]');
  for (const [name, value] of Object.entries(process.env)) console.error('1:00AM ERR ' + name + ' is ' + value);
  console.error('1:00AM INF scanned ~9 bytes (9 bytes) in 1ms');
}
`,
    });
    chmodSync(join(bin, 'gitleaks'), 0o755);
    const [github = '', aws = '', npm = '', proxy = ''] = PLANTED;
    const { scan, text } = everythingOf(
      { 'a.py': 'x = 1\n' },
      {
        args: ['--run', 'gitleaks'],
        commands: [['sbom'], ['licenses'], ['db', 'status']],
        env: {
          ...Object.fromEntries(PLANTED.map((secret, i) => [`PLANTED_${i}`, secret])),
          ...{ GITHUB_TOKEN: github, AWS_SECRET_ACCESS_KEY: aws, NPM_TOKEN: npm, NODE_AUTH_TOKEN: npm },
          ...{ HTTPS_PROXY: `http://user:${uri(proxy)}@127.0.0.1:9`, GITLEAKS_CONFIG: github },
          ...{ PIP_INDEX_URL: `https://user:${uri(proxy)}@host/simple`, npm_config__auth: npm },
          ...{ GITHUB_ACTIONS: 'true', PATH: bin },
        },
      },
    );
    expect([scan.status, text]).toEqual([3, expect.stringContaining('LANG is C.UTF-8')]);
    const handedDown = readFileSync(seen, 'utf8');
    expect(handedDown).toContain('"LANG":"C.UTF-8"');
    expect(leaksIn(handedDown)).toEqual([]);
    expect(leaksIn(text)).toEqual([]);
  });

  it('in addresses', () => {
    const resolved = PLANTED.flatMap((secret, i) => [
      [`git${i}`, `git+https://${uri(secret)}@host/git${i}.git#${'0'.repeat(40)}`],
      [`tar${i}`, `https://user:${uri(secret)}@host/tar${i}.tgz`],
      [`raw${i}`, `https://user:${secret}@host/raw${i}.tgz`],
      [`signed${i}`, `https://host/signed${i}.tgz?X-Signature=${uri(secret)}`],
    ]);
    const { scan, text } = everythingOf(
      {
        'requirements.txt': [
          each((secret) => `--extra-index-url https://user:${uri(secret)}@host/simple`),
          each((secret) => `--extra-index-url https://user:${secret}@host/simple`),
          each((secret) => `--find-links https://${uri(secret)}@host/links`),
          each(
            (secret, i) => `direct${i} @ https://user:${uri(secret)}@host/direct${i}-1.0-py3-none-any.whl`,
          ),
          each((secret, i) => `signed${i} @ https://host/signed${i}-1.0.zip?token=${uri(secret)}`),
          each((secret, i) => `git+https://user:${uri(secret)}@host/r.git@main#egg=git${i}`),
          each((secret) => `-r https://user:${uri(secret)}@host/more.txt`),
          'known==1.0',
        ].join('\n'),
        'package-lock.json': JSON.stringify({
          name: 'app',
          lockfileVersion: 3,
          packages: {
            '': { name: 'app', dependencies: Object.fromEntries(resolved) },
            ...Object.fromEntries(
              resolved.map(([name, address]) => [
                `node_modules/${name}`,
                { version: '1.0.0', resolved: address },
              ]),
            ),
          },
        }),
        'poetry.lock': `${each((secret, i) =>
          [
            '[[package]]',
            `name = "poetry${i}"`,
            'version = "1.0"',
            'optional = false',
            'files = []',
            '[package.source]',
            `type = "${i % 2 === 0 ? 'git' : 'legacy'}"`,
            `url = "https://user:${i % 3 === 0 ? secret : uri(secret)}@host/simple"`,
            'reference = "main"',
          ].join('\n'),
        )}\n[metadata]\nlock-version = "2.1"\npython-versions = "*"\n`,
      },
      { commands: [['sbom'], ['licenses'], ['licenses', '--json']] },
    );
    expect(scan.status).toBe(3);
    for (const name of ['git0', 'tar0', 'raw0', 'signed0', 'direct0', 'poetry0', 'known'])
      expect(text).toContain(name);
    expect(text).toContain('https://host/');
    expect(leaksIn(text)).toEqual([]);
  });

  it('in configuration', () => {
    const exceptions = each(
      (secret) =>
        `  - { id: CVE-1, package: a, reason: "see https://user:${uri(secret)}@host/1", owner: "password=${secret}" }`,
    );
    const { scan, text } = everythingOf(
      {
        'requirements.txt': 'known==1.0\n',
        'plimsoll.yaml': `${each((secret) => `# ${secret}`)}\nexceptions:\n${exceptions}\n`,
        '.npmrc': each((secret) => `//registry.npmjs.org/:_authToken=${secret}`),
        'pip.conf': `[global]\nextra-index-url =\n${each((secret) => `  https://user:${uri(secret)}@host/simple`)}`,
        '.pypirc': each((secret) => `password = ${secret}`),
        '.netrc': each((secret) => `machine host login user password ${secret}`),
        '.env': each((secret, i) => `KEY_${i}=${secret}`),
        '.git/config': each(
          (secret, i) => `[remote "r${i}"]\n\turl = https://user:${uri(secret)}@host/r.git`,
        ),
        'pyproject.toml': '[project]\nname = "app"\nversion = "1"\ndependencies = ["known"]\n',
      },
      { commands: [['policy', 'check'], ['sbom'], ['licenses']] },
    );
    expect(scan.status).toBe(3);
    expect(text).toContain('see https://***@host/1');
    expect(leaksIn(text)).toEqual([]);
  });

  it('in manifests that cannot be read, of which errors quote', () => {
    const bare = (secret: string) =>
      JSON.stringify({ lockfileVersion: 3, packages: { 'node_modules/x': { version: secret } } });
    const broken = (i: number, secret: string): Record<string, string> => ({
      [`json${i}/package-lock.json`]: i % 2 === 0 ? `{"password": ${secret}}` : secret,
      [`version${i}/package-lock.json`]: JSON.stringify({ lockfileVersion: `token=${secret}` }),
      [`entry${i}/package-lock.json`]: JSON.stringify({
        lockfileVersion: 3,
        packages: { 'node_modules/x': { version: `https://u:${secret}@h/`, integrity: secret, license: 3 } },
      }),
      [`toml${i}/poetry.lock`]: i % 2 === 0 ? `password = ${secret}` : `[${secret}]\n[${secret}]`,
      [`lock${i}/poetry.lock`]: `[metadata]\nlock-version = "token=${secret}"\n`,
      [`project${i}/pyproject.toml`]: `[project]\nname = "a"\ndependencies = ["password=${secret}"]\n`,
    });
    const { scan, text } = everythingOf(
      {
        ...Object.assign({}, ...PLANTED.map((secret, i) => broken(i, secret))),
        ...Object.fromEntries(
          PLANTED_TOKENS.map((secret, i) => [`bare${i}/package-lock.json`, bare(secret)]),
        ),
        'requirements.txt': [
          each((secret) => `password=${secret.replaceAll(' ', '')}`),
          each((secret) => `known==1.0 --config-settings "token=${secret.replaceAll(' ', '')}"`),
          eachToken((secret) => `--nonsense ${secret}`),
          eachToken((secret) => `known == "${secret}`),
          eachToken((secret) => `-r ${secret}`),
          eachToken((secret) => `known==1.0 --hash=sha256:${secret}`),
        ].join('\n'),
      },
      { commands: [['sbom'], ['licenses']] },
    );
    expect(scan.status).toBe(3);
    expect(text).toContain('-r ghp_***');
    expect(text).toContain('token=***');
    expect(text).toContain('got what looks like a secret');
    expect(leaksIn(text)).toEqual([]);
  });

  it.each([
    ['words', eachToken((secret, i) => `key${i}: ${secret}`)],
    ['keys', eachToken((secret) => `${secret}: 1`)],
    ['values', `advisories:\n  unscored: ${TOKEN}\n  kev: "password=${PASSWORD}"\n`],
    ['tags, aliases and lists', `a: !${TOKEN} x\nb: *${TOKEN}\nc: [${TOKEN}\n"${TOKEN}`],
    ['an address to extend', `extends: https://user:${PASSWORD}@host/policy.yaml\n`],
    ['an address by token', `extends: https://${PASSWORD}@host/policy.yaml\n`],
  ])('in a policy that is refused: %s', (_, policy) => {
    const { scan, text } = everythingOf(
      { 'requirements.txt': 'known==1.0\n', 'plimsoll.yaml': policy },
      { commands: [['policy', 'check']] },
    );
    expect(scan.status).toBe(2);
    expect(scan.stderr).toContain('plimsoll.yaml:');
    expect(leaksIn(text)).toEqual([]);
  });

  it('in reports that cannot be read, of which errors quote', () => {
    const reports: Record<string, string> = Object.assign(
      {},
      ...PLANTED.map((secret, i) => ({
        [`bare${i}.json`]: secret,
        [`short${i}.json`]: `{"a":${secret}}`,
        [`cut${i}.json`]: `[{"RuleID": "k", "Secret": "${secret}"`,
        [`shape${i}.json`]: JSON.stringify([{ RuleID: [secret], Secret: { [secret]: secret }, File: 7 }]),
        [`lines${i}.json`]: `{"a": 1}\n{"password": "${secret}\n`,
      })),
      ...PLANTED_TOKENS.map((secret, i) => ({ [`keys${i}.json`]: JSON.stringify({ [secret]: 1 }) })),
    );
    const names = Object.keys(reports);
    const { scan, others, text } = everythingOf(reports, {
      args: names.flatMap((name) => ['--import', name.startsWith('shape') ? `gitleaks=${name}` : name]),
      commands: [['sarif', ...names], ...names.slice(0, 4).map((name) => ['sarif', '--lint', name])],
    });
    expect([scan.status, ...others.map(({ status }) => status)]).toEqual([3, 3, 3, 3, 3, 1]);
    expect(text).toContain('short0.json');
    expect(leaksIn(text)).toEqual([]);
  });

  it('on the command line, of which usage errors quote', () => {
    const { text, others } = everythingOf(
      {},
      {
        commands: [
          ['scan', `--${TOKEN}`],
          ['scan', '--now', TOKEN],
          ['scan', '-o', TOKEN],
          ['scan', '-f', TOKEN],
          ['scan', `https://user:${PASSWORD}@host/`],
          ['scan', '--policy', `https://${PASSWORD}@host/`],
          ['scan', '--import', `https://user:${PASSWORD}@host/`],
          ['db', 'import', `https://user:${PASSWORD}@host/all.zip`],
          ['db', 'update', '--offline', '--from', `https://user:${PASSWORD}@host/`],
          ['db', 'update', '--offline', '--from', `https://${PASSWORD}@[host/`],
        ],
      },
    );
    for (const { status } of others) expect([2, 3]).toContain(status);
    expect(leaksIn(text)).toEqual([]);
  });
});
