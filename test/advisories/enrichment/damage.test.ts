// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enrichFindings } from '../../../src/advisories/enrichment/enrich.ts';
import { enrichmentStatus } from '../../../src/advisories/enrichment/status.ts';
import {
  enrichmentDirectory,
  readPointer,
  verifyEnrichment,
} from '../../../src/advisories/enrichment/store.ts';
import { findingOf } from './findings.ts';
import { enrichmentFiles, epss, epssLines, imported, kev } from './support.ts';

// Several pages, the last one not full.
const LINES = epssLines(600);
const IDS = ['CVE-2020-10000', 'CVE-2020-10300', 'CVE-2020-10599', 'CVE-2019-0001', 'CVE-2021-0001'];
const LISTED = Array.from({ length: 300 }, (_, i) => `CVE-2020-${10_000 + 2 * i}`);

const FINDINGS = IDS.map((id) => findingOf(id));

async function whole() {
  const dbDir = await imported({ epss: epss(LINES), kev: kev(LISTED) });
  const { findings, coverage } = enrich(dbDir);
  expect(coverage.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
  return { dbDir, directory: enrichmentDirectory(dbDir), details: findings.map(({ detail }) => detail) };
}

function enrich(dbDir: string) {
  return enrichFindings(FINDINGS, { dbDir, needs: { epss: 'required', kev: 'required' } });
}

/** All that is said of a finding is right, and where something is not said, a row says that it could not be. */
function expectRightOrSaid({ dbDir, details }: Awaited<ReturnType<typeof whole>>): void {
  const { findings, coverage } = enrich(dbDir);
  const failed = coverage.filter(({ status }) => status === 'failed').map(({ target }) => target);
  for (const [i, { detail }] of findings.entries()) {
    const [got, expected] = [detail, details[i]] as { epss?: unknown; kev?: boolean }[];
    if (got?.epss !== undefined || !failed.includes('EPSS')) expect(got?.epss).toEqual(expected?.epss);
    if (got?.kev !== undefined || !failed.includes('KEV')) expect(got?.kev).toBe(expected?.kev);
  }
  for (const row of coverage) {
    if (row.status === 'failed') expect(row.errors[0]?.message).not.toContain(dbDir);
  }
}

describe('damaged data', () => {
  it('with one changed byte are right or said, and verify finds them', async () => {
    const state = await whole();
    const pristine = new Map(
      enrichmentFiles(state.dbDir).map((name) => [name, readFileSync(join(state.directory, name))]),
    );
    expect(pristine.size).toBe(3);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...pristine.keys()),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        async (name, where, change) => {
          const bytes = Buffer.from(pristine.get(name) ?? '');
          const at = Math.floor(where * bytes.length);
          bytes[at] = (bytes[at] ?? 0) ^ change;
          writeFileSync(join(state.directory, name), bytes);
          expectRightOrSaid(state);
          expect(verifyEnrichment(state.dbDir)).not.toEqual([]);
          writeFileSync(join(state.directory, name), pristine.get(name) ?? '');
        },
      ),
      { numRuns: 250 },
    );
    expect(verifyEnrichment(state.dbDir)).toEqual([]);
  });

  it('that were cut, have grown or are anything else are said', async () => {
    const state = await whole();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...enrichmentFiles(state.dbDir)),
        fc.nat(),
        fc.constantFrom('cut', 'grown', 'other'),
        fc.uint8Array({ maxLength: 200 }),
        async (name, n, how, other) => {
          const path = join(state.directory, name);
          const bytes = readFileSync(path);
          const damaged = {
            cut: bytes.subarray(0, n % bytes.length),
            grown: Buffer.concat([bytes, Buffer.alloc(1 + (n % 100))]),
            other,
          };
          writeFileSync(path, damaged[how as keyof typeof damaged]);
          expectRightOrSaid(state);
          expect(verifyEnrichment(state.dbDir)).not.toEqual([]);
          writeFileSync(path, bytes);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('of the former table in the place of the one in use, or of the other kind, are refused', async () => {
    const state = await whole();
    const other = await imported({ epss: epss(epssLines(600, 2021)) });
    const [mine, theirs] = [readPointer(state.dbDir), readPointer(other)].map(
      (pointer) => pointer.epss?.table ?? '',
    );
    const path = join(state.directory, mine ?? '');
    for (const bytes of [
      readFileSync(join(enrichmentDirectory(other), theirs ?? '')),
      readFileSync(join(state.directory, readPointer(state.dbDir).kev?.table ?? '')),
    ]) {
      writeFileSync(path, bytes);
      expect(verifyEnrichment(state.dbDir)).toHaveLength(1);
      expectRightOrSaid(state);
    }
  });

  it.each(['a directory', 'nothing'])('where %s is in the place of a file', async (what) => {
    const state = await whole();
    for (const name of enrichmentFiles(state.dbDir)) {
      const path = join(state.directory, name);
      const bytes = readFileSync(path);
      rmSync(path);
      if (what === 'a directory') mkdirSync(path);
      if (name === 'current.json' && what === 'nothing') {
        const causes = enrich(state.dbDir).coverage.map(({ cause }) => cause);
        expect(causes).toEqual(['advisory-data-missing', 'advisory-data-missing']);
      } else {
        expect(verifyEnrichment(state.dbDir)).not.toEqual([]);
        expectRightOrSaid(state);
      }
      rmSync(path, { recursive: true, force: true });
      writeFileSync(path, bytes);
    }
  });

  it('of a later version say which it is', async () => {
    const { dbDir, directory } = await whole();
    const path = join(directory, 'current.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"version": 1', '"version": 2'));
    expect(verifyEnrichment(dbDir)[0]).toMatch(/expected format version 1, got 2/);
    expect(enrichmentStatus(dbDir)).toMatchObject({ epss: { damaged: expect.any(String) } });
  });
});
