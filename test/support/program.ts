// SPDX-License-Identifier: Apache-2.0
import { execFile, spawnSync } from 'node:child_process';
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

/** The same, online, without standing in the way of a server that this process runs. */
export async function plimsollOnline(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ProgramRun> {
  const options = { cwd: REPO_ROOT, env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', ...env } };
  return await new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], options, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ status, stdout, stderr });
    });
  });
}
