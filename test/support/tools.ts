// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const TOOLS =
  process.env.PLIMSOLL_TOOLS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'plimsoll-ci');

/**
 * The folder with the program of a real tool that `.ci/tools` has installed.
 * @throws Error where it is not there: a test without its tool has failed
 */
export function toolDirectory(name: string): string {
  const [found] = readdirSync(TOOLS)
    .filter((each) => each.startsWith(`${name}-`) && /^\d/.test(each.slice(name.length + 1)))
    .filter((each) => existsSync(join(TOOLS, each, '.complete')))
    .map((each) => join(TOOLS, each))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (found === undefined) throw new Error(`${TOOLS}: expected ${name}, got none; run .ci/tools`);
  return existsSync(join(found, 'bin', name)) ? join(found, 'bin') : found;
}
