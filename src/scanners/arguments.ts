// SPDX-License-Identifier: Apache-2.0

/** Characters of one command line; the least that a system takes is 128 KiB. */
const MAX_ARGUMENTS = 60_000;

/** Python takes nothing from the directory, the user or the environment, and writes no bytecode. */
export const PYTHON = {
  PYTHONSAFEPATH: '1',
  PYTHONNOUSERSITE: '1',
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONUTF8: '1',
} as const;

/** Paths in lists that each fit a command line. */
export function* pathChunks(paths: readonly string[]): Generator<string[]> {
  let chunk: string[] = [];
  let length = 0;
  for (const path of paths) {
    if (chunk.length > 0 && length + path.length > MAX_ARGUMENTS) {
      yield chunk;
      [chunk, length] = [[], 0];
    }
    chunk.push(path);
    length += path.length + 1;
  }
  if (chunk.length > 0) yield chunk;
}
