// SPDX-License-Identifier: Apache-2.0
import type { Writable } from 'node:stream';
import { PlimsollError } from '../platform/errors.ts';
import { systemErrorCode } from '../platform/fs.ts';
import { withoutSecrets } from '../platform/mask.ts';
import { terminal } from '../reports/encode.ts';
import { batched } from '../reports/json.ts';
import { progressLine } from './progress.ts';

/** What a command may touch of the process; the only place where the CLI meets argv, env and the streams. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Width of standard output, 80 where it is not a terminal. */
  readonly columns: number;
  readonly color: boolean;
  /**
   * Data, in order and with backpressure. A reader that went away (EPIPE) is no error.
   * @throws PlimsollError `output-failed`
   */
  print(chunks: Iterable<string>): Promise<void>;
  /** One line of an error. All lines on standard error are encoded for a terminal here, and lose what looks like a secret. */
  fail(line: string): void;
  /** One line that `--quiet` leaves out. */
  note(line: string): void;
  /** One line for `--verbose`. */
  detail(line: string): void;
  /** What is being done, on a terminal alone, in the place of what was being done before; `''` takes it away. */
  progress(text: string): void;
}

export function processIo(
  signal: AbortSignal,
  options: { verbose: boolean; quiet: boolean; noColor: boolean },
): Io {
  const { env, stdout, stderr } = process;
  const say = (line: string) => {
    stderr.write(`${terminal(withoutSecrets(line))}\n`);
  };
  const silent = () => {};
  // There is no place left to tell of it.
  stderr.on('error', () => {});
  return {
    cwd: process.cwd(),
    env,
    signal,
    columns: stdout.isTTY ? stdout.columns : widthFrom(env),
    color: !options.noColor && wantsColor(env, stdout.isTTY),
    print: printer(stdout),
    fail: say,
    note: options.quiet ? silent : say,
    detail: options.verbose && !options.quiet ? say : silent,
    progress: stderr.isTTY && !options.quiet ? progressLine(stderr, () => performance.now()) : silent,
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

function printer(stream: Writable): Io['print'] {
  let failure: unknown;
  stream.on('error', (error) => {
    failure ??= error;
  });
  return async (chunks) => {
    for (const block of batched(chunks)) {
      if (failure !== undefined || stream.destroyed) break;
      // A failed write throws, calls back or emits an event, depending on what the stream leads to.
      await new Promise<unknown>((resolve) => stream.write(block, resolve)).catch((error: unknown) => {
        failure ??= error;
      });
    }
    const reason = failure === undefined ? 'EPIPE' : systemErrorCode(failure);
    if (reason === 'EPIPE') return;
    throw new PlimsollError('output-failed', `standard output: expected to write to it, got ${reason}`);
  };
}
