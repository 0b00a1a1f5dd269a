// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sarifDocument } from '../../../src/reports/sarif/build.ts';
import { lintSarif, withoutBadResults } from '../../../src/reports/sarif/lint.ts';
import { LINT_RULES, type LintRuleId } from '../../../src/reports/sarif/lint-rules.ts';
import { completeReport } from '../../support/sample-report.ts';
import { REPO_ROOT } from '../../support/shared-data.ts';

type Parts = {
  gzipBytes?: number;
  log?: object;
  run?: object;
  driver?: object;
  rule?: object;
  result?: object;
  place?: object;
};

const text = (value: string) => ({ text: value });

/** A log without a problem, but for what `parts` changes. */
function log({ log: top, run, driver, rule, result, place }: Parts = {}) {
  const location = {
    physicalLocation: { artifactLocation: { uri: 'a.py' }, region: { startLine: 3, endLine: 3 }, ...place },
  };
  const rules = [
    {
      id: 'R',
      shortDescription: text('s'),
      fullDescription: text('f'),
      help: text('h'),
      properties: { tags: ['security'], 'security-severity': '7.5' },
      ...rule,
    },
  ];
  const results = [
    {
      ruleId: 'R',
      ruleIndex: 0,
      message: text('m'),
      locations: [location],
      partialFingerprints: { primaryLocationLineHash: 'a:1', 'plimsoll/v1': 'b' },
      ...result,
    },
  ];
  return {
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'T', rules, ...driver } },
        automationDetails: { id: 'plimsoll/t/root/' },
        results,
        ...run,
      },
    ],
    ...top,
  };
}

const [GOOD] = log().runs;
const RESULT = GOOD?.results[0];
const RULE = GOOD?.tool.driver.rules[0];
const many = (n: number, value: unknown = {}) => Array.from({ length: n }, () => value);
const flows = (n: number, steps: number) => many(n, { threadFlows: [{ locations: many(steps) }] });
const properties = (fields: object) => ({ rule: { properties: fields } });
const uri = (value: string) => ({ place: { artifactLocation: { uri: value } } });

const HITS: Readonly<Record<LintRuleId, Parts>> = {
  'category-without-slash': { run: { automationDetails: { id: 'plimsoll' } } },
  'driver-name-missing': { driver: { name: '' } },
  'duplicate-category': { log: { runs: [GOOD, GOOD] } },
  'duplicate-rule': { driver: { rules: [RULE, RULE] } },
  'file-too-large': { gzipBytes: 10_000_001 },
  'fingerprint-missing': { result: { partialFingerprints: {} } },
  'fingerprint-version': {
    result: { partialFingerprints: { primaryLocationLineHash: 'a:1', 'x/one': 'b' } },
  },
  'kind-ignored': { result: { kind: 'pass' } },
  'line-missing': { place: { region: { startLine: 0 } } },
  'location-missing': { result: { locations: [] } },
  'locations-not-shown': { result: { locations: many(101, RESULT?.locations[0]) } },
  'message-missing': { result: { message: {} } },
  'no-runs': { log: { runs: [] } },
  'region-reversed': { place: { region: { startLine: 3, endLine: 2 } } },
  'result-rule-missing': { result: { ruleId: undefined, ruleIndex: undefined } },
  'results-missing': { run: { results: null } },
  'results-not-shown': { run: { results: many(5001, RESULT) } },
  'rule-id-missing': { rule: { id: 7 } },
  'rule-index-wrong': { result: { ruleIndex: 4 } },
  'rule-name-too-long': { rule: { name: 'n'.repeat(256) } },
  'rule-not-described': { result: { ruleId: 'other', ruleIndex: undefined } },
  'rule-text-missing': { rule: { help: {} } },
  'rule-text-too-long': { rule: { fullDescription: text('x'.repeat(1025)) } },
  'runs-missing': { log: { runs: {} } },
  'same-alert': { run: { results: [RESULT, RESULT] } },
  'sarif-version': { log: { version: '2.0.0' } },
  'severity-ambiguous': properties({ 'security-severity': '9.0' }),
  'severity-not-a-number': properties({ 'security-severity': 7.5 }),
  'steps-not-shown': { result: { codeFlows: flows(2, 501) } },
  'suppressed-result': { result: { suppressions: [{ kind: 'inSource' }] } },
  'tags-not-shown': properties({ tags: many(11, 't') }),
  'too-many-extensions': { run: { tool: { driver: GOOD?.tool.driver, extensions: many(101) } } },
  'too-many-locations': { result: { locations: many(1001, RESULT?.locations[0]) } },
  'too-many-results': { run: { results: many(25_001, RESULT) } },
  'too-many-rules': { driver: { rules: many(25_001, RULE) } },
  'too-many-runs': { log: { runs: many(21, GOOD) } },
  'too-many-steps': { result: { codeFlows: flows(2, 5001) } },
  'too-many-tags': properties({ tags: many(21, 't') }),
  'uri-absolute': uri('file:///w/a.py'),
  'uri-invalid': uri('a\\b.py'),
  'uri-missing': uri(''),
  'uri-outside': uri('../a.py'),
  'uri-scheme': uri('git://host/a.py'),
};

describe('lintSarif', () => {
  it('finds nothing in a good log, nor in what is written here', () => {
    expect(lintSarif(log())).toEqual([]);
    for (const profile of ['github', 'archive'] as const) {
      const written = JSON.parse([...sarifDocument(completeReport(), { profile }).chunks()].join(''));
      expect(lintSarif(written).filter(({ rule }) => rule !== 'suppressed-result')).toEqual([]);
    }
  });

  it.each(Object.entries(HITS))('%s', (rule, parts) => {
    const { gzipBytes = 0 } = parts;
    const problems = lintSarif(log(parts), { gzipBytes });
    const hit = problems.find((each) => each.rule === rule);
    expect(hit).toMatchObject({ level: LINT_RULES[rule as LintRuleId].level });
    expect(hit?.pointer).toMatch(/^\//);
    expect(hit?.message).toMatch(/^expected .*, got /);
  });

  it('takes any JSON', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(Array.isArray(lintSarif(JSON.parse(json)))).toBe(true);
      }),
    );
  });

  it('has every rule in docs/sarif.md', () => {
    const docs = readFileSync(join(REPO_ROOT, 'docs/sarif.md'), 'utf8').replace(/ +\|/g, ' |');
    for (const [id, { level, effect }] of Object.entries(LINT_RULES))
      expect(docs).toContain(`| \`${id}\` | ${level} | ${effect} |`);
  });
});

describe('withoutBadResults', () => {
  it('takes out the results with an error and leaves the rest', () => {
    const bad = { ...RESULT, message: {} };
    const given = log({ run: { results: [RESULT, bad, { ...bad, ruleId: 'x' }] } });
    const { log: kept, removed } = withoutBadResults(given, lintSarif(given));
    expect(removed).toBe(2);
    expect(kept).toEqual(log({ run: { results: [RESULT] } }));
    expect(lintSarif(kept)).toEqual([]);
  });

  it('leaves no result with an error, whatever the results', () => {
    const results = fc.array(fc.oneof(fc.constant(RESULT), fc.constant({ message: {} }), fc.jsonValue()));
    fc.assert(
      fc.property(results, (list) => {
        const given = log({ run: { results: list } });
        const { log: kept } = withoutBadResults(given, lintSarif(given));
        const left = lintSarif(kept).filter(
          ({ level, pointer }) => level === 'error' && /results\/\d/.test(pointer),
        );
        expect(left).toEqual([]);
      }),
    );
  });
});
