// SPDX-License-Identifier: Apache-2.0
import { ambiguousLicense, namedLicense } from './aliases.ts';
import { leavesOf, parseExpression, quoteWord, renderExpression } from './expression.ts';

/** A licence text as read by {@link normalizeLicense}. */
export interface NormalizedLicense {
  /** The SPDX expression; absent where one could only be guessed. */
  readonly expression?: string;
  /** `high` for an SPDX expression, `medium` for a name that can mean one licence alone, `low` for the rest. */
  readonly confidence: 'high' | 'medium' | 'low';
  /** What was changed, or why there is no expression. */
  readonly notes: readonly string[];
}

/**
 * Reads what a package says of its licence. Nothing is ever guessed or widened: `GPL-3.0` becomes `GPL-3.0-only`,
 * `BSD`, `UNLICENSED`, a file name and a whole text stay unknown.
 */
export function normalizeLicense(raw: string): NormalizedLicense {
  const text = raw.trim();
  if (text === '') return unknown('no licence is stated');
  const parsed = parseExpression(text);
  if (parsed.ok) {
    const leaves = leavesOf(parsed.tree);
    if (leaves.every((leaf) => leaf.known && leaf.addition !== 'unknown')) {
      const renamed = leaves.filter((leaf) => leaf.deprecated !== undefined);
      return {
        expression: renderExpression(parsed.tree),
        confidence: 'high',
        notes: [...new Set(renamed.map((leaf) => `${leaf.deprecated} is deprecated: read as ${leaf.text}`))],
      };
    }
  }
  if (!parsed.ok && isText(text)) return unknown('it is a text, not a name');
  const named = namedLicense(text);
  if (named !== undefined) {
    return {
      expression: named,
      confidence: 'medium',
      notes: [`${JSON.stringify(text)} is read as ${named}`],
    };
  }
  const reason = statedNothing(text) ?? ambiguousLicense(text);
  if (reason !== undefined) return unknown(`${JSON.stringify(text)}: ${reason}`);
  if (!parsed.ok) {
    return unknown(`column ${parsed.at + 1}: expected ${parsed.expected}, got ${parsed.got}`);
  }
  const stranger = leavesOf(parsed.tree).find((leaf) => !leaf.known || leaf.addition === 'unknown');
  const word = stranger?.known ? stranger.exception : stranger?.license;
  return unknown(`${quoteWord(word ?? text)} is not an SPDX id`);
}

function unknown(note: string): NormalizedLicense {
  return { confidence: 'low', notes: [note] };
}

const MAX_NAME_LENGTH = 200;
const MAX_NAME_LINES = 3;

function isText(text: string): boolean {
  return text.length > MAX_NAME_LENGTH || text.split('\n', MAX_NAME_LINES + 1).length > MAX_NAME_LINES;
}

/** Why a text that stands where a licence should stand names none. */
function statedNothing(text: string): string | undefined {
  // npm's own words: https://docs.npmjs.com/cli/v11/configuring-npm/package-json#license
  if (/^see licen[cs]e in /i.test(text)) return 'the licence is in a file';
  if (/^unlicen[cs]ed$/i.test(text)) return 'no rights are granted';
  if (/^(?:none|noassertion|unknown|other|null|undefined|n\/a)$/i.test(text)) return 'no licence is stated';
  if (/^(?:proprietary|commercial|all rights reserved)$/i.test(text)) return 'it is not an open licence';
  return undefined;
}
