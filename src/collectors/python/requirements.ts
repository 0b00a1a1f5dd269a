// SPDX-License-Identifier: Apache-2.0
import { listErrors } from '../../findings/coverage-errors.ts';
import type { Coverage, CoverageCause } from '../../model/coverage.ts';
import { compareKeys, compareText } from '../../model/order.ts';
import type { CollectedProject, Collector } from '../collector.ts';
import { type Entry, foldEntries } from '../fold.ts';
import { placeRequirements } from './requirements-entries.ts';
import { connect, ROOT_KEY } from './requirements-graph.ts';
import { unhashedRequirements } from './requirements-hashes.ts';
import { compiledPath, isRequirementsPath } from './requirements-names.ts';
import { type Gap, gatherRequirements, type RequirementSet } from './requirements-set.ts';
import { findRoots, readTree } from './requirements-tree.ts';

/**
 * pip's requirements files, read as pip 26 reads them, without its guesses: no variable is expanded, no marker
 * evaluated, no range turned into a version. A file that pip would reject makes its project `failed`; whatever else
 * could be read is kept. A `.in` whose compiled `.txt` stands beside it is mentioned in the `.txt`'s project.
 */
export const requirements: Collector = {
  id: 'requirements',
  describes:
    '`requirements.txt`, `*requirements*.txt`, `.txt` below a folder `requirements`, `.in` of these where no compiled `.txt` stands beside it, and all that they include',
  claims: isRequirementsPath,
  async collect(manifests, context) {
    const claimed = new Set(manifests);
    const sourceOf = new Map<string, string>();
    for (const path of manifests) {
      const compiled = compiledPath(path);
      if (compiled !== undefined && claimed.has(compiled)) sourceOf.set(compiled, path);
    }
    const uncompiled = manifests.filter((path) => !claimed.has(compiledPath(path) ?? ''));
    const tree = await readTree(uncompiled, context);
    return findRoots(uncompiled, tree).map((root) => buildProject(gatherRequirements(root, tree), sourceOf));
  },
};

function buildProject(set: RequirementSet, sourceOf: ReadonlyMap<string, string>): CollectedProject {
  const { placed, gaps } = placeRequirements(set);
  const graph = connect(rootEntry(set.root), placed);
  const { components, dependencies } = foldEntries(set.root, graph.entries);
  const sources = set.files.flatMap((path) => sourceOf.get(path) ?? []);
  return {
    project: {
      id: set.root,
      collector: requirements.id,
      manifest: sourceOf.get(set.root) ?? set.root,
      files: [...new Set([...set.files, ...sources])].sort(compareText),
      root: `${set.root}#${ROOT_KEY}`,
      sources: set.sources,
    },
    components,
    dependencies,
    skipped: set.skipped.toSorted((a, b) =>
      compareKeys([a.location.uri, a.location.startLine], [b.location.uri, b.location.startLine]),
    ),
    coverage: coverageRows(set, [...set.gaps, ...gaps, ...graph.gaps]),
    findings: unhashedRequirements(set, placed),
  };
}

function rootEntry(id: string): Omit<Entry, 'dependsOn'> {
  return {
    key: ROOT_KEY,
    identity: ROOT_KEY,
    component: {
      name: id,
      origin: 'workspace',
      pinning: 'pinned',
      scopes: ['runtime'],
      direct: true,
      artifacts: [],
      licenses: [],
      flags: {},
      locations: [{ uri: id }],
    },
  };
}

/** One row per cause; a row `succeeded` where there is none. All count the same lines. */
function coverageRows(set: RequirementSet, gaps: readonly Gap[]): Coverage[] {
  const row = {
    plugin: requirements.id,
    target: set.root,
    unit: 'packages',
    expected: set.expected,
    processed: set.requirements.length,
    required: true,
  } as const;
  if (gaps.length === 0) return [{ ...row, status: 'succeeded', errors: [] }];
  const causes = [...new Set(gaps.map((gap) => gap.cause))].sort(compareText);
  return causes.map((cause) => {
    const errors = gaps.filter((gap) => gap.cause === cause);
    const listed = listErrors(errors.map(({ message, location }) => ({ message, location })));
    return { ...row, status: statusOf(cause, set), cause, errors: listed };
  });
}

/** A line that pip rejects is more than a gap: pip would install nothing of the project. */
function statusOf(cause: CoverageCause, set: RequirementSet): Coverage['status'] {
  if (cause === 'limit-exceeded') return set.expected > 0 ? 'partial' : 'failed';
  return cause === 'include-not-followed' || cause === 'unmatchable' ? 'partial' : 'failed';
}
