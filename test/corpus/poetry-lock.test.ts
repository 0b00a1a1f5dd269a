// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CollectedProject } from '../../src/collectors/collector.ts';
import { poetryLock } from '../../src/collectors/python/poetry-lock.ts';
import { compareText } from '../../src/model/order.ts';
import { normalizePypiName } from '../../src/model/purl.ts';
import { readDocument } from '../support/markdown.ts';
import { memoryContext } from '../support/memory-files.ts';
import { HAS_SHARED_DATA, SHARED_DATA, SHARED_SKIP_REASON } from '../support/shared-data.ts';

const CORPUS = join(SHARED_DATA, 'lockfiles', 'poetry.lock');
const FOLDERS = HAS_SHARED_DATA ? readdirSync(CORPUS).sort() : [];
const LOCKS = FOLDERS.flatMap((folder) =>
  readdirSync(join(CORPUS, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => basename(path) === 'poetry.lock')
    .map((path) => `${folder}/${path}`),
).sort();

async function collect(lock: string, edit = (text: string) => text): Promise<CollectedProject> {
  const manifest = lock.replace(/poetry\.lock$/, 'pyproject.toml');
  const files = {
    [lock]: edit(readFileSync(join(CORPUS, lock), 'utf8')),
    [manifest]: readFileSync(join(CORPUS, manifest), 'utf8'),
  };
  const [project] = await poetryLock.collect([lock], memoryContext(files));
  return project!;
}

describe.skipIf(!HAS_SHARED_DATA)(
  `poetry.lock corpus${HAS_SHARED_DATA ? '' : ` ${SHARED_SKIP_REASON}`}`,
  () => {
    it('holds every lock-version', () => {
      const versions = LOCKS.map(
        (lock) => /lock-version = "(.*)"/.exec(readFileSync(join(CORPUS, lock), 'utf8'))?.[1],
      );
      expect([...new Set(versions)].sort()).toEqual(['1.0', '1.1', '2.0', '2.1', undefined]);
    });

    it.each(FOLDERS)('%s: the registry packages equal the truth', async (folder) => {
      const projects = await Promise.all(
        LOCKS.filter((lock) => lock.startsWith(`${folder}/`)).map((lock) => collect(lock)),
      );
      const found = projects
        .flatMap((project) => project.components)
        .filter((one) => one.origin === 'registry')
        .map((one) => JSON.stringify([one.ecosystem, one.name, one.version]));
      const truth: unknown[] = JSON.parse(readFileSync(join(CORPUS, folder, 'truth.json'), 'utf8'));
      expect([...new Set(found)].sort(compareText)).toEqual(
        truth.map((row) => JSON.stringify(row)).sort(compareText),
      );
      for (const { coverage, skipped } of projects) {
        expect(coverage).toMatchObject([{ status: 'succeeded' }]);
        expect(skipped).toEqual([]);
      }
    });

    it.each(LOCKS)('%s: each location is the line of the name', async (lock) => {
      const lines = readFileSync(join(CORPUS, lock), 'utf8').split('\n');
      for (const { name, locations } of (await collect(lock)).components) {
        for (const { uri, startLine } of locations.filter((location) => location.uri === lock)) {
          const written = /^name = "(.*)"$/.exec(lines[startLine! - 1] ?? '')?.[1];
          expect([uri, startLine, normalizePypiName(written ?? '')]).toEqual([uri, startLine, name]);
        }
      }
    });

    // Locks of 2.1 state the groups of each package; older ones only whether the project itself needs it at all.
    it.each(LOCKS)(
      '%s: scopes walked from the pyproject.toml are those that the lock states',
      async (lock) => {
        const stated = await collect(lock);
        const walked = await collect(lock, (text) => text.replace(/^(?:category|groups) = .*\n/gm, ''));
        expect(walked.components.every((one) => one.groups === undefined)).toBe(true);
        const categories = /^category = /m.test(readFileSync(join(CORPUS, lock), 'utf8'));
        for (const [i, { name, scopes }] of stated.components.entries()) {
          const derived = walked.components[i]?.scopes ?? [];
          const comparable = categories && scopes[0] === 'runtime' ? derived.slice(0, 1) : derived;
          expect([name, comparable]).toEqual([name, scopes]);
        }
      },
    );
  },
);

const PYTHON = 'import sys, tomllib; sys.exit(0)';
const HAS_PYTHON = HAS_SHARED_DATA && spawnSync('python3', ['-c', PYTHON]).status === 0;
const PYTHON_SKIP_REASON = HAS_SHARED_DATA ? '(skipped: no python3 with tomllib)' : SHARED_SKIP_REASON;

/** Prints, per lock, each edge between locked packages as [name, version, dependency]. */
const EDGES_BY_TOMLLIB = `
import json, re, sys, tomllib
norm = lambda name: re.sub(r'[-_.]+', '-', name).lower()
answer = {}
for path in sys.argv[1:]:
    with open(path, 'rb') as file:
        packages = tomllib.load(file)['package']
    locked = {norm(package['name']) for package in packages}
    answer[path] = sorted({
        (norm(package['name']), package['version'], norm(name))
        for package in packages for name in package.get('dependencies', {}) if norm(name) in locked
    })
print(json.dumps(answer))
`;

describe.skipIf(!HAS_PYTHON)(`poetry.lock corpus, edges${HAS_PYTHON ? '' : ` ${PYTHON_SKIP_REASON}`}`, () => {
  it('equal those read with tomllib', async () => {
    const paths = LOCKS.map((lock) => join(CORPUS, lock));
    const { stdout } = spawnSync('python3', ['-c', EDGES_BY_TOMLLIB, ...paths], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    const expected = new Map(Object.entries(JSON.parse(stdout) as Record<string, string[][]>));
    expect([...expected.keys()].map((path) => relative(CORPUS, path))).toEqual(LOCKS);
    let count = 0;
    for (const lock of LOCKS) {
      const edges = namedEdges(await collect(lock));
      expect([lock, edges]).toEqual([lock, expected.get(join(CORPUS, lock))]);
      count += edges.length;
    }
    expect(count).toBeGreaterThan(1_000);
    const said = `${count.toLocaleString('en')} edges of ${LOCKS.length} locks`;
    expect(readDocument('docs/collectors.md').replace(/\s+/g, ' ')).toContain(said);
  });
});

function namedEdges({ project, components, dependencies }: CollectedProject): (string | undefined)[][] {
  const byRef = new Map(components.map((one) => [one.ref, one]));
  const edges = dependencies
    .filter((node) => node.ref !== project.root)
    .flatMap(({ ref, dependsOn }) =>
      dependsOn.map((edge) =>
        JSON.stringify([byRef.get(ref)?.name, byRef.get(ref)?.version, byRef.get(edge.ref)?.name]),
      ),
    );
  // Python compares the tuples part by part.
  return [...new Set(edges)]
    .map((edge): string[] => JSON.parse(edge))
    .sort((a, b) => compareText(a[0]!, b[0]!) || compareText(a[1]!, b[1]!) || compareText(a[2]!, b[2]!));
}
