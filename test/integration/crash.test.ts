// SPDX-License-Identifier: Apache-2.0
// The built program, killed, starved of space, and let loose on damaged files: the old or the new data answer, or the
// verdict is incomplete; the next import heals.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentName, openCurrent } from '../../src/advisories/mirror/generations.ts';
import { verifyMirror } from '../../src/advisories/mirror/status.ts';
import type { Report } from '../../src/model/report.ts';
import { zip } from '../advisories/mirror/support.ts';
import { JUDGED_AT, waveOf, writeBucket, writeProject } from '../support/mirror-tree.ts';
import { PROGRAM, plimsoll, plimsollOnline } from '../support/program.ts';

const COUNT = 4000;
const LANES = 4;
let root: string;
let project: string;
const buckets = { first: '', second: '' };

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-crash-'));
  project = join(root, 'project');
  writeProject(project);
  for (const wave of ['first', 'second'] as const) {
    buckets[wave] = join(root, wave);
    writeBucket(buckets[wave], waveOf(wave, COUNT), (records) =>
      zip(records.map((record) => ({ name: `${record.id}.json`, data: JSON.stringify(record) }))),
    );
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const importArgs = (dbDir: string, wave: 'first' | 'second') => [
  ...['db', 'import', '--db', dbDir, '--now', JUDGED_AT, ...backward(wave)],
  ...['npm', 'PyPI'].map((name) => join(buckets[wave], name, 'all.zip')),
];
const updateArgs = (dbDir: string, wave: 'first' | 'second') => [
  ...['db', 'update', '--db', dbDir, '--now', JUDGED_AT, '--no-epss', '--no-kev', '--offline'],
  ...['--from', pathToFileURL(buckets[wave]).href, ...backward(wave)],
];

/** The first wave is older than the second, and taken after it only by those who are told to. */
function backward(wave: 'first' | 'second'): string[] {
  return wave === 'first' ? ['--allow-rollback'] : [];
}

/** The wave that a mirror does not hold. */
function otherWave(dbDir: string): 'first' | 'second' {
  const generation = openCurrent(dbDir);
  const ids = generation.lookup({ ecosystem: 'npm', name: 'left' }).map(({ id }) => id);
  generation.close();
  return ids.join() === 'GHSA-first' ? 'second' : 'first';
}

function mirror(name: string, wave: 'first' | 'second' = 'first'): string {
  const dbDir = join(root, name);
  const run = plimsoll(importArgs(dbDir, wave));
  expect(run).toMatchObject({ status: 0, stderr: '' });
  return dbDir;
}

/** Which wave answers, `incomplete`, or whatever else came out. */
function answerOf({
  status,
  stdout,
  stderr,
}: {
  status: number | null;
  stdout: string;
  stderr: string;
}): string {
  if (status !== 1 && status !== 3) return `status ${status}: ${stderr}`;
  const { verdict, findings } = JSON.parse(stdout);
  const ids = findings.map(({ ruleId }: { ruleId: string }) => ruleId).join();
  if (status === 1) return ids;
  return ids === '' ? verdict.result : `${ids} with ${verdict.result}`;
}

function scanArgs(dbDir: string, now = JUDGED_AT): string[] {
  return ['scan', project, '--json', '--offline', '--advisories', 'mirror', '--db', dbDir, '--now', now];
}

async function answer(dbDir: string, now?: string): Promise<string> {
  return answerOf(await plimsollOnline(scanArgs(dbDir, now), {}));
}

/** A generator that gives the same points in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

function ended(child: ChildProcess): Promise<NodeJS.Signals | null> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (_, signal) => resolve(signal));
  });
}

describe.each([
  ['an import', importArgs],
  ['an update by deltas', updateArgs],
])('%s, killed at 100 points', (name, argsOf) => {
  it('leaves the old or the new generation, whole, and the next one heals', {
    timeout: 240_000,
  }, async () => {
    const lanes = Array.from({ length: LANES }, (_, i) => mirror(`${name.replaceAll(' ', '-')}-${i}`));
    const start = performance.now();
    expect(plimsoll(argsOf(lanes[0] ?? '', 'second')).status).toBe(0);
    expect(otherWave(lanes[0] ?? '')).toBe('first');
    // Four at a time take longer than one.
    const length = (performance.now() - start) * 2;
    let killed = 0;
    let unfinished = 0;
    await Promise.all(
      lanes.map(async (dbDir, lane) => {
        const random = seeded(lane + 1);
        for (let point = 0; point < 100 / LANES; point++) {
          const wave = otherWave(dbDir);
          const before = currentName(dbDir);
          const child = spawn(process.execPath, [PROGRAM, ...argsOf(dbDir, wave)], { stdio: 'ignore' });
          const timer = setTimeout(() => child.kill('SIGKILL'), 40 + random() * length);
          const signal = await ended(child);
          clearTimeout(timer);
          if (signal === 'SIGKILL') killed += 1;
          if (signal === 'SIGKILL' && currentName(dbDir) === before) unfinished += 1;
          expect(await verifyMirror(dbDir)).toEqual([]);
          if (point % 5 === 0) expect(['GHSA-first', 'GHSA-second']).toContain(await answer(dbDir));
        }
        const healed = await plimsollOnline(argsOf(dbDir, 'second'), {});
        expect(healed.status, healed.stderr).toBe(0);
        expect(await answer(dbDir)).toBe('GHSA-second');
        const names = readdirSync(dbDir).filter((each) => /^\.|lock/.test(each));
        expect(names).toEqual([]);
      }),
    );
    // Or the kills came too late to prove anything.
    expect(killed).toBeGreaterThan(30);
    expect(unfinished).toBeGreaterThan(10);
  });
});

describe('a full disk', () => {
  it.each([
    ...[100, 300, 600, 900, 1200, 1500, 1800].map((free) => ['an import', free, importArgs] as const),
    ...[0, 8, 24, 64, 128, 512].map((free) => ['an update', free, updateArgs] as const),
  ])('for %s, of %i KiB beside the data in use', (name, free, argsOf) => {
    const mount = join(root, `tmpfs-${name.slice(-6)}-${free}`);
    const source = mirror('for-tmpfs');
    const used = Number(execFileSync('du', ['-sk', source], { encoding: 'utf8' }).split('\t')[0]);
    mkdirSync(mount);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${used + free}k`, 'tmpfs', mount]);
    try {
      cpSync(source, join(mount, 'db'), { recursive: true });
      const run = plimsoll(argsOf(join(mount, 'db'), 'second'));
      expect([0, 3]).toContain(run.status);
      if (run.status === 3) expect(run.stderr).toMatch(/got ENOSPC/);
      const expected = run.status === 0 ? 'GHSA-second' : 'GHSA-first';
      expect(answerOf(plimsoll(scanArgs(join(mount, 'db'))))).toBe(expected);
    } finally {
      execFileSync('umount', [mount]);
    }
  });
});

describe('damage', () => {
  it('to any file of the mirror gives the same answer or none', { timeout: 120_000 }, async () => {
    const dbDir = mirror('damaged');
    expect(plimsoll(updateArgs(dbDir, 'second')).status).toBe(0);
    const other = mirror('other', 'first');
    const inGeneration = [
      'manifest.json',
      'import.json',
      'index',
      'records',
      'overlay-index',
      'overlay-records',
    ];
    const files = ['CURRENT', ...inGeneration.map((name) => join(currentName(dbDir) ?? '', name))];
    const swapped = (name: string) => {
      const base = name.split('/').at(-1)?.replace('overlay-', '') ?? '';
      return readFileSync(join(other, name === 'CURRENT' ? name : join(currentName(other) ?? '', base)));
    };
    const damages: Readonly<Record<string, (bytes: Buffer, name: string) => Buffer>> = {
      emptied: () => Buffer.alloc(0),
      'cut in half': (bytes) => bytes.subarray(0, bytes.length >> 1),
      'one byte shorter': (bytes) => bytes.subarray(0, -1),
      scrambled: (bytes) => Buffer.from(bytes.map((byte, i) => (i % 97 === 13 ? byte ^ 0x55 : byte))),
      swapped: (_, name) => swapped(name),
    };
    const answers: string[] = [];
    for (const name of files) {
      const path = join(dbDir, name);
      const sound = readFileSync(path);
      for (const [what, damage] of Object.entries(damages)) {
        writeFileSync(path, damage(sound, name));
        const got = await answer(dbDir);
        // The former generation lies beside the one in use.
        const expected = name === 'CURRENT' && what === 'swapped' ? 'GHSA-first' : 'incomplete';
        if (got !== 'GHSA-second' && got !== expected) answers.push(`${name} ${what}: ${got}`);
        // On a copy, so that each damage meets the same mirror.
        const copy = join(root, 'damaged-copy');
        cpSync(dbDir, copy, { recursive: true });
        const { status, stderr } = plimsoll(updateArgs(copy, 'second'));
        const healed = await answer(copy);
        if (status !== 0 || healed !== 'GHSA-second') answers.push(`${name} ${what}: ${healed}, ${stderr}`);
        rmSync(copy, { recursive: true });
      }
      writeFileSync(path, sound);
      expect(await answer(dbDir), name).toBe('GHSA-second');
    }
    expect(answers).toEqual([]);
    for (const name of files) writeFileSync(join(dbDir, name), 'x');
    expect(await answer(dbDir)).toBe('incomplete');
    expect(plimsoll(updateArgs(dbDir, 'second')).status).toBe(0);
    expect(await answer(dbDir)).toBe('GHSA-second');
  });
});

describe('surroundings', () => {
  it('a cache that cannot be written can be read, and says so to who would write', () => {
    const dbDir = mirror('read-only');
    execFileSync('mount', ['--bind', dbDir, dbDir]);
    execFileSync('mount', ['-o', 'remount,ro,bind', dbDir]);
    try {
      expect(answerOf(plimsoll(scanArgs(dbDir)))).toBe('GHSA-first');
      expect(plimsoll(importArgs(dbDir, 'second'))).toMatchObject({
        status: 3,
        stderr: expect.stringContaining('EROFS'),
      });
    } finally {
      execFileSync('umount', [dbDir]);
    }
  });

  it('without HOME there is no mirror but that of the account, and the verdict says so', () => {
    const env = { PATH: process.env.PATH ?? '' };
    const args = [PROGRAM, 'scan', project, '--json', '--offline'];
    const own = existsSync(join(userInfo().homedir, '.cache', 'plimsoll', 'advisories', 'CURRENT'));
    for (const home of [{}, { HOME: '' }, { HOME: '.' }]) {
      const run = spawnScan(args, { ...env, ...home });
      const { advisoryData } = JSON.parse(run.stdout) as Report;
      expect(advisoryData.source).toBe(own ? 'mirror' : 'none');
      if (!own) expect(answerOf(run)).toBe('incomplete');
    }
    expect(answerOf(spawnScan(args, { ...env, HOME: '/proc/nowhere' }))).toBe('incomplete');
  });

  it('a clock two days off is noticed', async () => {
    const dbDir = mirror('clock');
    const verdictAt = async (now: string) =>
      JSON.parse((await plimsollOnline(scanArgs(dbDir, now), {})).stdout).verdict;
    const behind = await verdictAt('2026-02-26T00:00:00Z');
    expect(behind.incomplete).toMatchObject([{ coverage: { cause: 'advisory-data-stale' } }]);
    const ahead = await verdictAt('2026-03-02T13:00:00Z');
    expect(ahead.notChecked).toMatchObject([{ coverage: { cause: 'advisory-data-stale' } }]);
  });

  it('32 readers during updates and prunes see one generation or the other', {
    timeout: 120_000,
  }, async () => {
    const dbDir = mirror('readers');
    let reading = true;
    const writer = (async () => {
      for (let i = 0; reading; i++) {
        const run = await plimsollOnline(
          (i % 3 === 0 ? importArgs : updateArgs)(dbDir, i % 2 === 0 ? 'second' : 'first'),
          {},
        );
        expect(run.status, run.stderr).toBe(0);
        expect(await plimsollOnline(['db', 'prune', '--db', dbDir], {})).toMatchObject({ status: 0 });
      }
    })();
    const answers = await Promise.all(Array.from({ length: 32 }, () => answer(dbDir)));
    reading = false;
    await writer;
    expect(answers.filter((each) => each !== 'GHSA-first' && each !== 'GHSA-second')).toEqual([]);
  });
});

function spawnScan(args: readonly string[], env: Record<string, string>) {
  try {
    const stdout = execFileSync(process.execPath, [...args], { env, encoding: 'utf8', stdio: 'pipe' });
    return { status: 0, stdout, stderr: '' };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number | null; stdout: string; stderr: string };
    return { status, stdout, stderr };
  }
}
