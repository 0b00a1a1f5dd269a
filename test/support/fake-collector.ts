// SPDX-License-Identifier: Apache-2.0
import type { CollectedProject, Collector } from '../../src/collectors/collector.ts';
import { foldEntries } from '../../src/collectors/fold.ts';

/** A collector of files of one name, each a project that is nothing but its root. */
export function fakeCollector(id: string, fileName: string, overrides: Partial<Collector> = {}): Collector {
  return {
    id,
    describes: `\`${fileName}\``,
    claims: (path) => path === fileName || path.endsWith(`/${fileName}`),
    collect: async (manifests) => manifests.map((path) => emptyProject(id, path)),
    ...overrides,
  };
}

export function emptyProject(collector: string, path: string): CollectedProject {
  const folded = foldEntries(path, [
    {
      key: '',
      identity: '.',
      dependsOn: [],
      component: {
        name: path,
        origin: 'workspace',
        pinning: 'pinned',
        scopes: ['runtime'],
        direct: false,
        artifacts: [],
        licenses: [],
        flags: {},
        locations: [{ uri: path, startLine: 1 }],
      },
    },
  ]);
  const coverage = {
    plugin: collector,
    target: path,
    status: 'succeeded',
    unit: 'packages',
    expected: 0,
    processed: 0,
    required: true,
    errors: [],
  } as const;
  return {
    ...folded,
    project: { id: path, collector, manifest: path, files: [path], root: `${path}#.`, sources: [] },
    skipped: [],
    coverage: [coverage],
    findings: [],
  };
}
