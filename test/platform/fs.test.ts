// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { join, posix, win32 } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFileSource, fromModelPath, toModelPath } from '../../src/platform/fs.ts';
import { skipTitle } from '../support/skip-title.ts';
import { link, tempTree } from '../support/temp-tree.ts';

const POSIX = process.platform !== 'win32';
const LINUX = process.platform === 'linux';

describe('toModelPath', () => {
  it.each([
    [posix, '/r', '/r/a/b.txt', 'a/b.txt'],
    [posix, '/r', 'a/../b.txt', 'b.txt'],
    [posix, '/r', '/r', '.'],
    [posix, '/r', '/r/..hidden', '..hidden'],
    [posix, '/r', '/r/a\\b', 'a\\b'],
    [posix, '/', '/etc/x', 'etc/x'],
    [posix, '/r', '/r/cafe\u0301', 'caf\u00e9'],
    [win32, 'C:\\r', 'C:\\r\\a\\b.txt', 'a/b.txt'],
    [win32, 'C:\\r', 'c:\\R\\A.txt', 'A.txt'],
    [win32, 'C:\\r', 'a/b\\c', 'a/b/c'],
    [win32, 'C:\\', 'C:\\x', 'x'],
    [win32, '\\\\host\\share', '\\\\host\\share\\x', 'x'],
  ])('%#: %s', (api, root, path, expected) => {
    expect(toModelPath(path, root, api)).toBe(expected);
  });

  it.each([
    [posix, '/r', '/r/../x'],
    [posix, '/r', '/root'],
    [posix, '/r', '..'],
    [win32, 'C:\\r', 'D:\\r\\x'],
    [win32, 'C:\\r', '..\\x'],
    [win32, 'C:\\r', 'C:\\root'],
    [win32, '\\\\host\\share', '\\\\other\\share\\x'],
  ])('refuses %#', (api, root, path) => {
    expect(() => toModelPath(path, root, api)).toThrow(
      expect.objectContaining({ code: 'path-outside-root' }),
    );
  });
});

describe('fromModelPath', () => {
  it.each([
    [posix, '/r', 'a/./b//../c', '/r/a/c'],
    [posix, '/r', '.', '/r'],
    [posix, '/r', 'a\\..\\b', '/r/a\\..\\b'],
    [win32, 'C:\\r', 'a/b', 'C:\\r\\a\\b'],
  ])('%#', (api, root, path, expected) => {
    expect(fromModelPath(path, root, api)).toBe(expected);
  });

  it.each([
    [posix, '../x'],
    [posix, 'a/../../x'],
    [posix, '/etc/passwd'],
    [posix, 'a\0b'],
    [win32, 'a\\..\\..\\x'],
    [win32, 'C:/x'],
    [win32, 'C:x'],
    [win32, 'file.txt:stream'],
    [win32, '//host/share'],
  ])('refuses %#: %j', (api, path) => {
    const root = api === win32 ? 'C:\\r' : '/r';
    expect(() => fromModelPath(path, root, api)).toThrow(
      expect.objectContaining({ code: 'path-outside-root' }),
    );
  });

  it('never leaves the root, and comes back as the same path', () => {
    const part = fc.constantFrom(
      '..',
      '.',
      '',
      'a',
      'b.txt',
      'C:',
      '\\',
      '\\..\\',
      '...',
      '\u00e9',
      ' ',
      'x:y',
    );
    const path = fc.oneof(
      fc.array(part, { maxLength: 6 }).map((parts) => parts.join('/')),
      fc.string(),
    );
    for (const [api, root] of [
      [posix, '/r'],
      [win32, 'C:\\r'],
    ] as const) {
      fc.assert(
        fc.property(path, (text) => {
          let osPath: string;
          try {
            osPath = fromModelPath(text, root, api);
          } catch {
            return;
          }
          expect(osPath === root || osPath.startsWith(root + api.sep)).toBe(true);
          const model = toModelPath(osPath, root, api);
          expect(toModelPath(fromModelPath(model, root, api), root, api)).toBe(model);
        }),
      );
    }
  });
});

describe('createFileSource', () => {
  it('reads bytes, and answers undefined for what is not there', async () => {
    const files = createFileSource(tempTree({ 'a/b.bin': Uint8Array.of(0, 255), empty: '' }));
    expect([...((await files.read('a/b.bin')) ?? [])]).toEqual([0, 255]);
    expect((await files.read('empty'))?.length).toBe(0);
    expect(await files.read('a/none')).toBeUndefined();
    expect(await files.read('a/b.bin/below-a-file')).toBeUndefined();
  });

  it('reads through a link inside the tree and not through one that leaves it', async () => {
    const outside = tempTree({ secret: 'x', 'dir/secret': 'x' });
    const root = tempTree({
      file: 'inside',
      good: link('file'),
      bad: link(join(outside, 'secret')),
      'bad-dir': link(join(outside, 'dir')),
      dangling: link('nothing'),
      loop: link('loop'),
    });
    const files = createFileSource(root);
    expect(Buffer.from((await files.read('good')) ?? []).toString()).toBe('inside');
    await expect(files.read('bad')).rejects.toMatchObject({ code: 'path-outside-root' });
    await expect(files.read('bad-dir/secret')).rejects.toMatchObject({ code: 'path-outside-root' });
    await expect(files.read('loop')).rejects.toMatchObject({ code: 'file-unreadable' });
    await expect(files.read('../x')).rejects.toMatchObject({ code: 'path-outside-root' });
    expect(await files.read('dangling')).toBeUndefined();
  });

  it('takes a root that is itself a link', async () => {
    const root = tempTree({ 'real/a': '1', alias: link('real') });
    expect((await createFileSource(join(root, 'alias')).read('a'))?.length).toBe(1);
    await expect(createFileSource(join(root, 'none')).read('a')).rejects.toMatchObject({
      code: 'file-not-found',
    });
  });

  it('reads up to the limit and no further', async () => {
    const files = createFileSource(tempTree({ ten: '0123456789', eleven: '0123456789a' }), { limit: 10 });
    expect((await files.read('ten'))?.length).toBe(10);
    await expect(files.read('eleven')).rejects.toMatchObject({
      code: 'file-too-large',
      message: 'eleven: expected at most 10 bytes, got more',
    });
  });

  it.skipIf(!LINUX)(skipTitle('reads a file whose size is said to be 0', !LINUX, 'no /proc'), async () => {
    const text = Buffer.from((await createFileSource('/proc/self').read('status')) ?? []).toString();
    expect(text).toMatch(/^Name:[\s\S]*\n$/);
    await expect(createFileSource('/proc/self', { limit: 100 }).read('status')).rejects.toMatchObject({
      code: 'file-too-large',
    });
  });

  it.skipIf(!POSIX)(
    skipTitle('does not wait for a FIFO, nor read a directory', !POSIX, 'no FIFOs'),
    async () => {
      const root = tempTree({ 'directory/x': '' });
      execFileSync('mkfifo', [join(root, 'fifo')]);
      const files = createFileSource(root);
      await expect(files.read('fifo')).rejects.toMatchObject({
        code: 'file-unreadable',
        message: 'fifo: expected a regular file, got a FIFO',
      });
      await expect(files.read('directory')).rejects.toMatchObject({ code: 'file-unreadable' });
    },
  );

  it('finds a name that the disk has in another normal form', async () => {
    const files = createFileSource(tempTree({ 'cafe\u0301/re\u0301.txt': 'nfd', 'caf\u00e9.txt': 'nfc' }));
    expect((await files.read('caf\u00e9/r\u00e9.txt'))?.length).toBe(3);
    expect((await files.read('caf\u00e9.txt'))?.length).toBe(3);
    expect(await files.read('caf\u00e9/none\u00e9.txt')).toBeUndefined();
  });

  it('says which file it was, without the path of the machine', async () => {
    const root = tempTree({ 'directory/x': '' });
    const error: unknown = await createFileSource(root)
      .read('directory')
      .catch((e: unknown) => e);
    expect(String(error)).not.toContain(root);
  });
});
