// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { REPO_ROOT } from '../support/shared-data.ts';

// Below node_modules, so that the packed files find their dependencies without an installation from a registry.
const WORK = join(REPO_ROOT, 'node_modules', '.cache', 'consumer');
const PACKAGE = join(WORK, 'node_modules', 'plimsoll');
const BIN = join(REPO_ROOT, 'node_modules', '.bin');
let tarball = '';

function run(command: string, args: readonly string[], cwd = WORK): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

beforeAll(() => {
  rmSync(WORK, { recursive: true, force: true });
  mkdirSync(PACKAGE, { recursive: true });
  run('npm', ['pack', '--pack-destination', WORK, '--silent'], REPO_ROOT);
  tarball = join(WORK, readdirSync(WORK).find((name) => name.endsWith('.tgz')) ?? 'missing.tgz');
  run('tar', ['-xzf', tarball, '-C', PACKAGE, '--strip-components=1']);
  cpSync(join(REPO_ROOT, 'test', 'package', 'consumer'), WORK, { recursive: true });
  writeFileSync(
    join(WORK, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, type: 'module' }),
  );
});

describe('the packed library', () => {
  it('type-checks in a strict project with skipLibCheck off', () => {
    run(process.execPath, [join(BIN, 'tsc'), '-p', 'tsconfig.json']);
  });

  it('scans, can be aborted in mid-scan, and leaves the exit status alone', () => {
    run(process.execPath, [join(BIN, 'tsc'), '-p', 'tsconfig.json']);
    const expected = JSON.parse(readFileSync(join(REPO_ROOT, 'fixtures/storefront/expected.json'), 'utf8'));
    expect(
      JSON.parse(run(process.execPath, ['out/index.js', join(REPO_ROOT, 'fixtures/storefront')])),
    ).toEqual({
      result: expected.result,
      findings: expected.findings,
      formats: ['console', 'json', 'markdown', 'sarif'],
      aborted: 'aborted',
      missing: 'file-not-found',
      exitCode: null,
    });
  });

  it('satisfies publint and attw', () => {
    run(join(BIN, 'publint'), ['run', PACKAGE, '--strict']);
    run(join(BIN, 'attw'), [tarball, '--profile', 'esm-only']);
  });

  it('has what the program needs and nothing of the tests', () => {
    const names = readdirSync(PACKAGE);
    expect(names).toEqual(expect.arrayContaining(['data', 'dist', 'lib', 'policies', 'schemas', 'LICENSE']));
    expect(names).not.toContain('test');
    expect(run(process.execPath, [join(PACKAGE, 'dist/plimsoll.js'), '--version']).trim()).toMatch(
      /^\d+\.\d+\.\d+/,
    );
  });
});
