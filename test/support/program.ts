// SPDX-License-Identifier: Apache-2.0
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { REPO_ROOT } from './shared-data.ts';

export const PROGRAM = join(REPO_ROOT, 'dist', 'plimsoll.js');
export const STOREFRONT = join(REPO_ROOT, 'fixtures', 'storefront');

export interface ProgramRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the built program with nothing of this process's environment but PATH: no CI, no colours, no user's cache. A
 * scan is offline. `node` is the executable, for runs under another version.
 */
export function plimsoll(
  args: readonly string[],
  options: {
    cwd?: string;
    env?: Record<string, string>;
    node?: string;
    input?: string;
    online?: boolean;
  } = {},
): ProgramRun {
  const offline = args[0] === 'scan' ? ['--offline'] : [];
  const command = [PROGRAM, ...args, ...offline];
  const { status, stdout, stderr, error } = spawnSync(options.node ?? process.execPath, command, {
    cwd: options.cwd ?? REPO_ROOT,
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', ...options.env },
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    ...(options.input === undefined ? {} : { input: options.input }),
  });
  if (error) throw error;
  return { status, stdout, stderr };
}

/** The same while this process goes on, for programs that talk to a server of the test; nothing is made offline. */
export async function plimsollOnline(
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<ProgramRun> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: options.cwd ?? REPO_ROOT,
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  }
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code));
  });
  return { status, ...texts };
}
