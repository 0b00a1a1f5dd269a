// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CollectedProject } from '../../src/collectors/collector.ts';
import { requirements } from '../../src/collectors/python/requirements.ts';
import { decodeRequirements } from '../../src/collectors/python/requirements-lines.ts';
import { normalizePypiName } from '../../src/model/purl.ts';
import { memoryContext } from '../support/memory-files.ts';
import { readTreeFiles } from '../support/read-tree.ts';
import { HAS_SHARED_DATA, SHARED_DATA, SHARED_SKIP_REASON } from '../support/shared-data.ts';

const CORPUS = join(SHARED_DATA, 'lockfiles', 'requirements');
const FOLDERS = HAS_SHARED_DATA
  ? readdirSync(CORPUS)
      .filter((name) => name.includes('__'))
      .sort()
  : [];

/** The one file of the corpus that pip rejects: it is prose. */
const REJECTED = ['pypa__pip__843ffb38/docs/requirements.txt'];

describe.skipIf(!HAS_SHARED_DATA)(
  `requirements corpus${HAS_SHARED_DATA ? '' : ` ${SHARED_SKIP_REASON}`}`,
  () => {
    it('has every folder of the corpus', () => {
      expect(FOLDERS).toHaveLength(17);
    });

    it('fails exactly the projects that pip rejects', async () => {
      const failed: string[] = [];
      for (const folder of FOLDERS) {
        const { projects } = await collectFolder(folder);
        failed.push(...projects.filter(isFailed).map((project) => `${folder}/${project.project.id}`));
      }
      expect(failed).toEqual(REJECTED);
    });

    it.each(FOLDERS)('%s: registry packages with a version equal truth.json', async (folder) => {
      const { projects } = await collectFolder(folder);
      const truth: [string, string, string][] = JSON.parse(
        readFileSync(join(CORPUS, folder, 'truth.json'), 'utf8'),
      );
      const found = projects
        .filter((project) => !isFailed(project))
        .flatMap((project) => project.components)
        .filter((component) => component.origin === 'registry' && component.version !== undefined)
        .map((component) => `${component.ecosystem} ${component.name} ${component.version}`);
      expect([...new Set(found)].sort()).toEqual(truth.map((entry) => entry.join(' ')).sort());
    });

    it.each(FOLDERS)('%s: the line of each location holds the name as written there', async (folder) => {
      const { projects, files } = await collectFolder(folder);
      const texts = new Map(
        Object.entries(files).map(([path, bytes]) => [
          path,
          decodeRequirements(bytes).text.split(/\r\n|\r|\n/),
        ]),
      );
      let checked = 0;
      for (const component of projects.flatMap((project) => project.components)) {
        if (component.purl === undefined) continue;
        for (const { uri, startLine } of component.locations) {
          const line = texts.get(uri)?.[(startLine ?? 0) - 1] ?? '';
          const written = line.match(/[A-Za-z0-9][A-Za-z0-9._-]*/g) ?? [];
          expect(written.map(normalizePypiName), `${uri}:${startLine} ${line}`).toContain(component.name);
          checked++;
        }
      }
      expect(checked).toBeGreaterThan(0);
    });

    it.each(FOLDERS)(
      '%s: every claimed file is in a project, and the root reaches every component',
      async (folder) => {
        const { projects, files } = await collectFolder(folder);
        const mentioned = new Set(projects.flatMap(({ project }) => project.files));
        expect(
          Object.keys(files).filter((path) => requirements.claims(path) && !mentioned.has(path)),
        ).toEqual([]);
        for (const { project, components, dependencies } of projects) {
          const edges = new Map(
            dependencies.map((node) => [node.ref, node.dependsOn.map((edge) => edge.ref)]),
          );
          const reached = new Set([project.root]);
          for (const ref of reached) for (const next of edges.get(ref) ?? []) reached.add(next);
          expect(reached.size, project.id).toBe(components.length);
        }
      },
    );
  },
);

function isFailed({ coverage }: CollectedProject): boolean {
  return coverage.some((row) => row.status === 'failed');
}

async function collectFolder(
  folder: string,
): Promise<{ projects: readonly CollectedProject[]; files: Record<string, Uint8Array> }> {
  const files = readTreeFiles(join(CORPUS, folder));
  const manifests = Object.keys(files).filter(requirements.claims).sort();
  return { projects: await requirements.collect(manifests, memoryContext(files)), files };
}
