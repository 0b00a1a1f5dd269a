// SPDX-License-Identifier: Apache-2.0
import type { LicenseClaim } from '../model/license.ts';
import { type AllowList, type Evaluation, evaluate } from './evaluate.ts';
import { parseExpression } from './expression.ts';
import type { LicenseContext } from './sources/source.ts';

/** What the allow list says of the claims of one component. */
export type Judgement =
  | {
      readonly result: 'pass';
      readonly expression: string;
      /** What is left of the expression after its choices; absent where nothing was chosen. */
      readonly branch?: string;
    }
  | { readonly result: 'unknown'; readonly reason: string }
  | {
      readonly result: 'fail';
      /** Those that count, all of one acknowledgement. */
      readonly claims: readonly LicenseClaim[];
      readonly expression: string;
      readonly failing: readonly string[];
      readonly branch?: string;
    };

const MAX_SHOWN = 200;
const RANK = [
  'concluded',
  'declared',
  'detected',
] as const satisfies readonly LicenseClaim['acknowledgement'][];

/** The claims of the highest rank: what was concluded outdoes what is declared, and that what was detected. */
export function countingClaims(claims: readonly LicenseClaim[]): LicenseClaim[] {
  const rank = RANK.find((acknowledgement) => claims.some((c) => c.acknowledgement === acknowledgement));
  return claims.filter((claim) => claim.acknowledgement === rank);
}

/**
 * Judges by the claims that count. Several different ones do not say whether they are a choice or a sum:
 * they pass if each does, fail if none does, and are unknown otherwise.
 */
export function judgeClaims(
  allowList: AllowList,
  context: Pick<LicenseContext, 'normalize'>,
): (claims: readonly LicenseClaim[]) => Judgement {
  const evaluations = new Map<string, Evaluation>();

  function evaluation(text: string): Evaluation {
    let known = evaluations.get(text);
    if (known === undefined) {
      const parsed = parseExpression(text);
      known = parsed.ok ? evaluate(parsed.tree, allowList) : { result: 'unknown', failing: [] };
      evaluations.set(text, known);
    }
    return known;
  }

  return (claims) => {
    const counting = countingClaims(claims);
    const texts = [...new Set(counting.map((claim) => claim.expression ?? claim.raw.trim()))];
    const [text] = texts;
    if (text === undefined) return { result: 'unknown', reason: 'no source states a licence' };
    const found = texts.map(evaluation);
    const branch = found.length === 1 ? found[0]?.branch : undefined;
    const told = {
      expression: texts.length === 1 ? text : texts.map((t) => `(${t})`).join(' AND '),
      ...(branch === undefined ? {} : { branch }),
    };
    if (found.every(({ result }) => result === 'pass')) return { result: 'pass', ...told };
    if (found.every(({ result }) => result === 'fail')) {
      const failing = [...new Set(found.flatMap((each) => each.failing))];
      return { result: 'fail', claims: counting, failing, ...told };
    }
    if (texts.length > 1) {
      return {
        result: 'unknown',
        reason: `several licences, and it is not said how they relate: ${texts.join(', ').slice(0, MAX_SHOWN)}`,
      };
    }
    return { result: 'unknown', reason: context.normalize(text).notes.join('; ') };
  };
}
