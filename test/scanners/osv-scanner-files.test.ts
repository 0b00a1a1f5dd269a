// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importAdvisories } from '../../src/advisories/mirror/import.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { scan } from '../../src/scan.ts';
import { zip } from '../advisories/mirror/support.ts';
import { JUDGED_AT, waveOf, writeBucket } from '../support/mirror-tree.ts';
import { tempTree, writeTree } from '../support/temp-tree.ts';

const RECORD = { id: 'PYSEC-1', modified: '2026-02-28T12:00:00Z' };

/** Fails where a file has the word `bad`, has nothing to say where all are empty; else lists `NAME==VERSION`. */
const PROGRAM = `#!${process.execPath}
const { appendFileSync, readFileSync } = require('fs');
const { dirname, join } = require('path');
const args = process.argv.slice(2);
if (args[0] === '--version') { process.stdout.write('osv-scanner version: 2.5.0\\n'); return; }
const files = args.flatMap((arg, i) => (arg === '-L' ? [args[i + 1].replace(/^[^:]*:/, '')] : []));
appendFileSync(join(__dirname, 'calls.txt'), JSON.stringify(files) + '\\n');
const results = [];
for (const root of files) {
  const wanted = [[root, root]];
  for (const [file, under] of wanted) {
    const lines = readFileSync(file, 'utf8').split('\\n');
    if (lines.some((line) => line.includes('bad'))) {
      process.stderr.write('Error during extraction: (extracting as python/x) ' + root.slice(1) + ': could not extract: bad line\\nextraction failed on specified lockfile\\n');
      process.exitCode = 127;
      return;
    }
    for (const line of lines) if (line.startsWith('-r ')) wanted.push([join(dirname(file), line.slice(3)), file]);
    const packages = lines.filter((line) => line.includes('==')).map((line) => {
      const [name, version] = line.split('==');
      return { package: { name, version, ecosystem: 'PyPI' }, vulnerabilities: name === 'x' ? [${JSON.stringify(RECORD)}] : [] };
    });
    const same = results.find(({ source }) => source.path === under);
    if (same) same.packages = [...same.packages, ...packages].filter((each, i, all) => all.findIndex(({ package: { name } }) => name === each.package.name) === i);
    else if (packages.length > 0) results.push({ source: { path: under }, packages });
  }
}
if (results.length === 0) { process.exitCode = 128; return; }
process.stdout.write(JSON.stringify({ results }));
`;

async function scanFiles(files: Readonly<Record<string, string>>) {
  const root = tempTree({ 'bin/calls.txt': '' });
  const project = join(root, 'project');
  mkdirSync(project);
  writeTree(project, files);
  writeFileSync(join(root, 'bin', 'osv-scanner'), PROGRAM, { mode: 0o755 });
  writeBucket(join(root, 'bucket'), waveOf('first', 0), (records) =>
    zip(records.map((each) => ({ name: `${each.id}.json`, data: JSON.stringify(each) }))),
  );
  const inputs = ['npm', 'PyPI'].map((name) => join(root, 'bucket', name, 'all.zip'));
  const db = join(root, 'db');
  await importAdvisories({ dbDir: db, inputs, now: new Date(JUDGED_AT) });
  const report = await scan({
    root: project,
    db,
    advisories: 'mirror',
    clock: systemClock({ now: new Date(JUDGED_AT) }),
    run: ['osv-scanner'],
    toolPath: join(root, 'bin'),
  });
  const calls = readFileSync(join(root, 'bin', 'calls.txt'), 'utf8')
    .trim()
    .split('\n');
  return {
    ...report,
    calls: calls.map((line) => (JSON.parse(line) as string[]).length),
    rows: report.coverage.filter(({ plugin }) => plugin === 'osv-scanner'),
  };
}

describe('osv-scanner, by its files', () => {
  it('does without the lock that it cannot read, which is named with the reason', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const files = names.map((name) => [`${name}/requirements.txt`, name === 'd' ? 'x==1\n# bad' : 'x==1']);
    const { rows, findings, calls, verdict } = await scanFiles(Object.fromEntries(files));
    expect(rows.map(({ target, status }) => `${target} ${status}`)).toEqual([
      'a/requirements.txt succeeded',
      'b/requirements.txt succeeded',
      'c/requirements.txt succeeded',
      'd/requirements.txt failed',
      'e/requirements.txt succeeded',
    ]);
    expect(rows[3]).toMatchObject({
      cause: 'tool-failed',
      required: true,
      errors: [
        {
          message:
            'expected a report of osv-scanner, got exit status 127 and no report: could not extract: bad line',
        },
      ],
    });
    expect(findings.map(({ project, sources }) => `${project} ${sources.length}`)).toEqual([
      'a/requirements.txt 2',
      'b/requirements.txt 2',
      'c/requirements.txt 2',
      'd/requirements.txt 1',
      'e/requirements.txt 2',
    ]);
    expect(calls).toEqual([5, 3, 2, 1, 1]);
    expect(verdict.incomplete.map(({ coverage }) => coverage.target)).toEqual(['d/requirements.txt']);
  });

  it('that fails on every lock stops at a limit', async () => {
    const names = Array.from({ length: 70 }, (_, i) => [`${i}/requirements.txt`, 'x==1 # bad']);
    const { rows, calls } = await scanFiles(Object.fromEntries(names));
    expect(rows.filter(({ status }) => status === 'failed')).toHaveLength(70);
    expect(calls).toHaveLength(64);
  });

  it('that finds no package in any file has answered', async () => {
    const { rows, verdict } = await scanFiles({ 'requirements.txt': '# nothing yet\n' });
    expect(rows).toMatchObject([{ target: 'requirements.txt', status: 'succeeded', expected: 0 }]);
    expect(verdict.incomplete.filter(({ coverage }) => coverage.plugin === 'osv-scanner')).toEqual([]);
  });

  it('reports what is included by way of another file under that one: it is of each root that has it', async () => {
    const { rows, findings } = await scanFiles({
      'dev.txt': '',
      'requirements.txt': '-r base/common.txt\nleft==1',
      'requirements-dev.txt': '-r base/common.txt\n-r base/dev.txt',
      'base/common.txt': '-r pins.txt',
      'base/dev.txt': 'right==1',
      'base/pins.txt': 'x==1',
    });
    expect(rows.map(({ target, status, expected }) => [target, status, expected])).toEqual([
      ['requirements-dev.txt', 'succeeded', 2],
      ['requirements.txt', 'succeeded', 2],
    ]);
    expect(findings.map(({ project, sources }) => [project, sources.length])).toEqual([
      ['requirements-dev.txt', 2],
      ['requirements.txt', 2],
    ]);
  });
});
