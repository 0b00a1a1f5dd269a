// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importEnrichment } from '../../../src/advisories/enrichment/import.ts';
import { enrichmentDirectory } from '../../../src/advisories/enrichment/store.ts';
import { REPO_ROOT } from '../../support/shared-data.ts';
import { QUICK_FS, temporaryDirectory } from '../mirror/support.ts';

const FIXTURES = join(REPO_ROOT, 'fixtures', 'enrichment');

export const NOW = new Date('2026-11-20T18:00:00.000Z');
export const EPSS_FIXTURE = join(FIXTURES, 'epss_scores-2026-11-20.csv');
export const KEV_FIXTURE = join(FIXTURES, 'known_exploited_vulnerabilities.json');

export function invalidFixture(name: string): { readonly name: string; readonly bytes: Buffer } {
  return { name, bytes: readFileSync(join(FIXTURES, 'invalid', name)) };
}

/** The text of a file of scores. */
export function epssText(lines: readonly string[], date = '2026-11-20T00:00:00+0000'): string {
  return ['#model_version:v2025.03.14,score_date:'.concat(date), 'cve,epss,percentile', ...lines, ''].join(
    '\n',
  );
}

/** Lines of `count` scores of one year, all of them right. */
export function epssLines(count: number, year = 2020): string[] {
  return Array.from({ length: count }, (_, i) => `CVE-${year}-${10_000 + i},${(i % 100) / 100},0.5`);
}

export function epss(lines: readonly string[], date?: string) {
  return { name: 'epss.csv', bytes: Buffer.from(epssText(lines, date)) };
}

/** A catalogue of these ids, or of entries as they are given. */
export function kev(entries: readonly unknown[], more: Readonly<Record<string, unknown>> = {}) {
  const catalogue = {
    title: 'CISA Catalog of Known Exploited Vulnerabilities',
    catalogVersion: '2026.11.19',
    dateReleased: '2026-11-19T15:18:29.4291Z',
    count: entries.length,
    vulnerabilities: entries.map((entry) => (typeof entry === 'string' ? { cveID: entry } : entry)),
    ...more,
  };
  return { name: 'kev.json', bytes: Buffer.from(JSON.stringify(catalogue)) };
}

type Options = Parameters<typeof importEnrichment>[0];

export async function load(dbDir: string, options: Omit<Options, 'dbDir' | 'now'> & Partial<Options>) {
  return await importEnrichment({ dbDir, now: NOW, writeFs: QUICK_FS, ...options });
}

export async function imported(options: Omit<Options, 'dbDir' | 'now'>): Promise<string> {
  const dbDir = temporaryDirectory();
  await load(dbDir, options);
  return dbDir;
}

/** Paths of what lies in the directory of the enrichment. */
export function enrichmentFiles(dbDir: string): string[] {
  return readdirSync(enrichmentDirectory(dbDir)).sort();
}
