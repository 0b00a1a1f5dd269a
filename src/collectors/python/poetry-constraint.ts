// SPDX-License-Identifier: Apache-2.0
import { parsePep440 } from '../../versions/pep440.ts';
import { satisfies } from '../../versions/range.ts';

/**
 * Whether a version satisfies a constraint in Poetry's notation: PEP 440 specifiers joined by `,` or a space,
 * alternatives joined by `||`, `^` and `~` bounds, a bare version (meaning `==`) and `*`.
 * `undefined` where that cannot be told exactly.
 *
 * @see https://python-poetry.org/docs/dependency-specification/#version-constraints
 */
export function satisfiesConstraint(version: string, constraint: string): boolean | undefined {
  if (parsePep440(version) === undefined) return undefined;
  let result: boolean | undefined = false;
  for (const alternative of constraint.split('||')) {
    const one = satisfiesAll(version, alternative);
    if (one) return true;
    if (one === undefined) result = undefined;
  }
  return result;
}

function satisfiesAll(version: string, alternative: string): boolean | undefined {
  // An operator may stand apart from its version; any other space separates, as a comma does.
  const clauses = alternative
    .replace(/([<>=!~^])\s+/g, '$1')
    .split(/[,\s]/)
    .filter((clause) => clause !== '');
  if (clauses.length === 0) return undefined;
  const specifiers = clauses.map(toSpecifier);
  return specifiers.includes(undefined)
    ? undefined
    : satisfies('PyPI', version, specifiers.filter((specifier) => specifier !== '').join(','));
}

/** One clause as PEP 440 has it; empty for `*`. */
function toSpecifier(clause: string): string | undefined {
  if (clause === '*') return '';
  if (clause.startsWith('^')) return bounded(clause.slice(1), caretWidth);
  if (clause.startsWith('~') && !clause.startsWith('~=')) return bounded(clause.slice(1), tildeWidth);
  if (/^[<>!~=]/.test(clause)) return clause.replace(/^=(?!=)/, '==');
  return `==${clause}`;
}

/** From `text` on, up to the release whose first `width` numbers are `text`'s plus one. */
function bounded(text: string, width: (release: readonly bigint[]) => number): string | undefined {
  const lower = parsePep440(text);
  if (lower === undefined) return undefined;
  const release = lower.release.map(BigInt);
  const upper = release.slice(0, width(release));
  upper.push((upper.pop() ?? 0n) + 1n);
  return `>=${text},<${lower.epoch || '0'}!${upper.join('.')}`;
}

/** `^` lets everything change behind the first number that is not zero. */
function caretWidth(release: readonly bigint[]): number {
  const first = release.findIndex((part) => part !== 0n);
  return first < 0 ? release.length : first + 1;
}

/** `~` lets everything change behind the second number. */
function tildeWidth(release: readonly bigint[]): number {
  return Math.min(release.length, 2);
}
