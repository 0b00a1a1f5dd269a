// SPDX-License-Identifier: Apache-2.0
import { readAdvisory } from '../../src/advisories/osv-record.ts';
import { packageKey } from '../../src/advisories/source.ts';
import type { Advisory } from '../../src/model/advisory.ts';
import type { Component, Ecosystem } from '../../src/model/inventory.ts';

/** A registry component of project `lock`; without `version` an unresolved one. */
export function component(
  ecosystem: Ecosystem,
  name: string,
  version?: string,
  fields: Partial<Component> = {},
): Component {
  return {
    ref: `lock#${name}@${version ?? ''}`,
    project: 'lock',
    name,
    ...(version === undefined ? {} : { version }),
    ecosystem,
    origin: 'registry',
    pinning: version === undefined ? 'unresolved' : 'resolved',
    scopes: ['runtime'],
    direct: true,
    artifacts: [],
    licenses: [],
    flags: {},
    locations: [{ uri: 'lock', startLine: 7, requirement: '>=1', marker: 'extra' }],
    ...fields,
  };
}

type Event = Readonly<Record<string, string>>;

/** A record of npm package `demo` (or another) with one range of these events. */
export function record(id: string, events: readonly Event[], fields: object = {}): Advisory {
  const affected = [{ package: { ecosystem: 'npm', name: 'demo' }, ranges: [{ type: 'SEMVER', events }] }];
  return readAdvisory({ id, modified: '2024-01-02T00:00:00Z', affected, ...fields });
}

/** The answer of a source that holds these records, for the packages of these components. */
export function answer(
  components: readonly Component[],
  records: readonly Advisory[],
): Map<string, readonly Advisory[]> {
  return new Map(components.map(({ ecosystem, name }) => [packageKey(ecosystem ?? '', name), [...records]]));
}
