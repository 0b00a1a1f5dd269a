// SPDX-License-Identifier: Apache-2.0
import { createReadStream } from 'node:fs';

/** Characters of a mark and a version that may lie on both sides of a chunk's end. */
const OVERLAP = 512;

/**
 * The first version behind one of the marks in a program file, so that it is known before the program is run. Go
 * programs have their module (`mod\tNAME\tvVERSION`) and linker flags in plain text: https://pkg.go.dev/debug/buildinfo
 *
 * @param marks in order of preference; Latin-1
 */
export async function versionInFile(path: string, marks: readonly string[]): Promise<string | undefined> {
  const found = new Map<string, string>();
  let tail = '';
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const text = tail + (chunk as Buffer).toString('latin1');
    for (const mark of marks) {
      if (found.has(mark)) continue;
      const version = versionBehind(text, mark);
      if (version !== undefined) found.set(mark, version);
    }
    if (found.size === marks.length) break;
    tail = text.slice(-OVERLAP);
  }
  return marks.map((mark) => found.get(mark)).find((version) => version !== undefined);
}

function versionBehind(text: string, mark: string): string | undefined {
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) {
    const rest = text.slice(at + mark.length, at + mark.length + 100);
    const version = /^v?(\d+\.\d+\.\d+[0-9A-Za-z.+-]*)[^0-9A-Za-z.+-]/.exec(rest)?.[1];
    if (version !== undefined) return version;
  }
  return undefined;
}
