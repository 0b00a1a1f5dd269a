// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type FindingIdentity, fingerprint } from '../../src/findings/fingerprint.ts';

/** Each identity with the JSON array that is hashed, and its sum as `printf %s ARRAY | sha256sum` prints it. */
const CASES: readonly (readonly [FindingIdentity, array: string, sha256: string])[] = [
  [
    {
      kind: 'vulnerability',
      ecosystem: 'npm',
      name: '@scope/x',
      projectId: 'web/package-lock.json',
      anchor: 'GHSA-aaaa-bbbb-cccc',
    },
    '["vulnerability","npm","@scope/x","web/package-lock.json","GHSA-aaaa-bbbb-cccc"]',
    '52f52d3d224d725f0554cffcb164e21816b96f07581f6108ac3653b50db99e92',
  ],
  [
    {
      kind: 'malware',
      ecosystem: 'PyPI',
      name: 'ünïcode-"quoted"',
      projectId: 'a\\b/poetry.lock',
      anchor: 'MAL-2024-1',
    },
    '["malware","PyPI","ünïcode-\\"quoted\\"","a\\\\b/poetry.lock","MAL-2024-1"]',
    '4d796f20910847782c71e5bd23ba84db5e1e107922c02d80e20b423c0c4e1077',
  ],
  [
    {
      kind: 'license',
      ecosystem: 'npm',
      name: 'left-pad',
      projectId: 'package-lock.json',
      ruleId: 'license-not-allowed',
      expression: 'MIT AND (ISC OR GPL-3.0-only)',
    },
    '["license","npm","left-pad","package-lock.json","license-not-allowed","MIT AND (ISC OR GPL-3.0-only)"]',
    '56f421c7510de59bcd7dbf8d55d2a59a7d2a1956adb202552a26d232d72e0ace',
  ],
  [
    {
      kind: 'dependency',
      ecosystem: 'PyPI',
      name: 'django',
      projectId: 'requirements.txt',
      ruleId: 'unhashed-requirement',
    },
    '["dependency","PyPI","django","requirements.txt","unhashed-requirement"]',
    '4875b4d34c9db219f9c5e0c80d050161bfbdeb367f40a2af9b0cc56efa0646a0',
  ],
  [
    { kind: 'policy', ruleId: 'unused-exception', key: '["CVE-1",null]', uri: 'plimsoll.yaml' },
    '["policy","unused-exception","[\\"CVE-1\\",null]","plimsoll.yaml"]',
    'a7ca8c1404a67d8f29a10c90f1b0bf5a331ffac2908bc257f99de2b503f7351f',
  ],
];

describe('fingerprint', () => {
  const named = CASES.map(([identity, array, sha256]) => ({ kind: identity.kind, identity, array, sha256 }));
  it.each(named)('$kind: sha256 of the JSON array without spaces', ({ identity, array, sha256 }) => {
    expect(createHash('sha256').update(array, 'utf8').digest('hex')).toBe(sha256);
    expect(array).toBe(JSON.stringify(JSON.parse(array)));
    expect(fingerprint(identity)).toBe(sha256);
  });

  it('depends on each part of an identity', () => {
    for (const [identity, , sha256] of CASES) {
      for (const key of Object.keys(identity).filter((part) => part !== 'kind')) {
        expect(fingerprint({ ...identity, [key]: 'other' } as FindingIdentity), key).not.toBe(sha256);
      }
    }
  });

  it('does not depend on the order of keys, nor on what else an object carries', () => {
    for (const [identity, , sha256] of CASES) {
      const more = Object.fromEntries([['version', '1.0'], ...Object.entries(identity).reverse()]);
      expect(fingerprint(more as FindingIdentity)).toBe(sha256);
    }
  });
});
