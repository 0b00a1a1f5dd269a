// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { poetryLock } from '../../../src/collectors/python/poetry-lock.ts';
import { memoryContext } from '../../support/memory-files.ts';
import { REPO_ROOT } from '../../support/shared-data.ts';

const CASES = join(REPO_ROOT, 'fixtures', 'collectors', 'poetry-lock');

describe('poetry-lock, one golden project per lock-version', () => {
  it.each(readdirSync(CASES).sort())('%s', async (name) => {
    const folder = join(CASES, name);
    const files = Object.fromEntries(
      ['poetry.lock', 'pyproject.toml'].map((file) => [`app/${file}`, readFileSync(join(folder, file))]),
    );
    const [collected] = await poetryLock.collect(['app/poetry.lock'], memoryContext(files));
    const expected = join(folder, 'expected.json');
    if (process.env.PLIMSOLL_UPDATE_GOLDEN) {
      writeFileSync(expected, `${JSON.stringify(collected, undefined, 2)}\n`);
    }
    expect(collected).toEqual(JSON.parse(readFileSync(expected, 'utf8')));
  });
});
