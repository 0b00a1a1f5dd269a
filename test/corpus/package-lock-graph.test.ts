// SPDX-License-Identifier: Apache-2.0
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noteProblems } from '../../src/collectors/javascript/problems.ts';
import { readLock } from '../../src/collectors/javascript/read-lock.ts';
import { compareReadings, readingOf, readWithArborist } from '../collectors/javascript/arborist-oracle.ts';
import { corpusLocks, folderSource } from '../collectors/javascript/npm-corpus.ts';
import { HAS_SHARED_DATA, SHARED_SKIP_REASON } from '../support/shared-data.ts';

describe.skipIf(!HAS_SHARED_DATA)(`graph and flags of the corpus${HAS_SHARED_DATA ? '' : ` ${SHARED_SKIP_REASON}`}`, () => {
  it.each(corpusLocks())('$id: equals npm', async ({ folder, lock }) => {
    const { graph } = await readLock(lock, folderSource(folder), noteProblems(lock));
    const d = compareReadings(await readWithArborist(folder, lock), readingOf(graph));
    console.log(folder, d.length, d.slice(0, 8), graph.unmet.map(u=>u.from.path+'>'+u.name+':'+u.type), graph.danglingLinks.length);
  });
});
