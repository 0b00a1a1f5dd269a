// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SCANNERS } from '../../src/scanners/index.ts';
import { REPO_ROOT } from '../support/shared-data.ts';
import { tempTree } from '../support/temp-tree.ts';

const RUNNABLE = SCANNERS.flatMap(({ id, runner }) => (runner === undefined ? [] : [id]));
const SUITE = JSON.stringify({
  testResults: [{ status: 'passed', assertionResults: [{ status: 'passed', fullName: 'a test' }] }],
});

/** What CI says of one passed test and of these scanners. */
function summary(scanners: readonly string[], count = 1, suite = SUITE) {
  const lines = scanners.map((id) => JSON.stringify({ id, version: '1.0.0', sha256: 'ab', asserted: count }));
  const folder = tempTree({ 'unit.json': suite, 'asserted.jsonl': `${lines.join('\n')}\n` });
  const script = join(REPO_ROOT, 'scripts', 'ci-summary.mjs');
  const args = [script, '0', join(folder, 'asserted.jsonl'), join(folder, 'unit.json')];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, lines: stdout.trimEnd().split('\n') };
}

describe('the summary of CI', () => {
  it('names every scanner that can be run, with version, hash and what was asserted of it', () => {
    const { status, lines } = summary(RUNNABLE, 3);
    expect(lines.slice(0, -1)).toEqual(
      RUNNABLE.map((id) => `scanner ${id} 1.0.0 sha256:ab: 3 findings asserted`),
    );
    expect(lines.at(-1)).toBe('1 passed, 0 failed');
    expect(status).toBe(0);
  });

  it.each([
    ['a scanner without a run', RUNNABLE.slice(1), 1],
    ['scanners without an asserted finding', RUNNABLE, 0],
  ])('fails for %s', (_, scanners, count) => {
    const { status, lines } = summary(scanners, count);
    expect(status).toBe(1);
    expect(lines.at(-1)).toBe(`1 passed, ${count === 0 ? RUNNABLE.length : 1} failed`);
  });

  it('fails for a suite without a test, and for a test that was skipped without a reason', () => {
    const skipped = JSON.stringify({
      testResults: [{ status: 'passed', assertionResults: [{ status: 'pending', fullName: 'a test' }] }],
    });
    expect(summary(RUNNABLE, 1, '{"testResults":[]}').lines.at(-1)).toBe('0 passed, 1 failed');
    expect(summary(RUNNABLE, 1, skipped).lines).toContain('skipped without a reason: a test');
  });

  it('is what .ci/run ends with', () => {
    const text = readFileSync(join(REPO_ROOT, '.ci', 'run'), 'utf8').trimEnd();
    expect(text.split('\n').at(-1)).toMatch(/^node scripts\/ci-summary\.mjs /);
  });
});
