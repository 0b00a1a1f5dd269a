// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { SecretClue, SecretHit } from '../../model/tool-report.ts';
import type { PlacedHit } from './placed.ts';

/** Characters of a line in which a secret is looked for. */
const MAX_LINE = 20_000;

/**
 * The secret itself, where the clue of a tool and the line that it names lead to it; for use in memory alone. Tools tell
 * different things of one secret: its text, its sha1, or the line with the secret starred out.
 */
export function secretText({ hit, location, source }: PlacedHit<SecretHit>): string | undefined {
  const { clue } = hit;
  if (clue === undefined) return undefined;
  if ('text' in clue) return clue.text.trim() === '' ? undefined : clue.text;
  const { startLine } = location;
  if (source === undefined || startLine === undefined) return undefined;
  const lines = source.lines.slice(startLine - 1, location.endLine ?? startLine);
  for (const line of lines) {
    const found = line.length > MAX_LINE ? undefined : inLine(line, clue);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Lower-case hex sha1, the one thing that all clues lead to. */
export function secretDigest({ clue }: SecretHit, text: string | undefined): string | undefined {
  if (text !== undefined) return sha1(text);
  return clue !== undefined && 'sha1' in clue ? clue.sha1 : undefined;
}

function inLine(line: string, clue: Exclude<SecretClue, { readonly text: string }>): string | undefined {
  if ('sha1' in clue)
    return words(line).find((word) => sha1(word) === clue.sha1) ?? tokenByPrefix(line, clue.sha1);
  return behindStars(line, clue.masked);
}

/** detect-secrets hashes what stands in parentheses in its expression: of a token of GitHub the three letters before it. */
function tokenByPrefix(line: string, digest: string): string | undefined {
  const tokens = [...line.matchAll(/\b(gh[pousr])_[A-Za-z0-9_]{36,}/g)];
  return tokens.find(([, prefix]) => prefix !== undefined && sha1(prefix) === digest)?.[0];
}

/** What may be a value of its own in a line: what stands in quotes, behind a sign, or between blanks. */
function words(line: string): string[] {
  const quoted = [...line.matchAll(/(["'`])((?:(?!\1).)*)\1/g)].flatMap(([, , inner]) => inner ?? []);
  const split = [/\s+/, /[\s"'`,;=]+/, /[\s"'`,;=:@]+/, /[^A-Za-z0-9+/=_.-]+/].flatMap((by) =>
    line.split(by),
  );
  const behind = [...line.matchAll(/[:=]\s*(.+?)\s*[,;]?$/g)].flatMap(([, value]) => value ?? []);
  return [...new Set([...quoted, ...behind, ...split])].filter((word) => word !== '');
}

/** The part of a line that is starred out in a copy of it, or of a piece of it. */
function behindStars(line: string, masked: string): string | undefined {
  const stars = /\*{3,}/.exec(masked);
  if (stars === null) return undefined;
  const before = masked.slice(0, stars.index).trimStart();
  const after = masked.slice(stars.index + stars[0].length).trimEnd();
  const from = before === '' ? 0 : line.indexOf(before) + before.length;
  if (before !== '' && !line.includes(before)) return undefined;
  const text = line.slice(from, from + stars[0].length);
  const isWhole = text.length === stars[0].length && line.startsWith(after, from + text.length);
  return isWhole && (before !== '' || after !== '') ? text : undefined;
}

function sha1(text: string): string {
  return createHash('sha1').update(text, 'utf8').digest('hex');
}
