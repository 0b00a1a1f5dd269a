// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importAdvisories } from '../../src/advisories/mirror/import.ts';
import { zip } from '../advisories/mirror/support.ts';
import { JUDGED_AT, waveOf, writeBucket, writeProject } from '../support/mirror-tree.ts';
import { PROGRAM, plimsoll, STOREFRONT } from '../support/program.ts';

const scratch = mkdtempSync(join(tmpdir(), 'plimsoll-strace-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const project = join(scratch, 'project');
const db = join(scratch, 'db');

beforeAll(async () => {
  writeProject(project);
  writeBucket(join(scratch, 'bucket'), waveOf('first', 3), (records) =>
    zip(records.map((each) => ({ name: `${each.id}.json`, data: JSON.stringify(each) }))),
  );
  const inputs = ['npm', 'PyPI'].map((name) => join(scratch, 'bucket', name, 'all.zip'));
  await importAdvisories({ dbDir: db, inputs, now: new Date(JUDGED_AT) });
});

/** The system calls of a scan of the storefront, by strace's filter. */
function calls(filter: string, advisories = 'bundled'): string[] {
  const report = ['-o', `json=${join(scratch, 'report.json')}`];
  const args = ['scan', STOREFRONT, '--offline', '--advisories', advisories, '--db', db, '--now', JUDGED_AT];
  return traced(filter, [...args, ...report], [1, 3]);
}

function traced(filter: string, args: readonly string[], expected: readonly number[]): string[] {
  const log = join(scratch, 'strace');
  const options = ['-f', '-e', `trace=${filter}`, '-o', log];
  const { status, error, stderr } = spawnSync('strace', [...options, process.execPath, PROGRAM, ...args], {
    encoding: 'utf8',
  });
  if (error) throw error;
  expect(expected, stderr).toContain(status);
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => /\b(?:socket|connect|bind|execve|openat)\(/.test(line));
}

it('an update from a directory opens no socket offline', () => {
  const from = ['--from', pathToFileURL(join(scratch, 'bucket')).href];
  const args = ['db', 'update', '--offline', ...from, '--no-epss', '--no-kev', '--now', JUDGED_AT];
  const lines = traced('%network', [...args, '--db', join(scratch, 'updated')], [0]);
  expect(lines.filter((line) => !/AF_UNIX/.test(line))).toEqual([]);
});

describe('a scan', () => {
  it.each([['bundled'], ['auto'], ['mirror']])('opens no socket offline: %s', (advisories) => {
    expect(calls('%network', advisories).filter((line) => !/AF_UNIX/.test(line))).toEqual([]);
  });

  it('works where there is no network at all', () => {
    const args = ['scan', project, '--json', '--offline', '--db', db, '--now', JUDGED_AT];
    const here = plimsoll(args);
    const { status, stdout, error } = spawnSync('unshare', ['-n', process.execPath, PROGRAM, ...args], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent' },
    });
    if (error) throw error;
    expect([status, stdout]).toEqual([1, here.stdout]);
    expect(JSON.parse(stdout).advisoryData.source).toBe('mirror');
  });

  it('that may use the network and has none is incomplete, and says so', { timeout: 60_000 }, () => {
    const args = ['-n', process.execPath, PROGRAM, 'scan', project, '--json', '--now', JUDGED_AT];
    const { status, stdout, error } = spawnSync('unshare', args, {
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent' },
    });
    if (error) throw error;
    expect([status, JSON.parse(stdout).verdict.result]).toEqual([3, 'incomplete']);
  });

  it('starts no process but itself', () => {
    expect(calls('execve')).toHaveLength(1);
  });

  it('opens nothing of the scanned tree for writing', () => {
    const opened = calls('openat').filter((line) => line.includes(STOREFRONT));
    expect(opened.length).toBeGreaterThan(0);
    expect(opened.filter((line) => !/O_RDONLY/.test(line))).toEqual([]);
  });
});
