// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CurrentRun } from '../../src/findings/compare/no-answer.ts';
import { type CompareOptions, compareRuns } from '../../src/findings/compare.ts';
import type { Coverage } from '../../src/model/coverage.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Component } from '../../src/model/inventory.ts';
import { code, component, row, runOf, secret, vulnerability } from './runs.ts';

const TOOLS = ['bandit', 'gitleaks', 'trivy'] as const;
const URIS = ['a.py', 'b.py', 'lib/a.py', 'lib/b.py'] as const;
const IDS = ['GHSA-1', 'GHSA-2', 'CVE-1', 'CVE-2'] as const;
const COMPONENTS: readonly Component[] = ['left', 'right'].flatMap((name) =>
  ['1.0.0', '2.0.0'].map((version) => component(name, { version })),
);

/** Few of everything, so that two runs have much in common. */
const placed = fc.record({
  tool: fc.constantFrom(...TOOLS),
  ruleId: fc.constantFrom('R1', 'R2'),
  uri: fc.constantFrom(...URIS),
  line: fc.integer({ min: 1, max: 12 }),
  text: fc.constantFrom('x', 'y', 'z'),
  occurrence: fc.integer({ min: 0, max: 2 }),
});
const severity = fc.constantFrom('high' as const, 'low' as const);
const finding: fc.Arbitrary<Finding> = fc.oneof(
  fc.tuple(placed, severity).map(([at, level]) => code(at, { severity: level })),
  fc
    .tuple(placed, fc.subarray([...TOOLS], { minLength: 1 }))
    .map(([at, tools]) => secret({ ...at, sources: tools.map((tool) => ({ tool, ruleId: at.ruleId })) })),
  fc
    .tuple(fc.constantFrom(...COMPONENTS), fc.constantFrom(...IDS), fc.subarray([...IDS]))
    .map(([of, id, aliases]) => vulnerability(of, id, { aliases: aliases.filter((each) => each !== id) })),
);
/** A report lists a finding of one component, or at one place, once. */
const findings = fc.uniqueArray(finding, {
  maxLength: 30,
  selector: ({ fingerprint, component }) => `${fingerprint} ${component}`,
});
const rows: fc.Arbitrary<Coverage[]> = fc.uniqueArray(
  fc
    .tuple(fc.constantFrom(...TOOLS), fc.constantFrom('succeeded', 'partial', 'failed' as const))
    .map(([tool, status]) => row(tool, { status })),
  { selector: ({ plugin }) => plugin },
);
const run: fc.Arbitrary<CurrentRun> = fc.tuple(findings, rows).map(([found, coverage]) => {
  const ran = coverage.filter(({ status }) => status !== 'failed');
  const scanners = ran.map(({ plugin }) => ({ id: plugin, name: plugin }));
  return runOf(found, { components: COMPONENTS, coverage, scanners });
});
const options: fc.Arbitrary<CompareOptions> = fc.oneof(
  fc.constant({}),
  fc
    .array(
      fc.record({ from: fc.constantFrom(...URIS), to: fc.constantFrom(...URIS), identical: fc.boolean() }),
      { maxLength: 3 },
    )
    .map((renames) => ({ renames })),
);

describe('any two runs', () => {
  it('give every current finding one state, and every earlier one a place', () => {
    fc.assert(
      fc.property(run, run, options, (before, now, choice) => {
        const { findings: stated, absent, unknown, matches } = compareRuns(before, now, choice);
        expect(stated.map(({ baselineState: _, ...rest }) => rest)).toEqual(now.findings);
        const known = new Set(matches.map(({ current }) => current));
        for (const { fingerprint, baselineState } of stated)
          expect(['new', 'unchanged', 'updated'].indexOf(baselineState) > 0).toBe(known.has(fingerprint));
        expect(absent.every(({ baselineState }) => baselineState === 'absent')).toBe(true);
        const placed = new Set(matches.map(({ earlier }) => earlier));
        const lost = [...absent, ...unknown.map((each) => each.finding)];
        expect(lost.length).toBe(
          before.findings.filter(({ fingerprint }) => !placed.has(fingerprint)).length,
        );
        expect(lost.filter(({ fingerprint }) => placed.has(fingerprint))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('are matched one to one, but for packages whose ids an alias joins', () => {
    fc.assert(
      fc.property(run, run, options, (before, now, choice) => {
        const { matches } = compareRuns(before, now, choice);
        const packages = new Set(
          [...before.findings, ...now.findings]
            .filter(({ kind }) => kind === 'vulnerability')
            .map(({ fingerprint }) => fingerprint),
        );
        const others = matches.filter(({ current }) => !packages.has(current));
        expect(new Set(others.map(({ current }) => current)).size).toBe(others.length);
        expect(new Set(others.map(({ earlier }) => earlier)).size).toBe(others.length);
        expect(new Set(matches.map((each) => JSON.stringify(each))).size).toBe(matches.length);
      }),
      { numRuns: 300 },
    );
  });

  it('compare the same in any order', () => {
    const shuffled = run.chain((each) =>
      fc
        .tuple(
          fc.shuffledSubarray([...each.findings], { minLength: each.findings.length }),
          fc.shuffledSubarray([...each.coverage], { minLength: each.coverage.length }),
        )
        .map(([found, coverage]) => [each, { ...each, findings: found, coverage }] as const),
    );
    fc.assert(
      fc.property(shuffled, shuffled, options, ([before, before2], [now, now2], choice) => {
        const one = compareRuns(before, now, choice);
        const renames = choice.renames === undefined ? {} : { renames: choice.renames.toReversed() };
        const two = compareRuns(before2, now2, renames);
        expect([two.absent, two.unknown, two.matches]).toEqual([one.absent, one.unknown, one.matches]);
        const states = ({ findings: stated }: typeof one) =>
          stated.map(
            ({ fingerprint, component: of, baselineState }) => `${fingerprint} ${of} ${baselineState}`,
          );
        expect(states(two).sort()).toEqual(states(one).sort());
      }),
      { numRuns: 300 },
    );
  });

  it('never call fixed what a tool that did not finish had found', () => {
    fc.assert(
      fc.property(run, run, options, (before, now, choice) => {
        const { absent } = compareRuns(before, now, choice);
        const unfinished = new Set(
          now.coverage.filter(({ status }) => status !== 'succeeded').map(({ plugin }) => plugin),
        );
        expect(absent.filter(({ sources }) => sources.some(({ tool }) => unfinished.has(tool)))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('that are the same are unchanged', () => {
    fc.assert(
      fc.property(run, options, (each, choice) => {
        const { findings: stated, absent, unknown } = compareRuns(each, each, choice);
        expect([absent, unknown]).toEqual([[], []]);
        const changed = stated.filter(({ baselineState }) => baselineState !== 'unchanged');
        expect(changed).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
