// SPDX-License-Identifier: Apache-2.0
import { groupBy } from '../model/group.ts';
import { compareText } from '../model/order.ts';
import { schemeOf } from '../versions/index.ts';
import { sortVersions } from '../versions/version.ts';
import type { AdvisoryFinding } from './advisory-rules.ts';

/** `demo: affected <1.2.0, fixed in 1.2.0` of each package of which one or the other is known, sorted. */
export function affectedPackages(found: readonly AdvisoryFinding[]): string[] {
  const byName = groupBy(found, ({ problem }) => problem.component.name);
  return [...byName]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([name, same]) => {
      const ranges = rangesOf(same);
      const fixed = fixedIn(same);
      if (ranges.length === 0 && fixed.length === 0) return [];
      const affected = ranges.length === 0 ? [] : [`affected ${ranges.join(' or ')}`];
      const way = fixed.length === 0 ? 'no fixed version is known' : `fixed in ${fixed.join(', ')}`;
      return [`${name}: ${[...affected, way].join(', ')}`];
    });
}

/** The intervals that hit, and no others of the record. */
function rangesOf(found: readonly AdvisoryFinding[]): string[] {
  const ranges = found.flatMap(({ problem }) =>
    problem.match.records.flatMap(({ matched: { by, value } }) => (by === 'range' ? [value] : [])),
  );
  return [...new Set(ranges)].sort(compareText);
}

function fixedIn(found: readonly AdvisoryFinding[]): readonly string[] {
  const fixed = found.flatMap(({ finding: { detail } }) =>
    detail.kind === 'vulnerability' || detail.kind === 'malware' ? detail.fixedVersions : [],
  );
  const ecosystem = found.find(({ problem }) => problem.ecosystem !== undefined)?.problem.ecosystem;
  const unique = [...new Set(fixed)].sort(compareText);
  return ecosystem === undefined ? unique : sortVersions(schemeOf(ecosystem), unique);
}
