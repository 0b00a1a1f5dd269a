// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { type ProgramRun, plimsoll } from '../support/program.ts';
import { link, tempTree } from '../support/temp-tree.ts';

const AGE = 'advisories: {maxAge: {warn: 36500d, incomplete: 36500d}}\n';
const SIX = 'six==1.16.0\n';

const LOCK = JSON.stringify({
  lockfileVersion: 3,
  packages: {
    '': { name: 'web', dependencies: { a: '1' }, devDependencies: { b: '1' } },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '1.0.0', dev: true },
  },
});

function run(cwd: string, ...args: string[]): ProgramRun {
  return plimsoll([...args, '--advisories', 'bundled'], { cwd });
}

function scan(cwd: string, ...args: string[]): Report {
  const { status, stdout, stderr } = run(cwd, 'scan', ...args, '--json');
  // That there is nothing to scan is said beside the report.
  if (status !== 4) expect(stderr).toBe('');
  return JSON.parse(stdout);
}

function projects({ inventory }: Report): string[] {
  return inventory.projects.map(({ id }) => id);
}

const TREE = {
  'plimsoll.yaml': AGE,
  'requirements.txt': SIX,
  'my app/requirements.txt': SIX,
  'my app/sub dir/package-lock.json': LOCK,
  'deps/pinned.list': SIX,
  'deps/with:colon.list': SIX,
};

describe('what is scanned', () => {
  it.each([
    [
      'the working directory',
      [],
      ['my app/requirements.txt', 'my app/sub dir/package-lock.json', 'requirements.txt'],
    ],
    ['a directory with blanks in its name', ['my app'], ['requirements.txt', 'sub dir/package-lock.json']],
    ['a path that winds', ['./my app/../my app/sub dir/'], ['package-lock.json']],
    ['a single file', ['my app/requirements.txt'], ['requirements.txt']],
    [
      'several files and directories',
      ['requirements.txt', 'my app/sub dir'],
      ['my app/sub dir/package-lock.json', 'requirements.txt'],
    ],
    [
      'one path twice',
      ['my app', './my app', 'requirements.txt'],
      ['my app/requirements.txt', 'my app/sub dir/package-lock.json', 'requirements.txt'],
    ],
    ['a file of any name', ['-L', 'requirements:deps/pinned.list'], ['deps/pinned.list']],
    [
      'several files of any name, one with a colon',
      ['-L', 'requirements:deps/pinned.list', '-L', 'requirements:deps/with:colon.list'],
      ['deps/pinned.list', 'deps/with:colon.list'],
    ],
    [
      'a directory and a file of any name in it',
      ['deps', '-L', 'requirements:deps/pinned.list'],
      ['pinned.list'],
    ],
  ])('%s', (_, args, expected) => {
    const report = scan(tempTree(TREE), ...args);
    expect(projects(report)).toEqual(expected);
  });

  it('may be named by an absolute path and through a link', () => {
    const root = tempTree({ ...TREE, link: link('my app') });
    for (const path of [join(root, 'my app'), join(root, 'link')]) {
      expect(projects(scan('/', path))).toEqual(['requirements.txt', 'sub dir/package-lock.json']);
    }
  });

  it('lies in the repository of the target of a link, not in that of the link', () => {
    const repository = tempTree({
      '.git/HEAD': '',
      'plimsoll.yaml': AGE,
      'services/api/requirements.txt': 'jinja2==2.10\n',
    });
    const elsewhere = tempTree({ '.git/HEAD': '', link: link(join(repository, 'services/api')) });
    const { status, stdout } = run(elsewhere, 'scan', 'link', '-f', 'sarif');
    const [sarif] = (JSON.parse(stdout) as Log).runs;
    expect([status, sarif?.automationDetails?.id]).toEqual([1, 'plimsoll/dependencies/services-api/']);
    expect(sarif?.results?.[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe(
      'services/api/requirements.txt',
    );
  });

  it('is told of where nothing knows the name of a file', () => {
    const report = scan(tempTree(TREE), 'deps/pinned.list');
    expect([report.verdict.exitCode, report.coverage[0]?.cause]).toEqual([3, 'no-collector']);
    expect(report.coverage[0]?.errors[0]?.message).toContain('-L');
  });

  it.each([
    ['a path that is not there', ['none']],
    ['one path of several that is not there', ['requirements.txt', 'none']],
    ['a path above the working directory beside another', ['..', 'requirements.txt']],
    ['a format that is not there', ['-L', 'cargo:deps/pinned.list']],
    ['a named file that is not there', ['-L', 'requirements:none.list']],
    ['a glob with other signs', ['--exclude', '{a,b}']],
    ['a glob out of the tree', ['--exclude', '../a']],
    ['a scope that is not there', ['--omit', 'test']],
  ])('%s is a usage error', (_, args) => {
    const { status, stdout, stderr } = run(tempTree(TREE), 'scan', ...args);
    expect([status, stdout, stderr]).toEqual([2, '', expect.stringMatching(/^error: .+/)]);
  });
});

describe('--exclude', () => {
  it('leaves out what the globs name, and says so', () => {
    const report = scan(tempTree(TREE), '--exclude', 'my app/sub*', '--exclude', '**/requirements.txt');
    expect(projects(report)).toEqual([]);
    expect([report.verdict.exitCode, report.verdict.options.exclude]).toEqual([
      4,
      ['my app/sub*', '**/requirements.txt'],
    ]);
    const excluded = report.coverage.filter(({ cause }) => cause === 'excluded').map(({ target }) => target);
    expect(excluded).toEqual(['my app/requirements.txt', 'my app/sub dir', 'requirements.txt']);
  });

  it('counts from the directory that is scanned, also where the policy lies above it', () => {
    const root = tempTree({ ...TREE, '.git/HEAD': '', 'my app/my app/requirements.txt': SIX });
    const report = scan(root, 'my app', '--exclude', 'my app');
    expect(projects(report)).toEqual(['requirements.txt', 'sub dir/package-lock.json']);
    expect(report.verdict.exitCode).toBe(0);
  });
});

describe('--omit', () => {
  it('leaves out what only development needs, and says so', () => {
    const all = scan(tempTree(TREE), 'my app/sub dir');
    const some = scan(tempTree(TREE), 'my app/sub dir', '--omit', 'dev');
    const names = ({ inventory }: Report) => inventory.components.map((component) => component.name);
    expect([names(all), names(some)]).toEqual([
      ['web', 'a', 'b'],
      ['web', 'a'],
    ]);
    expect(some.coverage.filter(({ cause }) => cause === 'omitted')).toMatchObject([
      { target: 'package-lock.json', expected: 1 },
    ]);
    expect([some.verdict.exitCode, some.verdict.options.omit]).toEqual([all.verdict.exitCode, ['dev']]);
  });
});

describe('the policy', () => {
  it('is that of the nearest directory up to the repository root, in scan, licenses and policy check', () => {
    const policy = `${AGE}licenses: {allow: [MIT], unknown: incomplete}\n`;
    const root = tempTree({ ...TREE, '.git/HEAD': '', 'plimsoll.yaml': policy });
    const report = scan(root, 'my app');
    expect([report.verdict.exitCode, report.verdict.incomplete[0]?.policy.uri]).toEqual([
      3,
      '../plimsoll.yaml',
    ]);
    expect(plimsoll(['licenses', 'my app'], { cwd: root }).status).toBe(3);
    const check = plimsoll(['policy', 'check'], { cwd: join(root, 'my app') });
    expect([check.status, check.stdout.split('\n')[0]]).toEqual([
      0,
      '../plimsoll.yaml extends plimsoll:policies/default.yaml: valid',
    ]);
  });

  it('that ignores a path holds for licences as well', () => {
    const lock = LOCK.replace('"version":"1.0.0"}', '"version":"1.0.0","license":"GPL-3.0-only"}');
    const gate = 'licenses: {allow: [MIT], unknown: ignore}\n';
    const root = tempTree({ 'web/package-lock.json': lock, 'requirements.txt': SIX, 'plimsoll.yaml': gate });
    expect(plimsoll(['licenses'], { cwd: root }).status).toBe(1);
    const ignoring = tempTree({
      'web/package-lock.json': lock,
      'requirements.txt': SIX,
      'plimsoll.yaml': `${gate}coverage: {ignore: [{path: web, reason: r}]}\n`,
    });
    expect(plimsoll(['licenses'], { cwd: ignoring }).status).toBe(0);
  });
});
