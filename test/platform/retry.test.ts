// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { PlimsollError } from '../../src/platform/errors.ts';
import { type Attempt, type RetryPolicy, retryAfter, retrying } from '../../src/platform/retry.ts';

const DATE = 'Tue, 15 Nov 1994 08:12:31 GMT';
const BUSY = new PlimsollError('network-failed', 'busy');

describe('Retry-After', () => {
  it.each<[string | undefined, string | undefined, number | undefined]>([
    ['120', undefined, 120_000],
    [' 0 ', undefined, 0],
    ['Tue, 15 Nov 1994 08:13:01 GMT', DATE, 30_000],
    // What is over by the clock of the server need not be waited for.
    ['Tue, 15 Nov 1994 08:00:00 GMT', DATE, 0],
    ['Tue, 15 Nov 1994 08:13:01 GMT', undefined, undefined],
    ['soon', DATE, undefined],
    ['-5', undefined, undefined],
    ['9'.repeat(30), undefined, undefined],
    [undefined, DATE, undefined],
  ])('%j at %j is %j ms', (value, date, expected) => {
    expect(retryAfter(value, date)).toBe(expected);
  });
});

describe('retrying', () => {
  /** Tries until `results` are used up, and says how long it waited. */
  async function run(results: Attempt<string>[], policy: Partial<RetryPolicy> = {}) {
    const waits: number[] = [];
    let tried = 0;
    const outcome = await retrying(async () => results[tried++] ?? { value: 'done' }, {
      attempts: 4,
      base: 100,
      deadline: new AbortController().signal,
      wait: async (milliseconds) => {
        waits.push(milliseconds);
      },
      ...policy,
    }).catch((error: unknown) => error);
    return { outcome, waits, tried };
  }

  it.each([
    [0, [50, 100, 200]],
    [0.999, [149.9, 299.8, 599.6]],
  ])('waits twice as long each time, spread by half in both directions: %f', async (random, expected) => {
    const { outcome, waits } = await run([{ error: BUSY }, { error: BUSY }, { error: BUSY }], {
      random: () => random,
    });
    expect(outcome).toBe('done');
    expect(waits.map((wait) => Math.round(wait * 10) / 10)).toEqual(expected);
  });

  it('waits at least as long as it is told, and does not ask again who wants more than a minute', async () => {
    expect((await run([{ error: BUSY, after: 7000 }])).waits).toEqual([7000]);
    expect(await run([{ error: BUSY, after: 60_001 }])).toEqual({ outcome: BUSY, waits: [], tried: 1 });
  });

  it('ends after so many attempts, and at once where nothing will change', async () => {
    const always = Array.from({ length: 9 }, () => ({ error: BUSY }));
    expect(await run(always)).toMatchObject({ outcome: BUSY, tried: 4 });
    expect(await run([{ error: BUSY, isFinal: true }])).toEqual({ outcome: BUSY, waits: [], tried: 1 });
  });

  it('waits no longer than the time for all attempts together', async () => {
    const start = performance.now();
    const error = await retrying(async () => ({ error: BUSY, after: 50_000 }), {
      attempts: 4,
      base: 100,
      deadline: AbortSignal.timeout(50),
    }).catch((thrown: unknown) => thrown);
    expect(error).toBe(BUSY);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('ends at once when the caller aborts', async () => {
    const controller = new AbortController();
    const { outcome, tried } = await run([{ error: BUSY }], {
      signal: controller.signal,
      wait: async () => controller.abort(),
    });
    expect([outcome, tried]).toMatchObject([{ code: 'aborted' }, 1]);
  });
});
