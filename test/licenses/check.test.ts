// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { checkLicenses, explainLicense, normalizeClaims } from '../../src/licenses/check.ts';
import { licenseTable } from '../../src/licenses/table.ts';
import type { Component } from '../../src/model/inventory.ts';
import type { LicenseClaim, LicenseClarification, LicenseRules } from '../../src/model/license.ts';
import { component as anyComponent } from '../support/component.ts';

const LOCK = 'web/package-lock.json';

function claim(raw: string, fields: Partial<LicenseClaim> = {}): LicenseClaim {
  return { raw, acknowledgement: 'declared', source: 'package-lock', confidence: 'low', ...fields };
}

function component(name: string, licenses: readonly string[], fields: Partial<Component> = {}): Component {
  const { project = LOCK } = fields;
  const locations = [{ uri: project, startLine: 7, requirement: '^1' }];
  return anyComponent(name, { project, licenses: licenses.map((raw) => claim(raw)), locations, ...fields });
}

function rules(fields: Partial<LicenseRules> = {}): LicenseRules {
  return { allow: { runtime: ['MIT', 'ISC'] }, ranges: false, with: 'base', clarify: [], ...fields };
}

function clarify(fields: Partial<LicenseClarification> = {}): LicenseClarification {
  const location = { uri: 'plimsoll.yaml', startLine: 3 };
  return { package: 'a', expression: 'MIT', reason: 'read', location, ...fields };
}

describe('findings', () => {
  it('names package, licence, what is missing and the place', () => {
    const { findings, coverage } = checkLicenses({
      components: [component('a', ['(AGPL-3.0 AND (MIT OR ISC))'])],
      rules: rules(),
    });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      ruleId: 'license-not-allowed',
      kind: 'license',
      severity: 'high',
      confidence: 'high',
      title: 'a@1.0.0: licence AGPL-3.0-only AND (MIT OR ISC) is not allowed',
      project: LOCK,
      component: `${LOCK}#pkg:npm/a@1.0.0`,
      locations: [{ uri: LOCK, startLine: 7 }],
      sources: [{ tool: 'plimsoll', ruleId: 'license-not-allowed' }],
      detail: {
        kind: 'license',
        expression: 'AGPL-3.0-only AND (MIT OR ISC)',
        result: 'fail',
        failing: ['AGPL-3.0-only'],
        branch: 'AGPL-3.0-only AND MIT',
      },
    });
    expect(findings[0]?.locations[0]).not.toHaveProperty('requirement');
    expect(coverage).toEqual([
      {
        plugin: 'licenses',
        target: LOCK,
        status: 'succeeded',
        unit: 'packages',
        expected: 1,
        processed: 1,
        required: true,
        errors: [],
      },
    ]);
  });

  it('has one identity over versions, another for another expression', () => {
    const fingerprint = (license: string, version: string) =>
      checkLicenses({ components: [component('a', [license], { version })], rules: rules() }).findings[0]
        ?.fingerprint;
    expect(fingerprint('AGPL-3.0', '1.0.0')).toBe(fingerprint('AGPL-3.0-only', '2.0.0'));
    expect(fingerprint('AGPL-3.0', '1.0.0')).not.toBe(fingerprint('SSPL-1.0', '1.0.0'));
  });

  it('keeps the message short for a hostile licence', () => {
    const long = Array(5000).fill('AGPL-3.0-only').join(' AND ');
    const { findings } = checkLicenses({ components: [component('a', [long])], rules: rules() });
    expect(findings[0]?.title.length).toBeLessThan(300);
    expect(findings[0]?.message.length).toBeLessThan(600);
  });
});

describe('scopes', () => {
  const dev = component('a', ['AGPL-3.0'], { scopes: ['dev'] });
  const both = component('b', ['AGPL-3.0'], { scopes: ['runtime', 'dev'] });

  it('the gate is off for a scope without a list, with no row of coverage', () => {
    const result = checkLicenses({ components: [dev], rules: rules() });
    expect([result.findings, result.coverage]).toEqual([[], []]);
  });

  it('development has a list of its own', () => {
    const allow = { runtime: ['AGPL-3.0-only'], dev: ['MIT'] };
    const { findings } = checkLicenses({ components: [dev, both], rules: rules({ allow }) });
    expect(findings.map((finding) => finding.component)).toEqual([dev.ref]);
    expect(findings[0]?.message).toContain('development');
  });

  it.each(['workspace', 'path'] as const)('%s components are first-party', (origin) => {
    const own = component('a', ['UNLICENSED'], { origin });
    expect(checkLicenses({ components: [own], rules: rules() })).toMatchObject({
      findings: [],
      coverage: [],
    });
  });

  it.each(['git', 'url', 'unknown'] as const)('%s components are not', (origin) => {
    const { findings } = checkLicenses({
      components: [component('a', ['AGPL-3.0'], { origin })],
      rules: rules(),
    });
    expect(findings).toHaveLength(1);
  });
});

describe('unknown licences are coverage', () => {
  it('one row per project, with names and reasons', () => {
    const { findings, coverage } = checkLicenses({
      components: [
        component('a', ['MIT']),
        component('b', ['SEE LICENSE IN x']),
        component('c', []),
        component('requests', [], { project: 'api/poetry.lock', ecosystem: 'PyPI' }),
      ],
      rules: rules(),
    });
    expect(findings).toEqual([]);
    expect(coverage).toMatchObject([
      { target: 'api/poetry.lock', status: 'partial', cause: 'license-unknown', expected: 1, processed: 0 },
      {
        target: LOCK,
        status: 'partial',
        expected: 3,
        processed: 1,
        errors: [
          {
            message: 'b@1.0.0: "SEE LICENSE IN x": the licence is in a file',
            location: { uri: LOCK, startLine: 7 },
          },
          { message: 'c@1.0.0: no source states a licence' },
        ],
      },
    ]);
  });

  it('names the first twenty', () => {
    const components = Array.from({ length: 23 }, (_, i) => component(`p${i}`, []));
    const [row] = checkLicenses({ components, rules: rules() }).coverage;
    expect(row?.errors).toHaveLength(21);
    expect(row?.errors.at(-1)).toEqual({ message: 'and 3 more' });
  });

  it('an unknown part does not hide a licence that decides', () => {
    const { findings, coverage } = checkLicenses({
      components: [component('a', ['AGPL-3.0 AND Foo']), component('b', ['MIT OR Foo'])],
      rules: rules(),
    });
    expect(findings.map((finding) => finding.component)).toEqual([`${LOCK}#pkg:npm/a@1.0.0`]);
    expect(coverage).toMatchObject([{ status: 'succeeded' }]);
  });

  it.each([
    [['MIT', 'ISC'], 'pass'],
    [['AGPL-3.0-only', 'SSPL-1.0'], 'fail'],
    [['MIT', 'AGPL-3.0-only'], 'unknown'],
  ])('several licences %j, of which nobody says how they relate: %s', (licenses, result) => {
    const { findings, coverage } = checkLicenses({ components: [component('a', licenses)], rules: rules() });
    expect(findings).toHaveLength(result === 'fail' ? 1 : 0);
    expect(coverage[0]?.status).toBe(result === 'unknown' ? 'partial' : 'succeeded');
    if (result === 'fail') expect(findings[0]?.detail).toMatchObject({ failing: licenses });
  });
});

describe('clarify', () => {
  const judge = (entry: Partial<LicenseClarification>, subject = component('a', ['AGPL-3.0'])) =>
    checkLicenses({ components: [subject], rules: rules({ clarify: [clarify(entry)] }) });

  it('is a concluded claim and wins over what is declared', () => {
    const { components, findings } = judge({});
    expect(findings).toEqual([]);
    expect(components[0]?.licenses).toEqual([
      claim('AGPL-3.0', {
        expression: 'AGPL-3.0-only',
        confidence: 'high',
        notes: ['AGPL-3.0 is deprecated: read as AGPL-3.0-only'],
      }),
      {
        raw: 'MIT',
        expression: 'MIT',
        acknowledgement: 'concluded',
        source: 'policy:clarify',
        confidence: 'high',
        location: { uri: 'plimsoll.yaml', startLine: 3 },
      },
    ]);
  });

  it.each([
    [{ versions: '^1.0.0' }, true],
    [{ versions: '^2.0.0' }, false],
    [{ versions: 'not a range' }, false],
    [{ package: 'pkg:npm/a' }, true],
    [{ package: 'pkg:pypi/a' }, false],
    [{ package: 'A' }, false],
    [{ package: 'b' }, false],
  ])('%j applies: %s', (entry, applies) => {
    expect(judge(entry).findings).toHaveLength(applies ? 0 : 1);
  });

  it('compares PyPI names as PyPI does', () => {
    const subject = component('zope-interface', [], { ecosystem: 'PyPI' });
    expect(judge({ package: 'Zope.Interface', versions: '>=1,<2' }, subject).coverage[0]?.status).toBe(
      'succeeded',
    );
  });

  it('of an expression that is none leaves the licence unknown, and does not fall back', () => {
    const { findings, coverage } = judge({ expression: 'BSD' }, component('a', ['MIT']));
    expect([findings, coverage[0]?.status]).toEqual([[], 'partial']);
  });

  it('of a version that is not known does not apply to a range', () => {
    const { version: _, ...unversioned } = component('a', []);
    expect(judge({ versions: '*' }, unversioned).coverage[0]?.status).toBe('partial');
  });
});

describe('normalizeClaims', () => {
  it('fills in expression and confidence, and keeps the rest and the order', () => {
    const given = [component('b', ['apache-2.0']), component('a', ['Apache License 2.0', 'BSD'])];
    const components = normalizeClaims(given);
    expect(components.map((c) => c.licenses)).toEqual([
      [claim('apache-2.0', { expression: 'Apache-2.0', confidence: 'high' })],
      [
        claim('Apache License 2.0', {
          expression: 'Apache-2.0',
          confidence: 'medium',
          notes: ['"Apache License 2.0" is read as Apache-2.0'],
        }),
        claim('BSD'),
      ],
    ]);
    expect(components.map(({ licenses, ...rest }) => rest)).toEqual(
      given.map(({ licenses, ...rest }) => rest),
    );
  });
});

describe('explainLicense', () => {
  const explain = (licenses: readonly string[], fields: Partial<Component> = {}, given = rules()) => {
    const [checked] = normalizeClaims([component('a', licenses, fields)]);
    return checked && explainLicense(checked, given);
  };

  it.each([
    ['MIT OR GPL-3.0', 'MIT OR GPL-3.0-only', 'MIT'],
    ['(GPL-3.0-only OR ISC) AND MIT', '(GPL-3.0-only OR ISC) AND MIT', 'ISC AND MIT'],
    ['ISC', 'ISC', undefined],
  ])('%s passes, by the branch taken', (raw, expression, branch) => {
    expect(explain([raw])).toEqual({
      result: 'pass',
      expression,
      ...(branch === undefined ? {} : { branch }),
      failing: [],
    });
  });

  it('says what a failing licence lacks', () => {
    expect(explain(['GPL-3.0-only AND MIT'])).toEqual({
      result: 'fail',
      expression: 'GPL-3.0-only AND MIT',
      failing: ['GPL-3.0-only'],
    });
  });

  it.each<[string, readonly string[], Partial<Component>, Partial<LicenseRules>, string, RegExp]>([
    ['a name of several licences', ['BSD'], {}, {}, 'unknown', /it could be BSD-2-Clause/],
    ['no licence', [], {}, {}, 'unknown', /no source states a licence/],
    [
      'a gate that is off',
      ['MIT'],
      { scopes: ['dev'] },
      {},
      'not-judged',
      /no allow list for its scope, dev/,
    ],
    ['its own package', ['X'], { origin: 'workspace' }, {}, 'not-judged', /the project itself/],
  ])('says why there is no judgement: %s', (_, licenses, fields, more, result, reason) => {
    const explained = explain(licenses, fields, rules(more));
    expect(explained).toEqual({ result, failing: [], reason: expect.stringMatching(reason) });
  });

  it('judges as the check does', () => {
    for (const raw of ['MIT', 'GPL-3.0', 'MIT OR X', 'BSD', 'MIT AND GPL-2.0+']) {
      const checked = checkLicenses({ components: [component('a', [raw])], rules: rules() });
      const [subject] = checked.components;
      const result = subject && explainLicense(subject, rules()).result;
      expect(result === 'fail', raw).toBe(checked.findings.length === 1);
      expect(result === 'unknown', raw).toBe(checked.coverage[0]?.status === 'partial');
    }
  });
});

describe('licenseTable', () => {
  it('counts each package once, the most frequent licence first', () => {
    const components = normalizeClaims([
      component('b', ['MIT']),
      component('a', ['mit']),
      component('a', ['MIT'], { project: 'other/package-lock.json' }),
      component('c', []),
      component('d', ['BSD']),
      component('e', [' ']),
      component('f', ['__proto__']),
      component('own', ['UNLICENSED'], { origin: 'workspace' }),
    ]);
    expect(licenseTable(components)).toEqual([
      { count: 2, packages: ['c@1.0.0', 'e@1.0.0'] },
      { expression: 'MIT', count: 2, packages: ['a@1.0.0', 'b@1.0.0'] },
      { raw: 'BSD', count: 1, packages: ['d@1.0.0'] },
      { raw: '__proto__', count: 1, packages: ['f@1.0.0'] },
    ]);
  });

  it('shows what was concluded instead of what is declared', () => {
    const { components } = checkLicenses({
      components: [component('a', ['BSD'])],
      rules: rules({ clarify: [clarify({ expression: 'BSD-3-Clause' })] }),
    });
    expect(licenseTable(components)).toEqual([
      { expression: 'BSD-3-Clause', count: 1, packages: ['a@1.0.0'] },
    ]);
  });
});
