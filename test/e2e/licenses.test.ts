// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plimsoll, STOREFRONT } from '../support/program.ts';
import { REPO_ROOT } from '../support/shared-data.ts';

const explain = (name: string, ...options: string[]) =>
  plimsoll(['licenses', STOREFRONT, '--explain', name, ...options]);

describe('licenses --explain', () => {
  it('says of a package that is not allowed what the policy says', () => {
    const { stdout, status } = explain('tinymce');
    expect(stdout).toContain('declared by package-lock: GPL-2.0-or-later');
    expect(stdout).toMatch(/fail: not on the allow list: GPL-2\.0-or-later; outcome fail/);
    expect(status).toBe(1);
  });

  it('names the branch of an OR that passes, and the note of a deprecated id', () => {
    expect(explain('node-forge').stdout).toMatch(/pass: by the branch BSD-3-Clause/);
  });

  it('speaks of that package alone', () => {
    expect(explain('pify').stdout).not.toContain('tinymce');
    expect(explain('e').stderr).toMatch(/^error: --explain: expected a package/);
    expect(explain('e').status).toBe(2);
  });

  it('takes a purl, and gives JSON', () => {
    const [first] = JSON.parse(explain('pkg:npm/lodash', '--json').stdout);
    expect([first.package, first.judgement.result]).toEqual(['lodash 4.17.15', 'pass']);
  });
});

describe('nothing to scan', () => {
  it.each(['scan', 'sbom', 'licenses'])('is said by %s', (command) => {
    const run = plimsoll([command, join(REPO_ROOT, 'docs', 'images')]);
    expect([run.status, run.stderr]).toEqual([4, expect.stringContaining('nothing to scan')]);
  });
});
