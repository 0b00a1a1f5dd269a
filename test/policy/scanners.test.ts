// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/policy/load.ts';
import { policyReports, wantedScanners } from '../../src/policy/scanners.ts';
import { scan } from '../../src/scan.ts';
import { memoryContext } from '../support/memory-files.ts';
import { tempTree } from '../support/temp-tree.ts';
import { BUILTINS, load } from './support.ts';

const LEAKS = JSON.stringify([
  { RuleID: 'jwt', StartLine: 1, Secret: 'q7Xk2mP9vR4t', File: 'a.txt', Fingerprint: 'a.txt:jwt:1' },
]);

describe('scanners that a policy wants', () => {
  it('come with their pins and rules, besides those that were asked for', async () => {
    const policy = await load(
      'scanners:\n  semgrep: {required: true, version: 1.185.0, rules: [rules/a.yaml]}\n',
    );
    expect(wantedScanners(['trivy'], policy)).toEqual([
      { id: 'semgrep', required: true, asked: false, version: '1.185.0', rules: ['rules/a.yaml'] },
      { id: 'trivy', required: false, asked: true },
    ]);
  });

  it('have their files from where the globs of the policy start', async () => {
    const text = 'scanners:\n  semgrep: {required: true, rules: [r.yaml], report: out/s.json}\n';
    const { files } = memoryContext({ 'plimsoll.yaml': text });
    const policy = await loadPolicy({ root: files, builtins: BUILTINS, scanRoot: 'services/api' });
    expect(wantedScanners([], policy)[0]?.rules).toEqual(['../../r.yaml']);
    expect(policyReports(policy)).toEqual([{ tool: 'semgrep', path: '../../out/s.json' }]);
  });

  it.each(['/etc/passwd', '../x.json', 'a/../../x', 'a\\b', 'C:x'])(
    'have no file outside of the tree: %s',
    async (path) => {
      const text = `scanners:\n  gitleaks:\n    required: true\n    report: ${JSON.stringify(path)}\n`;
      await expect(load(text)).rejects.toThrow(/plimsoll\.yaml:4: .*a path within the tree/);
    },
  );
});

describe('a report in the tree', () => {
  const POLICY = 'scanners:\n  gitleaks: {required: false, report: out/gitleaks.json}\n';
  const scanned = async (files: Record<string, string>, named?: string) => {
    const root = tempTree({ 'a.txt': 'q7Xk2mP9vR4t\n', ...files });
    const reports = named === undefined ? [] : [{ tool: 'gitleaks', path: join(root, named) }];
    return await scan({ root, reports, advisories: 'bundled', toolPath: '' });
  };

  it('is read where the policy names it, and the tool is not run', async () => {
    const report = await scanned({ 'plimsoll.yaml': POLICY, 'out/gitleaks.json': LEAKS });
    expect(report.findings.map(({ ruleId }) => ruleId)).toEqual(['jwt']);
    expect(report.scanners).toMatchObject([{ id: 'gitleaks', report: 'out/gitleaks.json' }]);
    expect(report.coverage.filter(({ plugin }) => plugin === 'gitleaks')).toMatchObject([
      { status: 'succeeded' },
    ]);
  });

  it('is not read where nobody names it', async () => {
    const report = await scanned({ 'out/gitleaks.json': LEAKS, 'gitleaks.json': LEAKS });
    expect(report.findings).toEqual([]);
    expect(report.scanners).toBeUndefined();
  });

  it('that the policy names and is not there makes the verdict incomplete', async () => {
    const report = await scanned({ 'plimsoll.yaml': POLICY });
    expect(report.verdict.result).toBe('incomplete');
    expect(report.coverage.filter(({ plugin }) => plugin === 'gitleaks')).toMatchObject([
      {
        target: 'out/gitleaks.json',
        status: 'failed',
        errors: [{ message: 'expected a report, got no file' }],
      },
    ]);
  });

  it('gives way to one that is named on the command line', async () => {
    const report = await scanned({ 'plimsoll.yaml': POLICY, 'other.json': '[]' }, 'other.json');
    expect(report.scanners).toMatchObject([{ report: 'other.json' }]);
    expect(report.findings).toEqual([]);
  });
});

/** The bundled snapshot is as old as it is. */
const ANY_AGE = 'advisories: {maxAge: {warn: 9000d, incomplete: 9999d}}\n';

describe('a plain pass', () => {
  const scanned = async (files: Record<string, string>) =>
    await scan({ root: tempTree(files), advisories: 'bundled', toolPath: '/nowhere' });

  it('is not said where a scanner that is not required did not run', async () => {
    const policy = `scanners:\n  bandit: {required: false}\n${ANY_AGE}`;
    const { verdict } = await scanned({ 'plimsoll.yaml': policy, 'requirements.txt': 'idna==3.7\n' });
    expect(verdict).toMatchObject({
      result: 'pass',
      notChecked: [{ coverage: { plugin: 'bandit' }, policy: { key: 'scanners.bandit.required', line: 2 } }],
    });
  });

  it('is not said where such a scanner was all that could have looked', async () => {
    const policy = `scanners:\n  bandit: {required: false}\n${ANY_AGE}`;
    const { verdict } = await scanned({ 'plimsoll.yaml': policy, 'a.py': 'x = 1\n' });
    expect(verdict).toMatchObject({ result: 'incomplete', exitCode: 4 });
  });

  it('is not said where there is nothing but what is out of scope', async () => {
    const { verdict } = await scanned({ 'Cargo.lock': '' });
    expect(verdict).toMatchObject({ result: 'pass', notChecked: [{ coverage: { cause: 'out-of-scope' } }] });
  });

  it('names the key that requires a scanner', async () => {
    const policy = `scanners:\n  bandit: {required: true}\n${ANY_AGE}`;
    const { verdict } = await scanned({ 'plimsoll.yaml': policy, 'requirements.txt': 'idna==3.7\n' });
    expect(verdict.incomplete).toMatchObject([{ policy: { key: 'scanners.bandit.required', line: 2 } }]);
  });
});
