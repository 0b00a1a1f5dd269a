// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseManifestOption } from '../../src/collectors/manifest-option.ts';

const ids = ['requirements', 'poetry-lock'];

describe('parseManifestOption', () => {
  it.each([
    ['requirements:deps.lst', 'requirements', 'deps.lst'],
    ['requirements:C:\\deps.lst', 'requirements', 'C:\\deps.lst'],
    ['poetry-lock:requirements:x', 'poetry-lock', 'requirements:x'],
  ])('%s', (text, collector, path) => {
    expect(parseManifestOption(text, ids)).toEqual({ collector, path });
  });

  it('takes an id that holds a colon', () => {
    expect(parseManifestOption('a:b:c', ['a:b'])).toEqual({ collector: 'a:b', path: 'c' });
  });

  it.each(['', 'deps.lst', 'requirements', 'requirements:', ':deps', 'nonsense:deps', 'Requirements:x'])(
    'refuses %j and names the formats',
    (text) => {
      expect(() => parseManifestOption(text, ids)).toThrow(
        expect.objectContaining({ code: 'usage', hint: 'FORMAT is one of poetry-lock, requirements' }),
      );
    },
  );
});
