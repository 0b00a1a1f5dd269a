// SPDX-License-Identifier: Apache-2.0
// Times whole processes, in interleaved pairs, with the operating system's own figures for each.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const scratch = mkdtempSync(join(tmpdir(), 'plimsoll-measure-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const TIME = '/usr/bin/time';

/** One run: wall seconds and peak memory in MB. `command` is [program, ...args]; `ok` lists the statuses that count. */
export function once({ command, env = {}, cwd, ok = [0] }) {
  const file = join(scratch, 'time');
  const timed = existsSync(TIME);
  const [program, ...args] = timed ? [TIME, '-f', '%M', '-o', file, ...command] : command;
  const started = process.hrtime.bigint();
  const { status, stderr, error } = spawnSync(program, args, {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 1 << 28,
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (error) throw error;
  if (!ok.includes(status))
    throw new Error(`${command.join(' ')} exited with ${status}: ${String(stderr).slice(-800)}`);
  return {
    seconds,
    megabytes: timed ? Number(readFileSync(file, 'utf8').trim().split('\n').at(-1)) / 1024 : Number.NaN,
  };
}

/**
 * `ours` and `theirs` in turn, after one warm-up each. `theirRuns` is 0 for a peer that takes long: its one run was
 * made before, and is `theirRun`.
 */
export function paired(ours, theirs, pairs, theirRuns = pairs, theirRun = undefined) {
  const a = [];
  const b = theirRuns === 0 ? [theirRun] : [];
  once(ours);
  if (theirRuns > 0) once(theirs);
  for (let i = 0; i < pairs; i++) {
    a.push(once(ours));
    if (i < theirRuns) b.push(once(theirs));
  }
  return {
    ours: summary(a),
    theirs: summary(b),
    ratio: median(b.map((r) => r.seconds)) / median(a.map((r) => r.seconds)),
  };
}

export function repeated(ours, runs) {
  once(ours);
  return summary(Array.from({ length: runs }, () => once(ours)));
}

export function median(values) {
  const sorted = values.toSorted((x, y) => x - y);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function summary(runs) {
  const seconds = runs.map((run) => run.seconds);
  return {
    runs: runs.length,
    seconds: median(seconds),
    min: Math.min(...seconds),
    max: Math.max(...seconds),
    megabytes: Math.max(...runs.map((run) => run.megabytes)),
  };
}

export function show({ seconds, min, max, megabytes, runs }) {
  return `${seconds.toFixed(3)} s (${min.toFixed(3)}-${max.toFixed(3)}, ${runs} runs), ${Math.round(megabytes)} MB`;
}
