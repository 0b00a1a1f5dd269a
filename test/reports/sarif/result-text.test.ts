// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import type { Result } from 'sarif';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/model/finding.ts';
import { resultErrors } from '../../../src/reports/sarif/lint.ts';
import { isSound } from '../../../src/reports/sarif/lint-result.ts';
import type { FindingGroup } from '../../../src/reports/sarif/plan.ts';
import { SARIF_LIMITS } from '../../../src/reports/sarif/profiles.ts';
import { relatedFindings, resultMaker } from '../../../src/reports/sarif/result.ts';
import { resultWriter } from '../../../src/reports/sarif/result-text.ts';
import { judgedFindings } from '../../../src/reports/view.ts';
import { manyFindings } from '../../support/many-findings.ts';

const text = fc.string({ unit: 'grapheme', minLength: 1 });
const line = fc.integer({ min: -1, max: 9 });
const location = fc.record(
  {
    uri: fc.oneof(fc.constantFrom('src/a.py', 'a b.py', '../x', 'c:d'), text),
    outside: fc.constant(true as const),
    startLine: line,
    endLine: line,
    startColumn: line,
    endColumn: line,
  },
  { requiredKeys: ['uri'] },
);
const fields = fc.record(
  {
    title: text,
    message: text,
    tip: text,
    score: fc.constantFrom(7.5, 9),
    scoreSource: text,
    lineHash: fc.oneof(fc.constant('1a2b:1'), text),
    severity: fc.constantFrom('critical' as const, 'low' as const),
    baselineState: fc.constantFrom('new' as const, 'unchanged' as const),
    locations: fc.array(location, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ['title', 'message', 'tip', 'locations'] },
);

/** One after another, as they are written. */
function resultsOf(drawn: readonly Partial<Finding>[], known: boolean): Result[] {
  const report = manyFindings({ counts: { high: drawn.length }, fields: (i) => drawn[i] ?? {} });
  const ruleIndex = new Map(known ? report.rules.map(({ id }, i) => [id, i]) : []);
  const context = { report, related: relatedFindings(report), owner: 'bandit', limits: SARIF_LIMITS.github };
  const resultOf = resultMaker(ruleIndex, context);
  return judgedFindings(report).map((judged): Result => resultOf([judged] satisfies FindingGroup));
}

describe('the text of results', () => {
  it('is that of JSON.stringify', () => {
    fc.assert(
      fc.property(fc.array(fields, { maxLength: 6 }), fc.boolean(), (drawn, known) => {
        const write = resultWriter();
        for (const result of resultsOf(drawn as Partial<Finding>[], known))
          expect(write(result)).toBe(JSON.stringify(result));
      }),
    );
  });
});

describe('a result that is sound at a glance', () => {
  it('has no error that the closer look finds', () => {
    let sound = 0;
    fc.assert(
      fc.property(fc.array(fields, { maxLength: 6 }), (drawn) => {
        for (const result of resultsOf(drawn as Partial<Finding>[], true)) {
          const rules = { rules: [], ids: new Set([result.ruleId]) };
          if (!isSound(result, rules, SARIF_LIMITS.github)) continue;
          sound += 1;
          expect(resultErrors(result, rules, SARIF_LIMITS.github)).toEqual([]);
        }
      }),
    );
    expect(sound).toBeGreaterThan(0);
  });
});
