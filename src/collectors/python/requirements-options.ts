// SPDX-License-Identifier: Apache-2.0
import { syntaxError } from './requirements-error.ts';

/** Options that pip knows in a requirements file, by the name used here. */
type RequirementsOption = (typeof OPTIONS)[number]['option'];

/** The values of one line's options, in order; a flag has the value `''`. */
export type OptionValues = ReadonlyMap<RequirementsOption, readonly string[]>;

/** A logical line: what stands before the first option, and the options. */
export interface SplitLine {
  readonly requirement: string;
  readonly options: OptionValues;
}

/**
 * Splits a logical line as pip does: at the first token that begins with `-`, blanks alone separating tokens, so
 * that markers are not taken apart; the rest by the rules of a POSIX shell and of Python's optparse (`-rFILE`,
 * `--requirement=FILE`, unique abbreviations; other words among options are ignored).
 *
 * @throws PlimsollError `parse-failed` without a place, for what pip rejects
 */
export function splitOptions(line: string): SplitLine {
  const start = line.startsWith('-') ? 0 : line.indexOf(' -');
  if (start < 0) return { requirement: line, options: new Map() };
  return {
    requirement: line.slice(0, start),
    options: parseOptions(shellWords(line.slice(start))),
  };
}

// Of pip 26, and those of older versions that files in use still hold. Values are checked where pip checks them.
const OPTIONS = [
  { option: 'index-url', short: 'i', long: ['index-url', 'pypi-url'], takesValue: true },
  { option: 'extra-index-url', long: ['extra-index-url'], takesValue: true },
  { option: 'no-index', long: ['no-index'], takesValue: false },
  { option: 'constraint', short: 'c', long: ['constraint'], takesValue: true },
  { option: 'requirement', short: 'r', long: ['requirement'], takesValue: true },
  { option: 'editable', short: 'e', long: ['editable'], takesValue: true },
  { option: 'find-links', short: 'f', long: ['find-links'], takesValue: true },
  { option: 'no-binary', long: ['no-binary'], takesValue: true },
  { option: 'only-binary', long: ['only-binary'], takesValue: true },
  { option: 'prefer-binary', long: ['prefer-binary'], takesValue: false },
  { option: 'require-hashes', long: ['require-hashes'], takesValue: false },
  { option: 'no-require-hashes', long: ['no-require-hashes'], takesValue: false },
  { option: 'pre', long: ['pre'], takesValue: false },
  { option: 'all-releases', long: ['all-releases'], takesValue: true },
  { option: 'only-final', long: ['only-final'], takesValue: true },
  { option: 'trusted-host', long: ['trusted-host'], takesValue: true },
  { option: 'use-feature', long: ['use-feature'], takesValue: true },
  {
    option: 'hash',
    long: ['hash'],
    takesValue: true,
    pattern: /^sha(?:256|384|512):/,
    expected: 'sha256:, sha384: or sha512: and a digest',
  },
  {
    option: 'config-settings',
    short: 'C',
    long: ['config-settings', 'config-setting'],
    takesValue: true,
    pattern: /=/,
    expected: 'KEY=VALUE',
  },
  { option: 'global-option', long: ['global-option'], takesValue: true },
  { option: 'install-option', long: ['install-option'], takesValue: true },
] as const satisfies readonly OptionSpec[];

interface OptionSpec {
  readonly option: string;
  readonly short?: string;
  readonly long: readonly string[];
  readonly takesValue: boolean;
  readonly pattern?: RegExp;
  readonly expected?: string;
}

type KnownOption = OptionSpec & { readonly option: RequirementsOption };

const BY_SHORT = new Map<string, KnownOption>();
const BY_LONG = new Map<string, KnownOption>();
for (const spec of OPTIONS as readonly KnownOption[]) {
  if (spec.short !== undefined) BY_SHORT.set(spec.short, spec);
  for (const name of spec.long) BY_LONG.set(name, spec);
}

function parseOptions(words: readonly string[]): OptionValues {
  const values = new Map<RequirementsOption, string[]>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word === '--') break;
    if (word === '-' || !word.startsWith('-')) continue;
    const use = word.startsWith('--') ? longOption(word) : shortOption(word);
    const takesNext = use.spec.takesValue && use.attached === undefined;
    const value = checkValue(use, takesNext ? words[++i] : use.attached);
    const known = values.get(use.spec.option);
    if (known) known.push(value);
    else values.set(use.spec.option, [value]);
  }
  return values;
}

function checkValue({ spec, shown }: OptionUse, value: string | undefined): string {
  if (!spec.takesValue) {
    if (value !== undefined) throw syntaxError(`${shown} without a value`, value);
    return '';
  }
  if (value === undefined) throw syntaxError(`a value after ${shown}`, '');
  if (spec.pattern && !spec.pattern.test(value)) throw syntaxError(`${spec.expected} after ${shown}`, value);
  return value;
}

interface OptionUse {
  readonly spec: KnownOption;
  readonly attached: string | undefined;
  readonly shown: string;
}

function longOption(word: string): OptionUse {
  const equals = word.indexOf('=');
  const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
  const exact = BY_LONG.get(name);
  const [spec, ...others] = exact ? [exact] : abbreviated(name);
  if (!spec || others.length > 0) throw syntaxError('an option of pip', word);
  return { spec, attached: equals < 0 ? undefined : word.slice(equals + 1), shown: `--${spec.option}` };
}

function abbreviated(name: string): ReadonlySet<KnownOption> {
  return new Set([...BY_LONG].filter(([long]) => long.startsWith(name)).map(([, spec]) => spec));
}

/** pip has no short flag, so that what follows the letter is always its value. */
function shortOption(word: string): OptionUse {
  const letter = word.charAt(1);
  const spec = BY_SHORT.get(letter);
  if (!spec) throw syntaxError('an option of pip', word);
  return { spec, attached: word.length > 2 ? word.slice(2) : undefined, shown: `-${letter}` };
}

/** Python's `shlex.split`: quotes join, a backslash takes the next character as it is. */
function shellWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; ) {
    const piece = wordPiece(text, at);
    at = piece.end;
    if (piece.text !== undefined) word = (word ?? '') + piece.text;
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

const PLAIN = /[^ \t\r\n"'\\]+/y;

/** A part of a word, or a blank between words, which has no text. */
function wordPiece(text: string, at: number): { readonly text?: string; readonly end: number } {
  PLAIN.lastIndex = at;
  const plain = PLAIN.exec(text)?.[0];
  if (plain !== undefined) return { text: plain, end: at + plain.length };
  const char = text.charAt(at);
  if (char === '"') return doubleQuoted(text, at + 1);
  if (char === "'") {
    const close = text.indexOf("'", at + 1);
    if (close < 0) throw syntaxError('a closing quotation mark', '');
    return { text: text.slice(at + 1, close), end: close + 1 };
  }
  if (char !== '\\') return { end: at + 1 };
  if (at + 1 === text.length) throw syntaxError('a character after the backslash', '');
  return { text: text.charAt(at + 1), end: at + 2 };
}

/** A backslash protects a quotation mark or itself, and is kept before anything else. */
function doubleQuoted(text: string, start: number): { readonly text: string; readonly end: number } {
  let content = '';
  for (let at = start; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') return { text: content, end: at + 1 };
    const next = text.charAt(at + 1);
    if (char === '\\' && (next === '"' || next === '\\')) {
      content += next;
      at++;
    } else content += char;
  }
  throw syntaxError('a closing quotation mark', '');
}
