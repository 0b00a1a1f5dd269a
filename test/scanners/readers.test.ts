// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../src/model/inventory.ts';
import type { ToolReport } from '../../src/model/tool-report.ts';
import { SCANNERS } from '../../src/scanners/index.ts';
import { reportedPackages } from '../../src/scanners/join/packages.ts';
import { component } from '../support/component.ts';
import { REPO_ROOT } from '../support/shared-data.ts';

function read(tool: string, report: unknown): ToolReport[] {
  const scanner = SCANNERS.find(({ id }) => id === tool);
  if (scanner === undefined) throw new Error(`no scanner ${tool}`);
  return [...scanner.read(report)];
}

function fixture(tool: string, name: string): unknown {
  return JSON.parse(readFileSync(join(REPO_ROOT, 'fixtures', 'scanners', tool, name), 'utf8'));
}

describe('sarif', () => {
  it('reads rules of extensions, places by index and base, and what is accepted', () => {
    const [codeql, notRun] = read('sarif', fixture('sarif', 'codeql-shape.sarif.json'));
    expect(codeql).toMatchObject({ tool: 'codeql', name: 'CodeQL', version: '2.20.0', gaps: [] });
    expect(codeql?.rules).toEqual([
      {
        id: 'js/xss',
        kind: 'code',
        title: 'Client-side cross-site scripting',
        description: 'Writing user input directly to the DOM allows cross-site scripting.',
        helpUri: 'https://codeql.github.com/',
        severity: 'medium',
        score: 6.1,
        scoreSource: 'security-severity of CodeQL',
        cwes: ['CWE-79', 'CWE-116'],
        tags: ['security'],
      },
    ]);
    expect(codeql?.hits).toMatchObject([
      { place: { path: 'src/a b.js', startLine: 2, startColumn: 3, endColumn: 9 }, confidence: 'high' },
      { place: { path: 'src/t.js' }, suppression: { kind: 'external', reason: 'a test page' } },
    ]);
    expect(notRun).toMatchObject({ tool: 'not-run', hits: [], failure: 'no list of results' });
  });

  const run = (fields: object) => ({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'T' } }, ...fields }],
  });
  const at = (artifactLocation: object) => ({
    message: {},
    locations: [{ physicalLocation: { artifactLocation } }],
  });
  const only = (log: unknown) => read('sarif', log)[0];

  it('believes an empty list of results, and takes a failed run for a part', () => {
    expect(only(run({ results: [] }))).toMatchObject({ hits: [], gaps: [] });
    const failed = { results: [], invocations: [{ executionSuccessful: false }] };
    expect(only(run(failed))?.gaps).toEqual([{ message: 'it says that it did not succeed' }]);
    const notes = [
      { level: 'error', message: { text: 'no memory' } },
      { level: 'note', message: { text: 'fine' } },
    ];
    const noted = { results: [], invocations: [{ toolExecutionNotifications: notes }] };
    expect(only(run(noted))?.gaps).toEqual([{ message: 'no memory' }]);
    expect(() => read('sarif', { version: '2.0.0', runs: [] })).toThrow('expected SARIF 2.1.0, got 2.0.0');
  });

  it.each([
    ['a text', 'text'],
    ['a list', []],
    ['nothing', null],
    ['another rule', { ruleId: 1 }],
    ['another index', { ruleIndex: '1' }],
    ['an endless index', { ruleIndex: Number.POSITIVE_INFINITY }],
    ['a rule that is a text', { rule: 'R' }],
    ['a level that is a number', { level: 1 }],
    ['another kind', { kind: {} }],
    ['another state', { baselineState: false }],
    ['a message that is a text', { message: 'm' }],
    ['a list of messages', { message: [] }],
    ['another text', { message: { text: 1 } }],
    ['another markdown', { message: { markdown: 1 } }],
    ['another id of a message', { message: { id: 1 } }],
    ['one location', { locations: {} }],
    ['one suppression', { suppressions: {} }],
  ])('takes a result that is %s or has that for a gap, and the others for results', (_, odd) => {
    const report = only(run({ results: [{ ruleId: 'R' }, odd, { ruleId: null, message: {} }] }));
    expect(report?.hits).toHaveLength(2);
    expect(report?.gaps).toEqual([{ message: expect.stringContaining('results[1] cannot be read: ') }]);
  });

  it('reads a result with nested fingerprints, and one without rule, message, place or all of them', () => {
    const odd = [
      { ruleId: 'R', fingerprints: { a: { b: 'c' } }, partialFingerprints: { 'x/y': { n: [1] } } },
      { message: { text: 'm' }, locations: [] },
      {},
    ];
    const report = only(run({ results: odd }));
    expect(report?.hits.map((hit) => hit.kind === 'code' && [hit.ruleId, hit.place.path])).toEqual([
      ['R', ''],
      ['unnamed', ''],
      ['unnamed', ''],
    ]);
    expect(report?.gaps).toEqual([]);
  });

  it('takes the text that a result names from its rule, with its arguments', () => {
    const log = {
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'T',
              rules: [{ id: 'R', messageStrings: { default: { text: "'{0}' hides {1}{2}" } } }],
            },
          },
          results: [
            { ruleId: 'R', message: { id: 'default', arguments: ['a', '__proto__'] } },
            { ruleId: 'R', message: { id: 'default', text: 'own {0}', arguments: ['word'] } },
            { ruleId: 'R', message: { id: '__proto__' } },
          ],
        },
      ],
    };
    const messages = only(log)?.hits.map((hit) => hit.kind === 'code' && hit.message);
    expect(messages).toEqual(["'a' hides __proto__{2}", 'own word', undefined]);
  });

  it('has one severity per rule, the worst of its results, in whatever order they come', () => {
    const results = ['note', 'error', 'warning'].map((level) => ({ ruleId: 'R/1', level, message: {} }));
    for (const list of [results, results.toReversed()])
      expect(only(run({ results: list }))?.rules).toMatchObject([{ id: 'R/1', severity: 'high' }]);
  });

  it.each([
    [{ uri: 'a%20b.py' }, 'a b.py'],
    [{ uri: 'file:///w/a.py' }, '/w/a.py'],
    [{ uri: 'file:///C:/w/a.py' }, 'C:/w/a.py'],
    [{ uri: '%zz' }, '%zz'],
    [{ uri: 'a.py', uriBaseId: 'LOOP' }, `${'l/'.repeat(10)}a.py`],
    [{ index: 7 }, ''],
    [{}, ''],
  ])('places %j at %s', (location, path) => {
    const originalUriBaseIds = { LOOP: { uri: 'l', uriBaseId: 'LOOP' } };
    expect(only(run({ results: [at(location)], originalUriBaseIds }))?.hits[0]).toMatchObject({
      place: { path },
    });
  });

  it('copies no message of a tool that looks for secrets', () => {
    const log = {
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'gitleaks', rules: [{ id: 'jwt', shortDescription: { text: 'JWT' } }] } },
          results: [{ ruleId: 'jwt', message: { text: 'jwt has detected secret-value' } }],
        },
      ],
    };
    const [gitleaks] = read('sarif', log);
    expect(gitleaks).toMatchObject({ tool: 'gitleaks', hits: [{ kind: 'secret' }] });
    expect(JSON.stringify(gitleaks)).not.toContain('secret-value');
  });

  it('does not take underReview, rejected or one of two for accepted', () => {
    const suppressed = (...suppressions: object[]) =>
      only(run({ results: [{ message: {}, suppressions }] }))?.hits[0];
    expect(suppressed({ kind: 'external', status: 'underReview' })).not.toHaveProperty('suppression');
    expect(suppressed({ kind: 'inSource' }, { kind: 'external', status: 'rejected' })).not.toHaveProperty(
      'suppression',
    );
    expect(suppressed({ kind: 'external' }, { kind: 'inSource' })).toMatchObject({
      suppression: { kind: 'inSource' },
    });
  });
});

describe('pip-audit', () => {
  const vulns = [{ id: 'PYSEC-1', aliases: ['CVE-1'], fix_versions: ['2.0'], description: 'bad' }];

  it.each([
    ['the object', (dependencies: unknown[]) => ({ dependencies, fixes: [] })],
    ['the bare list', (dependencies: unknown[]) => dependencies],
  ])('reads %s, and what it skipped is a gap', (_, wrap) => {
    const skipped = { name: 'local', skip_reason: 'Dependency not found on PyPI' };
    const [report] = read('pip-audit', wrap([{ name: 'Jinja_2', version: '1.0', vulns }, skipped]));
    expect(report?.packages).toEqual([{ path: '', ecosystem: 'PyPI', name: 'jinja-2', version: '1.0' }]);
    expect(report?.hits).toMatchObject([
      { name: 'jinja-2', version: '1.0', record: { id: 'PYSEC-1', aliases: ['CVE-1'] } },
    ]);
    expect(report?.gaps).toEqual([{ message: 'local was skipped: Dependency not found on PyPI' }]);
  });
});

describe('safety', () => {
  it('reads vulnerabilities and packages, and tells what its policy ignored', () => {
    const vulnerability = {
      vulnerability_id: '12345',
      package_name: 'Jinja2',
      analyzed_version: '1.0',
      CVE: 'CVE-1',
      advisory: 'bad',
      fixed_versions: ['2.0'],
      more_info_url: 'https://example.org/',
    };
    const [report] = read('safety', {
      report_meta: { safety_version: '3.8.1' },
      scanned_packages: { jinja2: { name: 'Jinja2', version: '1.0' } },
      vulnerabilities: [vulnerability],
      ignored_vulnerabilities: [{ ...vulnerability, vulnerability_id: 7 }],
    });
    expect(report?.hits).toMatchObject([
      { name: 'jinja2', version: '1.0', record: { id: 'SFTY-12345', aliases: ['CVE-1'] } },
    ]);
    expect(report?.packages).toEqual([{ path: '', ecosystem: 'PyPI', name: 'jinja2', version: '1.0' }]);
    expect(report?.gaps).toEqual([{ message: 'Jinja2: its policy file ignores 7' }]);
  });
});

describe('npm-audit', () => {
  it('reads one hit per advisory and package, of old and new versions', () => {
    const [v7] = read('npm-audit', fixture('npm-audit', 'v7.json'));
    expect(v7?.hits).toMatchObject([
      { name: 'minimist', version: '', range: '<0.2.4', record: { id: 'GHSA-xvch-5gv4-984h' } },
    ]);
    const [v6] = read('npm-audit', fixture('npm-audit', 'v6.json'));
    expect(v6?.hits).toMatchObject([
      {
        name: 'minimist',
        version: '0.0.8',
        record: { id: 'GHSA-xvch-5gv4-984h', aliases: ['CVE-2021-44906'] },
      },
    ]);
  });

  it('takes JSON without vulnerabilities for the failure that it is', () => {
    expect(read('npm-audit', { message: 'request failed', method: 'POST' })).toMatchObject([
      { failure: 'no list of vulnerabilities: request failed', hits: [] },
    ]);
  });

  it('finds the installed versions in the inventory', () => {
    const components = [
      component('minimist', { version: '0.2.3' }),
      component('minimist', { version: '1.2.8' }),
    ];
    const projects = [{ id: 'package-lock.json', files: [] }];
    const inventory = { projects, components } as unknown as Inventory;
    const reports = read('npm-audit', fixture('npm-audit', 'v7.json'));
    const { reported, foreign } = reportedPackages(reports, inventory, (path) => path);
    expect(reported).toMatchObject([{ project: 'package-lock.json', name: 'minimist', version: '0.2.3' }]);
    expect(foreign).toEqual([]);
    expect(reportedPackages(reports, { ...inventory, components: [] }, (path) => path).foreign).toHaveLength(
      1,
    );
  });
});

describe('trufflehog', () => {
  const line = (data: object, fields: object = {}) => ({
    SourceMetadata: { Data: data },
    DetectorName: 'AWS',
    Raw: 'the-secret',
    ExtraData: { account: '1' },
    ...fields,
  });

  it('reads lines of files and of history, and errors of its log', () => {
    const [report] = read('trufflehog', [
      { level: 'info-0', msg: 'running source' },
      line({ Filesystem: { file: 'a.env', line: 3 } }, { Verified: true }),
      line({ Git: { file: 'b.env', commit: 'c'.repeat(40), email: 'a@example.org', line: 1 } }),
      { level: 'error', msg: 'could not read c.zip' },
    ]);
    expect(report?.hits).toMatchObject([
      { place: { path: 'a.env', startLine: 3 }, verified: true, clue: { text: 'the-secret' } },
      { place: { path: 'b.env' }, commit: 'c'.repeat(40) },
    ]);
    expect(report?.gaps).toEqual([{ message: 'could not read c.zip' }]);
    expect(JSON.stringify(report)).not.toContain('example.org');
  });

  it('is recognised by one line alone', () => {
    const scanner = SCANNERS.find(({ id }) => id === 'trufflehog');
    expect(scanner?.recognises(line({}))).toBe(true);
  });
});

describe('semgrep', () => {
  it('reads results, what was scanned, and errors, without lines of the source', () => {
    const [report] = read('semgrep', {
      version: '1.140.0',
      results: [
        {
          check_id: 'rules.python.shell-true',
          path: 'a.py',
          start: { line: 3, col: 1, offset: 9 },
          end: { line: 3, col: 20, offset: 28 },
          extra: {
            message: 'shell',
            severity: 'ERROR',
            lines: 'password = 1',
            fingerprint: 'requires login',
            is_ignored: true,
            metadata: { cwe: ['CWE-78: OS Command Injection'], confidence: 'HIGH', category: 'security' },
          },
        },
      ],
      errors: [{ code: 3, level: 'warn', type: 'Syntax error', message: 'Syntax error', path: 'bad.py' }],
      paths: { scanned: ['a.py', 'bad.py'] },
    });
    expect(report).toMatchObject({
      version: '1.140.0',
      files: ['a.py', 'bad.py'],
      gaps: [{ path: 'bad.py', message: 'Syntax error' }],
      rules: [{ id: 'rules.python.shell-true', title: 'shell true', severity: 'high', cwes: ['CWE-78'] }],
      hits: [
        { confidence: 'high', suppression: { kind: 'inSource' }, place: { startLine: 3, endColumn: 20 } },
      ],
    });
    expect(JSON.stringify(report)).not.toMatch(/password|requires login/);
  });
});

describe('zizmor', () => {
  it('reads rows from 0, and audits with the worst severity that is reported', () => {
    const [report] = read('zizmor', fixture('zizmor', 'planted-1.32.json'));
    const places = report?.hits.map((hit) =>
      'place' in hit ? `${hit.ruleId} ${hit.place.path}:${hit.place.startLine}` : '',
    );
    expect(places).toContain('artipacked ./.github/workflows/a.yml:6');
    expect(places).toContain('template-injection ./.github/workflows/a.yml:7');
    expect(report?.rules.find(({ id }) => id === 'template-injection')).toMatchObject({ severity: 'high' });
  });
});

describe('detect-secrets', () => {
  it('reads sha1 and line, and what was marked as no secret', () => {
    const entry = { type: 'Secret Keyword', filename: 'a.py', hashed_secret: 'a'.repeat(40), line_number: 2 };
    const [report] = read('detect-secrets', {
      version: '1.5.0',
      plugins_used: [],
      results: { 'a.py': [entry, { ...entry, is_secret: false }, { type: 7 }] },
    });
    expect(report?.hits).toMatchObject([
      { clue: { sha1: 'a'.repeat(40) } },
      { suppression: { kind: 'external' } },
    ]);
    expect(report?.gaps).toHaveLength(1);
  });
});
