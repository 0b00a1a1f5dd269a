// SPDX-License-Identifier: Apache-2.0
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { takeLock } from '../../../src/advisories/mirror/lock.ts';
import {
  archiveOf,
  errorCode,
  failure,
  load as loadArchive,
  QUICK_FS,
  temporaryDirectory,
} from './support.ts';

const load = async (dbDir: string) => await loadArchive(dbDir, archiveOf({ id: 'A-1' }));

describe('the import lock', () => {
  const lockOf = (dbDir: string) => join(dbDir, 'import.lock');

  /** Pid, place and start of a lock that this process takes. */
  function ownLock(): string[] {
    const dbDir = mkdtempSync(join(tmpdir(), 'plimsoll-lock-'));
    const release = takeLock(QUICK_FS, dbDir);
    const fields = readFileSync(lockOf(dbDir), 'utf8').trim().split(' ');
    release();
    rmSync(dbDir, { recursive: true });
    return fields;
  }
  const [, here = ''] = ownLock();

  function locked(content: string): string {
    const dbDir = temporaryDirectory();
    writeFileSync(lockOf(dbDir), content);
    return dbDir;
  }

  it('lets one of two imports at once through', async () => {
    const dbDir = temporaryDirectory();
    const results = await Promise.allSettled([load(dbDir), load(dbDir)]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(existsSync(lockOf(dbDir))).toBe(false);
  });

  it('of a process that lives is respected', async () => {
    const dbDir = locked(`${process.ppid} ${here}\n`);
    expect(await failure(load(dbDir))).toMatchObject({
      message: expect.stringContaining(String(process.ppid)),
    });
    expect(readFileSync(lockOf(dbDir), 'utf8')).toContain(String(process.ppid));
  });

  it.each([
    ['a dead process', `4194305 ${here}\n`],
    ['a former process with this pid', `${process.pid} ${here}\n`],
    ...(process.platform === 'linux'
      ? [['a process whose number another one has', `${process.ppid} ${here} 1\n`]]
      : []),
  ])('of %s is taken over', async (_, content) => {
    const dbDir = locked(content);
    await load(dbDir);
    expect(readdirSync(dbDir)).toHaveLength(3);
  });

  it.each([
    ['another machine', '1 elsewhere/x/1 1\n'],
    ['another container of this name', `${process.pid} ${here.replace(/[^/]*$/, '1')} 1\n`],
    ['this machine before it was started again', `4194305 ${here.replace(/\/.*\//, '/x/')} 1\n`],
    ['nobody', ''],
  ])('of %s is taken over once it has not stirred for two minutes', async (_, content) => {
    const dbDir = locked(content);
    expect(await errorCode(load(dbDir))).toBe('output-failed');
    const past = new Date(Date.now() - 121_000);
    utimesSync(lockOf(dbDir), past, past);
    await load(dbDir);
    expect(readdirSync(dbDir)).toHaveLength(3);
  });

  it('stirs for as long as it is held, and is not another one when it is released', () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const dbDir = temporaryDirectory();
    const release = takeLock(QUICK_FS, dbDir);
    const past = new Date(Date.now() - 600_000);
    utimesSync(lockOf(dbDir), past, past);
    vi.advanceTimersByTime(10_000);
    expect(Date.now() - statSync(lockOf(dbDir)).mtimeMs).toBeLessThan(60_000);
    expect(readdirSync(dbDir)).toEqual(['import.lock']);
    writeFileSync(lockOf(dbDir), '1 elsewhere/x/1 1\n');
    release();
    expect(readdirSync(dbDir)).toEqual(['import.lock']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
