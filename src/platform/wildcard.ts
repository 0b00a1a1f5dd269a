// SPDX-License-Identifier: Apache-2.0

/**
 * Whether `pattern` matches all of `items`, where `wildcard` stands for any number of them; `matches` judges one
 * part against one item. Time is at most the product of the two lengths: on a mismatch only the last wildcard takes
 * one item more, since an earlier one can never need to once a later one was reached.
 *
 * The same loop matches characters in a segment and segments in a path. No regular expression: one made from a glob
 * backtracks, and both glob and path can come from a stranger.
 */
export function matchWildcards<Wildcard, Part, Item>(
  pattern: readonly (Wildcard | Part)[],
  items: ArrayLike<Item>,
  wildcard: Wildcard,
  matches: (part: Part, item: Item) => boolean,
): boolean {
  let at = 0;
  let retryAt = -1;
  let retryFrom = 0;
  for (let i = 0; i < items.length; ) {
    const part = pattern[at];
    if (part === wildcard) {
      at += 1;
      retryAt = at;
      retryFrom = i;
    } else if (at < pattern.length && matches(part as Part, items[i] as Item)) {
      at += 1;
      i += 1;
    } else if (retryAt >= 0) {
      retryFrom += 1;
      i = retryFrom;
      at = retryAt;
    } else {
      return false;
    }
  }
  while (at < pattern.length && pattern[at] === wildcard) at += 1;
  return at === pattern.length;
}
