// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { omitScopes } from '../../src/collectors/omit.ts';
import type { Inventory, Scope } from '../../src/model/inventory.ts';
import { sampleReport } from '../support/sample-report.ts';

function inventory(scopes: readonly Scope[]): Inventory {
  const base = sampleReport().inventory;
  return { ...base, components: base.components.map((c) => (c.name === 'werkzeug' ? { ...c, scopes } : c)) };
}

describe('omitScopes', () => {
  it('changes nothing without an omission', () => {
    const before = inventory(['dev']);
    expect(omitScopes(before, [])).toEqual({ inventory: before, coverage: [] });
  });

  it.each<[readonly Scope[], ('dev' | 'optional' | 'peer')[], boolean]>([
    [['dev'], ['dev'], true],
    [['dev', 'optional'], ['dev'], false],
    [['dev', 'optional'], ['dev', 'optional'], true],
    [['runtime', 'dev'], ['dev'], false],
    [['unknown'], ['dev', 'optional', 'peer'], false],
    [['peer'], ['peer'], true],
  ])('a component of %j under --omit %j is left out: %s', (scopes, omit, gone) => {
    const result = omitScopes(inventory(scopes), omit);
    expect(result.inventory.components.some((c) => c.name === 'werkzeug')).toBe(!gone);
    expect(result.inventory.dependencies.flatMap((n) => n.dependsOn).length).toBe(gone ? 1 : 2);
    expect(result.coverage.map((row) => [row.cause, row.expected, row.required])).toEqual(
      gone ? [['omitted', 1, false]] : [],
    );
  });
});
