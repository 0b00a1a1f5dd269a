// SPDX-License-Identifier: Apache-2.0
import SemverRange from 'semver/classes/range.js';
import parseSemver from 'semver/functions/parse.js';
import type { Ecosystem } from '../model/inventory.ts';
import { type Pep440Parts, parsePep440, pep440Version } from './pep440.ts';
import { keyAgainst, numberKey } from './version.ts';

const MAX_RANGE_LENGTH = 1000;

/**
 * Whether `version` lies in a range that a person wrote in a policy: a PEP 440 specifier set for PyPI, an npm
 * range for npm. Pre-releases count by their order alone. `undefined` where the range cannot be parsed; a version
 * that cannot be parsed lies in no range but PEP 440's `===` with the same text.
 */
export function satisfies(ecosystem: Ecosystem, version: string, range: string): boolean | undefined {
  if (range.length > MAX_RANGE_LENGTH) return undefined;
  return ecosystem === 'npm' ? satisfiesNpm(version, range) : satisfiesPep440(version, range);
}

function satisfiesNpm(version: string, range: string): boolean | undefined {
  let parsed: SemverRange;
  try {
    // Not `loose`: that drops the comparators it cannot read, so that a slip of the pen widens the range.
    parsed = new SemverRange(range, { includePrerelease: true });
  } catch {
    return undefined;
  }
  const installed = parseSemver(version, { loose: true });
  return installed !== null && parsed.test(installed);
}

/** @see https://packaging.python.org/en/latest/specifications/version-specifiers/#version-specifiers */
function satisfiesPep440(version: string, range: string): boolean | undefined {
  const clauses = range.trim() === '' ? [] : range.split(',').map(parseClause);
  const parsed = clauses.filter((clause) => clause !== undefined);
  if (parsed.length < clauses.length) return undefined;
  const parts = parsePep440(version);
  return parsed.every((clause) =>
    clause.operator === '==='
      ? version.trim().toLowerCase() === clause.operand.toLowerCase()
      : parts !== undefined && holds(parts, clause),
  );
}

type Clause =
  | { readonly operator: '==='; readonly operand: string }
  | { readonly operator: Operator; readonly bound: Pep440Parts; readonly wildcard: boolean };
type Operator = '~=' | '==' | '!=' | '<=' | '>=' | '<' | '>';

function parseClause(text: string): Clause | undefined {
  const [, operator, operand] = /^(===|~=|==|!=|<=|>=|<|>)\s*([^\s,;()]+)$/.exec(text.trim()) ?? [];
  if (operator === undefined || operand === undefined) return undefined;
  if (operator === '===') return { operator, operand };
  const equality = operator === '==' || operator === '!=';
  const wildcard = equality && operand.endsWith('.*');
  const bound = parsePep440(wildcard ? operand.slice(0, -2) : operand);
  if (!bound || (bound.local && !equality)) return undefined;
  const { pre, post, dev, local } = bound;
  if (wildcard && (pre || post !== undefined || dev !== undefined || local)) return undefined;
  if (operator === '~=' && bound.release.length < 2) return undefined;
  return { operator: operator as Operator, bound, wildcard };
}

function holds(parts: Pep440Parts, clause: Exclude<Clause, { operator: '===' }>): boolean {
  const { operator, bound, wildcard } = clause;
  const version = pep440Version(parts);
  const limit = pep440Version(bound);
  const key = keyAgainst(version, limit);
  switch (operator) {
    case '==':
      return wildcard ? hasPrefix(parts, bound) : key === limit.key;
    case '!=':
      return wildcard ? !hasPrefix(parts, bound) : key !== limit.key;
    case '<=':
      return key <= limit.key;
    case '>=':
      return key >= limit.key;
    case '~=':
      return key >= limit.key && hasPrefix(parts, { ...bound, release: bound.release.slice(0, -1) });
    case '<':
      // `<1.0` does not ask for the pre-releases of 1.0 itself, nor `>1.0` for its post-releases.
      return key < limit.key && (limit.prerelease || !version.prerelease || key < firstPrerelease(bound));
    case '>':
      return key > limit.key && (parts.post === undefined || postReleaseOf(parts) !== limit.key);
  }
}

function firstPrerelease(parts: Pep440Parts): string {
  return pep440Version({ ...parts, dev: '0' }).key;
}

/** The version that a post-release comes after. */
function postReleaseOf({ post: _post, dev: _dev, ...parts }: Pep440Parts): string {
  return pep440Version(parts).publicKey;
}

/** Same epoch, and the release starts with that of `prefix`, missing parts counting as zero. */
function hasPrefix(parts: Pep440Parts, prefix: Pep440Parts): boolean {
  return (
    numberKey(parts.epoch) === numberKey(prefix.epoch) &&
    prefix.release.every((part, i) => numberKey(part) === numberKey(parts.release[i] ?? ''))
  );
}
