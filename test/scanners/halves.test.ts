// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askByHalves, type Refusal } from '../../src/scanners/halves.ts';

function asking(isBad: (item: number) => boolean, final = false) {
  const calls: (readonly number[])[] = [];
  const ask = async (items: readonly number[]): Promise<{ items: readonly number[] } | Refusal> => {
    calls.push(items);
    const bad = items.filter(isBad);
    return bad.length === 0 ? { items } : { refusal: `bad: ${bad.join(' ')}`, final };
  };
  return { calls, ask };
}

const UP_TO_8 = [1, 2, 3, 4, 5, 6, 7, 8];

describe('asking by halves', () => {
  it('is asking once where all goes well, and not at all for nothing', async () => {
    const { calls, ask } = asking(() => false);
    expect(await askByHalves(UP_TO_8, ask, 9)).toEqual({ answers: [{ items: UP_TO_8 }], refused: [] });
    expect(await askByHalves([], ask, 9)).toEqual({ answers: [], refused: [] });
    expect(calls).toHaveLength(1);
  });

  it('leaves what is at fault alone, with its own reason', async () => {
    const { calls, ask } = asking((item) => item === 6);
    const { answers, refused } = await askByHalves(UP_TO_8, ask, 64);
    expect(answers.flatMap(({ items }) => items).sort()).toEqual([1, 2, 3, 4, 5, 7, 8]);
    expect(refused).toEqual([{ item: 6, refusal: 'bad: 6' }]);
    expect(calls).toHaveLength(7);
  });

  it('gives up at the limit, with the last reason', async () => {
    const { calls, ask } = asking((item) => item === 6);
    const { answers, refused } = await askByHalves(UP_TO_8, ask, 3);
    expect(answers).toEqual([{ items: [1, 2, 3, 4] }]);
    expect(refused.map(({ item }) => item)).toEqual([5, 6, 7, 8]);
    expect(refused[0]?.refusal).toBe('bad: 6');
    expect(calls).toHaveLength(3);
  });

  it('does not go on where fewer would fare no better', async () => {
    const { calls, ask } = asking((item) => item === 6, true);
    expect((await askByHalves(UP_TO_8, ask, 64)).refused).toHaveLength(8);
    expect(calls).toHaveLength(1);
  });

  it('answers or refuses every item once, and refuses only bad ones where there is no limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { maxLength: 40 }),
        fc.integer({ min: 1, max: 40 }),
        async (bad, limit) => {
          const items = bad.map((_, i) => i);
          const isBad = (item: number) => bad[item] === true;
          const sorted = (numbers: number[]) => numbers.sort((a, b) => a - b);
          for (const most of [limit, 1000]) {
            const { calls, ask } = asking(isBad);
            const { answers, refused } = await askByHalves(items, ask, most);
            const named = refused.map(({ item }) => item);
            expect(sorted([...answers.flatMap((answer) => answer.items), ...named])).toEqual(items);
            expect(calls.length).toBeLessThanOrEqual(most);
            if (most === 1000) expect(sorted(named)).toEqual(items.filter(isBad));
          }
        },
      ),
    );
  });
});
