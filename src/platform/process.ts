// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, constants, realpath, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { throwIfAborted } from './errors.ts';
import { isBelow } from './paths.ts';

/** A program outside the scanned tree, by its real path. */
export interface Binary {
  /** Absolute, without symbolic links. */
  readonly path: string;
  /** Of its file. */
  readonly sha256: string;
}

/**
 * Looks a program up. Entries of the search path that are relative, empty or inside the scanned tree do not count
 * (`npx` puts the tree's own `node_modules/.bin` there), nor does a program whose file lies in the tree, whatever links
 * lead to it.
 *
 * @param path directories as in PATH
 * @param tree real path of the scanned tree
 */
export async function findBinary(name: string, path: string, tree: string): Promise<Binary | undefined> {
  for (const directory of path.split(delimiter)) {
    if (!isAbsolute(directory)) continue;
    const real = await realpath(join(directory, name)).catch(() => undefined);
    if (real === undefined || isBelow(real, tree) || (await isInside(directory, tree))) continue;
    if (await isExecutable(real)) return { path: real, sha256: await hashFile(real) };
  }
  return undefined;
}

export interface ProcessOptions {
  /** The whole environment: nothing of this process's own is added. */
  readonly env: Readonly<Record<string, string>>;
  /** Outside the scanned tree. */
  readonly cwd: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** Bytes of standard output; a program that writes more is killed. */
  readonly maxOutput: number;
  /** Its standard input; empty where absent. */
  readonly input?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

/** How a program ended. Its exit status is no proof of work. */
export interface ProcessResult {
  readonly stdout: string;
  /** The last {@link STDERR_KEPT} characters. */
  readonly stderr: string;
  /** Absent where it was killed or never began. */
  readonly exitCode?: number;
  /** Why there is no exit status, in a word or two. */
  readonly failure?: string;
}

/** Some tools tell of each file that they could not read, and nowhere else. */
const STDERR_KEPT = 1_000_000;
const KILL_AFTER = 2000;

/**
 * Runs a program with these arguments, without a shell, in a process group of its own, which is killed
 * as a whole when the time is over, the output too large or the signal fired.
 *
 * @throws PlimsollError `aborted`
 */
export async function runProcess(
  binary: Binary,
  args: readonly string[],
  options: ProcessOptions,
): Promise<ProcessResult> {
  const { env, cwd, timeout, maxOutput, input, signal } = options;
  throwIfAborted(signal);
  const { execa } = await import('execa');
  const child = execa(binary.path, args, {
    cwd,
    env,
    extendEnv: false,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    // A group of its own, so that what it starts can be killed with it.
    detached: process.platform !== 'win32',
    buffer: false,
    reject: false,
    windowsHide: true,
  });
  let failure: string | undefined;
  const end = (reason: string) => {
    failure ??= reason;
    killGroup(child.pid, 'SIGTERM');
    setTimeout(() => killGroup(child.pid, 'SIGKILL'), KILL_AFTER).unref();
  };
  const timer = setTimeout(() => end(`no end within ${timeout / 1000} s`), timeout);
  const abort = () => end('an abort');
  signal?.addEventListener('abort', abort, { once: true });
  // It may have been aborted while the library was being loaded.
  if (signal?.aborted) abort();
  const stdout: Buffer[] = [];
  let received = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > maxOutput) end(`more than ${maxOutput} bytes of output`);
    else stdout.push(chunk);
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT);
  });
  const { exitCode, signal: killedBy, code } = await child;
  clearTimeout(timer);
  signal?.removeEventListener('abort', abort);
  throwIfAborted(signal);
  failure ??= code ?? (killedBy === undefined ? undefined : `an end by ${killedBy}`);
  return {
    stdout: Buffer.concat(stdout).toString('utf8'),
    stderr,
    ...(exitCode === undefined || failure !== undefined ? {} : { exitCode }),
    ...(failure === undefined ? {} : { failure }),
  };
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // It has ended.
  }
}

async function isInside(directory: string, tree: string): Promise<boolean> {
  const real = await realpath(directory).catch(() => directory);
  return real === tree || isBelow(real, tree);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
