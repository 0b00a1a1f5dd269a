// SPDX-License-Identifier: Apache-2.0
import type { Hash, PackageSource } from '../../model/inventory.ts';
import { normalizePypiName } from '../../model/purl.ts';
import { errorMessage } from '../../platform/errors.ts';
import { withoutSecrets } from '../../platform/mask.ts';
import { withoutCredentials } from '../urls.ts';
import { MAX_LENGTH, parseRequirement, splitMarker, type VersionClause } from './pep508.ts';
import { shorten, syntaxError } from './requirements-error.ts';
import { decodeRequirements, type LogicalLine, logicalLines } from './requirements-lines.ts';
import {
  editableUrl,
  isEditableUrl,
  isPath,
  isUrl,
  type Link,
  parsePath,
  parseUrl,
} from './requirements-link.ts';
import { type OptionValues, splitOptions } from './requirements-options.ts';
import { parseVia, type Via } from './requirements-via.ts';

/** What one logical line of a requirements file says. `line` is 1-based. */
export type Statement = { readonly line: number } & (
  | { readonly kind: 'requirement'; readonly requirement: RequirementLine }
  | { readonly kind: 'include'; readonly constraint: boolean; readonly target: string }
  | { readonly kind: 'source'; readonly source: Omit<PackageSource, 'location'> }
  | { readonly kind: 'hash-checking'; readonly on: boolean }
  | { readonly kind: 'skipped'; readonly text: string; readonly reason: string }
  /** pip rejects the line; `message` has no place yet. */
  | { readonly kind: 'error'; readonly message: string }
);

export interface RequirementLine {
  /** As written; absent for a path or URL that does not say. */
  readonly name?: string;
  readonly extras: readonly string[];
  /** As written, without credentials; for a link `@ URL`. */
  readonly specifier: string;
  readonly clauses: readonly VersionClause[];
  readonly marker?: string;
  readonly link?: Link;
  readonly editable: boolean;
  /** Hex digests of `--hash`. */
  readonly hashes: readonly Hash[];
  /** Whether the line has a `--hash`, be its digest readable or not. */
  readonly hashed: boolean;
  readonly via?: Via;
}

/**
 * Reads one requirements or constraints file, every line of it: one that pip rejects becomes an `error` and the next
 * is read. Never throws.
 */
export function parseRequirementsFile(bytes: Uint8Array): Statement[] {
  const { text, problem } = decodeRequirements(bytes);
  const statements: Statement[] = problem ? [{ kind: 'error', ...problem }] : [];
  for (const [index, line] of logicalLines(text, MAX_LINES + 1).entries()) {
    try {
      if (index === MAX_LINES) throw syntaxError(`at most ${MAX_LINES} lines`, line.text);
      statements.push(...parseLine(line));
    } catch (error) {
      statements.push({ kind: 'error', line: line.line, message: refusal(error, line.text) });
    }
  }
  return statements;
}

/** What an error quotes begins within the line, where the word that tells of a secret is behind. */
function refusal(error: unknown, text: string): string {
  const message = errorMessage(error);
  if (withoutSecrets(text) === text) return message;
  return message.replace(/, got .*$/s, ', got what looks like a secret');
}

/** Far beyond any real file; a larger one could fill the memory. */
export const MAX_LINES = 200_000;

const ENVIRONMENT_VARIABLE = /\$\{[A-Z0-9_]+\}/;

/** A requirement wins over the options of its line, as in pip; an editable one over an include. */
function parseLine({ text, line, comments }: LogicalLine): Statement[] {
  const { requirement, options } = splitOptions(text);
  const editable = options.get('editable')?.[0];
  const wanted = requirement === '' ? editable : requirement;
  if (wanted === undefined) return optionStatements(line, options);
  if (wanted.length > MAX_LENGTH) throw syntaxError(`at most ${MAX_LENGTH} characters`, wanted);
  const isEditable = requirement === '';
  const parsed = isEditable ? parseEditable(wanted) : parseWanted(wanted);
  if (parsed === undefined) {
    const reason = 'it holds an environment variable, which is never expanded';
    return [{ kind: 'skipped', line, text: shorten(withoutCredentials(text), 200), reason }];
  }
  const hashes = isEditable ? [] : (options.get('hash') ?? []);
  const via = parseVia(comments);
  return [
    {
      kind: 'requirement',
      line,
      requirement: {
        ...parsed,
        editable: isEditable,
        hashes: hashes.flatMap(parseHash),
        hashed: hashes.length > 0,
        ...(via === undefined ? {} : { via }),
      },
    },
  ];
}

/** Options of a line without requirement. pip reads one include per line, `-r` before `-c`. */
function optionStatements(line: number, options: OptionValues): Statement[] {
  const required = options.get('requirement')?.[0];
  const target = required ?? options.get('constraint')?.[0];
  if (target !== undefined) return [{ kind: 'include', line, constraint: required === undefined, target }];
  const statements: Statement[] = [];
  for (const [option, kind] of SOURCE_KINDS) {
    for (const url of options.get(option) ?? []) {
      statements.push({ kind: 'source', line, source: { kind, url: withoutCredentials(url) } });
    }
  }
  if (options.has('require-hashes')) statements.push({ kind: 'hash-checking', line, on: true });
  if (options.has('no-require-hashes')) statements.push({ kind: 'hash-checking', line, on: false });
  return statements;
}

const SOURCE_KINDS = [
  ['index-url', 'index'],
  ['extra-index-url', 'extra-index'],
  ['find-links', 'find-links'],
  ['trusted-host', 'trusted-host'],
] as const;

type Wanted = Omit<RequirementLine, 'editable' | 'hashes' | 'hashed' | 'via'>;

/** `undefined` where an environment variable stands for the name, the URL or the path. */
function parseWanted(text: string): Wanted | undefined {
  const { head, marker } = splitMarker(text, isUrl(text) ? '; ' : ';');
  const wanted = isUrl(head) || isPath(head) ? parseLink(head) : parseNamed(head);
  return wanted && (marker === undefined ? wanted : { ...wanted, marker });
}

/** A path, a version control URL, or `name @ URL`, which alone can have a marker. */
function parseEditable(text: string): Wanted | undefined {
  const isReference = /^[a-z0-9._-]+\s*(?:\[[^\]]*\]\s*)?@/i.test(text);
  const address = editableUrl(text);
  const wanted = isReference ? parseWanted(text) : parseLink(address);
  const locator = wanted?.link?.locator ?? '';
  // `git@host:repo` is no URL to pip, and a path has no colon but that of a drive.
  if (/[^:]{2}:/.test(locator) && !isEditableUrl(locator)) {
    throw syntaxError('a path or a version control URL after -e', text);
  }
  const isNameless = wanted !== undefined && wanted.name === undefined && wanted.link?.origin !== 'path';
  if (isNameless) throw syntaxError('#egg=NAME in the URL after -e', text);
  return wanted;
}

function parseLink(text: string): Wanted | undefined {
  if (ENVIRONMENT_VARIABLE.test(text)) return undefined;
  const link = isUrl(text) ? parseUrl(text) : parsePath(text);
  return linked(link, link.name, []);
}

function parseNamed(text: string): Wanted | undefined {
  const { name, extras, specifier, clauses, url } = parseRequirement(text);
  if (ENVIRONMENT_VARIABLE.test(url ?? name)) return undefined;
  if (url === undefined) return { name, extras, specifier, clauses };
  if (!isUrl(url)) throw syntaxError('a URL after "@"', url);
  const { version, ...link } = parseUrl(url);
  const isNamedSo = link.name !== undefined && normalizePypiName(link.name) === normalizePypiName(name);
  return linked(isNamedSo && version !== undefined ? { ...link, version } : link, name, extras);
}

function linked(link: Link, name: string | undefined, extras: readonly string[]): Wanted {
  const specifier = link.origin === 'path' ? '' : `@ ${link.locator}`;
  return { ...(name === undefined ? {} : { name }), extras, specifier, clauses: [], link };
}

function parseHash(text: string): Hash[] {
  const [algorithm = '', value = ''] = text.toLowerCase().split(':', 2);
  return /^[0-9a-f]+$/.test(value) ? [{ algorithm, value }] : [];
}
