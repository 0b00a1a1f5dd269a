// SPDX-License-Identifier: Apache-2.0
import type { Coverage, CoverageError } from '../model/coverage.ts';
import type { Component, Ecosystem } from '../model/inventory.ts';
import { compareKeys } from '../model/order.ts';
import type { Evaluator } from './affected.ts';
import { plainLocation } from './locations.ts';

type Gap = 'invalid-version' | 'unmatchable' | 'unpinned';

/**
 * What matching by name and version cannot decide: components without an exact version (`unpinned`), from
 * elsewhere than a registry (`unmatchable`), and with a version that has no order (`invalid-version`, compared
 * with the listed versions as text alone). One row per project and cause, sorted by both. The project's own
 * packages are no gap.
 */
export function matchingCoverage(
  components: readonly Component[],
  evaluatorOf: (ecosystem: Ecosystem) => Evaluator,
): Coverage[] {
  const rows = new Map<string, { target: string; cause: Gap; errors: CoverageError[] }>();
  for (const component of components) {
    const cause = gapOf(component, evaluatorOf);
    if (cause === undefined) continue;
    const key = `${component.project}\0${cause}`;
    const row = rows.get(key) ?? { target: component.project, cause, errors: [] };
    rows.set(key, row);
    row.errors.push(describeGap(component, cause));
  }
  return [...rows.values()]
    .sort((a, b) => compareKeys([a.target, a.cause], [b.target, b.cause]))
    .map(({ target, cause, errors }) => ({
      plugin: 'advisories',
      target,
      status: cause === 'invalid-version' ? 'partial' : 'skipped',
      cause,
      unit: 'packages',
      expected: errors.length,
      processed: 0,
      required: true,
      errors,
    }));
}

function gapOf(
  { origin, ecosystem, version }: Component,
  evaluatorOf: (ecosystem: Ecosystem) => Evaluator,
): Gap | undefined {
  if (origin === 'workspace') return undefined;
  if (origin !== 'registry' || ecosystem === undefined) return 'unmatchable';
  if (version === undefined) return 'unpinned';
  return evaluatorOf(ecosystem).install(version).parsed ? undefined : 'invalid-version';
}

const EXPECTED = {
  'invalid-version': 'a version with an order',
  unmatchable: 'a package from a registry',
  unpinned: 'an exact version',
} as const satisfies Record<Gap, string>;

function describeGap(component: Component, cause: Gap): CoverageError {
  const { name, origin, version, requirement, locations } = component;
  const got = {
    'invalid-version': version,
    unmatchable: origin === 'registry' ? 'an unknown ecosystem' : `origin ${origin}`,
    unpinned: requirement ?? 'none',
  }[cause];
  const message = `expected ${EXPECTED[cause]} of ${name}, got ${got}`;
  const [location] = locations;
  if (!location) return { message };
  const line = location.startLine === undefined ? '' : `:${location.startLine}`;
  return { message: `${location.uri}${line}: ${message}`, location: plainLocation(location) };
}
