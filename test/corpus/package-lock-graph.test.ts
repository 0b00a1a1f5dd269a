// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { noteProblems } from '../../src/collectors/javascript/problems.ts';
import { readLock } from '../../src/collectors/javascript/read-lock.ts';
import { compareReadings, readingOf, readWithArborist } from '../collectors/javascript/arborist-oracle.ts';
import { corpusLocks, folderSource } from '../collectors/javascript/npm-corpus.ts';
import { readDocument } from '../support/markdown.ts';
import { HAS_SHARED_DATA, SHARED_SKIP_REASON } from '../support/shared-data.ts';
import { EXPLAINED_DIFFERENCES } from './package-lock-differences.ts';

const DOCS = readDocument('docs/collectors.md').replace(/ +/g, ' ');
/** Rows of the table that compares with npm, without the padding. */
const DOCUMENTED = DOCS.split('\n').filter((line) => /^\| `(?:package-lock|npm-shrinkwrap)\//.test(line));

/** Before folding, for each install path: links, edges, and the flags dev, optional, devOptional, peer, bundled. */
describe.skipIf(!HAS_SHARED_DATA)(`npm graphs${HAS_SHARED_DATA ? '' : ` ${SHARED_SKIP_REASON}`}`, () => {
  it.each(corpusLocks())(
    '$id: as npm reads them, but for what is explained, and as the docs say',
    async ({ id, folder, lock }) => {
      const { graph } = await readLock(lock, folderSource(folder), noteProblems(lock));
      const ours = readingOf(graph);
      const differences = compareReadings(await readWithArborist(folder, lock), ours);
      const rows = EXPLAINED_DIFFERENCES.filter((row) => row.lock === id);
      expect(differences.filter((difference) => !rows.some((row) => row.explains(difference)))).toEqual([]);
      expect(rows.map((row) => differences.filter(row.explains).length)).toEqual(
        rows.map(({ count }) => count),
      );
      expect(graph.nodes.size).toBeGreaterThan(100);
      const edges = [...ours.values()].reduce((sum, reading) => sum + reading.edges.length, 0);
      expect(DOCUMENTED).toContain(`| \`${id}\` | ${ours.size} | ${edges} | ${differences.length} |`);
    },
  );

  it('are all in the docs, and no others, with the reasons of the differences', () => {
    const text = DOCS.replace(/\s+/g, ' ');
    for (const { lock, count, reason } of EXPLAINED_DIFFERENCES) {
      expect(text).toContain(`- \`${lock}\`, ${count}: ${reason}`);
    }
    expect(DOCUMENTED).toHaveLength(corpusLocks().length);
  });
});
