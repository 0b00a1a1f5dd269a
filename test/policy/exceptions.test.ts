// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import type { Component } from '../../src/model/inventory.ts';
import { component } from '../support/component.ts';
import { inventory, license, load, other, run, vulnerability } from './support.ts';

const django = component('django-rest', {
  ecosystem: 'PyPI',
  version: '1.4.0',
  project: 'api/requirements.txt',
});
const scoped = component('@acme/pad', { version: '2.1.0' });
const cased = component('JSONStream');

async function outcomeOf(exception: string, finding: Finding, of?: Component): Promise<string> {
  const loaded = await load(`exceptions:\n  - {${exception}, reason: r}\n`);
  const { verdict } = run(loaded, { findings: [finding], ...(of ? { inventory: inventory(of) } : {}) });
  const decision = verdict.decisions.find((each) => each.fingerprint === finding.fingerprint);
  return decision?.outcome ?? 'none';
}

describe('the id', () => {
  const group = vulnerability({
    id: 'GHSA-1',
    records: [
      { id: 'GHSA-1', aliases: ['CVE-1', 'CVE-2'] },
      { id: 'PYSEC-1', aliases: ['CVE-1'] },
    ],
  });
  it.each([
    ['CVE-1', 'suppressed', 'an alias that each record carries'],
    ['CVE-2', 'fail', 'an alias that one of two records carries'],
    ['GHSA-1', 'fail', 'the id of one of two records that do not name each other'],
    ['cve-1', 'fail', 'another case'],
    ['CVE-3', 'fail', 'another id'],
  ])('%s: %s (%s)', async (id, outcome) => {
    expect(await outcomeOf(`id: ${id}`, group)).toBe(outcome);
  });

  it('is that of the only record, or an alias of it', async () => {
    const single = vulnerability({ id: 'GHSA-1', records: [{ id: 'GHSA-1', aliases: ['CVE-1'] }] });
    expect(await outcomeOf('id: GHSA-1', single)).toBe('suppressed');
    expect(await outcomeOf('id: CVE-1', single)).toBe('suppressed');
    const malware = vulnerability({ id: 'MAL-1' }, 'malware');
    expect(await outcomeOf('id: MAL-1', malware)).toBe('suppressed');
  });

  it('is not matched by a finding without records', async () => {
    expect(await outcomeOf('id: CVE-1', vulnerability({ id: 'GHSA-1', records: [] }))).toBe('fail');
    expect(await outcomeOf('id: GHSA-1', vulnerability({ id: 'GHSA-1', records: [] }))).toBe('suppressed');
  });

  it('is the rule id for other kinds', async () => {
    expect(await outcomeOf('id: generic-key', other('secret', { id: 'generic-key' }))).toBe('suppressed');
    expect(await outcomeOf('id: other-key', other('secret', { id: 'generic-key' }))).toBe('fail');
  });

  it('never covers what is wrong with the gate itself', async () => {
    expect(await outcomeOf('id: policy-weakened', other('policy', { id: 'policy-weakened' }))).toBe('warn');
  });
});

describe('the package', () => {
  it.each([
    ['package: Django_Rest', django, 'suppressed'],
    ['package: "pkg:pypi/Django.Rest"', django, 'suppressed'],
    ['package: "pkg:npm/django-rest"', django, 'fail'],
    ['package: django', django, 'fail'],
    ['package: "@acme/pad"', scoped, 'suppressed'],
    ['package: "pkg:npm/%40acme/pad"', scoped, 'suppressed'],
    ['package: "pkg:npm/@acme/pad"', scoped, 'suppressed'],
    ['package: pad', scoped, 'fail'],
    ['package: JSONStream', cased, 'suppressed'],
    ['package: jsonstream', cased, 'fail'],
    ['package: "pkg:npm/jsonstream"', cased, 'fail'],
    ['package: django-rest, versions: "<1.5"', django, 'suppressed'],
    ['package: django-rest, versions: ">=1.5"', django, 'fail'],
    ['package: django-rest, versions: "^1.0.0"', django, 'fail'],
    ['package: "@acme/pad", versions: ^2.0.0', scoped, 'suppressed'],
    ['package: "@acme/pad", versions: "2.0.x"', scoped, 'fail'],
  ])('%s', async (text, of, outcome) => {
    expect(await outcomeOf(`id: A, ${text}`, vulnerability({ id: 'A', component: of }), of)).toBe(outcome);
  });

  it('is never that of a finding without component', async () => {
    expect(await outcomeOf('id: s, package: django-rest', other('secret', { id: 's' }))).toBe('fail');
  });

  it('without a version lies in no range', async () => {
    const { version: _, ...loose } = django;
    expect(
      await outcomeOf(
        'id: A, package: django-rest, versions: "<9"',
        vulnerability({ id: 'A', component: loose }),
        loose,
      ),
    ).toBe('fail');
  });
});

describe('the path', () => {
  it.each([
    ['api', 'suppressed'],
    ['"**/requirements.txt"', 'suppressed'],
    ['web', 'fail'],
  ])('%s: %s', async (path, outcome) => {
    expect(
      await outcomeOf(`id: A, path: ${path}`, vulnerability({ id: 'A', component: django }), django),
    ).toBe(outcome);
  });

  it('must cover every place of a finding', async () => {
    const finding = vulnerability({ id: 'A', path: 'test/a' });
    const both = { ...finding, locations: [...finding.locations, { uri: 'src/a' }] };
    expect(await outcomeOf('id: A, path: test', finding)).toBe('suppressed');
    expect(await outcomeOf('id: A, path: test', both)).toBe('fail');
  });
});

describe('a suppressed finding', () => {
  it('stays in the report with reason, owner, last day and place', async () => {
    const loaded = await load(
      'exceptions:\n  - id: A\n    reason: not reachable\n    owner: "@acme/web"\n    expires: 2026-06-15\n',
    );
    const judged = run(loaded, { findings: [vulnerability({ id: 'A' })] });
    expect(judged.findings).toHaveLength(1);
    expect(judged.verdict).toMatchObject({ result: 'pass', unusedExceptions: [], expiredExceptions: [] });
    expect(judged.verdict.decisions).toEqual([
      {
        fingerprint: judged.findings[0]?.fingerprint,
        outcome: 'suppressed',
        policy: { uri: 'plimsoll.yaml', line: 2, key: 'exceptions' },
        suppression: {
          kind: 'exception',
          reason: 'not reachable',
          owner: '@acme/web',
          expires: '2026-06-15',
          location: { uri: 'plimsoll.yaml', startLine: 2 },
        },
      },
    ]);
  });

  it('is suppressed by the first of several exceptions, and all of them count as used', async () => {
    const loaded = await load('exceptions:\n  - {id: A, reason: first}\n  - {id: A, reason: second}\n');
    const { verdict } = run(loaded, { findings: [vulnerability({ id: 'A' })] });
    expect(verdict.decisions[0]?.suppression?.reason).toBe('first');
    expect(verdict.unusedExceptions).toEqual([]);
  });
});

describe('the last day', () => {
  const policy = 'exceptions:\n  - {id: A, package: p, reason: r, expires: 2026-06-15}\n';
  const of = component('p');
  const input = { findings: [vulnerability({ id: 'A', component: of })], inventory: inventory(of) };

  it('is included, in UTC', async () => {
    const loaded = await load(policy);
    for (const [now, result] of [
      ['2026-06-15T23:59:59.999Z', 'pass'],
      ['2026-06-16T00:00:00.000Z', 'fail'],
    ] as const) {
      expect(run(loaded, { ...input, now: new Date(now) }).verdict.result).toBe(result);
    }
  });

  it('once over, gives a warning that does not change from day to day', async () => {
    const loaded = await load(policy);
    const judged = run(loaded, { ...input, now: new Date('2026-06-16T00:00:00Z') });
    expect(judged.verdict.expiredExceptions).toEqual(loaded.exceptions);
    expect(judged.verdict.unusedExceptions).toEqual([]);
    const finding = judged.findings.find((each) => each.ruleId === 'expired-exception');
    expect(finding).toMatchObject({
      kind: 'policy',
      message: 'The exception for A of p has expired; its last day was 2026-06-15.',
      locations: [{ uri: 'plimsoll.yaml', startLine: 2 }],
    });
    expect(judged.verdict.decisions.find((d) => d.fingerprint === finding?.fingerprint)).toMatchObject({
      outcome: 'warn',
      policy: { uri: 'plimsoll.yaml', line: 2, key: 'exceptions' },
    });
    const later = run(loaded, {
      ...input,
      now: new Date('2026-09-01T00:00:00Z'),
      advisoryData: { source: 'none', ecosystems: [], quarantined: 0 },
    });
    expect(later.findings).toEqual(judged.findings);
  });

  it('is reported for an exception that matches nothing, too', async () => {
    const { verdict } = run(await load(policy), { now: new Date('2026-07-01T00:00:00Z') });
    expect([verdict.expiredExceptions.length, verdict.unusedExceptions.length, verdict.result]).toEqual([
      1,
      0,
      'pass',
    ]);
  });
});

describe('when-fixed', () => {
  const policy = 'exceptions:\n  - {id: A, reason: r, expires: when-fixed}\n';

  it('holds while there is no fixed version', async () => {
    const { verdict } = run(await load(policy), { findings: [vulnerability({ id: 'A' })] });
    expect([verdict.result, verdict.expiredExceptions.length]).toEqual(['pass', 0]);
  });

  it('ends with a fixed version', async () => {
    const judged = run(await load(policy), { findings: [vulnerability({ id: 'A', fixed: ['2.0.0'] })] });
    expect(judged.verdict.result).toBe('fail');
    expect(judged.verdict.expiredExceptions).toHaveLength(1);
    expect(judged.findings.map((f) => f.message)).toContain(
      'The exception for A held until a fixed version exists, and one does.',
    );
  });

  it('ends for the package that has one and holds for the other', async () => {
    const [a, b] = [component('a'), component('b')];
    const findings = [
      vulnerability({ id: 'A', component: a, fixed: ['2.0.0'] }),
      vulnerability({ id: 'A', component: b }),
    ];
    for (const order of [findings, findings.toReversed()]) {
      const { verdict } = run(await load(policy), { findings: order, inventory: inventory(a, b) });
      const outcomes = new Map(verdict.decisions.map((d) => [d.component, d.outcome]));
      expect([outcomes.get(a.ref), outcomes.get(b.ref)]).toEqual(['fail', 'suppressed']);
      expect([verdict.expiredExceptions.length, verdict.unusedExceptions.length]).toEqual([1, 0]);
    }
  });
});

describe('an unused exception', () => {
  it('is listed and noted, with an identity that outlives its line', async () => {
    const entry = '  - {id: A, package: p, versions: "<2", path: api, reason: r}\n';
    const judged = run(await load(`exceptions:\n${entry}`));
    expect(judged.verdict).toMatchObject({ result: 'pass', exitCode: 0 });
    expect(judged.verdict.unusedExceptions).toHaveLength(1);
    expect(judged.findings).toMatchObject([
      { ruleId: 'unused-exception', message: 'The exception for A of p <2 in api suppresses nothing.' },
    ]);
    expect(judged.verdict.decisions).toMatchObject([{ outcome: 'note' }]);
    const moved = run(await load(`# moved\nexceptions:\n${entry}`));
    expect(moved.findings[0]?.fingerprint).toBe(judged.findings[0]?.fingerprint);
  });
});

describe('a licence exception', () => {
  const of = component('gpl', { version: '3.1.0' });
  const policy = (rest: string) =>
    `licenses:\n  allow: [MIT]\n  exceptions:\n    - {package: gpl, reason: r, ${rest}}\n`;
  it.each([
    ['license: GPL-3.0-only', 'suppressed'],
    ['license: " GPL-3.0-only "', 'suppressed'],
    ['license: GPL-3.0-or-later', 'fail'],
    ['license: GPL-3.0-only, versions: ^3.0.0', 'suppressed'],
    ['license: GPL-3.0-only, versions: ^2.0.0', 'fail'],
    ['license: GPL-3.0-only, expires: 2026-06-14', 'fail'],
  ])('%s: %s', async (rest, outcome) => {
    const finding = license(of, 'GPL-3.0-only');
    const judged = run(await load(policy(rest)), { findings: [finding], inventory: inventory(of) });
    const decision = judged.verdict.decisions.find((each) => each.fingerprint === finding.fingerprint);
    expect(decision?.outcome).toBe(outcome);
    if (outcome === 'suppressed')
      expect(decision?.policy).toMatchObject({ line: 4, key: 'licenses.exceptions' });
  });

  it('covers nothing but licences', async () => {
    const vulnerable = vulnerability({ id: 'license-not-allowed', component: of });
    const judged = run(await load(policy('license: GPL-3.0-only')), {
      findings: [vulnerable],
      inventory: inventory(of),
    });
    expect(judged.verdict).toMatchObject({ result: 'fail', unusedExceptions: [{ package: 'gpl' }] });
  });
});

it('never turns a pass into a fail by being added, nor a fail into a pass by being removed', async () => {
  const names = fc.constantFrom('a', 'b');
  const exception = fc.record(
    {
      id: fc.constantFrom('A', 'B', 'CVE-1'),
      package: names,
      path: fc.constantFrom('x', '**', 'package-lock.json'),
      reason: fc.constant('r'),
      expires: fc.constantFrom('2026-01-01', '2027-01-01', 'when-fixed'),
    },
    { requiredKeys: ['id', 'reason'] },
  );
  const finding = fc
    .record({
      name: names,
      id: fc.constantFrom('A', 'B'),
      alias: fc.constantFrom([], ['CVE-1']),
      fixed: fc.constantFrom([], ['2.0.0']),
      severity: fc.constantFrom('low' as const, 'high' as const),
    })
    .map(({ name, id, alias, fixed, severity }) =>
      vulnerability({ component: component(name), id, fixed, severity, records: [{ id, aliases: alias }] }),
    );
  const rank = { pass: 0, incomplete: 1, fail: 2 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(exception, { maxLength: 3 }),
      exception,
      fc.array(finding, { maxLength: 4 }),
      async (few, added, findings) => {
        const input = { findings, inventory: inventory(component('a'), component('b')) };
        const without = run(await load(JSON.stringify({ exceptions: few })), input).verdict;
        const withIt = run(await load(JSON.stringify({ exceptions: [added, ...few] })), input).verdict;
        expect(rank[withIt.result]).toBeLessThanOrEqual(rank[without.result]);
        expect(withIt.exitCode === 0 || without.exitCode !== 0).toBe(true);
      },
    ),
    { numRuns: 100 },
  );
});
