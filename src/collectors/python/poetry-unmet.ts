// SPDX-License-Identifier: Apache-2.0
import type { Location } from '../../model/location.ts';
import { normalizePypiName } from '../../model/purl.ts';
import type { LockedDependency } from './poetry-package.ts';
import type { PoetryLock } from './poetry-read.ts';
import type { Pyproject } from './pyproject.ts';

/** A dependency that must be in the lock and is not, where it is asked for. */
export interface Unmet {
  readonly location: Location;
  /** Name and constraint. */
  readonly text: string;
  readonly reason: string;
}

/**
 * What the pyproject.toml or a package asks for by all means, and the lock has under no version. Left out is what is
 * optional, what a marker may rule out (Poetry locks it only where it can apply), and the project itself.
 */
export function unmetDependencies(id: string, lock: PoetryLock, pyproject: Pyproject | undefined): Unmet[] {
  const present = new Set(NEVER_LOCKED);
  for (const { name } of lock.packages) present.add(name);
  // Damage is reported where it stands.
  for (const { text } of lock.skipped) present.add(normalizePypiName(text));
  if (pyproject?.name !== undefined) present.add(pyproject.name);
  const unmet: Unmet[] = [];
  function check(dependency: Head, isOptional: boolean, uri: string, line: number | undefined): void {
    const { name, constraint = '*', conditional } = dependency;
    if (isOptional || conditional || present.has(name)) return;
    unmet.push({
      location: { uri, ...(line === undefined ? {} : { startLine: line }) },
      text: `${name} ${constraint}`,
      reason: `expected a [[package]] named ${name} in ${id}, got none`,
    });
  }
  for (const one of pyproject?.dependencies ?? []) {
    check(one, one.kind === 'optional', pyproject?.file ?? id, one.line);
  }
  for (const { dependencies, line } of lock.packages) {
    for (const one of dependencies) check(one, one.optional, id, line);
  }
  return unmet;
}

type Head = Pick<LockedDependency, 'name' | 'constraint' | 'conditional'>;

/** Older Poetry took these to be there already and never locked them. */
const NEVER_LOCKED = ['setuptools', 'pip', 'wheel', 'distribute'];
