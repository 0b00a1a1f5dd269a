// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { plimsoll, STOREFRONT } from '../support/program.ts';

const scratch = mkdtempSync(join(tmpdir(), 'plimsoll-e2e-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let trees = 0;
function tree(files: Record<string, string>): string {
  trees += 1;
  const root = join(scratch, String(trees));
  mkdirSync(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const OLD_DATA = 'advisories: { maxAge: { warn: 36500d, incomplete: 36500d } }\n';
const scan = (root: string, ...options: string[]) =>
  plimsoll(['scan', root, '--advisories', 'bundled', ...options]);
const lastLine = (text: string) => text.trimEnd().split('\n').at(-1) ?? '';

describe('exit codes', () => {
  it('0: pass, and plain pass means neither warnings nor gaps', () => {
    const run = scan(tree({ 'requirements.txt': 'six==1.16.0\n', 'plimsoll.yaml': OLD_DATA }));
    expect([run.status, lastLine(run.stdout)]).toEqual([0, 'pass (exit code 0)']);
  });

  it('0: an unpinned requirement is not checked, and the verdict says so', () => {
    const run = scan(tree({ 'requirements.txt': 'six==1.16.0\nflask>=2\n', 'plimsoll.yaml': OLD_DATA }));
    expect([run.status, lastLine(run.stdout)]).toEqual([0, 'pass, 1 not checked (exit code 0)']);
    expect(run.stdout).toContain('flask');
  });

  it('1: a known vulnerability fails the policy', () => {
    const run = scan(tree({ 'requirements.txt': 'jinja2==2.10\n', 'plimsoll.yaml': OLD_DATA }));
    expect(run.status).toBe(1);
    expect(lastLine(run.stdout)).toMatch(/^fail, /);
  });

  it('1: fail wins over incomplete', () => {
    const run = scan(
      tree({ 'requirements.txt': 'jinja2==2.10\n', 'uv.lock': '', 'plimsoll.yaml': OLD_DATA }),
    );
    expect(run.status).toBe(1);
    expect(run.stdout).toContain('uv.lock');
  });

  it.each([
    ['an unknown option', ['scan', '--unknown']],
    ['an unknown format', ['scan', STOREFRONT, '-f', 'pdf']],
    ['a missing path', ['scan', '/nonexistent/path']],
    ['an unknown command', ['scam']],
    ['no command', []],
    ['an output without a format', ['scan', STOREFRONT, '-o', 'file.unknown']],
    ['an output without a file', ['scan', STOREFRONT, '-o', 'json=']],
    ['two formats', ['scan', STOREFRONT, '--json', '-f', 'sarif']],
    ['a missing policy', ['scan', STOREFRONT, '--policy', '/nonexistent/plimsoll.yaml']],
  ])('2: %s', (_, args) => {
    const run = plimsoll(args);
    expect([run.status, run.stdout]).toEqual([2, '']);
    expect(run.stderr).not.toBe('');
  });

  it('2: a SOURCE_DATE_EPOCH that is no number', () => {
    expect(plimsoll(['sbom', STOREFRONT], { env: { SOURCE_DATE_EPOCH: 'abc' } }).status).toBe(2);
  });

  it.each(['scan', 'sbom', 'licenses', 'db status', 'policy check'])(
    '--offline is an option of %s too',
    (command) => {
      expect(plimsoll([...command.split(' '), '--offline', '--help']).stdout).toContain('--offline');
      expect(plimsoll(['--offline', ...command.split(' '), '--help']).status).toBe(0);
    },
  );

  it('2: an unknown key of the policy, with its line and a suggestion', () => {
    const run = scan(tree({ 'requirements.txt': 'six==1.16.0\n', 'plimsoll.yaml': 'advisorys: {}\n' }));
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/plimsoll\.yaml:1.*advisorys/);
    expect(run.stderr).toContain('advisories');
  });

  it('3: a lock that is known by name and not read', () => {
    const run = scan(
      tree({ 'requirements.txt': 'six==1.16.0\n', 'uv.lock': 'version = 1\n', 'plimsoll.yaml': OLD_DATA }),
    );
    expect([run.status, lastLine(run.stdout)]).toEqual([3, 'incomplete, 1 incomplete (exit code 3)']);
  });

  it('3: a file that cannot be parsed, named with its line, while the rest is read', () => {
    const run = scan(
      tree({
        'package-lock.json': '{\n  "lockfileVersion": 3,\n  broken\n}\n',
        'requirements.txt': 'jinja2==2.10\n',
        'plimsoll.yaml': OLD_DATA,
      }),
      '--json',
    );
    expect(run.status).toBe(1);
    const report = JSON.parse(run.stdout);
    expect(report.verdict.incomplete[0].coverage.errors[0].message).toMatch(
      /^package-lock\.json:3: expected /,
    );
    expect(report.findings.length).toBeGreaterThan(0);
  });

  it('3: no advisory mirror', () => {
    const run = plimsoll([
      'scan',
      tree({ 'requirements.txt': 'six==1.16.0\n' }),
      '--db',
      join(scratch, 'no-mirror'),
    ]);
    expect(run.status).toBe(3);
    expect(run.stdout).toContain('advisory data missing');
    expect(run.stdout).toContain('plimsoll db import');
  });

  it('0: --on-incomplete warn, which the verdict says', () => {
    const run = scan(
      tree({ 'requirements.txt': 'six==1.16.0\n', 'uv.lock': '', 'plimsoll.yaml': OLD_DATA }),
      '--on-incomplete',
      'warn',
    );
    expect(run.status).toBe(0);
    expect(lastLine(run.stdout)).toBe('incomplete, 1 incomplete, --on-incomplete warn (exit code 0)');
  });

  it('4: nothing to scan', () => {
    const run = scan(tree({ 'README.md': 'nothing\n' }));
    expect([run.status, lastLine(run.stdout)]).toEqual([4, 'incomplete, nothing to scan (exit code 4)']);
  });

  it('0: --version and --help', () => {
    expect(plimsoll(['--version'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    for (const args of [['--help'], ['scan', '--help'], ['db', 'import', '--help']]) {
      const run = plimsoll(args);
      expect([run.status, run.stdout]).toEqual([0, expect.stringContaining('Examples:')]);
    }
  });
});

describe('time', () => {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString();
  const yearAgo = { SOURCE_DATE_EPOCH: String(Math.floor(Date.parse(day(-365)) / 1000)) };

  it('an expired exception stays red whatever SOURCE_DATE_EPOCH says', () => {
    const exception = `exceptions: [{ id: CVE-2019-10906, package: jinja2, reason: tested, expires: ${day(-2).slice(0, 10)} }]\n`;
    const root = tree({ 'requirements.txt': 'jinja2==2.10\n', 'plimsoll.yaml': OLD_DATA + exception });
    const run = plimsoll(['scan', root, '--advisories', 'bundled'], { env: yearAgo });
    expect(run.status).toBe(1);
    expect(run.stdout).toContain('expired');
  });

  it('a ten-day-old mirror stays incomplete whatever SOURCE_DATE_EPOCH says', () => {
    const record = {
      id: 'PYSEC-1',
      modified: day(-10),
      affected: [{ package: { ecosystem: 'PyPI', name: 'a' }, versions: ['1'] }],
    };
    const root = tree({
      'requirements.txt': 'six==1.16.0\n',
      'records/PYSEC-1.json': JSON.stringify(record),
    });
    const db = join(root, 'db');
    expect(plimsoll(['db', 'import', '--db', db, join(root, 'records')]).status).toBe(0);
    const run = plimsoll(['scan', join(root, 'requirements.txt'), '--db', db], { env: yearAgo });
    expect([run.status, lastLine(run.stdout)]).toEqual([3, 'incomplete, 1 incomplete (exit code 3)']);
    const fresh = plimsoll(['scan', join(root, 'requirements.txt'), '--db', db, '--now', day(-10)]);
    expect(fresh.status).toBe(0);
    expect(lastLine(fresh.stdout)).toContain('judged as of');
  });
});
