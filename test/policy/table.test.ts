// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { matchComponents } from '../../src/advisories/matcher.ts';
import type { Component, Scope } from '../../src/model/inventory.ts';
import type { JudgeInput } from '../../src/policy/evaluate.ts';
import { component } from '../support/component.ts';
import type { FindingOptions } from './support.ts';
import { data, inventory, license, load, other, row, run, vulnerability } from './support.ts';

/** `fail`, `warn`, `note`: of the one finding. `incomplete`, `not checked`, `nothing`: of the one gap. */
type Expected = 'fail' | 'warn' | 'note' | 'incomplete' | 'not checked' | 'nothing';
type Row = [
  situation: string,
  input: Partial<JudgeInput>,
  byDefault: Expected,
  strict: Expected,
  key: string,
];

function vulnerable(scopes: Scope[], options: FindingOptions, kind?: 'malware'): Partial<JudgeInput> {
  const of = component('left-pad', { scopes });
  return { inventory: inventory(of), findings: [vulnerability({ ...options, component: of }, kind)] };
}

/** What the matcher says of a component that it does not look up. */
function unmatched(of: Component): Partial<JudgeInput> {
  return { inventory: inventory(of), coverage: matchComponents([of], new Map()).coverage };
}

const git = component('fork', { origin: 'git', source: { commit: 'a'.repeat(40) } });
const { version: _, ...unversioned } = component('loose', { pinning: 'unresolved', requirement: '>=1' });
const gpl = component('gpl');

const ROWS: Row[] = [
  // vulnerability, runtime or unknown scope
  [
    'critical, runtime',
    vulnerable(['runtime'], { severity: 'critical' }),
    'fail',
    'fail',
    'advisories.runtime.fail',
  ],
  ['high, runtime', vulnerable(['runtime'], { severity: 'high' }), 'fail', 'fail', 'advisories.runtime.fail'],
  [
    'medium, runtime',
    vulnerable(['runtime'], { severity: 'medium' }),
    'note',
    'fail',
    'advisories.runtime.fail',
  ],
  ['low, runtime', vulnerable(['runtime'], { severity: 'low' }), 'note', 'note', 'advisories.runtime.fail'],
  ['info, runtime', vulnerable(['runtime'], { severity: 'info' }), 'note', 'note', 'advisories.runtime.fail'],
  [
    'high, unknown scope',
    vulnerable(['unknown'], { severity: 'high' }),
    'fail',
    'fail',
    'advisories.runtime.fail',
  ],
  [
    'high, optional',
    vulnerable(['optional'], { severity: 'high' }),
    'fail',
    'fail',
    'advisories.runtime.fail',
  ],
  [
    'high, dev and peer',
    vulnerable(['dev', 'peer'], { severity: 'high' }),
    'fail',
    'fail',
    'advisories.runtime.fail',
  ],
  [
    'high, no component',
    { findings: [vulnerability({ severity: 'high' })] },
    'fail',
    'fail',
    'advisories.runtime.fail',
  ],
  // vulnerability, dev or build scope
  ['critical, dev', vulnerable(['dev'], { severity: 'critical' }), 'warn', 'fail', 'advisories.dev.'],
  ['high, dev', vulnerable(['dev'], { severity: 'high' }), 'warn', 'fail', 'advisories.dev.'],
  ['high, build', vulnerable(['build'], { severity: 'high' }), 'warn', 'fail', 'advisories.dev.'],
  [
    'high, dev and build',
    vulnerable(['dev', 'build'], { severity: 'high' }),
    'warn',
    'fail',
    'advisories.dev.',
  ],
  ['medium, dev', vulnerable(['dev'], { severity: 'medium' }), 'note', 'note', 'advisories.dev.'],
  // malware, any scope; KEV
  [
    'malware, runtime',
    vulnerable(['runtime'], { severity: 'critical' }, 'malware'),
    'fail',
    'fail',
    'advisories.malware',
  ],
  [
    'malware, dev',
    vulnerable(['dev'], { severity: 'critical' }, 'malware'),
    'fail',
    'fail',
    'advisories.malware',
  ],
  [
    'KEV low, runtime',
    vulnerable(['runtime'], { severity: 'low', kev: true }),
    'fail',
    'fail',
    'advisories.kev',
  ],
  ['KEV low, dev', vulnerable(['dev'], { severity: 'low', kev: true }), 'fail', 'fail', 'advisories.kev'],
  // EPSS, for which neither policy has a gate
  [
    'EPSS 99 %, low, runtime',
    vulnerable(['runtime'], { severity: 'low', epss: 0.99 }),
    'note',
    'note',
    'advisories.runtime.fail',
  ],
  // unscored
  [
    'unscored, runtime',
    vulnerable(['runtime'], { severity: 'unscored' }),
    'fail',
    'fail',
    'advisories.unscored',
  ],
  ['unscored, dev', vulnerable(['dev'], { severity: 'unscored' }), 'fail', 'fail', 'advisories.unscored'],
  // unpinned; git, url or path
  ['an unpinned requirement', unmatched(unversioned), 'not checked', 'incomplete', 'dependencies.unpinned'],
  ['a git dependency', unmatched(git), 'not checked', 'incomplete', 'dependencies.unmatchable'],
  ...(['url', 'path', 'unknown'] as const).map((origin): Row => {
    const input = unmatched(component('x', { origin }));
    return [`a dependency from ${origin}`, input, 'not checked', 'incomplete', 'dependencies.unmatchable'];
  }),
  ['a workspace member', unmatched(component('x', { origin: 'workspace' })), 'nothing', 'nothing', ''],
  [
    'an unhashed requirement',
    { findings: [other('dependency', { id: 'unhashed-requirement' })] },
    'warn',
    'warn',
    'dependencies.unhashed',
  ],
  // what cannot be read
  ...(
    [
      'no-collector',
      'no-lock',
      'unreadable',
      'unparsable',
      'limit-exceeded',
      'include-not-followed',
      'invalid-version',
    ] as const
  ).map((cause): Row => [cause, { coverage: [row(cause)] }, 'incomplete', 'incomplete', 'coverage.ignore']),
  [
    'a failed row without cause',
    { coverage: [row(undefined, { status: 'failed' })] },
    'incomplete',
    'incomplete',
    'coverage.ignore',
  ],
  ...(['out-of-scope', 'excluded', 'omitted'] as const).map((cause): Row => {
    return [cause, { coverage: [row(cause, { required: false })] }, 'nothing', 'nothing', ''];
  }),
  ['not required', { coverage: [row('unparsable', { required: false })] }, 'nothing', 'nothing', ''],
  ['succeeded', { coverage: [row(undefined, { status: 'succeeded' })] }, 'nothing', 'nothing', ''],
  // advisory data
  ...(['advisory-data-missing', 'advisory-data-stale', 'advisory-data-damaged'] as const).map(
    (cause): Row => {
      const coverage = [row(cause, { plugin: 'advisories', target: 'npm', unit: 'records' })];
      return [cause, { coverage }, 'incomplete', 'incomplete', 'advisories.maxAge.incomplete'];
    },
  ),
  ...(['advisory-data-missing', 'advisory-data-damaged'] as const).flatMap((cause): Row[] =>
    (['EPSS', 'KEV'] as const).flatMap((target): Row[] => {
      const about = { plugin: 'advisories', target, unit: 'records' } as const;
      const key = `advisories.${target.toLowerCase()}`;
      return [
        [`${target} required: ${cause}`, { coverage: [row(cause, about)] }, 'incomplete', 'incomplete', key],
        [
          `${target} mentioned: ${cause}`,
          { coverage: [row(cause, { ...about, required: false })] },
          'nothing',
          'nothing',
          '',
        ],
      ];
    }),
  ),
  ...(
    [
      ['of this hour', data('2026-06-15T11:30:00Z'), 'nothing'],
      ['24 h old', data('2026-06-14T12:00:00Z'), 'nothing'],
      ['older than 24 h', data('2026-06-14T11:59:59Z'), 'not checked'],
      ['7 d old', data('2026-06-08T12:00:00Z'), 'not checked'],
      ['older than 7 d', data('2026-06-08T11:59:59Z'), 'incomplete'],
      ['of the future', data('2026-06-17T00:00:00Z'), 'incomplete'],
      ['without a date', data(undefined), 'incomplete'],
      ['with a date that cannot be read', data('1-01-01'), 'incomplete'],
      ['without records', data('2026-06-15T11:30:00Z', 0), 'incomplete'],
      ['of no ecosystem', { ...data(undefined), ecosystems: [] }, 'incomplete'],
    ] as const
  ).map(([name, advisoryData, expected]): Row => {
    const input = { inventory: inventory(component('x')), advisoryData };
    const key = `advisories.maxAge.${expected === 'not checked' ? 'warn' : 'incomplete'}`;
    return [`data ${name}`, input, expected, expected, key];
  }),
  // licences
  [
    'a licence that the check refused',
    { inventory: inventory(gpl), findings: [license(gpl, 'GPL-3.0-only')] },
    'fail',
    'fail',
    'licenses.allow',
  ],
  [
    'an unknown licence',
    { coverage: [row('license-unknown', { plugin: 'licenses' })] },
    'not checked',
    'incomplete',
    'licenses.unknown',
  ],
  // secrets, code, misconfigurations
  ['a secret', { findings: [other('secret', { severity: 'info' })] }, 'fail', 'fail', 'secrets.fail'],
  [
    'an unscored secret',
    { findings: [other('secret', { severity: 'unscored' })] },
    'fail',
    'fail',
    'secrets.fail',
  ],
  ...(['code', 'misconfiguration'] as const).flatMap((kind): Row[] => {
    const key = kind === 'code' ? 'code.fail' : 'misconfigurations.fail';
    return [
      [`${kind}, high`, { findings: [other(kind, { severity: 'high' })] }, 'fail', 'fail', key],
      [`${kind}, medium`, { findings: [other(kind, { severity: 'medium' })] }, 'note', 'fail', key],
      [`${kind}, low`, { findings: [other(kind, { severity: 'low' })] }, 'note', 'note', key],
      [`${kind}, unscored`, { findings: [other(kind, { severity: 'unscored' })] }, 'fail', 'fail', key],
    ];
  }),
];

const RESULTS = {
  fail: ['fail', 1],
  warn: ['pass', 0],
  note: ['pass', 0],
  incomplete: ['incomplete', 3],
  'not checked': ['pass', 0],
  nothing: ['pass', 0],
} as const;

describe.each([
  ['default', 2],
  ['strict', 3],
] as const)('%s', (name, column) => {
  it.each(ROWS)('%s', async (...cells) => {
    const [, input, , , key] = cells;
    const expected = cells[column];
    const { verdict } = run(await load(`extends: ${name}`), input);
    const uri = `plimsoll:policies/${name}.yaml`;
    expect([verdict.result, verdict.exitCode]).toEqual(RESULTS[expected]);
    expect(verdict.decisions).toHaveLength(input.findings?.length ?? 0);
    for (const { outcome, policy } of verdict.decisions) {
      expect(outcome).toBe(expected);
      expect(policy.uri).toBe(uri);
      expect(policy.key.startsWith(key), policy.key).toBe(true);
    }
    const gaps = [
      ...verdict.incomplete.map((gap) => ({ ...gap, as: 'incomplete' })),
      ...verdict.notChecked.map((gap) => ({ ...gap, as: 'not checked' })),
    ];
    const isGap = expected === 'incomplete' || expected === 'not checked';
    expect(gaps.length > 0).toBe(isGap);
    for (const gap of gaps) {
      expect(gap.as).toBe(expected);
      expect(gap.policy).toMatchObject({ uri, key });
    }
  });
});

it('keeps the licence gate off until licenses.allow is set', async () => {
  expect((await load()).policy.licenses.allow).toEqual({ runtime: [], dev: [] });
  expect((await load('extends: strict')).policy.licenses.allow).toEqual({ runtime: [], dev: [] });
});
