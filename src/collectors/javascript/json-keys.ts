// SPDX-License-Identifier: Apache-2.0

const NEWLINE = 10;
const QUOTE = 34;
const COMMA = 44;
const BRACKET_OPEN = 91;
const BACKSLASH = 92;
const BRACKET_CLOSE = 93;
const BRACE_OPEN = 123;
const BRACE_CLOSE = 125;

/**
 * Tells the line of every key that is asked for, in one pass over the text.
 *
 * `visit` is called for each key of an object that has a state: the outermost object has `top`, and the value of a
 * key gets what `visit` returns for it, `undefined` for a value that is of no interest. Keys come in the order of
 * the text, a repeated one every time, so that the last call is the one whose value `JSON.parse` keeps. Lines count
 * from 1. Linear, and of no defined result for a text that `JSON.parse` refuses.
 */
export function visitKeys<State>(
  text: string,
  top: State,
  visit: (state: State, key: string, line: number) => State | undefined,
): void {
  const outer: (State | undefined)[] = [];
  let state: State | undefined;
  let next: State | undefined = top;
  let atKey = false;
  let line = 1;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case NEWLINE:
        line += 1;
        break;
      case QUOTE: {
        const end = closingQuote(text, i);
        if (atKey && state !== undefined) next = visit(state, unescapeKey(text.slice(i + 1, end)), line);
        atKey = false;
        i = end;
        break;
      }
      case BRACE_OPEN:
        outer.push(state);
        state = next;
        next = undefined;
        atKey = true;
        break;
      case BRACKET_OPEN:
        outer.push(state);
        state = undefined;
        next = undefined;
        break;
      case BRACE_CLOSE:
      case BRACKET_CLOSE:
        state = outer.pop();
        next = undefined;
        break;
      case COMMA:
        next = undefined;
        atKey = true;
        break;
    }
  }
}

/** The line of a key of the outermost object, `undefined` where it has none. */
export function topLevelLine(text: string, name: string): number | undefined {
  let found: number | undefined;
  visitKeys(text, true, (_, key, line) => {
    if (key === name) found = line;
    return undefined;
  });
  return found;
}

function closingQuote(text: string, open: number): number {
  for (let end = text.indexOf('"', open + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

function unescapeKey(raw: string): string {
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
}
