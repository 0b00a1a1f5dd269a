// SPDX-License-Identifier: Apache-2.0
import { errorAt, listErrors } from '../findings/coverage-errors.ts';
import type { Coverage, CoverageError } from '../model/coverage.ts';
import type { Component } from '../model/inventory.ts';
import { compareKeys, compareText } from '../model/order.ts';
import { schemeOf } from '../versions/index.ts';

type Gap = 'invalid-version' | 'unmatchable' | 'unpinned';

/**
 * What matching by name and version cannot decide: components without an exact version (`unpinned`), from
 * elsewhere than a registry (`unmatchable`), and with a version that has no order (`invalid-version`, compared
 * with the listed versions as text alone). One row of plugin `matcher` per project and cause, sorted by both;
 * `expected` counts the third-party components of the project, `processed` those without this gap. The project's
 * own packages are what is built here, and no gap.
 *
 * @param isLookedUp whether a component from git was asked for by its commit
 */
export function matchingCoverage(
  components: readonly Component[],
  isLookedUp: (component: Component) => boolean = () => false,
): Coverage[] {
  const projects = new Map<string, ProjectGaps>();
  // Components are sorted by project, so that those of a project follow each other.
  let latest: ProjectGaps | undefined;
  for (const component of components) {
    if (component.origin === 'workspace') continue;
    if (latest?.project !== component.project) latest = gapsOf(component.project, projects);
    latest.expected += 1;
    const cause = isLookedUp(component) ? undefined : gapOf(component);
    if (cause === undefined) continue;
    const same = latest.gaps.get(cause);
    if (same) same.push(component);
    else latest.gaps.set(cause, [component]);
  }
  return [...projects.values()]
    .flatMap(({ project, expected, gaps }) =>
      [...gaps].map(([cause, found]) => gapRow(project, cause, expected, found)),
    )
    .sort((a, b) => compareKeys([a.target, a.cause], [b.target, b.cause]));
}

interface ProjectGaps {
  readonly project: string;
  expected: number;
  readonly gaps: Map<Gap, Component[]>;
}

function gapsOf(project: string, projects: Map<string, ProjectGaps>): ProjectGaps {
  const known = projects.get(project) ?? { project, expected: 0, gaps: new Map() };
  projects.set(project, known);
  return known;
}

function gapOf({ origin, pinning, ecosystem, version }: Component): Gap | undefined {
  if (origin !== 'registry' || ecosystem === undefined) return 'unmatchable';
  if (pinning === 'unresolved' || version === undefined) return 'unpinned';
  return schemeOf(ecosystem).accepts(version) ? undefined : 'invalid-version';
}

function gapRow(target: string, cause: Gap, expected: number, found: readonly Component[]): Coverage {
  const sorted = found.toSorted((a, b) => compareText(a.ref, b.ref));
  return {
    plugin: 'matcher',
    target,
    status: 'partial',
    cause,
    unit: 'packages',
    expected,
    processed: expected - found.length,
    required: true,
    errors: listErrors(sorted.map((component) => describeGap(component, cause))),
  };
}

function describeGap(component: Component, cause: Gap): CoverageError {
  return errorAt(component.locations[0], reason(component, cause));
}

function reason(component: Component, cause: Gap): string {
  const { name, version, requirement, locations } = component;
  if (cause === 'unmatchable') return whyUnmatchable(component);
  if (cause === 'invalid-version') {
    return `expected a version of ${name} that has an order, got ${JSON.stringify(version)}`;
  }
  const written = requirement ?? locations[0]?.requirement;
  const got = written === undefined || written === '' ? 'none' : JSON.stringify(written);
  return `expected an exact version of ${name}, got ${got}`;
}

function whyUnmatchable({ name, origin, source }: Component): string {
  switch (origin) {
    case 'registry':
      return `expected an ecosystem with advisories of ${name}, got none`;
    case 'git':
      return source?.commit === undefined
        ? `expected a commit of ${name}, got a git reference that can move`
        : `expected a release of ${name}, got a git commit, which only the OSV API can look up`;
    case 'unknown':
      return `expected a release of ${name} from a registry, got an unknown source`;
    default:
      return `expected a release of ${name} from a registry, got a ${origin}`;
  }
}
