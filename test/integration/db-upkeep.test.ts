// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zip } from '../advisories/mirror/support.ts';
import { JUDGED_AT, waveOf, writeBucket, writeProject } from '../support/mirror-tree.ts';
import { plimsoll } from '../support/program.ts';

let root: string;
const at = (...names: string[]) => join(root, ...names);

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-upkeep-'));
  writeProject(at('project'));
  for (const wave of ['first', 'second'] as const) {
    writeBucket(at(wave), waveOf(wave, 60), (records) =>
      zip(records.map((each) => ({ name: `${each.id}.json`, data: JSON.stringify(each) }))),
    );
  }
  update('db', 'first');
  // An overlay, of which an export and an import must know nothing more.
  update('db', 'second');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function db(command: string, name: string, ...args: string[]) {
  return plimsoll(['db', command, ...args, '--db', at(name)]);
}

function update(name: string, bucket: string) {
  const common = ['--offline', '--no-epss', '--no-kev', '--now', JUDGED_AT];
  const run = db('update', name, '--from', pathToFileURL(at(bucket)).href, ...common);
  expect(run).toMatchObject({ status: 0, stderr: '' });
  return run;
}

/** Findings of a scan, as text. */
function findings(name: string): string {
  const args = [
    'scan',
    at('project'),
    '--json',
    '--advisories',
    'mirror',
    '--db',
    at(name),
    '--now',
    JUDGED_AT,
  ];
  const { status, stdout } = plimsoll(args);
  expect(status).toBe(1);
  return JSON.stringify(JSON.parse(stdout).findings);
}

describe('db export', () => {
  it('gives files that an import and an update bring to the same answers', () => {
    const { status, stdout } = db('export', 'db', at('exported'));
    expect([status, stdout.trim().split('\n')]).toEqual([
      0,
      [
        expect.stringMatching(/^PyPI\/all\.zip: 1 records, \d+ bytes, sha256 [0-9a-f]{64}$/),
        expect.stringMatching(/^npm\/all\.zip: 61 records, \d+ bytes, sha256 [0-9a-f]{64}$/),
      ],
    ]);
    const archives = ['PyPI', 'npm'].map((name) => at('exported', name, 'all.zip'));
    expect(db('import', 'imported', ...archives, '--now', JUDGED_AT).status).toBe(0);
    update('updated', 'exported');
    expect(findings('imported')).toBe(findings('db'));
    expect(findings('updated')).toBe(findings('db'));
    const again = JSON.parse(db('export', 'imported', at('again'), '--json').stdout);
    expect(again.exported).toMatchObject([{ ecosystem: 'PyPI' }, { ecosystem: 'npm', records: 61 }]);
    for (const name of ['all.zip', 'modified_id.csv']) {
      const [one, two] = ['exported', 'again'].map((folder) => readFileSync(at(folder, 'npm', name)));
      expect(one?.equals(two ?? Buffer.alloc(0)), name).toBe(true);
    }
    expect(update('imported', 'exported').stdout).toContain('the same data were in use already');
  });

  it('gives one ecosystem where it is told to, and knows no other', () => {
    expect(db('export', 'db', at('npm-alone'), '--ecosystem', 'npm').status).toBe(0);
    expect(readdirSync(at('npm-alone'))).toEqual(['npm']);
    expect(db('export', 'db', at('none'), '--ecosystem', 'Go')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--ecosystem: expected PyPI or npm, got "Go"'),
    });
  });
});

describe('db verify', () => {
  it('is 0 where all is as it was written, 3 with the file where it is not, and an update heals', () => {
    update('verified', 'first');
    expect(db('verify', 'verified')).toMatchObject({ status: 0, stderr: '' });
    const name = readFileSync(at('verified', 'CURRENT'), 'utf8').trim();
    const file = at('verified', name, 'records');
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    writeFileSync(file, bytes);
    const { status, stdout } = db('verify', 'verified', '--json');
    expect([status, JSON.parse(stdout).problems]).toEqual([
      3,
      [expect.stringMatching(/records: expected sha256/)],
    ]);
    update('verified', 'second');
    expect(db('verify', 'verified').status).toBe(0);
  });
});

describe('db prune', () => {
  it('removes what no scan needs, and says how much that was', () => {
    update('pruned', 'first');
    update('pruned', 'second');
    const before = findings('pruned');
    const { status, stdout } = db('prune', 'pruned', '--json');
    const { removed, freed } = JSON.parse(stdout);
    expect([status, removed]).toEqual([0, [expect.stringMatching(/^[0-9a-f]{64}$/)]]);
    expect(freed).toBeGreaterThan(0);
    expect(findings('pruned')).toBe(before);
    expect(db('prune', 'pruned').stdout).toContain('nothing to remove');
  });
});

it.each(['verify', 'prune', 'export', 'status'])('db %s without a mirror is 3', (command) => {
  const run = db(command, 'nothing', ...(command === 'export' ? [at('target')] : []));
  expect(run).toMatchObject({
    status: 3,
    stderr: expect.stringContaining('expected advisory data, got none'),
  });
});
