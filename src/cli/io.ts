// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** What a command may touch of the process; the only place where the CLI meets argv, env and the streams. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Width of standard output, 80 where it is not a terminal. */
  readonly columns: number;
  readonly color: boolean;
  /** Data, in order and with backpressure. A reader that went away (EPIPE) is no error. */
  print(chunks: Iterable<string>): Promise<void>;
  /** Everything that is not data. */
  note(text: string): void;
}

export function processIo(signal: AbortSignal, noColor: boolean): Io {
  const { env, stdout, stderr } = process;
  stdout.on('error', ignoreClosedPipe);
  stderr.on('error', ignoreClosedPipe);
  return {
    cwd: process.cwd(),
    env,
    signal,
    columns: stdout.isTTY ? stdout.columns : widthFrom(env),
    color: !noColor && wantsColor(env, stdout.isTTY),
    print: (chunks) => writeAll(stdout, chunks),
    note: (text) => {
      stderr.write(`${text}\n`);
    },
  };
}

/** https://no-color.org, and FORCE_COLOR as most tools read it. */
function wantsColor(env: Io['env'], isTty: boolean): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return isTty && env.TERM !== 'dumb';
}

function widthFrom(env: Io['env']): number {
  const columns = Number(env.COLUMNS);
  return Number.isInteger(columns) && columns >= 40 && columns <= 500 ? columns : 80;
}

async function writeAll(stream: Writable, chunks: Iterable<string>): Promise<void> {
  for (const chunk of chunks) {
    if (stream.destroyed || stream.closed) return;
    if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), once(stream, 'close')]);
  }
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
