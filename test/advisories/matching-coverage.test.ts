// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchInventory } from '../../src/advisories/match.ts';
import { matchingCoverage } from '../../src/advisories/matching-coverage.ts';
import { readAdvisory } from '../../src/advisories/osv-record.ts';
import { type AdvisorySource, packageKey } from '../../src/advisories/source.ts';
import type { AdvisoryData } from '../../src/model/advisory.ts';
import type { Component, ComponentSource } from '../../src/model/inventory.ts';
import { component } from './support.ts';

const COMMIT = 'f'.repeat(40);
const gaps = (...components: Component[]) => matchingCoverage(components);

describe('matchingCoverage', () => {
  it('gives one row per project and cause, and counts by them', () => {
    const another = { project: 'another', locations: [{ uri: 'another' }] };
    const rows = gaps(
      component('npm', 'fine', '1.0.0'),
      component('npm', 'self', '1.0.0', { origin: 'workspace' }),
      component('npm', 'late', undefined, { requirement: '^1.0.0' }),
      component('npm', 'any', undefined, { requirement: '' }),
      component('npm', 'odd', 'not a version'),
      component('npm', 'zip', '1.0.0', { origin: 'url' }),
      component('npm', 'fork', '1.0.0', { ...another, origin: 'git', source: { commit: COMMIT } }),
    );
    const location = { uri: 'lock', startLine: 7 };
    const row = { plugin: 'matcher', status: 'partial', unit: 'packages', required: true };
    expect(rows).toEqual([
      {
        ...row,
        target: 'another',
        cause: 'unmatchable',
        expected: 1,
        processed: 0,
        errors: [
          {
            message:
              'another: expected a release of fork, got a git commit, which only the OSV API can look up',
            location: { uri: 'another' },
          },
        ],
      },
      {
        ...row,
        target: 'lock',
        cause: 'invalid-version',
        expected: 5,
        processed: 4,
        errors: [
          { message: 'lock:7: expected a version of odd that has an order, got "not a version"', location },
        ],
      },
      {
        ...row,
        target: 'lock',
        cause: 'unmatchable',
        expected: 5,
        processed: 4,
        errors: [{ message: 'lock:7: expected a release of zip from a registry, got a url', location }],
      },
      {
        ...row,
        target: 'lock',
        cause: 'unpinned',
        expected: 5,
        processed: 3,
        errors: [
          { message: 'lock:7: expected an exact version of any, got none', location },
          { message: 'lock:7: expected an exact version of late, got "^1.0.0"', location },
        ],
      },
    ]);
  });

  it.each<[string, Partial<Component>, string]>([
    [
      'a git commit',
      git({ commit: COMMIT }),
      'release of x, got a git commit, which only the OSV API can look up',
    ],
    ['a git branch', git(undefined), 'commit of x, got a git reference that can move'],
    ['a URL', { origin: 'url' }, 'release of x from a registry, got a url'],
    ['a path', { origin: 'path' }, 'release of x from a registry, got a path'],
    ['an unknown origin', { origin: 'unknown' }, 'release of x from a registry, got an unknown source'],
  ])('gives the reason for %s', (_, fields, reason) => {
    const [row] = gaps(component('npm', 'x', '1.0.0', { ...fields, locations: [] }));
    expect(row).toMatchObject({
      cause: 'unmatchable',
      errors: [{ message: expect.stringMatching(/^expected a /) }],
    });
    expect(row?.errors[0]).toEqual({ message: `expected a ${reason}` });
  });

  it('knows no advisories without an ecosystem', () => {
    const { ecosystem: _, ...gem } = component('npm', 'gem', '1.0.0', { locations: [] });
    expect(gaps(gem)).toMatchObject([
      {
        cause: 'unmatchable',
        errors: [{ message: 'expected an ecosystem with advisories of gem, got none' }],
      },
    ]);
  });

  it('takes the requirement as it is written where the component has none of its own', () => {
    const written = { uri: 'requirements.txt', startLine: 3, requirement: '>=3,<4' };
    expect(gaps(component('PyPI', 'django', undefined, { locations: [written] }))[0]?.errors).toEqual([
      {
        message: 'requirements.txt:3: expected an exact version of django, got ">=3,<4"',
        location: { uri: 'requirements.txt', startLine: 3 },
      },
    ]);
  });

  it('names at most 20 packages and counts the rest', () => {
    const many = Array.from({ length: 25 }, (_, i) => component('npm', `p${i}`, '1.0.0', { origin: 'url' }));
    const [row] = gaps(...many);
    expect(row).toMatchObject({ expected: 25, processed: 0 });
    expect(row?.errors).toHaveLength(21);
    expect(row?.errors[20]).toEqual({ message: 'and 5 more' });
  });

  it('gives the same rows in any order, and every component that is not matched to one of them', () => {
    const some = fc.record({
      origin: fc.constantFrom('registry', 'git', 'url', 'path', 'workspace', 'unknown'),
      project: fc.constantFrom('a', 'b', '__proto__'),
      version: fc.constantFrom('1.0.0', 'odd', undefined),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 30 }), fc.nat(), (list, cut) => {
        const components = list.map(({ version, ...fields }, i) =>
          component('npm', `p${i}`, version, fields),
        );
        const rows = gaps(...components);
        expect(gaps(...components.slice(cut), ...components.slice(0, cut))).toEqual(rows);
        const missing = rows.reduce((sum, { expected, processed }) => sum + expected - processed, 0);
        const matched = list.filter(({ origin, version }) => origin === 'registry' && version === '1.0.0');
        const own = list.filter(({ origin }) => origin === 'workspace');
        expect(missing).toBe(list.length - matched.length - own.length);
      }),
    );
  });
});

function git(source: ComponentSource | undefined): Partial<Component> {
  return { origin: 'git', ...(source === undefined ? {} : { source }) };
}

it('texts that cannot be read are damage of the data, though what hits is known', async () => {
  const record = readAdvisory({
    id: 'PYSEC-1',
    modified: '2026-01-01T00:00:00Z',
    affected: [{ package: { ecosystem: 'PyPI', name: 'flask' }, versions: ['1.0'] }],
  });
  const source: AdvisorySource = {
    id: 'mirror',
    query: async () => ({ records: new Map([[packageKey('PyPI', 'flask'), [record]]]), coverage: [] }),
    commits: async () => ({ records: new Map(), coverage: [] }),
    records: async () => new Map(),
    describe: () => ({ source: 'mirror' }) as unknown as AdvisoryData,
    close: async () => undefined,
  };
  const flask = component('PyPI', 'flask', '1.0');
  const inventory = { projects: [], components: [flask], dependencies: [], skipped: [] };
  const { findings, coverage } = await matchInventory(inventory, source);
  expect(findings).toHaveLength(1);
  expect(coverage).toMatchObject([
    {
      target: 'texts',
      cause: 'advisory-data-damaged',
      required: true,
      errors: [{ message: 'the text of PYSEC-1 cannot be read' }],
    },
  ]);
});
