// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { REPO_ROOT } from '../support/shared-data.ts';

const HEADER = '// SPDX-License-Identifier: Apache-2.0';

it('every source file begins with its licence', () => {
  const files = ['src', 'test', 'scripts', 'bench'].flatMap(sourcesIn);
  expect(files.length).toBeGreaterThan(50);
  const wrong = files.filter((file) => {
    const lines = readFileSync(file, 'utf8').split('\n', 2);
    return (lines[0]?.startsWith('#!') ? lines[1] : lines[0]) !== HEADER;
  });
  expect(wrong).toEqual([]);
});

function sourcesIn(folder: string): string[] {
  return readdirSync(join(REPO_ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|mjs)$/.test(path) && !path.includes('node_modules'))
    .map((path) => join(REPO_ROOT, folder, path));
}
