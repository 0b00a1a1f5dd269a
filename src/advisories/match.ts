// SPDX-License-Identifier: Apache-2.0
import { listErrors } from '../findings/coverage-errors.ts';
import { componentsByRef, dependencyPaths } from '../findings/paths.ts';
import type { AdvisoryData } from '../model/advisory.ts';
import type { Coverage } from '../model/coverage.ts';
import type { Finding, Rule } from '../model/finding.ts';
import type { Ecosystem, Inventory } from '../model/inventory.ts';
import { compareText } from '../model/order.ts';
import { vulnerabilityFindings } from './findings.ts';
import { commitOf, matchComponents } from './matcher.ts';
import type { AdvisorySource, PackageQuery } from './source.ts';

export interface MatchedInventory {
  readonly findings: readonly Finding[];
  readonly rules: readonly Rule[];
  readonly coverage: readonly Coverage[];
  readonly data: AdvisoryData;
}

/** Asks a source for the records of every package in the inventory, and lets the matcher decide which hit. */
export async function matchInventory(
  inventory: Inventory,
  source: AdvisorySource,
  signal?: AbortSignal,
): Promise<MatchedInventory> {
  const { components } = inventory;
  const wanted = queriesOf(inventory);
  const answer = await source.query(wanted.packages, signal);
  const commits = await source.commits(wanted.commits, signal);
  const matched = matchComponents(components, answer.records, commits.records);
  const hits = new Set(matched.matches.flatMap((match) => match.records.map((record) => record.id)));
  const affected = new Set(matched.matches.map((match) => match.component));
  const bodies = await source.records([...hits], signal);
  const { findings, rules, unreadableVectors } = await vulnerabilityFindings({
    matches: matched.matches,
    components: componentsByRef(inventory.components, affected),
    packageRecords: answer.records,
    bodies,
    commitRecords: commits.records,
    paths: dependencyPaths(inventory, affected),
  });
  return {
    findings,
    rules,
    coverage: [
      ...answer.coverage,
      ...commits.coverage,
      ...matched.coverage,
      ...vectorCoverage(unreadableVectors),
      ...textCoverage([...hits].filter((id) => !bodies.has(id))),
    ],
    data: source.describe(),
  };
}

/**
 * What is matched by name, components of a registry with a version, each package once; and the commits at which
 * components from git stand, each once. In the order of the components.
 */
function queriesOf({ projects, components }: Inventory): { packages: PackageQuery[]; commits: string[] } {
  const packages: PackageQuery[] = [];
  const commits = new Set<string>();
  const isNew = projects.length === 1 ? isUnlikeLatest() : isUnseen();
  for (const component of components) {
    const commit = commitOf(component);
    if (commit !== undefined) commits.add(commit);
    const { origin, ecosystem, name, version } = component;
    if (origin !== 'registry' || ecosystem === undefined || version === undefined) continue;
    if (isNew(ecosystem, name)) packages.push({ ecosystem, name });
  }
  return { packages, commits: [...commits] };
}

type IsNew = (ecosystem: Ecosystem, name: string) => boolean;

/** In one project the versions of a package follow each other, since components are sorted by purl. */
function isUnlikeLatest(): IsNew {
  let latest: PackageQuery | undefined;
  return (ecosystem, name) => {
    if (latest?.name === name && latest.ecosystem === ecosystem) return false;
    latest = { ecosystem, name };
    return true;
  };
}

function isUnseen(): IsNew {
  const seen = new Map<Ecosystem, Set<string>>();
  return (ecosystem, name) => {
    const names = seen.get(ecosystem) ?? new Set();
    seen.set(ecosystem, names);
    if (names.has(name)) return false;
    names.add(name);
    return true;
  };
}

/** What hits is known by another part of the data; without its text a finding has no title, and the data are damaged. */
function textCoverage(ids: readonly string[]): Coverage[] {
  if (ids.length === 0) return [];
  const errors = ids.toSorted(compareText).map((id) => ({ message: `the text of ${id} cannot be read` }));
  return [
    {
      plugin: 'advisories',
      target: 'texts',
      status: 'partial',
      cause: 'advisory-data-damaged',
      unit: 'records',
      expected: ids.length,
      processed: 0,
      required: true,
      errors: listErrors(errors),
    },
  ];
}

/** Vectors that are not valid are kept as text and counted; the finding has another score, or none. */
function vectorCoverage(unreadable: number): Coverage[] {
  if (unreadable === 0) return [];
  return [
    {
      plugin: 'advisories',
      target: 'severity vectors',
      status: 'partial',
      cause: 'unparsable',
      unit: 'records',
      expected: unreadable,
      processed: 0,
      required: false,
      errors: [
        { message: `${unreadable} CVSS vectors of records that hit are not valid and were not scored` },
      ],
    },
  ];
}
