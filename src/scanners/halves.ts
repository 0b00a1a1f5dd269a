// SPDX-License-Identifier: Apache-2.0

export interface Refusal {
  readonly refusal: string;
  /** Whether fewer at a time would fare no better. */
  readonly final?: boolean;
}

export interface HalvesAnswer<Item, Answer> {
  readonly answers: readonly Answer[];
  /** What got no answer, with the reason that was given last. */
  readonly refused: readonly { readonly item: Item; readonly refusal: string }[];
}

/**
 * Asks for all items at once, and where that is refused, for each half of them, so that the items that are at fault end
 * up alone and the others are answered.
 *
 * @param limit the most times that `ask` is called; what is left by then is refused
 */
export async function askByHalves<Item, Answer extends object>(
  items: readonly Item[],
  ask: (items: readonly Item[]) => Promise<Answer | Refusal>,
  limit: number,
): Promise<HalvesAnswer<Item, Answer>> {
  const answers: Answer[] = [];
  const refused: { item: Item; refusal: string }[] = [];
  const waiting: { items: readonly Item[]; refusal: string }[] = [{ items, refusal: '' }];
  let asked = 0;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (next.items.length === 0) continue;
    const answer = asked++ < limit ? await ask(next.items) : { refusal: next.refusal, final: true };
    if (!('refusal' in answer)) {
      answers.push(answer);
      continue;
    }
    const { refusal, final = false } = answer;
    if (final || next.items.length === 1) {
      refused.push(...next.items.map((item) => ({ item, refusal })));
      continue;
    }
    const middle = Math.ceil(next.items.length / 2);
    waiting.push(
      { items: next.items.slice(0, middle), refusal },
      { items: next.items.slice(middle), refusal },
    );
  }
  return { answers, refused };
}
