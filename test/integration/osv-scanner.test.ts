// SPDX-License-Identifier: Apache-2.0
// The real osv-scanner, offline, on the same records and files: where it differs, the reason stands in a table.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importAdvisories } from '../../src/advisories/mirror/import.ts';
import { scan } from '../../src/scan.ts';
import { zip } from '../advisories/mirror/support.ts';
import { expectFound } from '../support/asserted.ts';
import { waveOf, writeBucket, writeProject } from '../support/mirror-tree.ts';
import { CONTROLS } from '../support/osv-scanner/controls.ts';
import { CORPUS_DIFFERENCES } from '../support/osv-scanner/differences.ts';
import type { TestProject } from '../support/osv-scanner/projects.ts';
import { compareWithOsvScanner, type SharedRecords, shareRecords } from '../support/osv-scanner/run.ts';
import { TRAPS } from '../support/osv-scanner/traps.ts';
import { HAS_SHARED_DATA, REPO_ROOT, SHARED_DATA } from '../support/shared-data.ts';
import { skipTitle } from '../support/skip-title.ts';
import { writeTree } from '../support/temp-tree.ts';
import { toolDirectory } from '../support/tools.ts';

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
    writeBucket(bucket, waveOf('first', 3), archiveOf);
    const db = join(root, 'small');
    await importAdvisories({
      dbDir: db,
      inputs: ['npm', 'PyPI'].map((name) => join(bucket, name, 'all.zip')),
      now: new Date('2026-03-01'),
    });
    const report = await scan({
      root: project,
      db,
      advisories: 'mirror',
      run: ['osv-scanner'],
      toolPath: toolDirectory('osv-scanner'),
    });
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
    expect(report.coverage.filter(({ plugin }) => plugin === 'osv-scanner')).toMatchObject([
      { target: 'package-lock.json', status: 'succeeded', expected: 1, processed: 1 },
    ]);
  });
});

describe('osv-scanner on minimal projects', () => {
  it.each(TRAPS.map((trap) => [trap.reason, trap.name, trap] as const))('%s: %s', async (_, __, trap) => {
    const { lines, untold } = await compareTrap(trap);
    expect(lines).toEqual([...trap.lines].sort());
    expect(untold).toEqual([]);
  });

  it.each(CONTROLS.map((control) => [control.name, control] as const))('agrees: %s', async (_, control) => {
    const { lines, agreed } = await compareTrap(control);
    expect(lines).toEqual([]);
    expect(agreed).toBe(control.agreed);
  });
});

describe.skipIf(!HAS_SHARED_DATA)(
  skipTitle(
    'osv-scanner on every lock of the corpus',
    !HAS_SHARED_DATA,
    'the corpus ../shared/data is not there',
  ),
  () => {
    let records: SharedRecords;
    let agreed = 0;

    beforeAll(async () => {
      const inputs = ['PyPI', 'npm'].map((name) => join(SHARED_DATA, 'advisories', name, 'all.zip'));
      records = await shareRecords(join(root, 'corpus'), inputs);
    });

    it.each(FOLDERS)('%s: differs where the table says so, and nowhere else', async (folder) => {
      const comparison = await compareWithOsvScanner(join(LOCKFILES, folder), records);
      const rows = CORPUS_DIFFERENCES.filter((row) => row.folder === folder);
      expect(comparison.lines).toEqual(rows.flatMap(({ lines }) => lines).sort());
      expect(comparison.untold).toEqual([]);
      agreed += comparison.agreed;
    });

    it('are 40, with more than a thousand records that both report', () => {
      expect(FOLDERS).toHaveLength(40);
      expect(CORPUS_DIFFERENCES.filter(({ folder }) => !FOLDERS.includes(folder))).toEqual([]);
      expect(agreed).toBeGreaterThan(1000);
    });
  },
);

describe('docs/differences.md', () => {
  const text = readFileSync(join(REPO_ROOT, 'docs', 'differences.md'), 'utf8');
  const documented = [...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title);

  it('has a section for every reason, and none besides', () => {
    const reasons = [...TRAPS, ...CORPUS_DIFFERENCES].map(({ reason }) => reason);
    expect(documented.sort()).toEqual([...new Set(reasons)].sort());
  });
});

async function compareTrap({ files, records }: TestProject) {
  const directory = mkdtempSync(join(root, 'trap-'));
  const project = join(directory, 'project');
  writeTree(project, files);
  const inputs = ['PyPI', 'npm'].map((ecosystem) => {
    const own = records.filter(({ affected }) =>
      affected.some((entry) => entry.package.ecosystem === ecosystem),
    );
    mkdirSync(join(directory, ecosystem));
    const archive = join(directory, ecosystem, 'all.zip');
    writeFileSync(archive, archiveOf([...own, unrelated(ecosystem)]));
    return archive;
  });
  return await compareWithOsvScanner(project, await shareRecords(directory, inputs));
}

function unrelated(ecosystem: string) {
  const affected = [{ package: { ecosystem, name: 'unrelated' }, versions: ['1.0.0'] }];
  return { id: `TEST-${ecosystem}`, modified: '2026-01-01T00:00:00Z', affected };
}

function archiveOf(records: readonly { readonly id: string }[]): Buffer {
  return zip(records.map((each) => ({ name: `${each.id}.json`, data: JSON.stringify(each) })));
}
