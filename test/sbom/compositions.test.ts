// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Coverage } from '../../src/model/coverage.ts';
import type { Inventory } from '../../src/model/inventory.ts';
import { compositions } from '../../src/sbom/compositions.ts';
import { component, inventory, LOCK, project, rootComponent } from './inventory.ts';

function row(fields: Partial<Coverage>): Coverage {
  return {
    plugin: 'package-lock',
    target: LOCK,
    status: 'succeeded',
    unit: 'packages',
    expected: 1,
    processed: 1,
    required: true,
    errors: [],
    ...fields,
  };
}

function aggregates(given: Inventory, coverage: readonly Coverage[] = [row({})]): string[] {
  return compositions(given, coverage).map(({ aggregate }) => aggregate);
}

const WHOLE = inventory([component('b'), component('a')], { '.': ['b', 'a'] });

describe('compositions', () => {
  it('one about the whole, one about the direct dependencies of each project', () => {
    expect(compositions(WHOLE, [row({})])).toEqual([
      { aggregate: 'complete' },
      {
        aggregate: 'complete',
        dependencies: [`${LOCK}#.`, `${LOCK}#pkg:npm/a@1.0.0`, `${LOCK}#pkg:npm/b@1.0.0`],
      },
    ]);
  });

  it.each([
    ['a file that was not read in full', WHOLE, row({ status: 'partial' }), ['incomplete', 'incomplete']],
    ['what was left out', WHOLE, row({ plugin: 'omit', status: 'skipped' }), ['incomplete', 'incomplete']],
    [
      'a file that nobody reads',
      WHOLE,
      row({ plugin: 'discover', target: 'go.mod', status: 'skipped' }),
      ['incomplete', 'complete'],
    ],
    [
      'advisories that are missing',
      WHOLE,
      row({ plugin: 'advisories', status: 'failed' }),
      ['complete', 'complete'],
    ],
    [
      'an unknown licence',
      WHOLE,
      row({ plugin: 'licenses', status: 'partial', cause: 'license-unknown' }),
      ['complete', 'complete'],
    ],
  ])('%s', (_, given, gap, expected) => {
    expect(aggregates(given, [row({}), gap])).toEqual(expected);
  });

  it('a version that is not known, and a line that was skipped', () => {
    const unresolved = inventory([component('a', { pinning: 'unresolved' })]);
    expect(aggregates(unresolved)).toEqual(['incomplete', 'incomplete']);
    const skipped = [{ project: LOCK, location: { uri: LOCK }, text: 'x', reason: 'y' }];
    expect(aggregates({ ...WHOLE, skipped })).toEqual(['incomplete', 'incomplete']);
    const nobodys = [{ location: { uri: 'x' }, text: 'x', reason: 'y' }];
    expect(aggregates({ ...WHOLE, skipped: nobodys })).toEqual(['incomplete', 'complete']);
  });

  it('a requirements file, unless its comments say what asks for what', () => {
    const pip = { projects: [project(LOCK, 'requirements')] };
    const flat = inventory([component('a'), component('b')], { '.': ['a', 'b'] }, pip);
    const compiled = inventory([component('a'), component('b')], { '.': ['a'], a: ['b'] }, pip);
    expect(aggregates(flat)).toEqual(['incomplete', 'incomplete']);
    expect(aggregates(compiled)).toEqual(['complete', 'complete']);
  });

  it('a gap of one project is none of another', () => {
    const other = 'api/poetry.lock';
    const both = inventory(
      [component('a'), rootComponent(other)],
      {},
      {
        projects: [project(), project(other, 'poetry-lock')],
      },
    );
    const gap = row({ plugin: 'poetry-lock', target: other, status: 'failed' });
    expect(aggregates(both, [row({}), gap])).toEqual(['incomplete', 'incomplete', 'complete']);
  });
});
