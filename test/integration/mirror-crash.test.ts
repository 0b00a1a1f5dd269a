// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyDelta } from '../../src/advisories/mirror/delta.ts';
import { openMirror } from '../../src/advisories/mirror/generation-source.ts';
import { importAdvisories } from '../../src/advisories/mirror/import.ts';
import { verifyMirror } from '../../src/advisories/mirror/status.ts';
import { systemFs, type WriteFs } from '../../src/advisories/mirror/write-fs.ts';
import {
  archiveOf,
  currentDirectory,
  errorCode,
  failure,
  NOW,
  npm,
  npmRecords,
  QUICK_FS,
  recordJson,
  type SimpleRecord,
  temporaryDirectory,
} from '../advisories/mirror/support.ts';

const FIRST: SimpleRecord = { id: 'A-1', packages: [['npm', 'first']] };
const SECOND: SimpleRecord = { id: 'A-2', packages: [['npm', 'second']] };

async function load(dbDir: string, record: SimpleRecord, writeFs: WriteFs = QUICK_FS) {
  return await importAdvisories({
    dbDir,
    inputs: [archiveOf(record)],
    now: NOW,
    ...(writeFs ? { writeFs } : {}),
  });
}

/** Which of the two records the mirror has: `first` or `second`. */
async function answer(dbDir: string): Promise<string> {
  const source = await openMirror(dbDir);
  const { records } = await source.query(npm('first', 'second'));
  await source.close();
  expect(await verifyMirror(dbDir)).toEqual([]);
  return [...records].flatMap(([key, list]) => (list.length > 0 ? [key.slice(4)] : [])).join();
}

/** Calls that fail with `code` where `fails` says so, given the number of the call, its name and arguments. */
function failingFs(
  code: string,
  fails: (call: number, name: string) => boolean,
): WriteFs & { calls: number } {
  const state = { calls: 0 };
  const wrapped = Object.fromEntries(
    (
      [
        'closeSync',
        'copyFileSync',
        'fsyncSync',
        'linkSync',
        'mkdirSync',
        'openSync',
        'readdirSync',
        'renameSync',
        'rmSync',
        'writeSync',
      ] as const
    ).map((name) => [
      name,
      (...args: unknown[]) => {
        state.calls++;
        if (fails(state.calls, name))
          throw Object.assign(new Error(code), { code, errno: -1, syscall: name });
        return (QUICK_FS[name] as (...args: unknown[]) => unknown)(...args);
      },
    ]),
  );
  return Object.defineProperty(wrapped, 'calls', { get: () => state.calls }) as unknown as WriteFs & {
    calls: number;
  };
}

/** Ways from the first record to the second. */
const CHANGES: Readonly<
  Record<string, { others: number; act(dbDir: string, writeFs?: WriteFs): Promise<unknown> }>
> = {
  'an import': { others: 0, act: (dbDir, writeFs) => load(dbDir, SECOND, writeFs) },
  'a delta onto an overlay': { others: 40, act: toSecond },
  'a delta that is worked into its base': { others: 5, act: toSecond },
};

async function toSecond(dbDir: string, writeFs: WriteFs = QUICK_FS) {
  const source = { name: 'modified_id.csv', sha256: 'f'.repeat(64), ecosystems: ['npm'] as const };
  const changed = [{ id: SECOND.id, bytes: Buffer.from(recordJson(SECOND)) }];
  const deltas = [{ ecosystem: 'npm' as const, changed, removed: [FIRST.id], source }];
  return await applyDelta({ dbDir, deltas, now: NOW, writeFs });
}

/** Makes a change with every call in turn failing; says what the mirror then answers. */
async function failAtEachCall(
  { others, act }: (typeof CHANGES)[string],
  fails: (failing: number) => (call: number) => boolean,
): Promise<string[]> {
  const answers: string[] = [];
  for (let failing = 1; ; failing++) {
    const dbDir = temporaryDirectory();
    const inputs = [archiveOf(FIRST, ...npmRecords(others))];
    await importAdvisories({ dbDir, inputs, now: NOW, writeFs: QUICK_FS });
    const writeFs = failingFs('EIO', fails(failing));
    const code = await act(dbDir, writeFs).then(
      () => 'done',
      (error) => error.code,
    );
    if (writeFs.calls < failing) return answers;
    const got = await answer(dbDir);
    answers.push(`${code} ${got}`);
    // The next import cleans up whatever is left, and works; a lock that was never written needs some seconds.
    const lock = join(dbDir, 'import.lock');
    if (existsSync(lock) && readFileSync(lock).length === 0) utimesSync(lock, new Date(0), new Date(0));
    await act(dbDir);
    expect(await answer(dbDir)).toBe('second');
    expect(
      readdirSync(dbDir).filter((name) => !/^[0-9a-f]{64}(\.\d+)?$|^CURRENT$|^manifest\.json$/.test(name)),
    ).toEqual([]);
    expect(readdirSync(dbDir).filter((name) => /^[0-9a-f]{64}/.test(name)).length).toBeLessThanOrEqual(2);
  }
}

describe('a failure at any step leaves the former or the new data in use, whole', () => {
  it.each(
    Object.keys(CHANGES).flatMap((name) => [
      [name, 'one call fails', (failing: number) => (call: number) => call === failing] as const,
      [
        name,
        'the process dies: every call from there on fails',
        (failing: number) => (call: number) => call >= failing,
      ] as const,
    ]),
  )('%s: %s', async (name, _, fails) => {
    const answers = await failAtEachCall(CHANGES[name] ?? expect.unreachable(name), fails);
    expect(answers.length).toBeGreaterThan(20);
    // Before CURRENT is renamed the former data answer, after it the new ones; never again the former.
    const turn = answers.findLastIndex((line) => line.endsWith('first')) + 1;
    // What fails to be tidied up keeps nobody from going on.
    const early = answers.slice(0, turn).filter((line) => line !== 'output-failed first');
    expect(early.filter((line) => line !== 'done second')).toEqual([]);
    expect(early.length).toBeLessThan(turn / 4);
    expect(answers.slice(turn).every((line) => line.endsWith('second'))).toBe(true);
    expect(answers.length).toBeGreaterThan(turn);
  });

  it('a full disk is said to be one', async () => {
    const dbDir = temporaryDirectory();
    await load(dbDir, FIRST);
    const before = readdirSync(dbDir);
    const error = await failure(
      load(
        dbDir,
        SECOND,
        failingFs('ENOSPC', (_, name) => name === 'writeSync'),
      ),
    );
    expect(error).toMatchObject({ code: 'output-failed', hint: expect.stringContaining('disk space') });
    expect(await answer(dbDir)).toBe('first');
    expect(readdirSync(dbDir).sort()).toEqual(before.sort());
  });

  it('a write that takes only part of the bytes is continued', async () => {
    const dbDir = temporaryDirectory();
    const writeFs: WriteFs = {
      ...systemFs,
      writeSync: ((fd: number, bytes: Buffer, at: number, length: number) =>
        systemFs.writeSync(fd, bytes, at, Math.min(length, 7))) as WriteFs['writeSync'],
    };
    await load(dbDir, FIRST, writeFs);
    expect(await answer(dbDir)).toBe('first');
  });

  it('a directory that cannot be made is a typed error', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    expect(await errorCode(load(join(file, 'db'), FIRST))).toBe('output-failed');
  });
});

describe('durability', () => {
  it('every file and directory is fsynced before the name that leads to it', async () => {
    const paths = new Map<number, string>();
    const steps: string[] = [];
    const short = (path: unknown) =>
      String(path)
        .replace(/^.*\/\.import-[0-9a-f]{12}/, 'new')
        .replace(/^.*\//, '');
    const writeFs = {
      ...systemFs,
      openSync: (path: string, ...rest: [string]) => {
        const fd = systemFs.openSync(path, ...rest);
        paths.set(fd, path);
        return fd;
      },
      fsyncSync: (fd: number) => steps.push(`fsync ${short(paths.get(fd))}`),
      renameSync: (from: string, to: string) => {
        steps.push(`rename ${short(from)}`);
        systemFs.renameSync(from, to);
      },
    } as unknown as WriteFs;
    const dbDir = temporaryDirectory();
    await load(dbDir, FIRST, writeFs);
    const order = (...wanted: string[]) => wanted.map((step) => steps.indexOf(step));
    expect(steps).not.toContain('fsync undefined');
    const installed = steps.indexOf('rename new');
    for (const at of order(
      'fsync index',
      'fsync records',
      'fsync .manifest.json.tmp',
      'fsync .import.json.tmp',
      'fsync new',
    )) {
      expect(at).toBeGreaterThanOrEqual(0);
      expect(at).toBeLessThan(installed);
    }
    expect(steps.slice(installed)).toEqual([
      'rename new',
      `fsync ${short(dbDir)}`,
      'fsync .manifest.json.tmp',
      'rename .manifest.json.tmp',
      `fsync ${short(dbDir)}`,
      'fsync .CURRENT.tmp',
      'rename .CURRENT.tmp',
      `fsync ${short(dbDir)}`,
    ]);
  });
});

describe('generations', () => {
  it('the former one is kept, older ones go', async () => {
    const dbDir = temporaryDirectory();
    const generations: string[] = [];
    for (const id of ['A-1', 'A-2', 'A-3'])
      generations.push((await load(dbDir, { ...FIRST, id })).generation);
    expect(readdirSync(dbDir).sort()).toEqual(['CURRENT', 'manifest.json', ...generations.slice(1)].sort());
  });

  it('an open reader is not disturbed by imports that remove its generation', async () => {
    const dbDir = temporaryDirectory();
    await load(dbDir, FIRST);
    const source = await openMirror(dbDir);
    for (const id of ['A-2', 'A-3']) await load(dbDir, { ...SECOND, id });
    expect((await source.query(npm('first'))).records.get('npm\0first')).toHaveLength(1);
    expect(await source.records(['A-1'])).toHaveProperty('size', 1);
    await source.close();
  });

  it('data that were damaged are written anew by the same import', async () => {
    const dbDir = temporaryDirectory();
    await load(dbDir, FIRST);
    writeFileSync(join(currentDirectory(dbDir), 'index'), 'damaged');
    expect(await verifyMirror(dbDir)).not.toEqual([]);
    expect(await load(dbDir, FIRST)).toMatchObject({ changed: true });
    expect(await answer(dbDir)).toBe('first');
  });

  it('a manifest that was damaged, and its copy with it, need --allow-rollback', async () => {
    const dbDir = temporaryDirectory();
    await load(dbDir, FIRST);
    for (const directory of [currentDirectory(dbDir), dbDir])
      writeFileSync(join(directory, 'manifest.json'), '{}');
    expect(await failure(load(dbDir, SECOND))).toMatchObject({
      code: 'data-damaged',
      hint: expect.stringContaining('--allow-rollback'),
    });
    await importAdvisories({
      dbDir,
      inputs: [archiveOf(SECOND)],
      now: NOW,
      writeFs: QUICK_FS,
      allowRollback: true,
    });
    expect(await answer(dbDir)).toBe('second');
  });

  it('what a killed import left is removed', async () => {
    const dbDir = temporaryDirectory();
    mkdirSync(join(dbDir, '.import-0123456789ab', 'x'), { recursive: true });
    writeFileSync(join(dbDir, 'mine.txt'), '');
    await load(dbDir, FIRST);
    expect(readdirSync(dbDir)).toContain('mine.txt');
    expect(readdirSync(dbDir)).toHaveLength(4);
  });
});
