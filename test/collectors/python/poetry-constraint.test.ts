// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { satisfiesConstraint } from '../../../src/collectors/python/poetry-constraint.ts';

describe('satisfiesConstraint', () => {
  it.each([
    ['^1.2', ['1.2', '1.9.9'], ['1.1', '2.0', '2.0a1']],
    ['^0.2.1', ['0.2.1', '0.2.9'], ['0.2.0', '0.3.0']],
    ['^0.0.3', ['0.0.3', '0.0.3.post1'], ['0.0.4']],
    ['^0', ['0', '0.9'], ['1']],
    ['^1!1.2', ['1!1.3'], ['1.3', '1!2.0']],
    ['~1.2.3', ['1.2.3', '1.2.9'], ['1.3']],
    ['~1', ['1.0', '1.9'], ['2.0']],
    ['~=1.4.2', ['1.4.9'], ['1.5']],
    ['1.2', ['1.2', '1.2.0', '1.2+cpu'], ['1.2.1']],
    ['=1.2', ['1.2'], ['1.3']],
    ['1.*', ['1.5'], ['2.0']],
    ['==1.*', ['1.5'], ['2.0']],
    ['*', ['0.0.1', '1.0a1'], []],
    ['>=1,<2', ['1.5'], ['2']],
    ['>= 1 , < 2', ['1.5'], ['2']],
    ['>=1 <2', ['1.5'], ['2']],
    ['>=2.14.2,<2.18.0 || >2.18.0', ['2.14.2', '3'], ['2.18.0', '2']],
    ['!=4.*,>=3', ['5'], ['4.1']],
    ['<1 || nonsense', ['0.5'], []],
  ])('%s', (constraint, inside, outside) => {
    for (const version of inside)
      expect([version, satisfiesConstraint(version, constraint)]).toEqual([version, true]);
    for (const version of outside)
      expect([version, satisfiesConstraint(version, constraint)]).toEqual([version, false]);
  });

  it.each([
    ['2', '<1 || nonsense'],
    ['1.0', 'branch-name'],
    ['1.0', ''],
    ['1.0', '^'],
    ['1.0', '>=1,'.padEnd(5_000, '>=1,')],
    ['2004d-odd', '>=1'],
  ])('says of %s and %.20s that it cannot tell', (version, constraint) => {
    expect(satisfiesConstraint(version, constraint)).toBeUndefined();
  });

  it('never throws', () => {
    const text = fc.array(
      fc.constantFrom('1', '.', '2', '^', '~', '=', '<', '>', '!', '*', ',', ' ', '||', 'a', '-', '+'),
    );
    fc.assert(
      fc.property(text, text, (version, constraint) => {
        expect([true, false, undefined]).toContain(
          satisfiesConstraint(version.join(''), constraint.join('')),
        );
      }),
    );
  });
});
