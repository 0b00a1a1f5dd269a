// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { scannedTree } from '../../src/scanners/join/tree.ts';
import { link, tempTree } from '../support/temp-tree.ts';

const FILES = { 'src/a.py': 'a', 'src/b c.py': 'b', 'top.py': 't', 'odd\\name.py': 'o' };

describe('the places of a report', () => {
  it.each([
    ['src/a.py', { uri: 'src/a.py' }],
    ['./src/./a.py', { uri: 'src/a.py' }],
    ['src/../src/a.py', { uri: 'src/a.py' }],
    ['src\\a.py', { uri: 'src/a.py' }],
    ['odd\\name.py', { uri: 'odd\\name.py' }],
    ['/src/a.py', { uri: 'src/a.py' }],
    ['/builds/group/repo/src/a.py', { uri: 'src/a.py' }],
    ['C:\\agent\\work\\src\\a.py', { uri: 'src/a.py' }],
    ['file:///builds/repo/src/a.py', { uri: 'src/a.py' }],
    ['src/gone.py', { uri: 'src/gone.py', outside: true }],
    ['/home/alice/private/gone.py', { uri: '…/private/gone.py', outside: true }],
    ['../../../etc/passwd', { uri: '…/etc/passwd', outside: true }],
    ['alpine:3.19 (alpine 3.19.1)', { uri: 'alpine:3.19 (alpine 3.19.1)', outside: true }],
    ['', { uri: '?', outside: true }],
    ['a\0b', { uri: 'a\0b', outside: true }],
    ['__proto__', { uri: '__proto__', outside: true }],
  ])('has %j at %j', async (path, place) => {
    const root = tempTree(FILES);
    expect((await scannedTree(root).places([path])).get(path)).toEqual(place);
  });

  it('are found under the root itself, whatever it is called', async () => {
    const root = tempTree(FILES);
    const places = await scannedTree(root).places([`${root}/src/b c.py`, `file://${root}/src/b%20c.py`]);
    expect([...places.values()]).toEqual([{ uri: 'src/b c.py' }, { uri: 'src/b c.py' }]);
  });

  it('take a directory of another machine for the root only where all lie below it', async () => {
    const tree = scannedTree(tempTree(FILES));
    const places = await tree.places(['/w/repo/src/a.py', '/w/repo/top.py', '/w/elsewhere/top.py']);
    expect([...places.values()].map(({ outside }) => outside)).toEqual([true, true, true]);
  });

  it('are found where a tool looked at the whole repository', async () => {
    const tree = scannedTree(tempTree(FILES), 'services/api');
    expect((await tree.places(['services/api/src/a.py'])).get('services/api/src/a.py')).toEqual({
      uri: 'src/a.py',
    });
  });

  it('do not follow a link out of the tree', async () => {
    const outside = tempTree({ secret: 's' });
    const root = tempTree({ leak: link(`${outside}/secret`) });
    const tree = scannedTree(root);
    expect((await tree.places(['leak'])).get('leak')).toEqual({ uri: 'leak', outside: true });
    expect((await tree.sources(['leak'])).get('leak')).toBeUndefined();
  });
});
