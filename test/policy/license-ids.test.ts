// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { createFileSource } from '../../src/platform/fs.ts';
import { expectedLicense, isKnownLicense } from '../../src/policy/license-ids.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { REPO_ROOT } from '../support/shared-data.ts';

describe('licence ids of an allow list', () => {
  it.each([
    'MIT',
    'GPL-2.0',
    'GPL-2.0+',
    'Apache-2.0+',
    'GPL-2.0-only WITH Classpath-exception-2.0',
    'LicenseRef-acme',
    'DocumentRef-x:LicenseRef-y',
  ])('knows %s', (entry) => {
    expect(isKnownLicense(entry)).toBe(true);
  });

  it.each([
    ['Apache2', 'Apache-2.0'],
    ['gpl-3.0', 'GPL-3.0'],
    ['BSD-3-clause', 'BSD-3-Clause'],
  ])('refuses %s, and asks whether %s is meant', (entry, guess) => {
    expect(isKnownLicense(entry)).toBe(false);
    expect(expectedLicense(entry)).toContain(`did you mean ${guess}?`);
  });

  it('names the line of the policy', async () => {
    const text = 'licenses:\n  allow:\n    - MIT\n    - Apache2\n';
    const root = { read: async (path: string) => (path === 'plimsoll.yaml' ? Buffer.from(text) : undefined) };
    await expect(loadPolicy({ root, builtins: createFileSource(REPO_ROOT) })).rejects.toThrow(
      /plimsoll\.yaml:4: .*Apache-2\.0/,
    );
  });
});
