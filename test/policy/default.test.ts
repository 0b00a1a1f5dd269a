// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { createFileSource } from '../../src/platform/fs.ts';
import { defaultPolicy } from '../../src/policy/default.ts';
import { compileDefaultPolicy, loadPolicy } from '../../src/policy/load.ts';
import { REPO_ROOT } from '../support/shared-data.ts';

const builtins = createFileSource(REPO_ROOT);

describe('the default policy made beforehand', () => {
  it('is what policies/default.yaml gives, with every place', async () => {
    const loaded = await loadPolicy({ root: { read: async () => undefined }, builtins, scanRoot: 'a/b' });
    const made = defaultPolicy('a/b');
    const { where: whereLoaded, ...rest } = loaded;
    const { where: whereMade, ...same } = made;
    expect(same).toEqual(rest);
    const { origins } = await compileDefaultPolicy(builtins);
    expect(Object.keys(origins).length).toBeGreaterThan(20);
    for (const key of Object.keys(origins)) expect(whereMade(key)).toEqual(whereLoaded(key));
    expect(() => whereMade('no.such.key')).toThrow(TypeError);
  });
});
