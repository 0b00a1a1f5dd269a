// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { VERSION } from '../../src/model/version.ts';
import { plimsoll } from '../support/program.ts';
import { REPO_ROOT } from '../support/shared-data.ts';

const read = (file: string) => JSON.parse(readFileSync(join(REPO_ROOT, file), 'utf8'));

it('one version stands in the package, its lock, the source and the built program', () => {
  const { version } = read('package.json');
  const lock = read('package-lock.json');
  expect([VERSION, lock.version, lock.packages[''].version]).toEqual([version, version, version]);
  expect(plimsoll(['--version']).stdout).toBe(`${version}\n`);
});
