// SPDX-License-Identifier: Apache-2.0
import type { Coverage, CoverageError } from '../model/coverage.ts';
import type { Component } from '../model/inventory.ts';
import { compareText } from '../model/order.ts';
import { packageLabel, place } from './findings.ts';

const MAX_NAMED = 20;

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
  const more = errors.length - MAX_NAMED;
  return {
    plugin: 'licenses',
    target,
    ...(errors.length === 0 ? { status: 'succeeded' } : { status: 'partial', cause: 'license-unknown' }),
    unit: 'packages',
    expected: entries.length,
    processed: entries.length - errors.length,
    required: true,
    errors: [...errors.slice(0, MAX_NAMED), ...(more > 0 ? [{ message: `and ${more} more` }] : [])],
  };
}

function unknownError(component: Component, reason: string): CoverageError {
  const [location] = component.locations;
  return {
    message: `${packageLabel(component)}: ${reason}`,
    ...(location === undefined ? {} : { location: place(location) }),
  };
}
