// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { consoleReporter } from '../../src/reports/console.ts';
import { wrap } from '../../src/reports/terminal.ts';
import { HOSTILE_TEXTS } from '../support/hostile.ts';
import { sampleReport } from '../support/sample-report.ts';

function render(report: Report, columns = 80, color = false): string {
  return [...consoleReporter.render(report, { columns, color })].join('');
}

describe('console', () => {
  for (const columns of [60, 80, 120]) {
    for (const color of [false, true]) {
      it(`looks as recorded at ${columns} columns ${color ? 'with' : 'without'} colour`, async () => {
        const text = render(
          sampleReport({ text: 'Template injection through the xmlattr filter of a crafted page' }),
          columns,
          color,
        );
        await expect(text).toMatchFileSnapshot(
          `__snapshots__/console-${columns}${color ? '-color' : ''}.txt`,
        );
      });
    }
  }

  it('is never wider than the terminal, but for the verdict, which is one line', () => {
    for (const text of HOSTILE_TEXTS) {
      const wide = render(sampleReport({ name: text.repeat(5), path: `${text}/poetry.lock`, text })).split(
        '\n',
      );
      const verdict = wide.at(-2);
      expect(wide.filter((line) => line !== verdict && [...line].length > 80)).toEqual([]);
    }
  });

  it.each(HOSTILE_TEXTS)('cannot be made to control a terminal or a runner by %j', (text) => {
    const plain = render(sampleReport({ name: text, version: text, path: text, text }));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(plain).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(plain).not.toMatch(/^\s*::/m);
    expect(plain).not.toMatch(/##(\[|vso\[)/);
  });

  it('ends with the verdict, and says pass alone only without warnings and gaps', () => {
    const report = sampleReport();
    const lastLine = (r: Report) => render(r).trimEnd().split('\n').at(-1);
    expect(lastLine(report)).toBe(
      'fail, 2 findings fail the policy, 1 incomplete, 1 warning, 1 not checked, 1 suppressed (exit code 1)',
    );
    const clean = {
      ...report.verdict,
      result: 'pass',
      exitCode: 0,
      decisions: [],
      incomplete: [],
      notChecked: [],
    } as const;
    expect(lastLine({ ...report, findings: [], verdict: clean })).toBe('pass (exit code 0)');
    const gaps = { ...clean, notChecked: report.verdict.notChecked };
    expect(lastLine({ ...report, findings: [], verdict: gaps })).toBe('pass, 1 not checked (exit code 0)');
  });
});

describe('wrap', () => {
  it('keeps every word in order and every line within the width', () => {
    const text = 'one two three averyveryverylongword four';
    for (const width of [8, 10, 20]) {
      const lines = wrap(text, width);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }
  });
});
