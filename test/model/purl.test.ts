// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { PackageURL } from 'packageurl-js';
import { describe, expect, it } from 'vitest';
import { packagePurl } from '../../src/model/purl.ts';

describe('packagePurl', () => {
  it.each([
    ['PyPI', 'Zope.Interface', '5.0', 'pkg:pypi/zope-interface@5.0'],
    ['PyPI', 'torch', '2.0.0+cu118', 'pkg:pypi/torch@2.0.0%2Bcu118'],
    ['npm', '@scope/name', '1.0.0', 'pkg:npm/%40scope/name@1.0.0'],
    ['npm', 'JSONStream', '1.3.5', 'pkg:npm/JSONStream@1.3.5'],
    ['npm', 'left-pad', undefined, 'pkg:npm/left-pad'],
  ] as const)('%s %s %s', (ecosystem, name, version, purl) => {
    expect(packagePurl(ecosystem, name, version)).toBe(purl);
  });

  it('adds qualifiers in order', () => {
    expect(packagePurl('PyPI', 'x', '1', { vcs_url: 'git+https://h.example/x@abc', a: 'b' })).toBe(
      'pkg:pypi/x@1?a=b&vcs_url=git%2Bhttps:%2F%2Fh.example%2Fx%40abc',
    );
  });

  it('is read back by packageurl-js', () => {
    const name = fc.stringMatching(/^[a-z0-9._~-]{1,20}$/).filter((s) => s !== '.' && s !== '..');
    fc.assert(
      fc.property(
        name,
        name,
        fc.string({ minLength: 1 }).filter((v) => v.trim() === v),
        (scope, base, version) => {
          const parsed = PackageURL.fromString(packagePurl('npm', `@${scope}/${base}`, version));
          expect([parsed.namespace, parsed.name, parsed.version]).toEqual([`@${scope}`, base, version]);
        },
      ),
    );
  });
});
