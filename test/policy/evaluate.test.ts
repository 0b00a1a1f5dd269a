// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEVERITIES, type Severity } from '../../src/model/finding.ts';
import type { Outcome, VerdictOptions } from '../../src/model/verdict.ts';
import type { JudgeInput } from '../../src/policy/evaluate.ts';
import { component } from '../support/component.ts';
import { data, inventory, license, load, other, row, run, vulnerability } from './support.ts';

const options = (more: Partial<VerdictOptions>): VerdictOptions => ({
  onIncomplete: 'fail',
  omit: [],
  exclude: [],
  ...more,
});
const only = (judgement: ReturnType<typeof run>) => judgement.verdict.decisions[0];

describe('the verdict', () => {
  const failing = { findings: [vulnerability()] };
  const gap = { coverage: [row('unparsable')] };
  it.each<[string, Partial<JudgeInput>, string, number]>([
    ['nothing found', {}, 'pass', 0],
    ['a failure', failing, 'fail', 1],
    ['a gap', gap, 'incomplete', 3],
    ['a failure and a gap', { ...failing, ...gap }, 'fail', 1],
    ['nothing to scan', { nothingToScan: true }, 'incomplete', 4],
    [
      'nothing to scan, on-incomplete warn',
      { nothingToScan: true, options: options({ onIncomplete: 'warn' }) },
      'incomplete',
      4,
    ],
    ['a gap, on-incomplete warn', { ...gap, options: options({ onIncomplete: 'warn' }) }, 'incomplete', 0],
    [
      'a failure and a gap, on-incomplete warn',
      { ...failing, ...gap, options: options({ onIncomplete: 'warn' }) },
      'fail',
      1,
    ],
  ])('%s', async (_, input, result, exitCode) => {
    const { verdict } = run(await load(), input);
    expect(verdict).toMatchObject({ result, exitCode, weakenings: [] });
    expect(verdict.options).toEqual(input.options ?? options({}));
  });

  it('has one decision per finding, in the order of the findings, with the component', async () => {
    const a = component('a');
    const b = component('b', { scopes: ['dev'] });
    const findings = [
      vulnerability({ component: b, severity: 'high' }),
      vulnerability({ component: a, severity: 'low' }),
      vulnerability({ component: a, severity: 'critical', id: 'GHSA-zzzz' }),
    ];
    const judged = run(await load(), { findings, inventory: inventory(a, b) });
    expect(judged.findings.map((f) => f.severity)).toEqual(['critical', 'high', 'low']);
    expect(judged.verdict.decisions.map((d) => [d.fingerprint, d.component, d.outcome])).toEqual([
      [judged.findings[0]?.fingerprint, a.ref, 'fail'],
      [judged.findings[1]?.fingerprint, b.ref, 'warn'],
      [judged.findings[2]?.fingerprint, a.ref, 'note'],
    ]);
  });

  it('points to the line of the repository that decided', async () => {
    const loaded = await load('advisories:\n  runtime:\n    warn: medium\n');
    expect(only(run(loaded, { findings: [vulnerability({ severity: 'medium' })] }))).toMatchObject({
      outcome: 'warn',
      policy: { uri: 'plimsoll.yaml', line: 3, key: 'advisories.runtime.warn' },
    });
    expect(only(run(loaded, { findings: [vulnerability({ severity: 'low' })] }))?.policy.key).toBe(
      'advisories.runtime.warn',
    );
  });

  it('takes malware, KEV and unscored by their own words', async () => {
    const loaded = await load('advisories: {malware: warn, kev: warn, unscored: ignore}');
    const outcome = (finding: ReturnType<typeof vulnerability>) =>
      only(run(loaded, { findings: [finding] }))?.outcome;
    expect(outcome(vulnerability({ severity: 'critical' }, 'malware'))).toBe('warn');
    expect(outcome(vulnerability({ severity: 'low', kev: true }))).toBe('warn');
    expect(outcome(vulnerability({ severity: 'critical', kev: true }))).toBe('fail');
    expect(outcome(vulnerability({ severity: 'unscored' }))).toBe('note');
  });
});

describe('--fail-on', () => {
  it('names itself as the reason', async () => {
    const input = { findings: [vulnerability({ severity: 'low' })], options: options({ failOn: 'low' }) };
    expect(only(run(await load(), input))).toMatchObject({
      outcome: 'fail',
      policy: { uri: 'plimsoll:command-line', key: '--fail-on' },
    });
    expect(only(run(await load(), { ...input, options: options({ failOn: 'medium' }) }))?.outcome).toBe(
      'note',
    );
  });

  it('only ever tightens, for every policy, kind, scope and severity', async () => {
    const rank: readonly Outcome[] = ['suppressed', 'note', 'warn', 'fail'];
    const threshold = fc.constantFrom('critical', 'high', 'medium', 'low', 'info', 'never');
    const limits = fc.record({ fail: threshold, warn: threshold });
    const policies = fc.record({
      advisories: fc.record({
        runtime: limits,
        dev: limits,
        unscored: fc.constantFrom('fail', 'warn', 'ignore'),
        kev: fc.constantFrom('fail', 'warn', true, false),
        epss: fc.constantFrom(false, 0.1, { fail: 0.5, warn: 0.1 }, { warn: 0 }),
        grace: fc.constantFrom({}, { high: '90d', low: '90d' }),
      }),
      code: limits,
    });
    const severity = fc.constantFrom(...SEVERITIES);
    await fc.assert(
      fc.asyncProperty(
        policies,
        severity,
        severity,
        fc.boolean(),
        fc.boolean(),
        async (policy, of, failOn, dev, kev) => {
          const loaded = await load(JSON.stringify(policy));
          const package_ = component('a', { scopes: [dev ? 'dev' : 'runtime'] });
          const records = [{ published: '2026-06-01T00:00:00Z' }];
          const input = {
            inventory: inventory(package_),
            findings: [
              vulnerability({ component: package_, severity: of, kev, records, epss: kev ? 0.1 : 0.9 }),
              other('code', { severity: of }),
            ],
          };
          const without = run(loaded, input).verdict.decisions;
          const withIt = run(loaded, { ...input, options: options({ failOn }) }).verdict.decisions;
          for (const [index, decision] of withIt.entries()) {
            expect(rank.indexOf(decision.outcome)).toBeGreaterThanOrEqual(
              rank.indexOf(without[index]!.outcome),
            );
          }
          if (SEVERITIES.indexOf(of) <= SEVERITIES.indexOf(failOn) && !('high' in policy.advisories.grace)) {
            expect(withIt.map((decision) => decision.outcome)).toEqual(['fail', 'fail']);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('grace', () => {
  const policy = 'advisories:\n  grace: {critical: 2d, high: 7d, low: 7d, unscored: 1d}\n';
  const published = (date: string | undefined, severity: Severity = 'high') =>
    vulnerability({ severity, records: [date === undefined ? {} : { published: date }] });

  it('warns until the date that it names, and fails from then on', async () => {
    const loaded = await load(policy);
    const findings = [published('2026-06-10T09:30:00Z')];
    expect(only(run(loaded, { findings }))).toMatchObject({
      outcome: 'warn',
      failsFrom: '2026-06-17',
      policy: { uri: 'plimsoll.yaml', line: 2, key: 'advisories.grace.high' },
    });
    for (const [now, outcome] of [
      ['2026-06-17T09:29:59Z', 'warn'],
      ['2026-06-17T09:30:00Z', 'fail'],
    ] as const) {
      expect(only(run(loaded, { findings, now: new Date(now) }))?.outcome).toBe(outcome);
    }
    const late = only(run(loaded, { findings, now: new Date('2026-06-18T00:00:00Z') }));
    expect(late).toMatchObject({ outcome: 'fail', policy: { key: 'advisories.runtime.fail' } });
    expect(late).not.toHaveProperty('failsFrom');
  });

  it.each<[string, ReturnType<typeof vulnerability>, Outcome]>([
    ['the offset of a date', published('2026-06-08T13:30:00+01:00'), 'warn'],
    ['no date', published(undefined), 'fail'],
    ['a date that cannot be read', published('1-01-01'), 'fail'],
    ['a date without time', published('2026-06-14'), 'fail'],
    ['a date ahead', published('2026-07-01T00:00:00Z'), 'fail'],
    ['another severity', published('2026-06-14T00:00:00Z', 'critical'), 'warn'],
    ['an expired shorter grace', published('2026-06-10T00:00:00Z', 'critical'), 'fail'],
    ['an unscored one', published('2026-06-15T00:00:00Z', 'unscored'), 'warn'],
    ['what does not fail anyway', published('2026-06-15T00:00:00Z', 'low'), 'note'],
    ['KEV', vulnerability({ kev: true, records: [{ published: '2026-06-15T00:00:00Z' }] }), 'fail'],
    [
      'malware',
      vulnerability({ severity: 'high', records: [{ published: '2026-06-15T00:00:00Z' }] }, 'malware'),
      'fail',
    ],
    [
      'the date of the anchor before that of others',
      vulnerability({
        id: 'A',
        records: [
          { id: 'A', published: '2026-06-01T00:00:00Z' },
          { id: 'B', published: '2026-06-14T00:00:00Z' },
        ],
      }),
      'fail',
    ],
    [
      'an anchor without date, whatever the others say',
      vulnerability({ id: 'A', records: [{ id: 'A' }, { id: 'B', published: '2026-06-14T00:00:00Z' }] }),
      'fail',
    ],
    [
      'the earliest record that hit where the anchor did not',
      vulnerability({
        id: 'A',
        records: [
          { id: 'B', published: '2026-06-14T00:00:00Z' },
          { id: 'C', published: '2026-06-01T00:00:00Z' },
        ],
      }),
      'fail',
    ],
  ])('%s', async (_, finding, outcome) => {
    expect(only(run(await load(policy), { findings: [finding] }))?.outcome).toBe(outcome);
  });
});

describe('coverage', () => {
  it('keeps an ignored path in the report and out of the verdict', async () => {
    const loaded = await load(
      'extends: strict\ncoverage:\n  ignore:\n    - {path: legacy, reason: frozen}\n    - {path: "**/yarn.lock", reason: not ours}\n',
    );
    const project = 'legacy/requirements.txt';
    const rows = [
      row('no-collector'),
      row('unparsable', { target: project }),
      row('unmatchable', { plugin: 'matcher', target: project, unit: 'packages' }),
      row('unparsable', { target: 'legacy2/a' }),
    ];
    const judged = run(loaded, { coverage: rows });
    expect(judged.coverage).toHaveLength(4);
    expect(judged.verdict.incomplete.map((gap) => gap.coverage.target)).toEqual(['legacy2/a']);
    expect(judged.verdict.notChecked).toEqual([]);
  });

  it('does not let a path ignore the advisory data', async () => {
    const loaded = await load('coverage: {ignore: [{path: "**", reason: all}]}');
    const judged = run(loaded, { inventory: inventory(component('x')), advisoryData: data(undefined) });
    expect(judged.verdict.result).toBe('incomplete');
    const rows = [row('advisory-data-damaged', { plugin: 'advisories', target: 'npm', unit: 'records' })];
    expect(run(loaded, { coverage: rows }).verdict.result).toBe('incomplete');
  });

  it('judges the data of the ecosystems in the inventory alone, and gives dates and limits, no age', async () => {
    const judged = run(await load(), {
      inventory: inventory(component('x', { ecosystem: 'PyPI' }), component('root', { origin: 'workspace' })),
      advisoryData: data('2026-06-01T08:00:00Z'),
    });
    expect(judged.coverage).toEqual([
      {
        plugin: 'advisories',
        target: 'PyPI',
        status: 'partial',
        cause: 'advisory-data-stale',
        unit: 'records',
        expected: 10,
        processed: 10,
        required: true,
        errors: [
          { message: 'expected a record of PyPI not older than 7d, got 2026-06-01T08:00:00Z as the newest' },
        ],
      },
    ]);
    const later = run(await load(), {
      inventory: inventory(component('x', { ecosystem: 'PyPI' })),
      advisoryData: data('2026-06-01T08:00:00Z'),
      now: new Date('2026-09-01T00:00:00Z'),
    });
    expect(later.coverage).toEqual(judged.coverage);
  });

  it('adds no second row where the source of the data has told of the same gap', async () => {
    const input = { inventory: inventory(component('x')), advisoryData: data(undefined, 0) };
    const told = row('advisory-data-missing', { plugin: 'advisories', target: 'npm', unit: 'records' });
    const judged = run(await load(), { ...input, coverage: [told] });
    expect(judged.coverage).toEqual([told]);
    expect(judged.verdict.incomplete.map((gap) => gap.coverage)).toEqual([told]);
    const mentioned = run(await load(), { ...input, coverage: [{ ...told, required: false }] });
    expect(mentioned.coverage).toHaveLength(2);
    expect(mentioned.verdict.result).toBe('incomplete');
  });

  it('is incomplete where a required scanner left no row', async () => {
    const loaded = await load('scanners:\n  gitleaks: {required: true}\n  semgrep: {required: false}\n');
    const { verdict } = run(loaded);
    expect(verdict.exitCode).toBe(3);
    expect(verdict.incomplete.map(({ coverage, policy }) => [coverage.plugin, policy])).toEqual([
      ['gitleaks', { uri: 'plimsoll.yaml', line: 2, key: 'scanners.gitleaks.required' }],
    ]);
    const ran = row(undefined, { plugin: 'gitleaks', target: '.', status: 'succeeded' });
    expect(run(loaded, { coverage: [ran] }).verdict.exitCode).toBe(0);
    expect(run(loaded, { coverage: [{ ...ran, plugin: 'semgrep' }] }).verdict.exitCode).toBe(3);
  });
});

it('gives the same judgement in whatever order findings, components and coverage come', async () => {
  const loaded = await load(
    'licenses: {allow: [MIT]}\nexceptions:\n  - {id: GHSA-1, reason: r}\n  - {id: GHSA-none, reason: r}\n  - {id: GHSA-2, reason: r, expires: 2026-01-01}\n',
  );
  const components = ['a', 'b', 'c', 'd'].map((name, i) => component(name, i === 3 ? { origin: 'git' } : {}));
  const findings = components.flatMap((of, i) => [
    vulnerability({ component: of, id: `GHSA-${i}` }),
    vulnerability({ component: of, id: 'GHSA-9', severity: 'low' }),
    license(of, 'GPL-3.0-only'),
  ]);
  const coverage = (['no-lock', 'unparsable', 'excluded'] as const).flatMap((cause) =>
    ['x', 'y'].map((target) => row(cause, { target })),
  );
  const reference = run(loaded, { findings, coverage, inventory: inventory(...components) });
  const shuffled = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length });
  fc.assert(
    fc.property(shuffled(findings), shuffled(coverage), shuffled(components), (f, c, p) => {
      expect(run(loaded, { findings: f, coverage: c, inventory: inventory(...p) })).toEqual(reference);
    }),
    { numRuns: 50 },
  );
});
