// SPDX-License-Identifier: Apache-2.0
import type { Advisory, AdvisoryMatch, Affected } from '../model/advisory.ts';
import type { Component, Ecosystem } from '../model/inventory.ts';
import { affectedOf } from './affected.ts';
import { commitOf } from './matcher.ts';
import { type RatedRecord, unreadableVectors } from './severity.ts';
import { packageKey } from './source.ts';

/** A match with all that it refers to. */
export interface Problem {
  readonly match: AdvisoryMatch;
  readonly component: Component;
  /** Absent for what was matched by its commit. */
  readonly ecosystem?: Ecosystem;
  /** As people are told: the version, or the beginning of the commit. */
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
    readonly commitRecords: ReadonlyMap<string, readonly Advisory[]>;
    readonly bodies: ReadonlyMap<string, Advisory>;
  },
): Problem {
  const component = from.components.get(match.component);
  if (component === undefined) throw new TypeError(`a match of ${match.component}, which is no component`);
  const { ecosystem, version, supplied } = suppliedRecords(component, from);
  const records = new Map(supplied.map((record) => [record.id, record]));
  const full = (id: string) => from.bodies.get(id) ?? records.get(id) ?? [];
  const hitIds = new Set(match.records.map(({ id }) => id));
  return {
    match,
    component,
    ...(ecosystem === undefined ? {} : { ecosystem }),
    version,
    hits: [...hitIds].flatMap(full),
    others: match.group.members.filter((id) => !hitIds.has(id)).flatMap(full),
  };
}

function suppliedRecords(
  component: Component,
  from: {
    readonly packageRecords: ReadonlyMap<string, readonly Advisory[]>;
    readonly commitRecords: ReadonlyMap<string, readonly Advisory[]>;
  },
): { ecosystem?: Ecosystem; version: string; supplied: readonly Advisory[] } {
  const { ecosystem, name, version, ref } = component;
  const commit = commitOf(component);
  if (commit !== undefined) {
    return { version: version ?? commit.slice(0, 12), supplied: from.commitRecords.get(commit) ?? [] };
  }
  if (ecosystem === undefined || version === undefined) {
    throw new TypeError(`a match of ${ref}, which has neither a version nor a commit`);
  }
  return { ecosystem, version, supplied: from.packageRecords.get(packageKey(ecosystem, name)) ?? [] };
}

/** What the records say of severity for this package: their own vectors, and those of its `affected` entries. */
export function ratedRecords(problem: Problem, which: 'hits' | 'others'): RatedRecord[] {
  return problem[which].map((record) => ({
    ...record,
    severity: [...record.severity, ...spokenOf(record, problem).flatMap((entry) => entry.severity)],
  }));
}

/** The entries about the package; for a commit all of them, since they may name it as another ecosystem does. */
function spokenOf(record: Advisory, { ecosystem, component }: Problem): readonly Affected[] {
  return ecosystem === undefined ? record.affected : affectedOf(record, ecosystem, component.name);
}

/** `RECORD: VECTOR` of each vector that is not valid, in the records that hit. */
export function invalidVectors(problem: Problem): string[] {
  return ratedRecords(problem, 'hits').flatMap((record) =>
    unreadableVectors(record).map((vector) => `${record.id}: ${vector}`),
  );
}
