// SPDX-License-Identifier: Apache-2.0
import { VERSION } from '../model/version.ts';

/** The text of `plimsoll --help`, put in by the build from the program itself. */
declare const PLIMSOLL_HELP: string;

// `--version` and `--help` need nothing of the program, whose loading would double the time they take. The build makes
// this file CommonJS, which spares them the start of the module loader too.
const args = process.argv.slice(2);
const [only] = args.length === 1 ? args : [];
if (only === '--version' || only === '-V') {
  print(`${VERSION}\n`);
} else if (only === '--help' || only === '-h') {
  print(PLIMSOLL_HELP);
} else {
  tuneHeap();
  import('./program.ts').then(
    async ({ run }) => leave(await run(args)),
    (error: unknown) => {
      process.exitCode = 70;
      process.stderr.write(`internal error: ${String(error)}\n`);
    },
  );
}

/** Before the program is loaded, since that alone fills a young generation as Node starts it. */
function tuneHeap(): void {
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  // Reading a lock leaves as much garbage as data, and V8 would let the heap triple before it looks for any. This costs
  // a twentieth of the time of the largest scans and saves a quarter of their memory.
  setFlagsFromString('--heap-growing-percent=80');
  // The young generation starts at a megabyte and would double a few times while a lock is read, with everything that
  // lives copied each time. Growing at once halves the collections, which is a twentieth of the time at 5,000 packages.
  setFlagsFromString('--semi-space-growth-factor=16');
}

/**
 * Ends the process as soon as standard error is written. Left to end by itself, Node first takes the whole heap apart,
 * which is some twentieth of the time of a scan.
 */
function leave(code: number): void {
  process.stderr.write('', () => process.exit(code));
}

/** A reader that went away is no error; a full disk is one. */
function print(text: string): void {
  const fail = (error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) process.exitCode = 3;
  };
  process.stdout.on('error', fail);
  try {
    process.stdout.write(text);
  } catch (error) {
    fail(error);
  }
}
