// SPDX-License-Identifier: Apache-2.0
import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../../src/model/report.ts';
import { visible } from '../../../src/reports/encode.ts';
import { sarifCategory, sarifReporter } from '../../../src/reports/sarif/build.ts';
import { HOSTILE_TEXTS } from '../../support/hostile.ts';
import { sampleReport } from '../../support/sample-report.ts';

function render(report: Report): Log {
  return JSON.parse([...sarifReporter.render(report, { columns: 80, color: false })].join('')) as Log;
}

describe('sarif', () => {
  it('looks as recorded', async () => {
    const text = [...sarifReporter.render(sampleReport(), { columns: 80, color: false })].join('');
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
    ['services/My API', 'services-my-api-66e91136'],
    ['root', 'root-4813494d'],
    ['日本', 'cf2abf0c'],
  ])('folds the target %j to %s', (path, slug) => {
    const report = sampleReport();
    const subject = path === undefined ? {} : { path };
    expect(sarifCategory({ ...report, subject })).toBe(`plimsoll/dependencies/${slug}/`);
  });

  it('gives different targets different categories, whatever GitHub folds', () => {
    const targets = ['.', 'root', 'a/b', 'a-b', 'a_b', 'A/b', 'a b', '日本', '東京', 'ä'];
    const folded = targets.map((path) =>
      sarifCategory({ ...sampleReport(), subject: { path } })
        .toUpperCase()
        .replace(/[^A-Z0-9]/g, '_'),
    );
    expect(new Set(folded).size).toBe(targets.length);
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
    const [invocation] = render(sampleReport()).runs[0]?.invocations ?? [];
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
