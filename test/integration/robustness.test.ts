// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { PROGRAM, plimsoll } from '../support/program.ts';
import { snapshot } from '../support/snapshot.ts';
import { tempTree } from '../support/temp-tree.ts';

const AGE = 'advisories: {maxAge: {warn: 36500d, incomplete: 36500d}}\n';
const GOOD = { 'requirements.txt': 'six==1.16.0\n', 'plimsoll.yaml': AGE };

function scan(root: string, ...options: string[]) {
  return plimsoll(['scan', root, '--advisories', 'bundled', ...options]);
}

function scanJson(root: string, ...options: string[]): { status: number | null; report: Report } {
  const { status, stdout, stderr } = scan(root, '--json', ...options);
  expect(stderr).toBe('');
  return { status, report: JSON.parse(stdout) };
}

function names({ inventory }: Report): string[] {
  return inventory.components.map((component) => component.name);
}

/** Target, cause and first message of each row that a verdict misses. */
function gaps({ verdict }: Report): unknown[] {
  return verdict.incomplete.map(({ coverage }) => [
    coverage.target,
    coverage.cause,
    coverage.errors[0]?.message,
  ]);
}

describe('a tree that is not what it seems', () => {
  it('does not wait for a FIFO', () => {
    const root = tempTree(GOOD);
    for (const name of ['package-lock.json', 'poetry.lock', 'other']) spawnSync('mkfifo', [join(root, name)]);
    const { status, report } = scanJson(root);
    expect(status).toBe(3);
    expect(gaps(report)).toEqual(
      ['package-lock.json', 'poetry.lock'].map((path) => [
        path,
        'unreadable',
        `${path}: expected a regular file, got a FIFO`,
      ]),
    );
  });

  it('does not wait for a FIFO that is named, nor for one that a file includes', () => {
    const root = tempTree({ ...GOOD, 'requirements.txt': '-r constraint.txt\nsix==1.16.0\n' });
    const fifo = join(root, 'constraint.txt');
    spawnSync('mkfifo', [fifo, join(root, 'requirements-fifo.txt')]);
    const named = scanJson(root);
    expect([named.status, names(named.report)]).toEqual([3, ['requirements.txt', 'six']]);
    expect(scan(root, '-L', `requirements:${fifo}`).status).toBe(3);
    expect(scan(join(root, 'requirements-fifo.txt')).status).toBe(3);
    expect(scan(root, '--policy', fifo).status).toBe(2);
  });

  it('does not follow links in a circle', () => {
    const root = tempTree({ ...GOOD, 'a/b/x': '' });
    symlinkSync('..', join(root, 'a/b/up'));
    symlinkSync('../..', join(root, 'a/b/root'));
    symlinkSync('self', join(root, 'self'));
    symlinkSync('poetry.lock', join(root, 'poetry.lock'));
    const { status, report } = scanJson(root);
    expect([status, report.inventory.projects.map(({ id }) => id)]).toEqual([3, ['requirements.txt']]);
    expect(gaps(report)).toEqual([['poetry.lock', 'unreadable', expect.stringContaining('ELOOP')]]);
  });

  it('reads nothing through a link out of the tree', () => {
    const outside = tempTree({
      'poetry.lock': 'secret',
      'requirements.txt': 'secret==1\n',
      'd/package-lock.json': 'secret',
    });
    const root = tempTree({ ...GOOD, 'requirements.txt': '-r leak.txt\nsix==1.16.0\n' });
    symlinkSync(join(outside, 'poetry.lock'), join(root, 'poetry.lock'));
    symlinkSync(join(outside, 'requirements.txt'), join(root, 'leak.txt'));
    symlinkSync(join(outside, 'd'), join(root, 'd'));
    const run = scan(root, '-f', 'json');
    expect(run.status).toBe(3);
    expect(run.stdout + run.stderr).not.toContain('secret');
    expect(run.stdout + run.stderr).not.toContain(outside);
    expect(gaps(JSON.parse(run.stdout)).length).toBeGreaterThan(1);
  });

  it('takes no policy through a link out of the tree', () => {
    const outside = tempTree({ 'secret.yaml': 'secret: 1' });
    const root = tempTree({ 'requirements.txt': 'six==1.16.0\n' });
    symlinkSync(join(outside, 'secret.yaml'), join(root, 'plimsoll.yaml'));
    const run = scan(root);
    expect([run.status, run.stdout, run.stderr.includes('secret')]).toEqual([2, '', false]);
  });

  it('says that a file is too large, and reads the rest', () => {
    const root = tempTree({ ...GOOD, 'package-lock.json': '{}' });
    truncateSync(join(root, 'package-lock.json'), 130 * 1024 * 1024);
    const { status, report } = scanJson(root);
    expect([status, names(report)]).toEqual([3, expect.arrayContaining(['six'])]);
    expect(gaps(report)).toEqual([
      [
        'package-lock.json',
        'limit-exceeded',
        expect.stringMatching(/^package-lock\.json: expected at most \d+ bytes, got more$/),
      ],
    ]);
    expect(report.coverage.find(({ target }) => target === 'package-lock.json')?.status).toBe('failed');
  });

  it.each([
    ['package-lock.json', `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`],
    [
      'package-lock.json',
      `{"lockfileVersion":1,${'"dependencies":{"a":{'.repeat(150_000)}${'}}'.repeat(150_000)}}`,
    ],
    ['poetry.lock', `a = ${'['.repeat(1_000_000)}`],
    ['poetry.lock', `a${'.a'.repeat(500_000)} = 1\n`],
    ['requirements.txt', `six[${'('.repeat(1_000_000)}`],
  ])('%s of a million brackets fails and nothing else does (%#)', (name, text) => {
    const { status, report } = scanJson(
      tempTree({ 'plimsoll.yaml': AGE, [name]: text, 'sub/requirements.txt': 'six==1.16.0\n' }),
    );
    expect(status).toBe(3);
    expect(gaps(report)).toMatchObject([
      [name, expect.any(String), expect.stringMatching(new RegExp(`^${name}:`))],
    ]);
    expect(names(report)).toContain('six');
    expect(JSON.stringify(report).length).toBeLessThan(4_000_000);
  });

  it('takes a policy of a million brackets for a mistake', () => {
    const run = scan(tempTree({ ...GOOD, 'plimsoll.yaml': '['.repeat(1_000_000) }));
    expect([run.status, run.stderr.length < 2_000]).toEqual([2, true]);
  });
});

describe('outputs', () => {
  it('go to several files, and standard output still gets what -f says', () => {
    const root = tempTree({ ...GOOD, 'out dir/x': '' });
    const file = (name: string) => join(root, 'out dir', name);
    const run = scan(
      root,
      '-f',
      'markdown',
      '-o',
      file('a b.sarif'),
      '-o',
      file('r.json'),
      '-o',
      `json=${file('any')}`,
    );
    expect([run.status, run.stdout.startsWith('## plimsoll: pass')]).toEqual([0, true]);
    expect(readdirSync(join(root, 'out dir')).sort()).toEqual(['a b.sarif', 'any', 'r.json', 'x']);
    expect(JSON.parse(readFileSync(file('a b.sarif'), 'utf8')).version).toBe('2.1.0');
    expect(JSON.parse(readFileSync(file('any'), 'utf8')).verdict.result).toBe('pass');
    expect(scan(root, '--json').stdout).toMatch(/^\{\n {2}"schemaVersion"/);
  });

  it.each([
    ['a folder that does not exist', (root: string) => [`json=${root}/none/x`], 'ENOENT'],
    ['a folder', (root: string) => [`json=${root}`], 'EISDIR'],
    ['below a file', (root: string) => [`json=${root}/plimsoll.yaml/x`], 'ENOTDIR'],
    ['a full disk', () => ['json=/dev/full'], 'ENOSPC'],
  ])('to %s end in an error', (_, outputs, reason) => {
    const root = tempTree(GOOD);
    const before = snapshot(root);
    const run = scan(root, ...outputs(root).flatMap((output) => ['-o', output]));
    expect([run.status, run.stdout]).toEqual([3, '']);
    expect(run.stderr).toMatch(new RegExp(`^error: .*expected to write it, got ${reason}\n$`));
    expect(snapshot(root)).toEqual(before);
  });

  it('to a full disk on standard output end in an error', () => {
    for (const args of [
      `scan ${tempTree(GOOD)} --advisories bundled`,
      '--help',
      '--version',
      'scan --help',
    ]) {
      const run = spawnSync('sh', ['-c', `"${process.execPath}" "${PROGRAM}" ${args} >/dev/full`], {
        encoding: 'utf8',
      });
      expect([args, run.status === 0, /\n\s+at /.test(run.stderr)]).toEqual([args, false, false]);
    }
  });

  it.each(['scan -f json', 'scan -f console', '--help', 'scan --help'])(
    'to a reader that goes away are no error: %s',
    (args) => {
      const lines = Array.from({ length: 3_000 }, (_, i) => `package-${i}==1.0.0`).join('\n');
      const root = tempTree({ ...GOOD, 'requirements.txt': `${lines}\nbroken line\n` });
      const command = `"${process.execPath}" "${PROGRAM}" ${args.replace('scan -f', `scan ${root} --advisories bundled -f`)}`;
      const run = spawnSync('bash', ['-c', `${command} | head -1; exit "\${PIPESTATUS[0]}"`], {
        encoding: 'utf8',
      });
      expect([run.status, run.stderr, run.stdout.split('\n').length]).toEqual([
        args.startsWith('scan -f') ? 3 : 0,
        '',
        2,
      ]);
    },
  );
});

describe('a signal', () => {
  /** Sends the program a signal at the moment when it opens the first file whose name ends so. */
  function interrupted(signal: string, ending: string, root: string) {
    const preload = `
      const { promises } = require('node:fs');
      const { open } = promises;
      promises.open = (path, ...rest) => {
        if (String(path).includes(${JSON.stringify(ending)})) process.kill(process.pid, ${JSON.stringify(signal)});
        return open(path, ...rest);
      };
      require('node:module').syncBuiltinESMExports();`;
    const script = join(tempTree({ 'preload.cjs': preload }), 'preload.cjs');
    const outputs = ['-o', join(root, 'out/1.json'), '-o', join(root, 'out/2.json')];
    return plimsoll(['scan', root, '--advisories', 'bundled', ...outputs], {
      env: { NODE_OPTIONS: `--require ${script}` },
    });
  }

  it.each([
    ['SIGINT', 'requirements.txt', []],
    ['SIGTERM', 'requirements.txt', []],
    ['SIGINT', '1.json', ['1.json']],
    ['SIGTERM', '2.json', ['1.json', '2.json']],
  ])('%s while %s is opened ends a scan with 130 and leaves no half of a file', (signal, ending, left) => {
    const root = tempTree({ ...GOOD, 'out/x': '' });
    const run = interrupted(signal, ending, root);
    expect([run.status, run.stdout, run.stderr]).toEqual([130, '', '']);
    expect(readdirSync(join(root, 'out')).sort()).toEqual([...left, 'x']);
    for (const file of left) expect(JSON.parse(readFileSync(join(root, 'out', file), 'utf8'))).toBeDefined();
  });
});
