// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { TOOL_SITES } from '../../src/findings/tool-sites.ts';
import type { ToolReport } from '../../src/model/tool-report.ts';
import { BANDIT_TESTS } from '../../src/scanners/bandit-tests.ts';
import { SCANNERS } from '../../src/scanners/index.ts';
import { adoptReports } from '../../src/scanners/join/adopt.ts';
import { scannedTree } from '../../src/scanners/join/tree.ts';
import { tempTree } from '../support/temp-tree.ts';

function read(tool: string, report: unknown): ToolReport {
  const [first] = SCANNERS.find(({ id }) => id === tool)?.read(report) ?? [];
  if (first === undefined) throw new Error(`no report of ${tool}`);
  return first;
}

function bandit(...results: readonly object[]): ToolReport {
  return read('bandit', {
    results: results.map((fields) => ({ filename: 'a.py', line_number: 1, ...fields })),
    errors: [],
    metrics: {},
  });
}

function semgrep(...extras: readonly object[]): ToolReport {
  const [start, end] = [{ line: 1 }, { line: 1 }];
  const results = extras.map((extra) => ({ check_id: 'rules.shell-true', path: 'a.py', start, end, extra }));
  return read('semgrep', { results, errors: [], paths: { scanned: [] } });
}

describe('rules of Bandit', () => {
  it.each([
    ['B301', 'blacklist', 'Deserialization with pickle'],
    ['B307', 'blacklist', 'Use of eval'],
    ['B404', 'blacklist', 'Import of subprocess'],
    ['B602', 'subprocess_popen_with_shell_equals_true', 'Subprocess call with shell=True'],
    ['X900', 'our_own_check', 'Our own check'],
    ['X901', undefined, 'Bandit X901'],
  ])('%s of the function %s is %j', (test_id, test_name, title) => {
    expect(bandit({ test_id, test_name }).rules).toMatchObject([{ id: test_id, title }]);
  });

  it('have titles of their own, each short', () => {
    const titles = [...BANDIT_TESTS.values()].map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    for (const title of titles) expect(title).toMatch(/^[A-Z].{5,59}[^.]$/);
  });

  it('are described by a message that all of their results have', () => {
    const [one, other] = ['eval is bad', 'exec is bad'].map((issue_text) => ({
      test_id: 'B307',
      issue_text,
    }));
    expect(bandit(one!, one!).rules).toMatchObject([{ description: 'eval is bad' }]);
    for (const report of [bandit(one!, other!), bandit(other!, one!, one!)])
      expect(report.rules[0]).not.toHaveProperty('description');
    const password = { test_id: 'B105', issue_text: "Possible hardcoded password: 'hunter2'" };
    expect(bandit(password).rules[0]).not.toHaveProperty('description');
  });

  it('give their results the same fingerprints, whatever they are called', async () => {
    const report = bandit({ test_id: 'B307', test_name: 'blacklist', issue_text: 'eval is bad' });
    const renamed = { ...report, rules: report.rules.map((rule) => ({ ...rule, title: 'Blacklist' })) };
    const tree = scannedTree(tempTree({ 'a.py': 'eval(x)\n' }));
    const [now, before] = await Promise.all([report, renamed].map((each) => adoptReports([each], tree)));
    expect(now?.findings[0]?.title).toBe('Use of eval');
    expect(now?.findings.map(({ fingerprint }) => fingerprint)).toEqual(
      before?.findings.map(({ fingerprint }) => fingerprint),
    );
    expect(now?.findings[0]?.fingerprint).toBe(
      '84635b09b94d6ac25aa94fd4c4a4b1ffd21745c8b92f8be1d9f8642f39faba07',
    );
  });
});

describe('rules of Semgrep', () => {
  it('are described by a message that all of their results have', () => {
    const message = 'A shell takes more than a command.';
    expect(semgrep({ message }, { message }).rules).toMatchObject([
      { title: 'shell true', description: message, helpUri: 'https://semgrep.dev/' },
    ]);
    expect(semgrep({ message }, { message: 'another' }).rules[0]).not.toHaveProperty('description');
    expect(semgrep({ message }, {}).rules[0]).not.toHaveProperty('description');
  });

  it('are not described by what quotes the source', () => {
    const quoting = { message: 'do not call run_it here', metavars: { $F: { abstract_content: 'run_it' } } };
    expect(semgrep(quoting).rules[0]).not.toHaveProperty('description');
    const other = { ...quoting, metavars: { $F: { abstract_content: 'elsewhere' } } };
    expect(semgrep(other).rules).toMatchObject([{ description: quoting.message }]);
  });
});

describe('the sites of tools', () => {
  it('are there for each tool that is read, but for SARIF, and are https', () => {
    const ids = SCANNERS.map(({ id }) => id).filter((id) => id !== 'sarif');
    expect(ids.filter((id) => !TOOL_SITES.has(id))).toEqual([]);
    for (const site of TOOL_SITES.values()) expect(new URL(site).protocol).toBe('https:');
  });

  it('help with rules that have no page', () => {
    const leak = { RuleID: 'jwt', StartLine: 1, Secret: 's', File: 'a.py', Fingerprint: 'f' };
    expect(read('gitleaks', [leak]).rules[0]?.helpUri).toBe('https://github.com/gitleaks/gitleaks');
    expect(read('betterleaks', [leak]).rules[0]?.helpUri).toBe('https://github.com/betterleaks/betterleaks');
    const entry = { type: 'Secret Keyword', filename: 'a.py', hashed_secret: 'a'.repeat(40) };
    const results = { 'a.py': [entry] };
    const keyword = read('detect-secrets', { version: '1.5.0', plugins_used: [], results }).rules[0];
    expect(keyword?.helpUri).toBe('https://github.com/Yelp/detect-secrets');
    const runs = [{ tool: { driver: { name: 'Gitleaks' } }, results: [{ ruleId: 'jwt' }] }];
    expect(read('sarif', { version: '2.1.0', runs }).rules[0]?.helpUri).toBe(
      'https://github.com/gitleaks/gitleaks',
    );
  });
});
