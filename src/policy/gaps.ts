// SPDX-License-Identifier: Apache-2.0
import type { Coverage, CoverageError } from '../model/coverage.ts';
import type { Component, Inventory } from '../model/inventory.ts';
import { compareText } from '../model/order.ts';

const MAX_NAMED = 20;

type Cause = 'unpinned' | 'unmatchable';

/**
 * One row per project and cause for the packages that no advisory can be looked up for. Members of a workspace
 * are what is built here, not dependencies.
 */
export function matchGaps(inventory: Inventory): Coverage[] {
  const byProject = new Map<string, { total: number; gaps: Record<Cause, Component[]> }>();
  for (const component of inventory.components) {
    if (component.origin === 'workspace') continue;
    let project = byProject.get(component.project);
    if (!project) {
      project = { total: 0, gaps: { unpinned: [], unmatchable: [] } };
      byProject.set(component.project, project);
    }
    project.total++;
    const cause = gapOf(component);
    if (cause) project.gaps[cause].push(component);
  }
  return [...byProject].flatMap(([target, { total, gaps }]) =>
    (['unpinned', 'unmatchable'] as const).flatMap((cause): Coverage[] => {
      const components = gaps[cause];
      if (components.length === 0) return [];
      return [
        {
          plugin: 'matcher',
          target,
          status: 'partial',
          cause,
          unit: 'packages',
          expected: total,
          processed: total - components.length,
          required: true,
          errors: nameSome(components),
        },
      ];
    }),
  );
}

function gapOf({ origin, pinning, version, ecosystem }: Component): Cause | undefined {
  if (origin !== 'registry') return 'unmatchable';
  if (pinning === 'unresolved' || version === undefined) return 'unpinned';
  return ecosystem === undefined ? 'unmatchable' : undefined;
}

function nameSome(components: readonly Component[]): CoverageError[] {
  const sorted = [...components].sort((a, b) => compareText(a.ref, b.ref));
  const errors = sorted.slice(0, MAX_NAMED).map(nameOne);
  const more = sorted.length - errors.length;
  return more > 0 ? [...errors, { message: `and ${more} more` }] : errors;
}

function nameOne(component: Component): CoverageError {
  const [place] = component.locations;
  const message = reason(component);
  if (!place) return { message };
  const { uri, startLine } = place;
  return {
    message: `${uri}${startLine === undefined ? '' : `:${startLine}`}: ${message}`,
    location: startLine === undefined ? { uri } : { uri, startLine },
  };
}

function reason({ name, origin, source, requirement, locations }: Component): string {
  switch (origin) {
    case 'git':
      return source?.commit === undefined
        ? `expected a commit of ${name}, got a git reference that can move`
        : `expected a release of ${name}, got a git commit, which only the OSV API can look up`;
    case 'url':
    case 'path':
      return `expected a release of ${name} from a registry, got a ${origin}`;
    case 'unknown':
      return `expected a release of ${name} from a registry, got an unknown source`;
    default: {
      const written = requirement ?? locations[0]?.requirement;
      const got = written === undefined || written === '' ? 'none' : JSON.stringify(written);
      return `expected an exact version of ${name}, got ${got}`;
    }
  }
}
