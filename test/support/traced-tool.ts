// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempTree } from './temp-tree.ts';
import { toolDirectory } from './tools.ts';

/**
 * A folder with a tool whose `execve` and `connect` calls are written down; the log is of its last run, which is the scan.
 */
export function tracedTool(name: string): { readonly path: string; readonly log: string } {
  const real = join(toolDirectory(name), name);
  const strace = execFileSync('sh', ['-c', 'command -v strace'], { encoding: 'utf8' }).trim();
  const path = tempTree({});
  const log = join(path, 'strace');
  const script = `#!/bin/sh\nPATH=${toolDirectory(name)}:$PATH exec ${strace} -f -e trace=connect,execve -o ${log} ${real} "$@"\n`;
  writeFileSync(join(path, name), script);
  chmodSync(join(path, name), 0o755);
  return { path, log };
}
