// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBundled } from '../../src/advisories/bundled.ts';
import { importAdvisories } from '../../src/advisories/mirror/import.ts';
import { openGeneration } from '../../src/advisories/mirror/reader.ts';
import { verifyGeneration } from '../../src/advisories/mirror/verify.ts';
import { HAS_SHARED_DATA, REPO_ROOT, SHARED_DATA, SHARED_SKIP_REASON } from '../support/shared-data.ts';
import { currentDirectory, errorCode, NOW, npm, query, temporaryDirectory } from './mirror/support.ts';

const DATA = join(REPO_ROOT, 'data', 'advisories');
const FILES = ['index', 'manifest.json', 'records'];

describe('the bundled advisories', () => {
  it('are whole, small, and come with their notice', () => {
    expect(readdirSync(DATA).sort()).toEqual(['NOTICE', ...FILES]);
    expect(verifyGeneration(DATA)).toEqual([]);
    const bytes = FILES.reduce((sum, name) => sum + statSync(join(DATA, name)).size, 0);
    expect(bytes).toBeLessThan(4 * 1024 * 1024);
    const notice = readFileSync(join(DATA, 'NOTICE'), 'utf8');
    for (const part of [
      'pypa/advisory-database',
      '3ccb6125',
      'CC-BY-4.0',
      'nodejs/security-wg',
      'f1288d0',
      'MIT',
    ]) {
      expect(notice).toContain(part);
    }
  });

  it('hold facts alone', () => {
    const generation = openGeneration(DATA);
    for (const { bytes } of generation.bodies()) {
      const record = JSON.parse(bytes.toString());
      expect([record.summary, record.details, record.credits]).toEqual([undefined, undefined, undefined]);
    }
    generation.close();
  });

  it('are found from the source, and answer', async () => {
    const source = await openBundled();
    const { records, coverage } = await source.query([query('PyPI', 'Django'), ...npm('handlebars')]);
    expect(coverage.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
    const [python = [], javascript = []] = [...records.values()];
    expect(python.length).toBeGreaterThan(50);
    expect(javascript.map(({ id }) => id)).toContain('NSWG-ECO-519');
    expect((await source.records(['NSWG-ECO-519'])).get('NSWG-ECO-519')?.references).toHaveLength(1);
    expect(source.describe()).toMatchObject({
      source: 'bundled',
      ecosystems: [{ name: 'PyPI' }, { name: 'npm' }],
    });
    expect(source.describe()).not.toHaveProperty('retrievedAt');
    await source.close();
  });

  it('that are missing are data-damaged', async () => {
    expect(await errorCode(openBundled(temporaryDirectory()))).toBe('data-damaged');
  });
});

describe.skipIf(!HAS_SHARED_DATA)(`their archives${HAS_SHARED_DATA ? '' : ` ${SHARED_SKIP_REASON}`}`, () => {
  it('give the same bytes again', async () => {
    const dbDir = temporaryDirectory();
    const inputs = ['npm', 'PyPI'].map((name) => join(SHARED_DATA, 'advisories-facts', name, 'all.zip'));
    await importAdvisories({ dbDir, inputs, now: NOW });
    for (const name of FILES) {
      expect(readFileSync(join(currentDirectory(dbDir), name)).equals(readFileSync(join(DATA, name)))).toBe(
        true,
      );
    }
  });
});
