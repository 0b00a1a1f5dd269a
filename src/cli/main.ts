// SPDX-License-Identifier: Apache-2.0
import { VERSION } from '../model/version.ts';

// The answer to `--version` needs none of the program; loading it would double the start-up time.
const [first, ...rest] = process.argv.slice(2);
if (rest.length === 0 && (first === '--version' || first === '-V')) {
  process.stdout.write(`${VERSION}\n`);
} else {
  const { run } = await import('./program.ts');
  process.exitCode = await run(process.argv.slice(2));
}
