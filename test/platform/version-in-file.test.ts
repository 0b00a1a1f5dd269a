// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { versionInFile } from '../../src/platform/version-in-file.ts';
import { tempTree } from '../support/temp-tree.ts';

const MARKS = ['mod\texample.org/tool\tv', 'example.org/tool/app.ver='];

function fileOf(...parts: readonly string[]): string {
  const path = join(tempTree({}), 'program');
  writeFileSync(path, parts.join(''), 'latin1');
  return path;
}

describe('the version in a program file', () => {
  it('is that of its module, else that of its linker flags', async () => {
    const flags = 'build\t-ldflags="-X example.org/tool/app.ver=1.2.3"';
    const module = 'mod\texample.org/tool\tv1.2.4-rc.1\th1:abc=\n';
    expect(await versionInFile(fileOf('\0', flags, '\0', module), MARKS)).toBe('1.2.4-rc.1');
    expect(await versionInFile(fileOf('mod\texample.org/tool\t(devel)\t', flags), MARKS)).toBe('1.2.3');
    expect(await versionInFile(fileOf('dep\texample.org/tool\tv1.2.3\t'), MARKS)).toBeUndefined();
  });

  it.each([-40, -20, -3, 0, 3])('is found across the end of a chunk (%d)', async (shift) => {
    const filler = '\u00ff'.repeat((1 << 20) + shift);
    expect(await versionInFile(fileOf(filler, 'mod\texample.org/tool\tv9.8.7\t'), MARKS)).toBe('9.8.7');
  });

  it('is not cut short by the end of a chunk', async () => {
    const mark = 'mod\texample.org/tool\tv';
    const filler = '\0'.repeat((1 << 20) - mark.length - 7);
    expect(await versionInFile(fileOf(filler, `${mark}10.20.30\t`), [mark])).toBe('10.20.30');
  });
});
