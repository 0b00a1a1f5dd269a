// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pep440 } from '../../src/versions/pep440.ts';
import { compareVersions, sortVersions } from '../../src/versions/version.ts';
import { bestTime } from '../support/best-time.ts';

function compare(a: string, b: string): number {
  const [x, y] = [pep440.parse(a), pep440.parse(b)];
  if (!x || !y) throw new Error(`not parsed: ${x ? b : a}`);
  return compareVersions(x, y);
}

describe('pep440', () => {
  it('orders as the specification does', () => {
    const ordered = [
      ...[
        '0',
        '0.0.1',
        '1.dev0',
        '1.0.dev456',
        '1.0a1.dev1',
        '1.0a1',
        '1.0a2.dev456',
        '1.0a12.dev456',
        '1.0a12',
      ],
      ...['1.0b1.dev456', '1.0b2', '1.0b2.post345.dev456', '1.0b2.post345', '1.0rc1.dev456', '1.0rc1', '1.0'],
      ...[
        '1.0+abc.5',
        '1.0+abc.7',
        '1.0+5',
        '1.0+5.1',
        '1.0.post456.dev34',
        '1.0.post456',
        '1.0.1',
        '1.1.dev1',
      ],
      ...['1.10', '2024.7.4', '99999999999999999999998', '99999999999999999999999', '1!0.1', '2!0'],
    ];
    for (const [i, low] of ordered.entries()) {
      for (const high of ordered.slice(i + 1))
        expect([low, high, compare(low, high)]).toEqual([low, high, -1]);
    }
    const scrambled = [...ordered.slice(9), ...ordered.slice(0, 9).reverse()];
    expect(sortVersions(pep440, scrambled)).toEqual(ordered);
  });

  it.each([
    ['1.0', '1', '1.0.0', 'v1.0', ' V01.00\n', '0!1'],
    ['2024.7.4', '2024.07.04'],
    ['1.0a1', '1.0alpha1', '1.0.ALPHA-1', '1.0-a.1', '1.0_a_01'],
    ['1.0b0', '1.0beta', '1.0.b'],
    ['1.0rc2', '1.0c2', '1.0pre2', '1.0-preview-2', '1.0RC2'],
    ['1.0.post1', '1.0-1', '1.0post1', '1.0.rev1', '1.0-r1', '1.post.1'],
    ['1.0.post0', '1.0.post', '1.0-0'],
    ['1.0.dev0', '1.0dev', '1.0-DEV'],
    ['1.0+ubuntu.1', '1.0+Ubuntu-1', '1.0+ubuntu_01'],
  ])('%s has the spellings %s ...', (...spellings) => {
    for (const spelling of spellings) expect(compare(spelling, spellings[0] ?? '')).toBe(0);
  });

  it.each([
    ...[
      '',
      ' ',
      'x',
      '1.',
      '.1',
      '1..0',
      '1.0-',
      '1.0+',
      '1.0+a..b',
      '1.0-x',
      '1.0a1a1',
      '1.0.post1.post1',
      '!1',
    ],
    ...[
      '1!',
      'vv1',
      '1.0 a1',
      '2019-09-12',
      '0.2.0-n653',
      '1.0.dev1.post1',
      '1.*',
      '٣.1',
      '1.0+\u212a',
      '1'.repeat(1001),
    ],
  ])('%j is no version', (text) => {
    expect(pep440.parse(text)).toBeUndefined();
  });

  it('tells pre-releases and series', () => {
    const pre = ['1.0a1', '1.0rc1', '1.0.dev1', '1.0.post1.dev1', '1.0', '1.0.post1', '1.0+a1'];
    expect(pre.map((text) => pep440.parse(text)?.prerelease)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    const series = (text: string) => pep440.parse(text)?.series;
    expect(series('1.2.3')).toBe(series('01.9rc1+local'));
    expect(series('0.1')).toBe(series('0'));
    expect(series('1.0')).not.toBe(series('2.0'));
    expect(series('1.0')).not.toBe(series('1!1.0'));
  });

  it('orders like a plain comparison of parts', () => {
    fc.assert(
      fc.property(PARTS, PARTS, (a, b) => {
        expect(compare(spell(a), spell(b))).toBe(referenceOrder(a, b));
      }),
      { numRuns: 2000 },
    );
  });

  it('accepts what it can parse', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^ ?[v=]?[0-9.!]{1,6}[-+a-z0-9._]{0,8} ?$/));
    fc.assert(
      fc.property(text, (written) => {
        expect(pep440.accepts(written)).toBe(pep440.parse(written) !== undefined);
      }),
      { numRuns: 1000 },
    );
    expect(pep440.accepts(`${'1.'.repeat(501)}0`)).toBe(false);
  });

  it('never throws and is quick on any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void pep440.parse(text)));
    for (const hostile of ['1.'.repeat(499), '1-'.repeat(499), `1.0+${'a.'.repeat(400)}!`, ' '.repeat(999)]) {
      expect(bestTime(() => pep440.parse(hostile), 3)).toBeLessThan(500);
    }
  });
});

interface Parts {
  readonly epoch: bigint;
  readonly release: readonly bigint[];
  readonly pre: readonly [number, bigint] | null;
  readonly post: bigint | null;
  readonly dev: bigint | null;
  readonly local: readonly (string | bigint)[] | null;
  readonly spelling: number;
}

const NUMBER = fc.oneof(fc.bigInt(0n, 3n), fc.bigInt(0n, 10n ** 30n));
const PARTS: fc.Arbitrary<Parts> = fc.record({
  epoch: fc.oneof(fc.constant(0n), NUMBER),
  release: fc.array(NUMBER, { minLength: 1, maxLength: 4 }),
  pre: fc.option(fc.tuple(fc.nat(2), NUMBER)),
  post: fc.option(NUMBER),
  dev: fc.option(NUMBER),
  local: fc.option(
    fc.array(fc.oneof(NUMBER, fc.constantFrom('a', 'ab', 'cu118')), { minLength: 1, maxLength: 3 }),
  ),
  spelling: fc.nat(1),
});

function spell({ epoch, release, pre, post, dev, local, spelling }: Parts): string {
  const letters = [
    ['a', 'b', 'rc'],
    ['.Alpha-', '_beta.', '-preview_'],
  ][spelling];
  const parts = [
    epoch === 0n ? '' : `${epoch}!`,
    release.join(spelling === 0 ? '.' : '.0'),
    pre === null ? '' : `${letters?.[pre[0]]}${pre[1]}`,
    post === null ? '' : spelling === 0 ? `.post${post}` : `-${post}`,
    dev === null ? '' : `.dev${dev}`,
    local === null ? '' : `+${local.join(spelling === 0 ? '.' : '-')}`,
  ];
  return parts.join('');
}

/** The sort key of the specification's reference, as nested lists; written apart from the code under test. */
function referenceOrder(a: Parts, b: Parts): number {
  return orderOf(referenceKey(a), referenceKey(b));
}

type Key = bigint | number | string | readonly Key[];

function referenceKey({ epoch, release, pre, post, dev, local }: Parts): Key {
  const padded = [...release, 0n, 0n, 0n, 0n].slice(0, 4);
  const preKey = pre ? [...pre] : [post === null && dev !== null ? -1 : 3, 0];
  const localKey =
    local === null ? [-1] : [0, ...local.map((part) => (typeof part === 'string' ? [0, part] : [1, part]))];
  return [epoch, padded, preKey, post ?? -1, dev === null ? [1, 0] : [0, dev], localKey];
}

function orderOf(a: Key | undefined, b: Key | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  if (typeof a !== 'object' || typeof b !== 'object') return a < b ? -1 : a > b ? 1 : 0;
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const order = orderOf(a[i], b[i]);
    if (order !== 0) return order;
  }
  return 0;
}
