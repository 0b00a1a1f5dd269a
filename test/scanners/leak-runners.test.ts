// SPDX-License-Identifier: Apache-2.0
// What gitleaks and detect-secrets tell in their logs alone, with exit status 0.
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../src/model/inventory.ts';
import { runScanners } from '../../src/scanners/run.ts';
import { tempTree } from '../support/temp-tree.ts';

const NOTHING = { projects: [], components: [] } as unknown as Inventory;

/** A program that prints its version, and else a report and a log, in which TREE stands for the tree. */
async function runFake(id: string, version: string, report: unknown, log: readonly string[]) {
  const tree = tempTree({
    'a.txt': 'a\n',
    'odd\n\u001b.txt': 'b\n',
    'latin.txt': Uint8Array.of(0x63, 0x61, 0x66, 0xe9),
    'image.bin': Uint8Array.of(0, 0xff),
    'node_modules/x.txt': '',
  });
  const script = `#!${process.execPath}
const isVersion = process.argv[2].endsWith('version');
process.stdout.write(isVersion ? '${version}\\n' : ${JSON.stringify(JSON.stringify(report))});
if (!isVersion) process.stderr.write(${JSON.stringify(log.map((line) => `${line}\n`.replaceAll('TREE', tree)).join(''))});
`;
  const path = tempTree({ [id]: script });
  chmodSync(join(path, id), 0o755);
  const wanted = [{ id, required: false, asked: true }];
  const { reports, coverage } = await runScanners({
    wanted,
    root: tree,
    inventory: NOTHING,
    path,
  });
  return { gaps: reports[0]?.gaps, files: reports[0]?.files, coverage };
}

describe('a run of gitleaks', () => {
  const run = async (...lines: readonly string[]) =>
    await runFake('gitleaks', '8.30.1', [], [...lines, '1:00AM INF scanned ~9 bytes (9 bytes) in 1ms']);

  it.each([
    ['a file that it may not read', 'WRN skipping file: permission denied path=TREE/a.txt', 'a.txt'],
    [
      'a file that is too large',
      'WRN skipping file: too large max_size=50MB, size=51MB path=TREE/a.txt',
      'a.txt',
    ],
    ['a file of an odd name', 'WRN skipping file: denied path="TREE/odd\\n\\x1b.txt"', 'odd\n\u001b.txt'],
    ['a folder', 'WRN skipping directory error="permission denied" path=TREE/secret', 'secret'],
    ['an error', 'ERR could not open it error="x" path=TREE/a.txt', 'a.txt'],
    ['an error without a place', 'ERR no memory', undefined],
    ['a scan that ended early', 'WRN partial scan completed in 1ms', undefined],
  ])('that tells of %s has a gap', async (_, line, path) => {
    const { gaps, files, coverage } = await run(`1:00AM ${line}`);
    expect(gaps).toHaveLength(1);
    expect(gaps?.[0]?.path).toBe(path);
    expect(gaps?.[0]?.message).not.toContain('path=');
    expect(files).not.toContain(path);
    expect(coverage).toMatchObject([{ status: 'partial', cause: 'tool-failed', required: true }]);
  });

  it.each([
    ['what it found', 'WRN leaks found: 7'],
    ['files that are not looked at', 'WRN skipping file: permission denied path=TREE/node_modules/x.txt'],
  ])('that tells of %s has none', async (_, line) => {
    const { gaps, coverage } = await run(`1:00AM ${line}`);
    expect(gaps).toEqual([]);
    expect(coverage).toMatchObject([{ status: 'succeeded', processed: 4 }]);
  });
});

describe('a run of detect-secrets', () => {
  const run = async (...lines: readonly string[]) =>
    await runFake('detect-secrets', '1.5.0', { version: '1.5.0', results: {} }, lines);
  const opened = (...names: readonly string[]) =>
    names.map((name) => `[scan]\tINFO\tChecking file: TREE/${name}`);

  it('has read what it opened, but for what is no UTF-8, and for what it passes over by name', async () => {
    const { gaps, files } = await run(
      ...opened('a.txt', 'latin.txt', 'image.bin'),
      '[scan]\tINFO\tSkipping "TREE/odd\n\u001b.txt" due to `detect_secrets.filters.heuristic.is_lock_file`',
    );
    expect(files).toEqual(['a.txt']);
    expect(gaps).toEqual([{ path: 'latin.txt', message: expect.stringContaining('expected UTF-8') }]);
  });

  it('has not read what it may not open, whatever else the log says, nor what it does not name', async () => {
    const { gaps, files, coverage } = await run(
      ...opened('odd\n\u001b.txt', 'a.txt', 'image.bin'),
      '[scan]\tWARNING\tUnable to open file: TREE/a.txt',
    );
    expect(files).toEqual(['odd\n\u001b.txt']);
    expect(gaps).toEqual([
      { path: 'a.txt', message: 'detect-secrets may not read it' },
      { path: 'latin.txt', message: 'detect-secrets did not read it' },
    ]);
    expect(coverage).toMatchObject([{ status: 'partial', processed: 1, expected: 3, required: true }]);
  });
});
