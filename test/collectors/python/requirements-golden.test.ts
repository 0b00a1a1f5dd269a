// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requirements } from '../../../src/collectors/python/requirements.ts';
import { memoryContext } from '../../support/memory-files.ts';
import { readTreeFiles } from '../../support/read-tree.ts';
import { REPO_ROOT } from '../../support/shared-data.ts';

const CASES = join(REPO_ROOT, 'fixtures', 'collectors', 'requirements');

describe('requirements, golden projects', () => {
  it.each(['compiled', 'layered'])('%s', async (name) => {
    const files = readTreeFiles(join(CASES, name, 'input'));
    const manifests = Object.keys(files).filter(requirements.claims).sort();
    const collected = await requirements.collect(manifests, memoryContext(files));
    const expected = join(CASES, name, 'expected.json');
    if (process.env.PLIMSOLL_UPDATE_GOLDEN) {
      writeFileSync(expected, `${JSON.stringify(collected, undefined, 2)}\n`);
    }
    expect(collected).toEqual(JSON.parse(readFileSync(expected, 'utf8')));
  });
});
