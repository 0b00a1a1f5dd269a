// SPDX-License-Identifier: Apache-2.0
import { listErrors } from '../findings/coverage-errors.ts';
import type { Coverage, CoverageError } from '../model/coverage.ts';
import type { Component } from '../model/inventory.ts';
import { plainLocation } from '../model/location.ts';
import { compareText } from '../model/order.ts';
import { packageLabel } from './findings.ts';

export interface Judged {
  readonly component: Component;
  /** Why its licence could not be judged; absent where it could. */
  readonly unknown?: string;
}

/** One row per project: how many of its packages state a licence that could be judged, and which do not, and why. */
export function licenseCoverage(judged: readonly Judged[]): Coverage[] {
  const byProject = new Map<string, Judged[]>();
  for (const entry of judged) {
    const same = byProject.get(entry.component.project);
    if (same) same.push(entry);
    else byProject.set(entry.component.project, [entry]);
  }
  return [...byProject.entries()].map(projectRow).sort((a, b) => compareText(a.target, b.target));
}

function projectRow([target, entries]: readonly [string, readonly Judged[]]): Coverage {
  const errors = entries.flatMap(({ component, unknown }) =>
    unknown === undefined ? [] : [unknownError(component, unknown)],
  );
  return {
    plugin: 'licenses',
    target,
    ...(errors.length === 0 ? { status: 'succeeded' } : { status: 'partial', cause: 'license-unknown' }),
    unit: 'packages',
    expected: entries.length,
    processed: entries.length - errors.length,
    required: true,
    errors: listErrors(errors),
  };
}

function unknownError(component: Component, reason: string): CoverageError {
  const [location] = component.locations;
  return {
    message: `${packageLabel(component)}: ${reason}`,
    ...(location === undefined ? {} : { location: plainLocation(location) }),
  };
}
