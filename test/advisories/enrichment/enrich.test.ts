// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { enrichFindings } from '../../../src/advisories/enrichment/enrich.ts';
import type { EnrichmentNeed } from '../../../src/model/advisory.ts';
import type { Finding } from '../../../src/model/finding.ts';
import { temporaryDirectory } from '../mirror/support.ts';
import { findingOf } from './findings.ts';
import { epss, epssLines, imported, kev, NOW } from './support.ts';

const NEEDED = { epss: 'required', kev: 'required' } as const;
const SCORES = epss([
  'CVE-2024-0001,0.25,0.5',
  'CVE-2024-0002,0.75,0.9',
  'CVE-2024-0003,0.125,0.99',
  ...epssLines(20),
]);

async function both(): Promise<string> {
  return await imported({ epss: SCORES, kev: kev(['CVE-2024-0002', 'CVE-2023-0001']) });
}

function detailOf(finding: Finding, dbDir: string) {
  const { detail } = enrichFindings([finding], { dbDir, needs: NEEDED }).findings[0] as Finding;
  return { epss: 'epss' in detail ? detail.epss : undefined, kev: 'kev' in detail ? detail.kev : undefined };
}

describe('enrichFindings', () => {
  it.each([
    ['the id of the rule', findingOf('CVE-2024-0001'), { score: 0.25, percentile: 0.5 }, false],
    [
      'an alias',
      findingOf('GHSA-aaaa-bbbb-cccc', ['CVE-2024-0001']),
      { score: 0.25, percentile: 0.5 },
      false,
    ],
    [
      'the highest score of several, with its percentile',
      findingOf('CVE-2024-0001', ['CVE-2024-0002', 'CVE-2024-0003']),
      { score: 0.75, percentile: 0.9 },
      true,
    ],
    [
      'any that is listed',
      findingOf('PYSEC-1', ['CVE-2023-0001', 'CVE-2024-0003']),
      { score: 0.125, percentile: 0.99 },
      true,
    ],
    ['a CVE without a score', findingOf('CVE-2022-0001'), undefined, false],
    ['no CVE', findingOf('GHSA-aaaa-bbbb-cccc'), undefined, undefined],
    [
      'malware',
      findingOf('MAL-2024-1', ['CVE-2024-0002'], 'malware'),
      { score: 0.75, percentile: 0.9 },
      true,
    ],
  ])('joins by %s', async (_, finding, score, listed) => {
    expect(detailOf(finding, await both())).toEqual({ epss: score, kev: listed });
  });

  it('changes nothing else, and nothing of other kinds', async () => {
    const dbDir = await both();
    const finding = findingOf('CVE-2024-0001');
    const license = { ...finding, kind: 'license', detail: { kind: 'code' } } as Finding;
    const { findings } = enrichFindings([license, finding], { dbDir, needs: NEEDED });
    expect(findings).toEqual([
      license,
      { ...finding, detail: { ...finding.detail, epss: { score: 0.25, percentile: 0.5 }, kev: false } },
    ]);
  });

  it('says what the data are, and that they were there', async () => {
    const { data, coverage } = enrichFindings(
      [findingOf('CVE-2024-0001', ['CVE-2024-0002']), findingOf('GHSA-1')],
      {
        dbDir: await both(),
        needs: NEEDED,
      },
    );
    const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(data).toEqual({
      epss: { date: '2026-11-20T00:00:00Z', sha256, scores: 23, model: 'v2025.03.14' },
      kev: { date: '2026-11-19T15:18:29Z', sha256, entries: 2, retrievedAt: NOW.toISOString() },
    });
    const row = {
      plugin: 'advisories',
      status: 'succeeded',
      unit: 'records',
      expected: 2,
      processed: 2,
      errors: [],
    };
    expect(coverage).toEqual([
      { ...row, target: 'EPSS', required: true },
      { ...row, target: 'KEV', required: true },
    ]);
  });

  it('says how much of a file could not be read', async () => {
    const dbDir = await imported({
      epss: epss([...epssLines(30), 'odd', 'CVE-2024-0001,NaN,1']),
      kev: kev([...Array.from({ length: 10 }, (_, i) => `CVE-2020-000${i}`), 'CVE-2020']),
    });
    const { data } = enrichFindings([], { dbDir, needs: NEEDED });
    expect(data).toMatchObject({ epss: { scores: 30, rejected: 2 }, kev: { entries: 10, rejected: 1 } });
  });

  it.each([
    ['required', [true, true]],
    ['mentioned', [false, false]],
    ['none', []],
  ] as const)('tells of missing data that are %s', (need: EnrichmentNeed, required) => {
    for (const dbDir of [undefined, temporaryDirectory(), join(temporaryDirectory(), 'none')]) {
      const finding = findingOf('CVE-2024-0001');
      const enriched = enrichFindings([finding], { dbDir, needs: { epss: need, kev: need } });
      expect(enriched.findings).toEqual([finding]);
      expect(enriched.data).toBeUndefined();
      expect(enriched.coverage.map((row) => row.required)).toEqual(required);
      for (const row of enriched.coverage) {
        expect(row).toMatchObject({ status: 'failed', cause: 'advisory-data-missing', unit: 'records' });
        expect(row.errors[0]?.message).toMatch(
          /got none; plimsoll db update fetches it, plimsoll db import --(epss|kev) FILE imports it$/,
        );
      }
    }
  });

  it('knows one part without the other', async () => {
    const dbDir = await imported({ kev: kev(['CVE-2024-0001']) });
    expect(detailOf(findingOf('CVE-2024-0001'), dbDir)).toEqual({ epss: undefined, kev: true });
    const { data, coverage } = enrichFindings([], { dbDir, needs: { epss: 'none', kev: 'mentioned' } });
    expect(Object.keys(data ?? {})).toEqual(['kev']);
    expect(coverage).toMatchObject([{ target: 'KEV', status: 'succeeded', required: false }]);
  });
});
