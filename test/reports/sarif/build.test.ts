// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Report } from '../../../src/model/report.ts';
import { visible } from '../../../src/reports/encode.ts';
import { sarifReporter } from '../../../src/reports/sarif/build.ts';
import { sarifCategory } from '../../../src/reports/sarif/category.ts';
import { lintSarif } from '../../../src/reports/sarif/lint.ts';
import { HOSTILE_TEXTS } from '../../support/hostile.ts';
import { sampleReport } from '../../support/sample-report.ts';
import { archive, complete, render, written } from './support.ts';

describe('sarif', () => {
  it('looks as recorded', async () => {
    const text = [...sarifReporter.render(complete(sampleReport()), { columns: 80, color: false })].join('');
    await expect(text).toMatchFileSnapshot('__snapshots__/report.sarif.json');
  });

  it('has one run of the category plimsoll/dependencies/<target>/', () => {
    expect(render(sampleReport()).runs.map((run) => run.automationDetails?.id)).toEqual([
      'plimsoll/dependencies/root/',
    ]);
  });

  it.each([
    [undefined, 'root'],
    ['.', 'root'],
    ['services/api', 'services-api'],
    ['services-api', 'services-api-9050bd42'],
    ['services/2', 'services-2-e5aa5dda'],
    ['services/My API', 'services-my-api-66e91136'],
    ['root', 'root-4813494d'],
    ['日本', 'cf2abf0c'],
  ])('folds the target %j to %s', (path, slug) => {
    const subject = path === undefined ? {} : { path };
    expect(sarifCategory(subject, 'dependencies')).toBe(`plimsoll/dependencies/${slug}/`);
  });

  it('gives different targets different categories, whatever GitHub folds', () => {
    const targets = [
      '.',
      'root',
      'a/b',
      'a-b',
      'a_b',
      'A/b',
      'a b',
      '日本',
      '東京',
      'ä',
      'a',
      'a/2',
      'a/2/2',
    ];
    const folded = targets.flatMap((path) =>
      [1, 2, 20].map((part) =>
        sarifCategory({ path }, 'dependencies', part)
          .toUpperCase()
          .replace(/[^A-Z0-9]/g, '_'),
      ),
    );
    expect(new Set(folded).size).toBe(3 * targets.length);
  });

  it('has one result per fingerprint, and none for a suppressed finding', () => {
    const report = sampleReport();
    const [, shown, ...others] = report.findings;
    const twice = {
      ...report,
      findings: [...report.findings, shown!],
      verdict: { ...report.verdict, decisions: [...report.verdict.decisions, report.verdict.decisions[1]!] },
    };
    const results = render(twice).runs[0]?.results ?? [];
    expect(results.map((result) => result.partialFingerprints?.['plimsoll/v1'])).toEqual(
      [shown!, ...others].map((finding) => finding.fingerprint),
    );
  });

  it('puts 16 digits of the fingerprint and :1 where GitHub looks, and the whole beside it', () => {
    for (const result of render(sampleReport()).runs[0]?.results ?? []) {
      const whole = result.partialFingerprints?.['plimsoll/v1'];
      expect(whole).toMatch(/^[0-9a-f]{64}$/);
      expect(result.partialFingerprints?.primaryLocationLineHash).toBe(`${whole?.slice(0, 16)}:1`);
    }
  });

  it('gives every rule what GitHub requires, and a score as a numeric string', () => {
    for (const rule of render(sampleReport()).runs[0]?.tool.driver.rules ?? []) {
      expect(rule.shortDescription?.text && rule.fullDescription?.text && rule.help?.text).toBeTruthy();
      const score: unknown = rule.properties?.['security-severity'];
      if (rule.id === 'PYSEC-1') expect(score).toBe('7.5');
      else expect(score).toBeUndefined();
      expect(rule.properties?.tags?.length ?? 0).toBeLessThanOrEqual(10);
    }
  });

  it('places a result relative to the repository, below the scan root', () => {
    const report = { ...sampleReport({ path: 'a b/poetry.lock' }), subject: { path: 'services/api' } };
    const [result] = render(report).runs[0]?.results ?? [];
    expect(result?.locations?.[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'services/api/a%20b/poetry.lock', uriBaseId: '%SRCROOT%' },
      region: { startLine: 12, endLine: 12 },
    });
  });

  it('says that the run was not complete, and why', () => {
    const [invocation] = archive(sampleReport()).runs[0]?.invocations ?? [];
    expect(invocation?.executionSuccessful).toBe(false);
    expect(invocation?.toolExecutionNotifications?.map(({ level }) => level)).toEqual(['error', 'warning']);
  });

  it.each(HOSTILE_TEXTS)('keeps %j as text', (text) => {
    const log = render(sampleReport({ name: text, version: text, text }));
    const result = log.runs[0]?.results?.[0];
    const read = result?.message.text
      ?.replaceAll('{{', '{')
      .replaceAll('}}', '}')
      .replace(/\\([\\[\]])/g, '$1');
    expect(read).toContain(visible(text).trim());
    // An embedded link needs a bracket that is not escaped.
    expect(result?.message.text?.replace(/\\[\\[\]]/g, '')).not.toMatch(/[[\]]/);
  });
});

describe('a file that would have no run', () => {
  const failed = { plugin: 'bandit', target: '.', status: 'failed', cause: 'tool-failed' } as const;
  const row = { ...failed, unit: 'files', expected: 1, processed: 0, required: true } as const;
  const report: Report = {
    ...sampleReport(),
    scanners: [{ id: 'bandit', name: 'Bandit' }],
    coverage: [{ ...row, errors: [{ message: 'it crashed' }] }],
  };

  it.each([
    ['github', 'plimsoll'],
    ['ghes', 'plimsoll'],
    ['azure', 'plimsoll status'],
  ] as const)('has one that says what is withheld and why, for %s', (profile, name) => {
    const log = written(report, profile);
    expect(log.runs).toMatchObject([
      {
        tool: { driver: { name, semanticVersion: '0.1.0', rules: [] } },
        automationDetails: { id: 'plimsoll/status/root/' },
        results: [],
      },
    ]);
    const [invocation] = log.runs[0]?.invocations ?? [];
    expect(invocation?.executionSuccessful).toBe(false);
    expect(
      invocation?.toolExecutionNotifications?.map(({ level, message, descriptor }) => [
        level,
        message.text,
        descriptor?.id,
      ]),
    ).toEqual([
      ['error', expect.stringMatching(/^no run of dependencies: .*no collector/), 'no-collector'],
      ['error', expect.stringMatching(/^no run of bandit: .*it crashed/), 'tool-failed'],
    ]);
    expect(lintSarif(log)).toEqual([]);
  });

  it('has none of it as soon as another run stands in it', () => {
    const log = written(complete(report), 'github');
    expect(log.runs.map(({ automationDetails }) => automationDetails?.id)).toEqual([
      'plimsoll/dependencies/root/',
    ]);
  });

  it('has a category that no run with results has', () => {
    const ids = ['dependencies', 'bandit', 'plimsoll', 'import'].flatMap((tool) =>
      ['.', 'status', 'status/root', 'root'].map((path) => sarifCategory({ path }, tool)),
    );
    const folded = ids.map((id) => id.replace(/[^a-z0-9]/gi, '_').toUpperCase());
    for (const path of ['.', 'status', 'dependencies', 'root'])
      expect(folded).not.toContain(
        sarifCategory({ path }, 'status')
          .replace(/[^a-z0-9]/gi, '_')
          .toUpperCase(),
      );
  });
});
