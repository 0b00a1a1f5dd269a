// SPDX-License-Identifier: Apache-2.0
import { buildFinding, compareFindings } from '../findings/build.ts';
import type { DependencyPaths } from '../findings/paths.ts';
import type { Advisory, AdvisoryMatch } from '../model/advisory.ts';
import type { Finding, Rule, VulnerabilityDetail } from '../model/finding.ts';
import type { Component } from '../model/inventory.ts';
import { plainLocation } from '../model/location.ts';
import { schemeOf } from '../versions/index.ts';
import { sortVersions } from '../versions/version.ts';
import { advisoryRules } from './advisory-rules.ts';
import { packageMatcher } from './matcher.ts';
import { invalidVectors, type Problem, ratedRecords, readProblem } from './problem.ts';
import { explain, tipOf, titleOf } from './prose.ts';
import { type Recommendation, recommendVersion } from './recommend.ts';
import { type CvssScorer, isMalware, loadCvssScorer, rate, severitiesOf } from './severity.ts';
import { packageKey } from './source.ts';

/** What the matcher found, with all that the words of a finding need. */
export interface FindingInput {
  readonly matches: readonly AdvisoryMatch[];
  /** By ref; holds every component that a match names. */
  readonly components: ReadonlyMap<string, Component>;
  /** By `packageKey`, as the matcher had them. */
  readonly packageRecords: ReadonlyMap<string, readonly Advisory[]>;
  /** By commit, likewise. */
  readonly commitRecords: ReadonlyMap<string, readonly Advisory[]>;
  /** Full records by id, for the prose; what is missing is made up for by the records above. */
  readonly bodies: ReadonlyMap<string, Advisory>;
  readonly paths: DependencyPaths;
}

/** The findings of a run, their rules, and what could not be scored. */
export interface VulnerabilityFindings {
  /** In report order. */
  readonly findings: readonly Finding[];
  /** One per anchor, sorted by id. */
  readonly rules: readonly Rule[];
  /** How many vectors of the records that hit claim to be CVSS and are not valid. */
  readonly unreadableVectors: number;
}

/** One finding per match: what the matcher found, with severity, advice and the words for a person. */
export async function vulnerabilityFindings(input: FindingInput): Promise<VulnerabilityFindings> {
  if (input.matches.length === 0) return { findings: [], rules: [], unreadableVectors: 0 };
  const score = await loadCvssScorer(severitiesIn(input));
  const recommend = recommender(input.packageRecords);
  const found = input.matches.map((match) => {
    const problem = readProblem(match, input);
    return { problem, finding: toFinding(problem, score, recommend(problem), input.paths) };
  });
  return {
    findings: found.map(({ finding }) => finding).sort(compareFindings),
    rules: advisoryRules(found),
    unreadableVectors: new Set(found.flatMap(({ problem }) => invalidVectors(problem))).size,
  };
}

function* severitiesIn({ packageRecords, commitRecords, bodies }: FindingInput) {
  for (const record of bodies.values()) yield* severitiesOf(record);
  for (const map of [packageRecords, commitRecords])
    for (const records of map.values()) for (const record of records) yield* severitiesOf(record);
}

function toFinding(
  problem: Problem,
  score: CvssScorer,
  recommended: Recommendation | undefined,
  paths: DependencyPaths,
): Finding {
  const { component, hits, match } = problem;
  const { anchor, ids } = match.group;
  const kind = hits.some(isMalware) ? 'malware' : 'vulnerability';
  const detail: VulnerabilityDetail = {
    kind,
    records: match.records,
    fixedVersions: fixedVersions(problem),
    ...(recommended ? { recommendedVersion: recommended } : {}),
    dependencyPaths: paths.to(component.ref),
  };
  return buildFinding(
    // By the package's own ecosystem, so that a move between registry and git opens no new alert.
    {
      kind,
      ecosystem: component.ecosystem ?? 'GIT',
      name: component.name,
      projectId: component.project,
      anchor,
    },
    {
      ruleId: anchor,
      ...rate(ratedRecords(problem, 'hits'), ratedRecords(problem, 'others'), score),
      confidence: 'high',
      title: titleOf(problem),
      message: explain(problem),
      tip: tipOf(problem, detail),
      project: component.project,
      component: component.ref,
      aliases: ids.filter((id) => id !== anchor),
      cwes: hits.flatMap((record) => record.cwes),
      locations: component.locations.map(plainLocation),
      sources: match.records.map(({ id }) => ({ tool: 'plimsoll', ruleId: id })),
      detail,
    },
  );
}

function fixedVersions({ ecosystem, match }: Problem): readonly string[] {
  const fixed = match.records.flatMap((record) => record.fixed);
  return ecosystem === undefined ? fixed : sortVersions(schemeOf(ecosystem), fixed);
}

/** Several problems of one version get the same advice, which is worked out once. */
function recommender(
  packageRecords: FindingInput['packageRecords'],
): (problem: Problem) => Recommendation | undefined {
  const known = new Map<string, Recommendation | undefined>();
  return ({ ecosystem, component: { name }, version }) => {
    if (ecosystem === undefined) return undefined;
    const packageId = packageKey(ecosystem, name);
    const key = `${packageId}\0${version}`;
    if (!known.has(key)) {
      const matcher = packageMatcher(ecosystem, name, packageRecords.get(packageId) ?? []);
      known.set(key, recommendVersion(matcher, version));
    }
    return known.get(key);
  };
}
