// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Log, ReportingDescriptor, Result, Run } from 'sarif';
import { beforeAll, describe, expect, it } from 'vitest';
import { importAdvisories } from '../../../src/advisories/mirror/import.ts';
import { compareReports } from '../../../src/compare.ts';
import type { Report } from '../../../src/model/report.ts';
import { sarifDocument, sarifReporter } from '../../../src/reports/sarif/build.ts';
import { scan } from '../../../src/scan.ts';
import { hostile, hostileTree } from '../../support/hostile-tree.ts';
import { STOREFRONT } from '../../support/program.ts';
import { emptyReport, sampleReport } from '../../support/sample-report.ts';
import { REPO_ROOT } from '../../support/shared-data.ts';
import { writeTree } from '../../support/temp-tree.ts';

const SCHEMA = JSON.parse(readFileSync(join(REPO_ROOT, 'fixtures/sarif/sarif-schema-2.1.0.json'), 'utf8'));
const ajv = new Ajv2020({ allErrors: true, strictTypes: false });
formats.default(ajv);
const validate = ajv.compile(SCHEMA);

const NOW = { now: () => new Date('2026-06-01T00:00:00Z'), documentTime: () => new Date(0) };

const CASES = {
  storefront: scanStorefront,
  'a tree of hostile names': scanHostile,
  'the sample': async () => sampleReport(),
  'an empty report': async () => emptyReport(),
  'a report without a repository': async () => ({ ...sampleReport(), subject: {} }),
} as const;

function render(report: Report): string {
  return [...sarifReporter.render(report, { columns: 80, color: false })].join('');
}

describe.each(Object.entries(CASES))('the SARIF of %s', (name, make) => {
  let report: Report;
  let text: string;
  let log: Log;
  let run: Run;
  let results: readonly Result[];
  let rules: readonly ReportingDescriptor[];
  beforeAll(async () => {
    report = complete(await make());
    text = render(report);
    log = JSON.parse(text);
    [run] = log.runs as [Run];
    results = run.results ?? [];
    rules = run.tool.driver.rules ?? [];
  });

  it('is valid against the schema of SARIF 2.1.0', () => {
    validate(log);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('has something to say, but for the empty report', () => {
    expect(results.length > 0).toBe(name !== 'an empty report');
    expect(run.results).toBeDefined();
  });

  it('is one run with a category of its own, whose id ends with a slash', () => {
    expect([log.version, log.runs.length]).toEqual(['2.1.0', 1]);
    expect(log.$schema).toMatch(/^https:\/\/.*sarif.*2\.1\.0.*\.json$/);
    expect(run.tool.driver).toMatchObject({ name: 'plimsoll', semanticVersion: report.tool.version });
    // Folded as the upload action folds it, an id stays another one.
    expect(run.automationDetails?.id).toMatch(/^plimsoll\/dependencies\/[a-z0-9]+(-[a-z0-9]+)*\/$/);
  });

  it('gives each rule all that is required, within the limits', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    expect(rules.map(({ id }) => id).toSorted()).toEqual(
      [...new Set(results.map(({ ruleId }) => ruleId))].toSorted(),
    );
    for (const rule of rules) {
      const texts = [rule.id, rule.shortDescription?.text, rule.fullDescription?.text, rule.help?.text];
      for (const each of [...texts, rule.help?.markdown]) expect(each).toMatch(/\S/);
      expect(rule.name ?? '').not.toBe(rule.id);
      expect(rule.name?.length ?? 0).toBeLessThanOrEqual(255);
      for (const each of texts.slice(1, 3)) expect(each?.length).toBeLessThanOrEqual(1024);
      expect(rule.defaultConfiguration?.level).toMatch(/^(note|warning|error)$/);
      const { tags = [], precision, ...rating } = rule.properties ?? {};
      expect(tags.length).toBeLessThanOrEqual(10);
      expect(new Set(tags).size).toBe(tags.length);
      expect(precision).toMatch(/^((very-)?high|medium|low)$/);
      checkRating(rule, rating);
    }
  });

  /** A security rule has a number as text, in the band of its worst finding; any other rule has a word. */
  function checkRating(rule: ReportingDescriptor, rating: Readonly<Record<string, unknown>>): void {
    const score = rating['security-severity'];
    const findings = report.findings.filter(({ ruleId }) => ruleId === rule.id);
    const security = findings.some(({ kind }) => kind === 'vulnerability' || kind === 'malware');
    expect(rule.properties?.tags?.includes('security')).toBe(security);
    if (!security) {
      expect(score).toBeUndefined();
      expect(rating['problem.severity']).toMatch(/^(error|warning|recommendation)$/);
    } else if (score === undefined) {
      expect(findings.every(({ severity }) => severity === 'unscored' || severity === 'info')).toBe(true);
    } else {
      expect(score).toMatch(/^(10\.0|\d\.\d)$/);
      expect(Number(score)).toBeGreaterThan(0);
      const scores = findings.flatMap((finding) => finding.score?.toFixed(1) ?? []);
      // What is rated by a word must not lie on the edge of two bands.
      if (!scores.includes(String(score)))
        expect(['9.5', '8.0', '5.5', '2.0', '9.8', '9.1']).toContain(score);
    }
  }

  it('gives each result a rule, a message, a place and a fingerprint of its own', () => {
    expect(results.length).toBeLessThanOrEqual(5000);
    for (const result of results) {
      expect(rules[result.ruleIndex ?? -1]?.id).toBe(result.ruleId);
      expect(result.message.text).toMatch(/\S/);
      expect(result.level).toMatch(/^(note|warning|error)$/);
      expect(result.properties).not.toHaveProperty('security-severity');
      expect(result.locations?.length).toBeGreaterThan(0);
      expect(result.locations?.length).toBeLessThanOrEqual(100);
      for (const { physicalLocation: place } of result.locations ?? []) {
        const uri = place?.artifactLocation?.uri ?? '';
        // Relative to the root of the repository: no scheme, no authority, no way out.
        expect(uri).toMatch(/^(?![a-z][a-z0-9+.-]*:)(?!\/)(?!\.\.(\/|$))[A-Za-z0-9._~%/-]+$/i);
        expect(place?.artifactLocation?.uriBaseId).toBe('%SRCROOT%');
        expect(place?.region?.startLine).toBeGreaterThanOrEqual(1);
        expect(place?.region?.endLine).toBeGreaterThanOrEqual(place?.region?.startLine ?? 0);
      }
      expect(result.partialFingerprints?.primaryLocationLineHash).toMatch(/^[0-9a-f]{16}:1$/);
    }
    const identities = results.map(({ ruleId, locations, partialFingerprints }) =>
      JSON.stringify([
        ruleId,
        locations?.[0]?.physicalLocation?.artifactLocation?.uri,
        partialFingerprints?.primaryLocationLineHash,
      ]),
    );
    expect(new Set(identities).size).toBe(results.length);
  });

  it('holds no suppressed finding, no half of a character and nothing that cannot be seen in what is shown', () => {
    const shown = [
      ...results.map(({ message }) => message.text),
      ...rules.flatMap(({ shortDescription, fullDescription, help }) => [
        shortDescription?.text,
        fullDescription?.text,
        help?.text,
        help?.markdown?.replaceAll('\n', ' '),
      ]),
      ...(run.invocations?.[0]?.toolExecutionNotifications ?? []).map(({ message }) => message.text),
    ];
    for (const each of shown) expect(each).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    const open = new Set(
      report.findings
        .filter((_, i) => report.verdict.decisions[i]?.outcome !== 'suppressed')
        .map(({ fingerprint }) => fingerprint),
    );
    expect(results.map((result) => result.partialFingerprints?.['plimsoll/v1']).toSorted()).toEqual(
      [...open].toSorted(),
    );
    expect(text).not.toContain('"suppressions"');
  });
});

it.each(['github', 'archive'] as const)('is valid with the runs of other tools, for %s', async (profile) => {
  const scanners = join(REPO_ROOT, 'fixtures', 'scanners');
  const reports = [
    'bandit/vulpy-1.9.json',
    'checkov/planted-3.3.json',
    'gitleaks/git-terragoat-8.30.json',
    'trivy/planted-0.67.json',
    'zizmor/planted-1.32.json',
    'sarif/codeql-shape.sarif.json',
  ].map((name) => ({ path: join(scanners, name) }));
  const report = await scan({ root: STOREFRONT, advisories: 'bundled', clock: NOW, reports });
  const log: Log = JSON.parse([...sarifDocument(report, { profile }).chunks()].join(''));
  validate(log);
  expect(validate.errors ?? []).toEqual([]);
  // The files of these reports are in no tree here, so that GitHub gets none of them.
  const ids = log.runs.map(({ automationDetails }) => automationDetails?.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.includes('plimsoll/bandit/root/')).toBe(profile === 'archive');
  expect(log.runs.flatMap(({ results }) => results ?? []).length > 100).toBe(profile === 'archive');
});

it.each(['github', 'archive'] as const)('is valid with a comparison, for %s', (profile) => {
  const report = complete(sampleReport());
  const [gone, ...findings] = report.findings;
  const current = {
    ...report,
    findings,
    verdict: { ...report.verdict, decisions: report.verdict.decisions.slice(1) },
  };
  const compared = compareReports({ ...report, findings: [gone!, findings[0]!] }, current);
  const unknown = [{ finding: gone!, cause: 'not-read', reason: 'x was not read' } as const];
  const comparison = { earlier: { evaluatedAt: '' }, absent: [gone!], unknown };
  const log: Log = JSON.parse([...sarifDocument({ ...compared, comparison }, { profile }).chunks()].join(''));
  validate(log);
  expect(validate.errors ?? []).toEqual([]);
  const states = log.runs.flatMap(({ results = [] }) => results.map(({ baselineState }) => baselineState));
  // The standard wants a state on each result of a run, or on none.
  expect(states).not.toContain(undefined);
  expect(states.includes('absent')).toBe(profile === 'archive');
});

/** As if nothing had been left unread: GitHub gets no run of a tool that has read a part. */
function complete(report: Report): Report {
  return { ...report, verdict: { ...report.verdict, incomplete: [] } };
}

function scanStorefront(): Promise<Report> {
  return scan({
    root: STOREFRONT,
    advisories: 'bundled',
    clock: NOW,
    subject: { path: 'fixtures/storefront' },
  });
}

async function scanHostile(): Promise<Report> {
  const { files, records } = hostileTree(hostile);
  const scratch = mkdtempSync(join(tmpdir(), 'plimsoll-sarif-'));
  try {
    const [root, inputs, db] = [join(scratch, 'tree'), join(scratch, 'records'), join(scratch, 'db')];
    writeTree(root, files);
    writeTree(inputs, Object.fromEntries(records.map((record, i) => [`${i}.json`, JSON.stringify(record)])));
    await importAdvisories({ dbDir: db, inputs: [inputs], now: NOW.now() });
    const subject = { path: 'a b/\u202e[x]' };
    return await scan({ root, advisories: 'mirror', db, clock: NOW, subject });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
