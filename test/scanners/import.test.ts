// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAX_REPORT, parseReportOption, readReport } from '../../src/scanners/import.ts';
import { tempTree } from '../support/temp-tree.ts';

const LEAK = { RuleID: 'jwt', StartLine: 1, Secret: 'aaa', File: 'a.txt', Fingerprint: 'a.txt:jwt:1' };

/** Reads one report with this content. */
async function read(content: string | Uint8Array, tool?: string) {
  const root = tempTree({ 'report.json': content });
  return await readReport({ path: join(root, 'report.json'), ...(tool === undefined ? {} : { tool }) });
}

describe('parseReportOption', () => {
  it('takes TOOL= of a known tool alone for one', () => {
    expect(parseReportOption('bandit=a=b.json')).toEqual({ tool: 'bandit', path: 'a=b.json' });
    expect(parseReportOption('build=1/bandit.json')).toEqual({ path: 'build=1/bandit.json' });
    expect(() => parseReportOption('bandit=')).toThrow('expected a file behind bandit=, got nothing');
  });
});

describe('readReport', () => {
  it.each([
    ['', undefined, 'expected a report, got an empty file'],
    [' \n', 'bandit', 'expected a report, got an empty file'],
    ['null', undefined, 'expected a report of a known tool, got null'],
    ['null', 'gitleaks', 'expected a report of gitleaks, got no list at the top'],
    ['[]', undefined, 'expected a report of a known tool, got an empty list'],
    ['{}', undefined, 'expected a report of a known tool, got an empty object'],
    ['{"results": [', 'bandit', 'expected JSON'],
    ['42', undefined, 'got a number'],
    [JSON.stringify([LEAK]), 'bandit', 'expected a report of Bandit, got one of gitleaks'],
    ['{"meta":{},"scan_results":{"projects":[]}}', undefined, 'expected a report of `safety check`'],
    ['[]', 'trufflehog', 'expected a report of TruffleHog, got no JSON lines'],
    ['{"results":[],"errors":[]}', 'bandit', 'expected a report of Bandit, got at metrics'],
  ])('of %j as %s is an error with the name of the file', async (content, tool, message) => {
    const error: unknown = await read(content, tool).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'parse-failed', file: expect.stringMatching(/report\.json$/) });
    expect(String(error)).toContain(message);
  });

  it('believes an empty list of a tool that writes one', async () => {
    expect(await read('[]', 'gitleaks')).toMatchObject([{ tool: 'gitleaks', hits: [], gaps: [] }]);
  });

  it('believes an empty file of a tool that writes one', async () => {
    expect(await read('\n', 'trufflehog')).toMatchObject([{ tool: 'trufflehog', hits: [], gaps: [] }]);
  });

  it.each([
    ['Bandit', { results: [], errors: [], metrics: { _totals: {} }, generated_at: '2026' }],
    ['Semgrep', { results: [], errors: [], paths: { scanned: [] } }],
    ['pip-audit', { dependencies: [], fixes: [] }],
  ])(
    'does not believe %s that it found nothing where it names nothing that it looked at',
    async (name, json) => {
      expect(await read(JSON.stringify(json))).toMatchObject([
        { name, hits: [], gaps: [{ message: `${name} names nothing that it looked at` }] },
      ]);
    },
  );

  it('takes SARIF without a run for a failure', async () => {
    expect(await read('{"version":"2.1.0","runs":[]}')).toMatchObject([
      { tool: 'sarif', failure: 'no run of a tool' },
    ]);
  });

  it('loses nothing of a file that is called __proto__', async () => {
    const secret = `{"type":"Secret Keyword","filename":"__proto__","hashed_secret":"${'a'.repeat(40)}"}`;
    const baseline = `{"version":"1.5.0","plugins_used":[],"results":{"__proto__":[${secret}]}}`;
    expect(await read(baseline)).toMatchObject([{ hits: [{ place: { path: '__proto__' } }], gaps: [] }]);
    const bandit = '{"errors":[],"generated_at":"","results":[],"metrics":{"__proto__":{},"_totals":{}}}';
    expect(await read(bandit)).toMatchObject([{ files: ['__proto__'], gaps: [] }]);
  });

  it('reads what PowerShell and editors make of a report', async () => {
    const text = JSON.stringify([LEAK]);
    for (const bytes of [Buffer.from(`\ufeff${text}`), Buffer.from(`\ufeff${text}`, 'utf16le')])
      expect(await read(bytes)).toMatchObject([{ tool: 'gitleaks', hits: [{ ruleId: 'jwt' }] }]);
    await expect(read(Buffer.from([0x22, 0xff, 0x22]))).rejects.toThrow('expected text in UTF-8');
  });

  it('keeps the good entries beside a bad one, which is a gap', async () => {
    const [report] = await read(JSON.stringify([LEAK, { RuleID: 7 }]));
    expect(report?.hits).toHaveLength(1);
    expect(report?.gaps).toEqual([
      { message: expect.stringMatching(/^report\[1\] cannot be read: at RuleID/) },
    ]);
  });

  it('takes the report of the tool that is named, where two look alike', async () => {
    expect(await read(JSON.stringify([LEAK]), 'betterleaks')).toMatchObject([{ tool: 'betterleaks' }]);
  });

  it('says what is wrong with the file', async () => {
    await expect(readReport({ path: '/nonexistent/a.json' })).rejects.toMatchObject({
      code: 'file-not-found',
    });
    await expect(readReport({ path: tempTree({}) })).rejects.toMatchObject({ code: 'file-unreadable' });
    expect(MAX_REPORT).toBeGreaterThan(100_000_000);
  });
});
