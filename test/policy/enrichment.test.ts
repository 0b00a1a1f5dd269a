// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EnrichmentData } from '../../src/model/advisory.ts';
import type { PlimsollError } from '../../src/platform/errors.ts';
import { defaultPolicy } from '../../src/policy/default.ts';
import { enrichmentNeeds } from '../../src/policy/enrichment.ts';
import { component } from '../support/component.ts';
import { data, inventory, load, run, vulnerability } from './support.ts';

const PUBLISHED = '2026-06-15T00:00:00Z';
const FRESH = data('2026-06-15T10:00:00Z');
const PACKAGES = inventory(component('x'));

/** Outcome and deciding key of one vulnerability. */
async function decided(policy: string, options: Parameters<typeof vulnerability>[0]) {
  const records = [{ published: PUBLISHED }];
  const { verdict } = run(await load(policy), {
    findings: [vulnerability({ severity: 'low', records, ...options })],
  });
  const { outcome, policy: by, failsFrom } = verdict.decisions[0] ?? {};
  return `${outcome} by ${by?.key.replace('advisories.', '')}${failsFrom === undefined ? '' : `, ${failsFrom}`}`;
}

describe('advisories.epss', () => {
  it.each([
    ['epss: 0.1', 0.1, 'fail by epss'],
    ['epss: 0.1', 0.099999, 'note by runtime.fail'],
    ['epss: 0.1', 1, 'fail by epss'],
    ['epss: 0.1', undefined, 'note by runtime.fail'],
    ['epss: 0', 0, 'fail by epss'],
    ['epss: {fail: 0.5, warn: 0.1}', 0.5, 'fail by epss'],
    ['epss: {fail: 0.5, warn: 0.1}', 0.49, 'warn by epss'],
    ['epss: {fail: 0.5, warn: 0.1}', 0.09, 'note by runtime.fail'],
    ['epss: {warn: 0.1}', 1, 'warn by epss'],
    ['epss: {fail: 0.5}', 0.4, 'note by runtime.fail'],
    ['epss: false', 1, 'note by runtime.fail'],
    ['kev: fail', 1, 'note by runtime.fail'],
  ])('%s and a score of %s: %s', async (policy, epss, expected) => {
    expect(await decided(`advisories: {${policy}}`, epss === undefined ? {} : { epss })).toBe(expected);
  });

  it('holds for every scope', async () => {
    const of = component('a', { scopes: ['dev'] });
    const findings = [vulnerability({ component: of, severity: 'low', epss: 0.2 })];
    const { verdict } = run(await load('advisories: {epss: 0.1}'), { findings, inventory: inventory(of) });
    expect(verdict.decisions[0]?.outcome).toBe('fail');
  });

  it('is not put off by grace, and does not end it either', async () => {
    const grace = 'grace: {high: 30d}';
    const high = { severity: 'high', epss: 0.2 } as const;
    expect(await decided(`advisories: {${grace}}`, high)).toBe('warn by grace.high, 2026-07-15');
    expect(await decided(`advisories: {epss: 0.1, ${grace}}`, high)).toBe('fail by epss');
    expect(await decided(`advisories: {epss: {warn: 0.1}, ${grace}}`, high)).toBe(
      'warn by grace.high, 2026-07-15',
    );
  });

  it('leaves the reason alone where the severity decides as much', async () => {
    expect(await decided('advisories: {epss: 0.1}', { severity: 'high', epss: 0.2 })).toBe(
      'fail by runtime.fail',
    );
    expect(await decided('advisories: {epss: 0.1}', { severity: 'low', epss: 0.2, kev: true })).toBe(
      'fail by kev',
    );
  });

  it('yields to an exception', async () => {
    const policy = 'advisories: {epss: 0.1}\nexceptions: [{id: GHSA-aaaa-bbbb-cccc, reason: looked at}]';
    const { verdict } = run(await load(policy), { findings: [vulnerability({ epss: 0.9, kev: true })] });
    expect(verdict.decisions[0]?.outcome).toBe('suppressed');
  });

  it('never makes an outcome better, whatever the gate, the score and the severity', async () => {
    const rank = ['note', 'warn', 'fail'];
    const limit = fc.integer({ min: 0, max: 100 }).map((n) => n / 100);
    const severity = fc.constantFrom('critical', 'high', 'medium', 'low', 'info', 'unscored' as const);
    await fc.assert(
      fc.asyncProperty(limit, limit, limit, severity, fc.boolean(), async (a, b, epss, of, kev) => {
        const gate = { fail: Math.max(a, b), warn: Math.min(a, b) };
        const rest = { runtime: { warn: 'low' }, grace: { high: '90d' }, kev: 'warn' };
        const finding = vulnerability({
          severity: of as 'high',
          epss,
          kev,
          records: [{ published: PUBLISHED }],
        });
        const outcome = async (advisories: object) =>
          run(await load(JSON.stringify({ advisories })), { findings: [finding] }).verdict.decisions[0]
            ?.outcome ?? '';
        const [without, withIt] = [await outcome(rest), await outcome({ ...rest, epss: gate })];
        expect(rank.indexOf(withIt)).toBeGreaterThanOrEqual(rank.indexOf(without));
        if (epss >= gate.fail) expect(withIt).toBe('fail');
        else if (epss < gate.warn) expect(withIt).toBe(without);
      }),
      { numRuns: 100 },
    );
  });
});

describe('advisories.kev', () => {
  it.each([
    ['true', 'fail by kev'],
    ['fail', 'fail by kev'],
    ['warn', 'warn by kev'],
    ['false', 'note by runtime.fail'],
  ])('%s: %s', async (word, expected) => {
    expect(await decided(`advisories: {kev: ${word}}`, { kev: true })).toBe(expected);
  });

  it('takes away all grace, unless it is false', async () => {
    const high = { severity: 'high', kev: true } as const;
    const policy = (word: string) => `advisories: {kev: ${word}, grace: {high: 30d}}`;
    expect(await decided(policy('true'), high)).toBe('fail by kev');
    expect(await decided(policy('warn'), high)).toBe('fail by runtime.fail');
    expect(await decided(policy('false'), high)).toBe('warn by grace.high, 2026-07-15');
  });
});

describe('a policy file', () => {
  it('replaces an inherited gate as a whole, and can end it', async () => {
    const base = { 'base.yaml': 'advisories: {epss: {fail: 0.5, warn: 0.1}, kev: warn}' };
    const gate = async (text: string) =>
      (await load(`extends: ./base.yaml\n${text}`, base)).policy.advisories.epss;
    expect(await gate('')).toEqual({ fail: 0.5, warn: 0.1 });
    expect(await gate('advisories: {epss: {fail: 0.9}}')).toEqual({ fail: 0.9 });
    expect(await gate('advisories: {epss: 0.2}')).toEqual({ fail: 0.2 });
    expect(await gate('advisories: {epss: false}')).toEqual({});
    expect((await load('advisories: {kev: true}')).policy.advisories.kev).toBe('fail');
  });

  it.each([
    ['kev: maybe', 'expected fail, warn, true or false, got "maybe"'],
    ['kev: 1', 'expected fail, warn, true or false, got 1'],
    ['epss: 10', 'expected a probability from 0 to 1, got 10'],
    ['epss: -0.1', 'expected a probability from 0 to 1, got -0.1'],
    ['epss: "10%"', 'expected a probability from 0 to 1, got "10%"'],
    ['epss: true', 'expected a probability from 0 to 1, got true'],
    ['epss: []', 'expected a probability from 0 to 1, got a list'],
    ['epss: .nan', 'expected a probability from 0 to 1, got null'],
    ['epss: {fail: 2}', 'expected a probability from 0 to 1, got 2'],
    ['epss: {}', 'expected fail, warn or both, got a mapping'],
    ['epss: {fail: 0.1, warn: 0.5}', 'expected warn not above fail, got a mapping'],
    ['epss: {fial: 0.1, warn: 0.1}', 'unknown key "fial" in advisories.epss; did you mean "fail"?'],
  ])('with %s is refused: %s', async (text, message) => {
    const error = await load(`advisories: {${text}}`).then(
      () => undefined,
      (thrown: PlimsollError) => thrown,
    );
    expect(error?.message).toBe(`plimsoll.yaml:1: ${message}`);
  });
});

describe('enrichmentNeeds', () => {
  it.each([
    ['', 'none', 'mentioned'],
    ['extends: default', 'none', 'mentioned'],
    ['advisories: {epss: false, runtime: {fail: low}}', 'none', 'mentioned'],
    ['extends: strict', 'none', 'required'],
    ['advisories: {kev: fail}', 'none', 'required'],
    ['advisories: {kev: true}', 'none', 'required'],
    ['advisories: {kev: warn}', 'none', 'required'],
    ['advisories: {kev: false}', 'none', 'none'],
    ['advisories: {epss: 0.1}', 'required', 'mentioned'],
    ['advisories: {epss: {warn: 0.1}}', 'required', 'mentioned'],
    ['extends: strict\nadvisories: {epss: 0.1, kev: false}', 'required', 'none'],
  ])('of %j: EPSS %s, KEV %s', async (text, epss, kev) => {
    expect(enrichmentNeeds(await load(text), PACKAGES)).toEqual({ epss, kev });
  });

  it('of the policy that applies without a file', () => {
    expect(enrichmentNeeds(defaultPolicy('.'), PACKAGES)).toEqual({ epss: 'none', kev: 'mentioned' });
  });

  it('are none where there is nothing to judge', async () => {
    const own = inventory(component('own', { origin: 'workspace' }));
    for (const nothing of [inventory(), own]) {
      const policy = await load('advisories: {epss: 0.1, kev: true}');
      expect(enrichmentNeeds(policy, nothing)).toEqual({ epss: 'none', kev: 'none' });
    }
  });
});

describe('the age of data that a gate needs', () => {
  const enrichment = (epss: string, kev: string): EnrichmentData => ({
    epss: { date: epss, sha256: 'a', scores: 5 },
    // A release of last year, which is no sign of age.
    kev: { date: '2025-01-01T00:00:00Z', sha256: 'b', entries: 5, retrievedAt: kev },
  });
  const TODAY = '2026-06-15T12:00:00Z';

  async function gaps(policy: string, given: EnrichmentData) {
    const input = { inventory: PACKAGES, advisoryData: { ...FRESH, enrichment: given } };
    const { verdict } = run(await load(policy), input);
    const named = (word: string, list: typeof verdict.incomplete) =>
      list.map(({ coverage, policy: by }) => `${word} ${coverage.target} ${coverage.cause} ${by.key}`);
    return [...named('incomplete', verdict.incomplete), ...named('not checked', verdict.notChecked)];
  }

  const stale = (word: string, target: string) =>
    `${word} ${target} advisory-data-stale advisories.maxAge.${word === 'incomplete' ? 'incomplete' : 'warn'}`;

  // It is noon of the 15th.
  it.each([
    ['of today', '2026-06-15T00:00:00Z', []],
    ['of yesterday', '2026-06-14T00:00:00Z', []],
    ['of the day before, whose end is 36 hours ago', '2026-06-13T12:00:00Z', [stale('not checked', 'EPSS')]],
    ['whose day ended a week ago', '2026-06-07T18:00:00Z', [stale('incomplete', 'EPSS')]],
    ['of tomorrow', '2026-06-16T00:00:00Z', []],
    ['of the day after', '2026-06-17T00:00:00Z', [stale('incomplete', 'EPSS')]],
    ['without a date', 'soon', [stale('incomplete', 'EPSS')]],
  ])('scores %s', async (_, date, expected) => {
    expect(await gaps('advisories: {epss: 0.1}', enrichment(date, TODAY))).toEqual(expected);
  });

  it.each([
    ['today', TODAY, []],
    ['24 hours ago', '2026-06-14T12:00:00Z', []],
    ['before', '2026-06-14T11:59:59Z', [stale('not checked', 'KEV')]],
    ['a week ago', '2026-06-08T11:59:59Z', [stale('incomplete', 'KEV')]],
    ['tomorrow', '2026-06-16T12:00:00Z', []],
    ['the day after', '2026-06-16T12:00:01Z', [stale('incomplete', 'KEV')]],
  ])('a catalogue fetched %s', async (_, date, expected) => {
    expect(await gaps('advisories: {kev: true}', enrichment(TODAY, date))).toEqual(expected);
  });

  it('is not judged where nobody set a gate, and follows maxAge', async () => {
    const old = enrichment('2020-01-01T00:00:00Z', '2020-01-01T00:00:00Z');
    expect(await gaps('', old)).toEqual([]);
    expect(await gaps('advisories: {epss: false, kev: false}', old)).toEqual([]);
    const lenient = 'advisories: {epss: 0.1, kev: true, maxAge: {warn: 36500d, incomplete: 36500d}}';
    expect(await gaps(lenient, old)).toEqual([]);
    expect(await gaps('extends: strict', old)).toEqual([stale('incomplete', 'KEV')]);
  });

  it('is told in dates and limits, never in hours', async () => {
    const input = {
      inventory: PACKAGES,
      advisoryData: { ...FRESH, enrichment: enrichment('2026-06-01T00:00:00Z', '2026-06-01T06:00:00Z') },
    };
    const { verdict } = run(await load('advisories: {epss: 0.1, kev: true}'), input);
    expect(verdict.result).toBe('incomplete');
    expect(verdict.incomplete.map(({ coverage }) => coverage.errors[0]?.message)).toEqual([
      'expected EPSS scores not older than 7d, got those of 2026-06-01T00:00:00Z',
      'expected a KEV catalogue fetched within 7d, got one of 2026-06-01T06:00:00Z',
    ]);
  });
});
