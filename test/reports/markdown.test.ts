// SPDX-License-Identifier: Apache-2.0
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { markdownReporter } from '../../src/reports/markdown.ts';
import { HOSTILE_TEXTS } from '../support/hostile.ts';
import { sampleReport } from '../support/sample-report.ts';

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
  });

  it('stays below the limit of a step summary, and counts what it leaves out', () => {
    const report = sampleReport({ text: 'x'.repeat(2000) });
    const many = Array.from({ length: 400 }, () => report.findings).flat();
    const decisions = Array.from({ length: 400 }, () => report.verdict.decisions).flat();
    const text = render({ ...report, findings: many, verdict: { ...report.verdict, decisions } });
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    expect(text).toMatch(/\d+ more rows do not fit here/);
  });

  it('prints dates, never an age', () => {
    const later = { ...sampleReport(), evaluatedAt: '2036-01-01T00:00:00.000Z' };
    expect(render(later)).toBe(render(sampleReport()));
  });
});
