// SPDX-License-Identifier: Apache-2.0
import { dependencyPaths } from '../findings/paths.ts';
import type { AdvisoryData } from '../model/advisory.ts';
import type { Coverage } from '../model/coverage.ts';
import type { Finding, Rule } from '../model/finding.ts';
import type { Component, Inventory } from '../model/inventory.ts';
import { vulnerabilityFindings } from './findings.ts';
import { matchComponents } from './matcher.ts';
import { type AdvisorySource, type PackageQuery, packageKey } from './source.ts';

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
  const answer = await source.query(packageQueries(inventory.components), signal);
  const matched = matchComponents(inventory.components, answer.records);
  const hits = new Set(matched.matches.flatMap((match) => match.records.map((record) => record.id)));
  const { findings, rules, unreadableVectors } = await vulnerabilityFindings({
    matches: matched.matches,
    components: new Map(inventory.components.map((component) => [component.ref, component])),
    packageRecords: answer.records,
    bodies: await source.records([...hits], signal),
    paths: dependencyPaths(inventory, new Set(matched.matches.map((match) => match.component))),
  });
  return {
    findings,
    rules,
    coverage: [...answer.coverage, ...matched.coverage, ...vectorCoverage(unreadableVectors)],
    data: source.describe(),
  };
}

/** What is matched by name: components of a registry with a version, each package once, in their order. */
function packageQueries(components: readonly Component[]): PackageQuery[] {
  const queries = new Map<string, PackageQuery & { readonly versions: string[] }>();
  for (const { origin, ecosystem, name, version } of components) {
    if (origin !== 'registry' || ecosystem === undefined || version === undefined) continue;
    const key = packageKey(ecosystem, name);
    const known = queries.get(key);
    if (known === undefined) queries.set(key, { ecosystem, name, versions: [version] });
    else if (!known.versions.includes(version)) known.versions.push(version);
  }
  return [...queries.values()];
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
