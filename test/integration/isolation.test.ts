// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PROGRAM, STOREFRONT } from '../support/program.ts';

const scratch = mkdtempSync(join(tmpdir(), 'plimsoll-strace-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The system calls of a scan of the storefront, by strace's filter. */
function calls(filter: string): string[] {
  const log = join(scratch, 'strace');
  const args = [
    '-f',
    '-e',
    `trace=${filter}`,
    '-o',
    log,
    process.execPath,
    PROGRAM,
    'scan',
    STOREFRONT,
    '--offline',
    '--advisories',
    'bundled',
  ];
  const { status, error, stderr } = spawnSync(
    'strace',
    [...args, '-o', `json=${join(scratch, 'report.json')}`],
    { encoding: 'utf8' },
  );
  if (error) throw error;
  expect(status, stderr).toBe(1);
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => /\b(?:socket|connect|bind|execve|openat)\(/.test(line));
}

describe('a scan', () => {
  it('opens no socket', () => {
    expect(calls('%network').filter((line) => !/AF_UNIX/.test(line))).toEqual([]);
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
