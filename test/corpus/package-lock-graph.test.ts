// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { noteProblems } from '../../src/collectors/javascript/problems.ts';
import { readLock } from '../../src/collectors/javascript/read-lock.ts';
import { compareReadings, readingOf, readWithArborist } from '../collectors/javascript/arborist-oracle.ts';
import { corpusLocks, folderSource } from '../collectors/javascript/npm-corpus.ts';
import { HAS_SHARED_DATA, SHARED_SKIP_REASON } from '../support/shared-data.ts';
import { EXPLAINED_DIFFERENCES } from './package-lock-differences.ts';

/** Before folding, for each install path: links, edges, and the flags dev, optional, devOptional, peer, bundled. */
describe.skipIf(!HAS_SHARED_DATA)(`npm graphs${HAS_SHARED_DATA ? '' : ` ${SHARED_SKIP_REASON}`}`, () => {
  it.each(corpusLocks())(
    '$id: as npm reads them, but for what is explained',
    async ({ id, folder, lock }) => {
      const { graph } = await readLock(lock, folderSource(folder), noteProblems(lock));
      const differences = compareReadings(await readWithArborist(folder, lock), readingOf(graph));
      const rows = EXPLAINED_DIFFERENCES.filter((row) => row.lock === id);
      expect(differences.filter((difference) => !rows.some((row) => row.explains(difference)))).toEqual([]);
      expect(rows.map((row) => differences.filter(row.explains).length)).toEqual(
        rows.map(({ count }) => count),
      );
      expect(graph.nodes.size).toBeGreaterThan(100);
    },
  );
});
