// SPDX-License-Identifier: Apache-2.0

const CODES = {
  bold: '1',
  dim: '2',
  red: '31',
  green: '32',
  yellow: '33',
  cyan: '36',
  redBold: '1;31',
  greenBold: '1;32',
  yellowBold: '1;33',
} as const;

export type Style = keyof typeof CODES;

/** Colours text, or leaves it as it is. */
export type Painter = (text: string, style: Style) => string;

export function painter(color: boolean): Painter {
  return color ? (text, style) => `\u001b[${CODES[style]}m${text}\u001b[0m` : (text) => text;
}

/**
 * Wraps at blanks to `width` columns; a word that is longer is cut, so that nothing is ever wider. Counts code
 * points, which is right for all but double-width scripts.
 */
export function wrap(text: string, width: number): string[] {
  const limit = Math.max(width, 8);
  // The loop below leaves out blanks at the start and nothing else.
  if (text.length <= limit && !text.startsWith(' ')) return [text];
  const lines: string[] = [];
  let line = '';
  let length = 0;
  for (const word of text.split(' ').flatMap((w) => chunk(w, limit))) {
    const size = [...word].length;
    if (length > 0 && length + 1 + size > limit) {
      lines.push(line);
      line = '';
      length = 0;
    }
    line = length === 0 ? word : `${line} ${word}`;
    length = length === 0 ? size : length + 1 + size;
  }
  return [...lines, line];
}

function chunk(word: string, limit: number): string[] {
  if (word.length <= limit) return [word];
  const points = [...word];
  const parts: string[] = [];
  for (let i = 0; i < points.length; i += limit) parts.push(points.slice(i, i + limit).join(''));
  return parts;
}
