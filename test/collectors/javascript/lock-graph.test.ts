// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noteProblems } from '../../../src/collectors/javascript/problems.ts';
import { readLock } from '../../../src/collectors/javascript/read-lock.ts';
import { REPO_ROOT } from '../../support/shared-data.ts';
import { compareReadings, isNestingEdge, readingOf, readWithArborist } from './arborist-oracle.ts';
import { folderSource } from './npm-corpus.ts';

const FIXTURES = join(REPO_ROOT, 'fixtures', 'collectors', 'package-lock');

describe('graph and flags, against npm itself', () => {
  it.each(readdirSync(FIXTURES))('%s', async (name) => {
    const folder = join(FIXTURES, name);
    const lock =
      readdirSync(folder).find((file) => /^(?:package-lock|npm-shrinkwrap)\.json$/.test(file)) ?? '';
    const { graph } = await readLock(lock, folderSource(folder), noteProblems(lock));
    const differences = compareReadings(await readWithArborist(folder, lock), readingOf(graph));
    expect(differences.filter((difference) => !isNestingEdge(difference))).toEqual([]);
    expect(graph.nodes.size).toBeGreaterThan(2);
  });

  it('adds the edges that nesting tells where a lock is too old to tell any', async () => {
    const folder = join(FIXTURES, 'nesting');
    const lock = 'npm-shrinkwrap.json';
    const { graph } = await readLock(lock, folderSource(folder), noteProblems(lock));
    const differences = compareReadings(await readWithArborist(folder, lock), readingOf(graph));
    expect(differences.filter(isNestingEdge).map(({ ours }) => ours)).toEqual([
      'optional node_modules/log/node_modules/bark',
      'prod node_modules/log/node_modules/bark/node_modules/moss',
    ]);
  });
});
