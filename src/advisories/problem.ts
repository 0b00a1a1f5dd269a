// SPDX-License-Identifier: Apache-2.0
import type { Advisory, AdvisoryMatch } from '../model/advisory.ts';
import type { Component, Ecosystem } from '../model/inventory.ts';
import { affectedOf } from './affected.ts';
import { type RatedRecord, unreadableVectors } from './severity.ts';
import { packageKey } from './source.ts';

/** A match with all that it refers to. */
export interface Problem {
  readonly match: AdvisoryMatch;
  readonly component: Component;
  readonly ecosystem: Ecosystem;
  readonly version: string;
  /** The records that hit, as full as they are at hand, sorted by id. */
  readonly hits: readonly Advisory[];
  /** The other live records of the group, likewise. */
  readonly others: readonly Advisory[];
}

/** @throws TypeError for a match that does not come from these components and records. */
export function readProblem(
  match: AdvisoryMatch,
  from: {
    readonly components: ReadonlyMap<string, Component>;
    readonly packageRecords: ReadonlyMap<string, readonly Advisory[]>;
    readonly bodies: ReadonlyMap<string, Advisory>;
  },
): Problem {
  const component = from.components.get(match.component);
  if (!component?.ecosystem || component.version === undefined) {
    throw new TypeError(`a match of ${match.component}, which is no component with a version`);
  }
  const { ecosystem, name, version } = component;
  const records = new Map((from.packageRecords.get(packageKey(ecosystem, name)) ?? []).map((r) => [r.id, r]));
  const full = (id: string) => from.bodies.get(id) ?? records.get(id) ?? [];
  const hitIds = new Set(match.records.map(({ id }) => id));
  return {
    match,
    component,
    ecosystem,
    version,
    hits: [...hitIds].flatMap(full),
    others: match.group.members.filter((id) => !hitIds.has(id)).flatMap(full),
  };
}

/** What the records say of severity for this package: their own vectors, and those of its `affected` entries. */
export function ratedRecords(problem: Problem, which: 'hits' | 'others'): RatedRecord[] {
  return problem[which].map((record) => ({
    ...record,
    severity: [
      ...record.severity,
      ...affectedOf(record, problem.ecosystem, problem.component.name).flatMap((entry) => entry.severity),
    ],
  }));
}

/** `RECORD: VECTOR` of each vector that is not valid, in the records that hit. */
export function invalidVectors(problem: Problem): string[] {
  return ratedRecords(problem, 'hits').flatMap((record) =>
    unreadableVectors(record).map((vector) => `${record.id}: ${vector}`),
  );
}
