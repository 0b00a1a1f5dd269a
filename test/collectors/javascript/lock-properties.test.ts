// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CollectedProject } from '../../../src/collectors/collector.ts';
import { noteProblems } from '../../../src/collectors/javascript/problems.ts';
import { readLock } from '../../../src/collectors/javascript/read-lock.ts';
import { compareReadings, readingOf, readWithArborist } from './arborist-oracle.ts';
import { collect } from './collect-lock.ts';
import { folderSource } from './npm-corpus.ts';

const NAMES = ['a', 'b', 'c', 'd', '@s/e', 'f'];
const TABLES = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
const FIELDS = [
  ...TABLES,
  'requires',
  'packages',
  'version',
  'resolved',
  'link',
  'name',
  'dev',
  'peerDependenciesMeta',
];

const name = fc.constantFrom(...NAMES);
const table = fc.dictionary(name, fc.constant('*'), { maxKeys: 4 });
const tables = fc.record(
  {
    dependencies: table,
    optionalDependencies: table,
    peerDependencies: table,
    devDependencies: table,
    peerDependenciesMeta: fc.dictionary(name, fc.record({ optional: fc.boolean() })),
  },
  { requiredKeys: [] },
);

/** Entries of a lock of format 3: any packages at any depth up to three. */
const entries = fc.dictionary(
  fc
    .array(name, { minLength: 1, maxLength: 3 })
    .map((path) => path.map((part) => `node_modules/${part}`).join('/')),
  fc.tuple(tables, fc.constantFrom('1.0.0', '2.0.0')).map(([asks, version]) => ({ version, ...asks })),
  { maxKeys: 12 },
);

const tree = fc.record({ root: tables, manifest: tables, entries });

describe('any lock', () => {
  it('is read without a throw, and every edge has its end', async () => {
    const key = fc.oneof(
      fc.constantFrom(...FIELDS, '', 'node_modules/a', '__proto__', '../x', 'p'),
      fc.string(),
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(null, true, 7, 'npm:a@1', 'file:p', '1.0.0'),
        fc.string(),
        tie('object'),
      ),
      object: fc.dictionary(key, tie('any')),
    }));
    await fc.assert(
      fc.asyncProperty(value.object, value.object, async (lock, manifest) => {
        const projects = await collect({ 'package-lock.json': lock, 'package.json': manifest });
        expectSound(projects);
      }),
      { numRuns: 300 },
    );
  });

  it('in its right shape gives the same in any order of its keys', async () => {
    await fc.assert(
      fc.asyncProperty(tree, fc.func(fc.nat()), async ({ root, entries: packages }, rank) => {
        const lock = { packages: { '': root, ...packages } };
        const [[project], [shuffled]] = await Promise.all([
          collect({ 'package-lock.json': lock }),
          collect({ 'package-lock.json': reorder(lock, rank) }),
        ]);
        expect(withoutLines(shuffled)).toEqual(withoutLines(project));
        expectSound([project!]);
      }),
      { numRuns: 100 },
    );
  });

  it('has the graph and the flags that npm works out, where it does not trust the lock', async () => {
    await fc.assert(
      fc.asyncProperty(tree, async ({ root, manifest, entries: packages }) => {
        const written = asNpmWrites(packages);
        const folder = mkdtempSync(join(tmpdir(), 'plimsoll-lock-'));
        try {
          const lock = { lockfileVersion: 3, requires: true, packages: { '': root, ...written } };
          writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
          writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
          const file = 'package-lock.json';
          const { graph } = await readLock(file, folderSource(folder), noteProblems(file));
          const oracle = await readWithArborist(folder, file);
          expect(compareReadings(oracle, readingOf(graph))).toEqual([]);
        } finally {
          rmSync(folder, { recursive: true });
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** Outer folders first, on which npm's reader relies, and no development dependencies of what is installed. */
function asNpmWrites(packages: Readonly<Record<string, object>>): object {
  const sorted = Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([path, entry]) => [path, { ...entry, devDependencies: undefined }]));
}

function expectSound(projects: readonly CollectedProject[]): void {
  for (const { components, dependencies, project } of projects) {
    const refs = components.map(({ ref }) => ref);
    expect(new Set(refs).size).toBe(refs.length);
    expect(refs).toEqual([...refs].sort());
    expect(refs).toContain(project.root);
    expect(dependencies.map(({ ref }) => ref)).toEqual(refs);
    const known = new Set(refs);
    for (const { dependsOn } of dependencies) for (const { ref } of dependsOn) expect(known).toContain(ref);
  }
}

/** The same value with its keys in another order. */
function reorder(value: unknown, rank: (key: string) => number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.entries(value).sort(([a], [b]) => rank(a) - rank(b));
  return Object.fromEntries(keys.map(([key, inner]) => [key, reorder(inner, rank)]));
}

/** A project without what tells the order of the file: lines, and with them the order of locations. */
function withoutLines(project: CollectedProject | undefined): unknown {
  return JSON.parse(
    JSON.stringify(project, (key, value) => {
      if (key === 'startLine' || key === 'message') return undefined;
      return key === 'locations' || key === 'skipped' || key === 'coverage' ? sortByText(value) : value;
    }),
  );
}

function sortByText(values: readonly { location?: object }[]): unknown {
  const texts = values.map((value) =>
    JSON.stringify(value, (key, inner) => (/^(?:startLine|message)$/.test(key) ? undefined : inner)),
  );
  return texts.sort();
}
