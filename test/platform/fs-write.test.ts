// SPDX-License-Identifier: Apache-2.0
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFileAtomic } from '../../src/platform/fs.ts';
import { skipTitle } from '../support/skip-title.ts';
import { link, tempTree } from '../support/temp-tree.ts';

const POSIX = process.platform !== 'win32';

describe('writeFileAtomic', () => {
  it('writes all chunks, over what stood there, and leaves nothing beside it', async () => {
    const root = tempTree({ 'report.json': 'old' });
    const chunk = '\u00e9\u{1f600}'.repeat(1000);
    await writeFileAtomic(
      join(root, 'report.json'),
      Array.from({ length: 100 }, () => chunk),
    );
    expect(readFileSync(join(root, 'report.json'), 'utf8')).toBe(chunk.repeat(100));
    expect(readdirSync(root)).toEqual(['report.json']);
  });

  it('writes chunks of any size in their order', async () => {
    const path = join(tempTree({}), 'report.json');
    const sizes = [1, 200_000, 0, 3, 180_000, 700_000, 1, 1_200_000, 600_000, 5];
    const chunks = sizes.map((size, i) => (i % 2 === 0 ? 'é' : `${i}`).repeat(size));
    await writeFileAtomic(path, chunks);
    expect(readFileSync(path, 'utf8') === chunks.join('')).toBe(true);
  });

  it('leaves the former file when the chunks throw, and passes their error on', async () => {
    const root = tempTree({ 'report.json': 'old' });
    function* chunks() {
      yield 'x'.repeat(100_000);
      throw new RangeError('half way');
    }
    await expect(writeFileAtomic(join(root, 'report.json'), chunks())).rejects.toThrow(RangeError);
    expect(readFileSync(join(root, 'report.json'), 'utf8')).toBe('old');
    expect(readdirSync(root)).toEqual(['report.json']);
  });

  it.each(['none/report.json', 'directory'])('fails with output-failed for %s', async (path) => {
    const root = tempTree({ 'directory/x': '' });
    await expect(writeFileAtomic(join(root, path), ['x'])).rejects.toMatchObject({ code: 'output-failed' });
    expect(readdirSync(root)).toEqual(['directory']);
  });

  it('writes through a link and keeps the mode of the file', async () => {
    const root = tempTree({ 'target.txt': 'old', 'link.txt': link('target.txt') });
    chmodSync(join(root, 'target.txt'), 0o640);
    await writeFileAtomic(join(root, 'link.txt'), ['new']);
    expect(lstatSync(join(root, 'link.txt')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(root, 'target.txt'), 'utf8')).toBe('new');
    expect(statSync(join(root, 'target.txt')).mode & 0o777).toBe(0o640);
  });

  it.skipIf(!POSIX)(
    skipTitle('writes to a device as it is', !POSIX, 'Windows has no /dev/null'),
    async () => {
      await writeFileAtomic('/dev/null', ['x']);
      expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    },
  );
});
