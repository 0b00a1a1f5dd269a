// SPDX-License-Identifier: Apache-2.0
// The real osv-scanner, offline, on the same records and files: where it differs, the reason stands in a table.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importAdvisories } from '../../src/advisories/mirror/import.ts';
import type { Report } from '../../src/model/report.ts';
import { scan } from '../../src/scan.ts';
import { zip } from '../advisories/mirror/support.ts';
import { expectFound } from '../support/asserted.ts';
import { waveOf, writeBucket, writeProject } from '../support/mirror-tree.ts';
import { HAS_SHARED_DATA, REPO_ROOT, SHARED_DATA } from '../support/shared-data.ts';
import { skipTitle } from '../support/skip-title.ts';
import { toolDirectory } from '../support/tools.ts';
import { DIFFERENCES, type Difference } from './osv-scanner-differences.ts';

const LOCKFILES = join(SHARED_DATA, 'lockfiles');
const FOLDERS = ['requirements', 'poetry.lock', 'package-lock', 'npm-shrinkwrap'].flatMap((format) =>
  existsSync(join(LOCKFILES, format))
    ? readdirSync(join(LOCKFILES, format)).map((name) => `${format}/${name}`)
    : [],
);
let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-differential-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function both(project: string, db: string): Promise<Report> {
  return await scan({
    root: project,
    db,
    advisories: 'mirror',
    run: ['osv-scanner'],
    toolPath: toolDirectory('osv-scanner'),
  });
}

function differencesOf(folder: string, { coverage }: Report): Omit<Difference, 'reason'>[] {
  return coverage
    .filter(({ plugin, status }) => plugin === 'osv-scanner' && status !== 'succeeded')
    .map(({ target, cause, errors }) => ({
      folder,
      target,
      says: errors.slice(0, cause === 'tool-failed' ? 1 : undefined).map(({ message }) => message),
    }));
}

describe('osv-scanner itself', () => {
  it('agrees, by its own reading and matching, and a configuration in the tree has no say', {
    timeout: 60_000,
  }, async () => {
    const project = join(root, 'project');
    writeProject(project);
    writeFileSync(
      join(project, 'osv-scanner.toml'),
      '[[PackageOverrides]]\necosystem = "npm"\nignore = true\nreason = "x"\n',
    );
    const bucket = join(root, 'bucket');
    writeBucket(bucket, waveOf('first', 3), (records) =>
      zip(records.map((each) => ({ name: `${each.id}.json`, data: JSON.stringify(each) }))),
    );
    const db = join(root, 'small');
    await importAdvisories({
      dbDir: db,
      inputs: ['npm', 'PyPI'].map((name) => join(bucket, name, 'all.zip')),
      now: new Date('2026-03-01'),
    });
    const report = await both(project, db);
    expect(report.scanners).toMatchObject([{ id: 'osv-scanner', version: '2.5.0' }]);
    expectFound(
      report.scanners ?? [],
      report.findings.flatMap(({ sources }) =>
        sources.filter(({ tool }) => tool === 'osv-scanner').map(({ ruleId }) => ruleId),
      ),
      ['GHSA-first'],
    );
    expect(report.findings[0]?.sources.map(({ tool, ruleId }) => `${tool} ${ruleId}`)).toEqual([
      'plimsoll GHSA-first',
      'osv-scanner GHSA-first',
    ]);
    expect(differencesOf('', report)).toEqual([]);
  });
});

describe.skipIf(!HAS_SHARED_DATA)(
  skipTitle('on every lock of the corpus', !HAS_SHARED_DATA, 'the corpus ../shared/data is not there'),
  () => {
    it('osv-scanner differs where the table says so, and nowhere else', { timeout: 240_000 }, async () => {
      const db = join(root, 'corpus');
      const inputs = ['PyPI', 'npm'].map((name) => join(SHARED_DATA, 'advisories', name, 'all.zip'));
      await importAdvisories({ dbDir: db, inputs, now: new Date() });
      const found: Omit<Difference, 'reason'>[] = [];
      let confirmed = 0;
      for (const folder of FOLDERS) {
        const report = await both(join(LOCKFILES, folder), db);
        found.push(...differencesOf(folder, report));
        confirmed += report.findings.filter(({ sources }) => sources.length > 1).length;
      }
      expect(FOLDERS).toHaveLength(40);
      expect(confirmed).toBeGreaterThan(500);
      expect(found).toEqual(DIFFERENCES.map(({ reason: _, ...rest }) => rest));
    });
  },
);

it('has a section in the docs for every reason', () => {
  const text = readFileSync(join(REPO_ROOT, 'docs', 'differences.md'), 'utf8');
  for (const { reason } of DIFFERENCES) expect(text).toContain(`\n## ${reason}\n`);
});
