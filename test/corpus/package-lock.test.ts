// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageLock } from '../../src/collectors/javascript/package-lock.ts';
import { corpusLocks, folderSource } from '../collectors/javascript/npm-corpus.ts';
import { HAS_SHARED_DATA, SHARED_SKIP_REASON } from '../support/shared-data.ts';

/** What these locks do leave out; all others are read without any gap. */
const GAPS = new Map([
  [
    'npm-shrinkwrap/saleor__saleor__de2d1e33',
    ['package.json:21: expected an entry for classnames in npm-shrinkwrap.json, got none'],
  ],
]);

describe.skipIf(!HAS_SHARED_DATA)(`npm corpus${HAS_SHARED_DATA ? '' : ` ${SHARED_SKIP_REASON}`}`, () => {
  describe.each(corpusLocks())('$id', ({ id, folder, lock }) => {
    const collected = packageLock.collect([lock], { files: folderSource(folder) });

    it('finds the registry packages of truth.json', async () => {
      const [project] = await collected;
      const found = project?.components
        .filter((component) => component.origin === 'registry')
        .map((component) => [component.ecosystem, component.name, component.version]);
      const truth: unknown[] = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8'));
      expect(found?.map(String).sort()).toEqual(truth.map(String).sort());
      const gaps = project?.coverage.filter((row) => row.status !== 'succeeded');
      expect(gaps?.flatMap((row) => row.errors.map(({ message }) => message))).toEqual(GAPS.get(id) ?? []);
    });

    it('has a location for each component whose line names it', async () => {
      const [project] = await collected;
      const lines = new Map<string, string[]>();
      const unnamed: unknown[] = [];
      for (const component of project?.components ?? []) {
        for (const { uri, startLine = 0, requirement } of component.locations) {
          const text = lines.get(uri) ?? readFileSync(join(folder, uri), 'utf8').split('\n');
          lines.set(uri, text);
          // An alias stands there under the name by which it is installed, a member under its folder's.
          const alias = requirement?.slice(0, requirement.indexOf('@npm:'));
          const isMember = component.origin === 'workspace' && !component.ref.endsWith('#.');
          const written = alias ?? (isMember ? component.source?.path : component.name);
          // Neither the lock nor package.json names the root of one project: there is no line to point at.
          if (component.name === '.' && startLine === 0) continue;
          if (!text[startLine - 1]?.includes(written ?? component.name)) unnamed.push(component.locations);
        }
      }
      expect(unnamed).toEqual([]);
    });
  });
});
