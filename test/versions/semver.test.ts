// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import nodeSemver from 'semver';
import { describe, expect, it } from 'vitest';
import { semver } from '../../src/versions/semver.ts';
import { compareVersions, sortVersions } from '../../src/versions/version.ts';
import { bestTime } from '../support/best-time.ts';

function compare(a: string, b: string): number {
  const [x, y] = [semver.parse(a), semver.parse(b)];
  if (!x || !y) throw new Error(`not parsed: ${x ? b : a}`);
  return compareVersions(x, y);
}

describe('semver', () => {
  it('orders as the specification does, and beyond it', () => {
    const ordered = [
      ...['0.0.0-0', '0.0.0', '1.0.0-1', '1.0.0-2', '1.0.0-10', '1.0.0-99999999999999999999', '1.0.0--1'],
      ...[
        '1.0.0-Beta',
        '1.0.0-alpha',
        '1.0.0-alpha.1',
        '1.0.0-alpha.1.0',
        '1.0.0-alpha.beta',
        '1.0.0-alpha-1',
      ],
      ...[
        '1.0.0-beta',
        '1.0.0-beta.2',
        '1.0.0-beta.11',
        '1.0.0-rc.1',
        '1.0.0',
        '1.0.0.1',
        '1.0.1',
        '1.2',
        '1.10.0',
      ],
      ...['2', '10.0.0', '10.0.9007199254740992', '10.0.9007199254740993', '99999999999999999999.0.0'],
    ];
    for (const [i, low] of ordered.entries()) {
      for (const high of ordered.slice(i + 1))
        expect([low, high, compare(low, high)]).toEqual([low, high, -1]);
    }
    expect(sortVersions(semver, ordered.toReversed())).toEqual(ordered);
  });

  it.each([
    [
      '1.0.0',
      '1',
      '1.0',
      'v1.0.0',
      '=1.0.0',
      '= v1.0.0',
      ' 1.0.0 ',
      '1.0.0.0',
      '01.00.0',
      '1.0.0+build.5',
      '1.0.0+',
    ],
    ['1.0.0-rc.1', 'v1.0-rc.1', '1.0.0rc.1', '1.0.0-rc.01', '1.0.0-rc.1+meta'],
  ])('%s has the spellings %s ...', (...spellings) => {
    for (const spelling of spellings.filter((text) => text !== '= v1.0.0')) {
      expect(compare(spelling, spellings[0] ?? '')).toBe(0);
    }
  });

  it.each([
    '',
    'x',
    '*',
    'latest',
    '1.x',
    '1..0',
    '.1',
    '1.0.0-',
    '1.0.0-a..b',
    '1.0.0-ä',
    '^1.0.0',
    '1'.repeat(1001),
  ])('%j is no version', (text) => {
    expect(semver.parse(text)).toBeUndefined();
  });

  it('tells pre-releases and the major', () => {
    expect(
      ['1.0.0-rc', '1.0.0rc1', '1.0.0', '1.0.0+rc'].map((text) => semver.parse(text)?.prerelease),
    ).toEqual([true, true, false, false]);
    expect(semver.parse('1.9.0')?.series).toBe(semver.parse('v1')?.series);
    expect(semver.parse('0.1.0')?.series).toBe(semver.parse('0.2.0')?.series);
    expect(semver.parse('1.0.0')?.series).not.toBe(semver.parse('2.0.0-rc.1')?.series);
  });

  it('orders like npm wherever npm reads both versions', () => {
    const id = fc.oneof(fc.nat(20).map(String), fc.stringMatching(/^[0-9A-Za-z-]{1,4}$/));
    const version = fc
      .tuple(
        fc.array(fc.nat(12), { minLength: 3, maxLength: 3 }),
        fc.array(id, { maxLength: 3 }),
        fc.constantFrom('', '+b.1'),
      )
      .map(
        ([numbers, pre, build]) => `${numbers.join('.')}${pre.length > 0 ? `-${pre.join('.')}` : ''}${build}`,
      );
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(compare(a, b)).toBe(nodeSemver.compareLoose(a, b));
      }),
      { numRuns: 1000 },
    );
  });

  it('accepts what it can parse', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^ ?[v=]?[0-9.!]{1,6}[-+a-z0-9._]{0,8} ?$/));
    fc.assert(
      fc.property(text, (written) => {
        expect(semver.accepts(written)).toBe(semver.parse(written) !== undefined);
      }),
      { numRuns: 1000 },
    );
    expect(semver.accepts(`${'1.'.repeat(501)}0`)).toBe(false);
  });

  it('never throws and is quick on any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void semver.parse(text)));
    for (const hostile of [
      '1.'.repeat(499),
      `1-${'a.'.repeat(490)}`,
      '='.repeat(999),
      `v${' '.repeat(998)}`,
    ]) {
      expect(bestTime(() => semver.parse(hostile), 3)).toBeLessThan(500);
    }
  });
});
