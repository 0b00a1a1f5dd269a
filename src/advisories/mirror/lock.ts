// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync, statSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { PlimsollError } from '../../platform/errors.ts';
import { systemErrorCode } from '../../platform/fs.ts';
import { lacksLinks, removeQuietly, type WriteFs, writeAll } from './write-fs.ts';

const LOCK = 'import.lock';
/** As often as this the holder of a lock says that it lives. */
const HEARTBEAT_MS = 10 * 1000;
/** After this long without, a lock of another machine or container is taken over. */
const FOREIGN_LOCK_MS = 2 * 60 * 1000;
/** After this long one without content, which only a file system without links can have. */
const EMPTY_LOCK_MS = 10 * 1000;

/** Locks of this process: its own pid in a lock file is a former process's unless it stands here. */
const held = new Set<string>();

/**
 * Lets one import into a directory at a time; readers need no lock. A lock whose process is gone is taken over; of
 * two that do so at once, one is told that the other runs.
 *
 * @returns the release
 * @throws PlimsollError `output-failed` while another import runs
 */
export function takeLock(writeFs: WriteFs, dbDir: string): () => void {
  const path = resolve(dbDir, LOCK);
  if (held.has(path)) throw busy(path, 'this process');
  const content = `${process.pid} ${place()} ${startOf(process.pid)}\n`;
  for (let attempt = 1; attempt <= 3; attempt++) {
    if (createLock(writeFs, path, content)) {
      held.add(path);
      const timer = setInterval(() => touch(writeFs, dbDir, path), HEARTBEAT_MS).unref();
      return () => {
        clearInterval(timer);
        held.delete(path);
        // It is another's, should this process have slept for so long that it was taken over.
        if (readHolder(path) === content) removeQuietly(writeFs, path);
      };
    }
    removeStaleLock(writeFs, dbDir, path);
  }
  throw busy(path, 'another process');
}

function touch(writeFs: WriteFs, dbDir: string, path: string): void {
  try {
    const now = new Date(timeAt(writeFs, dbDir));
    utimesSync(path, now, now);
  } catch {
    // As if this process were gone.
  }
}

/**
 * Makes the lock with its content in one step: written beside it, then linked. A process that dies in between leaves no
 * lock that says nothing.
 */
function createLock(writeFs: WriteFs, path: string, content: string): boolean {
  const beside = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    writeLock(writeFs, beside, content);
    return isMade(() => writeFs.linkSync(beside, path));
  } catch (error) {
    if (!lacksLinks(error)) throw error;
    return isMade(() => writeLock(writeFs, path, content));
  } finally {
    removeQuietly(writeFs, beside);
  }
}

function writeLock(writeFs: WriteFs, path: string, content: string): void {
  const fd = writeFs.openSync(path, 'wx');
  try {
    writeAll(writeFs, fd, Buffer.from(content));
  } catch (error) {
    removeQuietly(writeFs, path);
    throw error;
  } finally {
    writeFs.closeSync(fd);
  }
}

/** Whether there was none before. */
function isMade(make: () => void): boolean {
  try {
    make();
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** @throws PlimsollError `output-failed` where the lock is in use */
function removeStaleLock(writeFs: WriteFs, dbDir: string, path: string): void {
  const holder = readHolder(path);
  if (holder === undefined) return;
  if (isAlive(writeFs, dbDir, path, holder)) throw busy(path, `process ${holder.trim() || 'unknown'}`);
  // Moved before it is removed: another process may have replaced it since it was read.
  const aside = `${path}.${randomBytes(4).toString('hex')}`;
  writeFs.renameSync(path, aside);
  if (readHolder(aside) !== holder) {
    writeFs.renameSync(aside, path);
    throw busy(path, 'another process');
  }
  writeFs.rmSync(aside, { force: true });
}

function readHolder(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').slice(0, 300);
  } catch {
    return undefined;
  }
}

function isAlive(writeFs: WriteFs, dbDir: string, path: string, holder: string): boolean {
  const [pid = '', where, start = UNKNOWN] = holder.trim().split(' ');
  if (where !== place() || !/^[1-9]\d{0,9}$/.test(pid)) {
    const age = timeAt(writeFs, dbDir) - statSync(path).mtimeMs;
    return age < (holder === '' ? EMPTY_LOCK_MS : FOREIGN_LOCK_MS);
  }
  if (Number(pid) === process.pid) return false;
  // A number is given to another process sooner or later, which began later.
  const began = startOf(Number(pid));
  if (start !== UNKNOWN && began !== UNKNOWN && start !== began) return false;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}

const UNKNOWN = '-';

/** Where the number of a process says which one it is: containers have their own, also those that share a name. */
function place(): string {
  const boot = known(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim());
  const namespace = known(() => readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, ''));
  return [hostname().replaceAll(/\s/g, '_'), boot, namespace].join('/');
}

function known(read: () => string): string {
  try {
    return read();
  } catch {
    return UNKNOWN;
  }
}

/** When a process began, in ticks since the machine did; known on Linux alone. See proc(5), `stat`, field 22. */
function startOf(pid: number): string {
  return known(() => {
    // The second field is the name of the program, which may have blanks and brackets of its own.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? UNKNOWN;
  });
}

/** Milliseconds by the clock of the file system, which both sides share. */
function timeAt(writeFs: WriteFs, dbDir: string): number {
  const probe = join(dbDir, `${LOCK}.${randomBytes(4).toString('hex')}`);
  writeFs.closeSync(writeFs.openSync(probe, 'wx'));
  try {
    return statSync(probe).mtimeMs;
  } finally {
    removeQuietly(writeFs, probe);
  }
}

function busy(path: string, holder: string): PlimsollError {
  return new PlimsollError('output-failed', `${path}: expected no other import, got one of ${holder}`, {
    file: path,
    hint: 'wait for it to end; delete the file if none runs',
  });
}
