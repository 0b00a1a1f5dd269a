// SPDX-License-Identifier: Apache-2.0
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { markdownReporter } from '../../src/reports/markdown.ts';
import { HOSTILE_TEXTS } from '../support/hostile.ts';
import { manyFindings } from '../support/many-findings.ts';
import { emptyReport, sampleReport } from '../support/sample-report.ts';
import { scannerReport } from '../support/scanner-report.ts';

function render(report: Report): string {
  return [...markdownReporter.render(report, { columns: 80, color: false })].join('');
}

/** The nesting of tags, which no text may change. */
function structure(report: Report): string[] {
  const html = micromark(render(report), {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
  });
  return html.match(/<[^>]*>/g) ?? [];
}

describe('markdown', () => {
  it('looks as recorded', async () => {
    await expect(render(sampleReport())).toMatchFileSnapshot('__snapshots__/report.md');
  });

  it.each(HOSTILE_TEXTS)('keeps its structure with %j for every name, path and text', (text) => {
    expect(structure(sampleReport({ name: text, version: text, path: text, text }))).toEqual(
      structure(sampleReport()),
    );
    expect(structure(scannerReport({ id: text, path: text, text }))).toEqual(structure(scannerReport()));
  });

  it('stays below the limit of a step summary, and counts what it leaves out', () => {
    const report = sampleReport({ text: 'x'.repeat(2000) });
    const many = Array.from({ length: 400 }, () => report.findings).flat();
    const decisions = Array.from({ length: 400 }, () => report.verdict.decisions).flat();
    const text = render({ ...report, findings: many, verdict: { ...report.verdict, decisions } });
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    expect(text).toMatch(
      /\n\n\d+ more findings \(\d+ fail\) are not shown here; `-o report\.json` has them all\.\n/,
    );
  });

  it('stays below that limit where every table is full, in any script', () => {
    const [report, scanned] = [
      sampleReport({ text: '字'.repeat(600) }),
      scannerReport({ text: '字'.repeat(600) }),
    ];
    const many = <T>(values: readonly T[]): T[] => Array.from({ length: 300 }, () => values).flat();
    const findings = [...report.findings, ...scanned.findings];
    const titled = many(findings).map((finding, i) => ({ ...finding, title: `${i} ${finding.title}` }));
    const text = render({
      ...report,
      coverage: many(report.coverage.map((row) => ({ ...row, required: false }))),
      findings: titled,
      verdict: {
        ...report.verdict,
        decisions: many([...report.verdict.decisions, ...scanned.verdict.decisions]),
        incomplete: many(report.verdict.incomplete),
        notChecked: many(report.verdict.notChecked),
      },
    });
    expect(text.match(/not shown here/g)).toHaveLength(10);
    expect(text).toMatch(/\n\d+ more rows are not shown here; /);
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
  });

  it('names a place of a rule as long as there are not too many', () => {
    const text = render(manyFindings({ counts: { high: 1000 }, fields: () => ({ message: 'the same' }) }));
    expect(text).toContain('<code>src/10.py&#58;461</code>');
    expect(text).toMatch(/ and 950 more \|/);
    expect(text).not.toContain('not shown here');
  });

  it('gives the findings of other tools tables of their own, with rule, tool, place and fix', async () => {
    const text = render(scannerReport());
    await expect(text).toMatchFileSnapshot('__snapshots__/report-scanners.md');
    expect(text).not.toContain('### Policy');
    expect(text).toContain(
      '| fail | high 7.1 | A title&#58; a message<br>a message | <code>bandit B602, semgrep shell-true</code> | Change these files. | <code>infra/main.tf&#58;4 (2 times)</code>, <code>infra/main.tf.py&#58;7</code> |',
    );
    expect(text).toContain('| osv-scanner&#58; tool failed&#58; expected a message |');
    expect(text).toContain('Scanners&#58; gitleaks 8.30.1, bandit 1.9.4 (imported from build/bandit.json');
  });

  it('ends its footer well without data', () => {
    const none = { source: 'none', ecosystems: [], quarantined: 0 } as const;
    expect(render({ ...emptyReport(), advisoryData: none })).toContain(
      '0 packages in 0 projects. Advisories&#58; none. plimsoll 0.1.0.\n',
    );
  });

  it('prints dates, never an age', () => {
    const later = { ...sampleReport(), evaluatedAt: '2036-01-01T00:00:00.000Z' };
    expect(render(later)).toBe(render(sampleReport()));
  });
});
