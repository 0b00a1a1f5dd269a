// SPDX-License-Identifier: Apache-2.0
import { VERSION } from '../model/version.ts';

/** The text of `plimsoll --help`, put in by the build from the program itself. */
declare const PLIMSOLL_HELP: string;

// `--version` and `--help` need nothing of the program, whose loading would double the time they take. The build makes
// this file CommonJS, which spares them the start of the module loader too.
const args = process.argv.slice(2);
const [only] = args.length === 1 ? args : [];
if (only === '--version' || only === '-V') {
  process.stdout.write(`${VERSION}\n`);
} else if (only === '--help' || only === '-h') {
  process.stdout.write(PLIMSOLL_HELP);
} else {
  import('./program.ts').then(
    async ({ run }) => {
      process.exitCode = await run(args);
    },
    (error: unknown) => {
      process.exitCode = 70;
      process.stderr.write(`internal error: ${String(error)}\n`);
    },
  );
}
