// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { consoleReporter } from '../../src/reports/console.ts';
import { wrap } from '../../src/reports/terminal.ts';
import { HOSTILE_TEXTS } from '../support/hostile.ts';
import { manyFindings } from '../support/many-findings.ts';
import { emptyReport, sampleReport } from '../support/sample-report.ts';
import { scannerReport } from '../support/scanner-report.ts';

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

  it('is never wider than the terminal', () => {
    for (const text of HOSTILE_TEXTS) {
      const samples = [
        sampleReport({ name: text.repeat(5), path: `${text}/poetry.lock`, text }),
        scannerReport({ id: text.repeat(5), path: `${text}/main.tf`, text }),
      ];
      const lines = samples.flatMap((sample) => render(sample).split('\n'));
      expect(lines.filter((line) => [...line].length > 80)).toEqual([]);
    }
  });

  it.each(HOSTILE_TEXTS)('cannot be made to control a terminal or a runner by %j', (text) => {
    const sample = sampleReport({ name: text, version: text, path: text, text });
    const plain = render(sample) + render(scannerReport({ id: text, path: text, text }));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(plain).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(plain).not.toMatch(/^\s*::/m);
    expect(plain).not.toMatch(/##(\[|vso\[)/);
  });

  it('ends with the verdict, and says pass alone only without warnings and gaps', () => {
    const report = sampleReport();
    const lastLine = (r: Report) => render(r, 120).trimEnd().split('\n').at(-1);
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

  it('wraps a long verdict, whose second line is indented', () => {
    expect(render(sampleReport(), 80).trimEnd().split('\n').slice(-2)).toEqual([
      'fail, 2 findings fail the policy, 1 incomplete, 1 warning, 1 not checked, 1',
      '  suppressed (exit code 1)',
    ]);
  });
});

describe('what other tools found, on the console', () => {
  const text = render(scannerReport(), 100);

  it('looks as recorded', async () => {
    await expect(text).toMatchFileSnapshot('__snapshots__/console-scanners.txt');
  });

  it('stands apart from the policy, by kind', () => {
    expect(text).not.toMatch(/^Policy$/m);
    for (const title of ['Secrets', 'Code', 'Misconfigurations', 'Packages of no project'])
      expect(text).toContain(`\n\n${title}\n`);
  });

  it('names severity, rule, tools, places and fix', () => {
    expect(text).toContain('✖ high 7.1      A title: a message [bandit B602, semgrep shell-true]\n');
    expect(text).toContain('    at    infra/main.tf:4 (2 times), infra/main.tf.py:7\n');
    expect(text).toContain('    fix   Change these files.\n');
    expect(text).toContain('[DEBIAN-1, trivy CVE-2024-1]');
  });

  it('tells two rules at one place apart, and says what kind of secret it is', () => {
    expect(text).toContain('✖ high          A title: a message [trivy AWS-0086]');
    expect(text).toContain('▲ high          A title: a message [trivy AWS-0093]');
    expect(text).toContain(
      'A title: a message [gitleaks generic-api-key]\n    at    infra/main.tf:3 · ghp_***\n',
    );
    expect(text).toContain('infra/main.tf:9 · ghp_*** · in the history: ffffffffffff\n');
  });

  it('has the rule and the place of what is suppressed', () => {
    expect(text.replace(/\n {4}/g, ' ')).toContain(
      '○ A title: a message [trivy AWS-0100] at infra/main.tf:1: a message (inSource at infra/main.tf:1)',
    );
  });

  it('says which scanners ran, and which did not work', () => {
    expect(text.replace(/\n/g, ' ')).toContain(
      'Scanners: gitleaks 8.30.1, bandit 1.9.4 (imported from build/bandit.json, of a message) ',
    );
    expect(text).toContain('✖ osv-scanner: tool failed: expected a message (policy: code.fail)');
    expect(render(sampleReport())).not.toContain('Scanners:');
  });
});

describe('the limit of a section', () => {
  it('leaves out what is past it, the least urgent first, and says how much', () => {
    const report = manyFindings({ counts: { high: 30_000, low: 21 } });
    const decisions = report.verdict.decisions.map((decision, i) =>
      i < 30_000 ? decision : ({ ...decision, outcome: 'fail' } as const),
    );
    const text = render({ ...report, verdict: { ...report.verdict, decisions } });
    expect(text.split('\n').length).toBeLessThan(500);
    expect(text.match(/✖ low /g)).toHaveLength(1);
    expect(text.match(/src\/\d+\.py:\d+/g)).toHaveLength(200);
    expect(text).toContain(
      '  … 29821 more findings (29821 warnings) are not shown here; -o report.json has\n    them all\n',
    );
  });

  it('never hides in silence what fails', () => {
    const report = manyFindings({ counts: { high: 205 } });
    const decisions = report.verdict.decisions.map((decision) => ({ ...decision, outcome: 'fail' as const }));
    const text = render({ ...report, verdict: { ...report.verdict, decisions } });
    expect(text).toContain('  … 5 more findings (5 fail) are not shown here; -o report.json has them all\n');
  });

  it('holds for packages, the policy, what is suppressed, and gaps', () => {
    const report = sampleReport();
    const many = <T>(values: readonly T[]): T[] => Array.from({ length: 201 }, () => values).flat();
    const { decisions, incomplete, notChecked } = report.verdict;
    const verdict = {
      ...report.verdict,
      ...{ decisions: many(decisions), incomplete: many(incomplete), notChecked: many(notChecked) },
    };
    const coverage = many(report.coverage.map((row) => ({ ...row, required: false })));
    const text = render({ ...report, coverage, findings: many(report.findings), verdict }, 100);
    const left = text.match(/^ {2}… .*$/gm) ?? [];
    expect(left.map((line) => line.replace(/ (is|are) not shown.*/, ''))).toEqual([
      '  … 202 more findings (202 fail)',
      '  … 1 more finding (1 warning)',
      '  … 1 more finding (1 suppressed)',
      ...['  … 1 more row', '  … 1 more row', '  … 1 more row'],
    ]);
  });

  it('is not spoken of where nothing is left out', () => {
    expect(render(sampleReport())).not.toContain('not shown');
    expect(render(emptyReport())).not.toContain('not shown');
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
