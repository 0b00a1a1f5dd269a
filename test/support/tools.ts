// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const TOOLS =
  process.env.PLIMSOLL_TOOLS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'plimsoll-ci');

/**
 * The folder of a real tool that `.ci/tools` has installed.
 * @throws Error where it is not there: a test without its tool has failed
 */
export function toolDirectory(name: string): string {
  const found = readdirSync(TOOLS).find((each) => each.startsWith(`${name}-`));
  if (found === undefined) throw new Error(`${TOOLS}: expected ${name}, got none; run .ci/tools`);
  return join(TOOLS, found);
}
