// SPDX-License-Identifier: Apache-2.0
// The real Semgrep with a local rule, on a tree that wants to be left alone.
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { scan } from '../../src/scan.ts';
import { expectFound } from '../support/asserted.ts';
import { tempTree, writeTree } from '../support/temp-tree.ts';
import { toolDirectory } from '../support/tools.ts';
import { tracedTool } from '../support/traced-tool.ts';

const RULES = `rules:
  - id: shell-true
    languages: [python]
    severity: ERROR
    message: A shell runs what is in the text.
    pattern: subprocess.$F(..., shell=True, ...)
    metadata: {cwe: ["CWE-78: OS Command Injection"], confidence: HIGH}
`;
const POLICY = 'scanners:\n  semgrep: {required: true, rules: [rules/shell.yaml]}\n';
const CODE = 'import subprocess\nsubprocess.call("ls", shell=True)  # nosemgrep\n';
const ODD = 'odd\n::error title=PWN::\u001b[31m.py';

const TREE = {
  'plimsoll.yaml': POLICY,
  'rules/shell.yaml': RULES,
  'app/a.py': CODE,
  'tests/b.py': CODE,
  'vendor/c.py': CODE,
  [ODD]: CODE,
  'node_modules/dep/d.py': CODE,
  'app/noise.txt': CODE,
  '.semgrepignore': '*\n',
  '.gitignore': '*\n',
  '.semgrep.yml': 'rules: []\n',
  'semgrep.py': 'raise SystemExit("PWNED")\n',
};

async function scanned(root: string, path = toolDirectory('semgrep')): Promise<Report> {
  return await scan({ root, advisories: 'bundled', run: ['semgrep'], toolPath: `${path}:/usr/bin:/bin` });
}

function rowsOf({ coverage }: Report) {
  return coverage.filter(({ plugin }) => plugin === 'semgrep');
}

describe('Semgrep itself', { timeout: 120_000 }, () => {
  it('finds what is planted with the rule of the policy, whatever the tree says', async () => {
    const report = await scanned(tempTree(TREE));
    const found = report.findings.map(
      ({ ruleId, locations: [at] }) => `${ruleId} ${at?.uri}:${at?.startLine}`,
    );
    expectFound(
      report.scanners ?? [],
      found.sort(),
      [`app/a.py`, ODD, 'tests/b.py', 'vendor/c.py'].map((path) => `shell-true ${path}:2`),
    );
    expect(report.findings[0]).toMatchObject({ severity: 'high', cwes: ['CWE-78'], confidence: 'high' });
    expect(rowsOf(report)).toMatchObject([{ status: 'succeeded', unit: 'files', processed: 5 }]);
    expect(report.verdict.result).toBe('fail');
  });

  it('tells of a rule that it cannot use and of code that it cannot parse', async () => {
    const root = tempTree({
      'plimsoll.yaml': 'scanners:\n  semgrep: {required: true, rules: [rules]}\n',
      'rules/shell.yaml': RULES,
      'rules/bad.yaml': RULES.replace('shell-true', 'bad').replace(
        'subprocess.$F(..., shell=True, ...)',
        'foo((',
      ),
      'a.py': `${CODE}def broken(:\n password = = hunter2hunter2\n`,
    });
    const report = await scanned(root);
    expect(report.findings.map(({ ruleId }) => ruleId)).toEqual(['shell-true']);
    expect(rowsOf(report)).toMatchObject([{ status: 'partial', cause: 'tool-failed', required: true }]);
    const messages = rowsOf(report).flatMap(({ errors }) => errors.map(({ message }) => message));
    expect(messages.sort()).toEqual(['Rule parse error in rule bad', 'a.py: Syntax error at line a.py:4']);
    expect(report.verdict.incomplete).toHaveLength(1);
  });

  it.each([
    ['no rules', 'scanners:\n  semgrep: {required: true}\n', 'scanners.semgrep.rules'],
    [
      'rules that are not there',
      'scanners:\n  semgrep: {required: true, rules: [gone.yaml]}\n',
      'exit status 7',
    ],
  ])('with %s has failed', async (_, policy, message) => {
    const report = await scanned(tempTree({ 'plimsoll.yaml': policy, 'a.py': CODE }));
    expect(rowsOf(report)).toMatchObject([
      { status: 'failed', errors: [{ message: expect.stringContaining(message) }] },
    ]);
    expect(report.verdict.result).toBe('incomplete');
  });

  it('starts its own programs alone, and asks nobody', async () => {
    const { path, log } = tracedTool('semgrep');
    const root = tempTree(TREE);
    const canary = join(root, 'PWNED');
    writeTree(root, { 'node_modules/.bin/uname': `#!/bin/sh\ntouch ${canary}\n` });
    chmodSync(join(root, 'node_modules', '.bin', 'uname'), 0o755);
    const report = await scanned(root, `${join(root, 'node_modules', '.bin')}:${path}`);
    expect(rowsOf(report)).toMatchObject([{ status: 'succeeded' }]);
    const calls = readFileSync(log, 'utf8').split('\n');
    const programs = calls.flatMap((line) => /execve\("([^"]+)".* = 0$/.exec(line)?.[1] ?? []);
    const own = join(toolDirectory('semgrep'), '..');
    expect(programs.filter((each) => !each.startsWith(own) && !each.endsWith('/bin/uname'))).toEqual([]);
    expect(calls.filter((line) => /connect\(.*AF_INET/.test(line))).toEqual([]);
    expect(existsSync(canary)).toBe(false);
  });
});
