// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { satisfies } from '../../src/versions/range.ts';

describe('satisfies, PyPI', () => {
  // Each answer is what pypa/packaging 26 gives with pre-releases allowed.
  it.each([
    ['1.0', '', true],
    ['1.2', '>=1.0,<2', true],
    ['1.2', ' >= 1.0 , < 1.2 ', false],
    ['1.0', '==1.0.0', true],
    ['1.0+local', '==1.0', true],
    ['1.0', '==1.0+local', false],
    ['1.0+LOCAL', '==1.0+local', true],
    ['1.0+local', '<=1.0', true],
    ['1.0+local', '>1.0', false],
    ['1.0', '!=1.0.0', false],
    ['1', '==1.0.*', true],
    ['1.1', '==1.0.*', false],
    ['1.0rc1', '==1.*', true],
    ['1.1', '!=1.0.*', true],
    ['1!1.0', '==1.*', false],
    ['2.5', '~=2.2', true],
    ['3.0', '~=2.2', false],
    ['2.2.9', '~=2.2.3', true],
    ['2.3', '~=2.2.3', false],
    ['2.3', '~=2.2.post3', true],
    ['1.0rc1', '<1.0', false],
    ['1.0rc1', '<1.0rc2', true],
    ['1.0rc1', '<1.0.post1', true],
    ['1.0.post1.dev1', '<1.0.post1', false],
    ['0.9rc1', '<1.0', true],
    ['1.0.post1', '>1.0', false],
    ['1.0.post2', '>1.0.post1', true],
    ['1.0.post1', '>1.0b9', true],
    ['1.0b9.post1', '>1.0b9', false],
    ['1.0.1', '>1.0', true],
    ['2024.7.4', '>=2024.07.04', true],
    ['weird', '===Weird', true],
    ['1.0', '===1.0.0', false],
    ['weird', '>=0', false],
  ])('%s in %j: %s', (version, range, expected) => {
    expect(satisfies('PyPI', version, range)).toBe(expected);
  });

  it.each([
    '*',
    '1.0',
    '>=',
    '=1.0',
    '>=x',
    '~=1',
    '>=1.0+local',
    '>=1.0.*',
    '==1.0rc1.*',
    '>=1 <2',
    '>=1,',
    '^1.0',
    `>=${'1'.repeat(2000)}`,
  ])('%j cannot be parsed', (range) => {
    expect(satisfies('PyPI', '1.0', range)).toBeUndefined();
    expect(satisfies('PyPI', 'weird', range)).toBeUndefined();
  });
});

describe('satisfies, npm', () => {
  it.each([
    ['1.2.3', '^1.0.0', true],
    ['2.0.0', '^1.0.0', false],
    ['2.0.0-rc.1', '<2.0.0', true],
    ['1.5.0-beta.1', '1.x', true],
    ['1.2.3', '<1 || >=1.2.0', true],
    ['1.2.3', '*', true],
    ['1.2.3', '', true],
    ['v1.2.3beta', '<1.2.3', true],
    ['not a version', '*', false],
  ])('%s in %j: %s', (version, range, expected) => {
    expect(satisfies('npm', version, range)).toBe(expected);
  });

  it.each(['not a range', '>=1.0.0 <x y', '>=1.0.0 oops', `>=1.${'0'.repeat(2000)}`])(
    '%j cannot be parsed',
    (range) => {
      expect(satisfies('npm', '1.0.0', range)).toBeUndefined();
    },
  );
});

describe('satisfies', () => {
  it('never throws, and a range that cannot be parsed is so for every version', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[=<>~!^,.*x0-9a-c+ |-]{0,20}$/));
    fc.assert(
      fc.property(
        fc.constantFrom('PyPI' as const, 'npm' as const),
        text,
        text,
        (ecosystem, version, range) => {
          const answer = satisfies(ecosystem, version, range);
          expect(answer === undefined).toBe(satisfies(ecosystem, '1.0.0', range) === undefined);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
