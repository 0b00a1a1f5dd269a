// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { controlOf } from '../../src/scanners/controls.ts';
import { REPO_ROOT } from '../support/shared-data.ts';

const SOURCE = readFileSync(join(REPO_ROOT, 'src', 'scanners', 'controls.ts'), 'utf8');
const ROWS = [...SOURCE.matchAll(/^ {2}'([^']+)': '([^']+)',$/gm)].map(([, name = '', ids = '']) => ({
  name,
  ids: ids.split(' '),
}));

describe('controls', () => {
  it.each([
    ['docker-user-not-root', 'DS-0002', 'CKV_DOCKER_3', 'CKV_DOCKER_8', 'DL3002'],
    ['docker-image-tag', 'DS-0001', 'CKV_DOCKER_7', 'DL3006', 'DL3007'],
    ['aws-s3-versioning', 'AWS-0090', 'CKV_AWS_21'],
  ])('%s is what several tools ask for', (name, ...ids) => {
    expect(ids.map((id) => controlOf(id))).toEqual(ids.map(() => name));
  });

  it('are asked for by two tools at least, and each check asks for one', () => {
    expect(ROWS.length).toBeGreaterThan(80);
    const all = ROWS.flatMap(({ ids }) => ids);
    expect(new Set(all).size).toBe(all.length);
    for (const { name, ids } of ROWS) {
      const tools = new Set(
        ids.map((id) => (id.startsWith('CKV') ? 'checkov' : /^DL/.test(id) ? 'hadolint' : 'trivy')),
      );
      expect([name, tools.size > 1]).toEqual([name, true]);
      for (const id of ids) expect(controlOf(id)).toBe(name);
    }
  });

  it('of an unknown check, or a key of the prototype, is none', () => {
    expect(['DS-9999', '__proto__', 'constructor', ''].map(controlOf)).toEqual(Array(4).fill(undefined));
  });
});
