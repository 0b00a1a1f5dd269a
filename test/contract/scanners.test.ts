// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCANNER_IDS } from '../../src/model/scanner-ids.ts';
import type { ToolReport } from '../../src/model/tool-report.ts';
import { PlimsollError } from '../../src/platform/errors.ts';
import { readReport } from '../../src/scanners/import.ts';
import { SCANNERS } from '../../src/scanners/index.ts';
import type { Scanner } from '../../src/scanners/scanner.ts';
import { HAS_SHARED_DATA, REPO_ROOT, SHARED_DATA } from '../support/shared-data.ts';
import { skipTitle } from '../support/skip-title.ts';

const FIXTURES = join(REPO_ROOT, 'fixtures', 'scanners');
const FOLDERS = readdirSync(FIXTURES);
const RECORDED = FOLDERS.flatMap((tool) =>
  readdirSync(join(FIXTURES, tool))
    .filter((name) => name !== 'NOTICE')
    .map((name) => [tool, name] as const),
);

/** JSON of any shape, with the keys that the formats have. */
const anyReport = (() => {
  const keys = fc.constantFrom(
    ...[
      'results',
      'Results',
      'errors',
      'metrics',
      'vulnerabilities',
      'dependencies',
      'runs',
      'version',
      'tool',
    ],
    ...[
      'name',
      'path',
      'file',
      'packages',
      'source',
      'id',
      'check_type',
      'failed_checks',
      'code',
      'advisories',
    ],
    ...['toString', 'level', 'vulnerability_id', 'ignored_vulnerabilities'],
    ...['driver', 'rules', 'message', 'text', 'locations', 'SourceMetadata', 'DetectorName', 'generated_at'],
    ...[
      '__proto__',
      'constructor',
      'SchemaVersion',
      'Class',
      'Target',
      'RuleID',
      'Secret',
      'File',
      'StartLine',
    ],
  );
  return fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(null, true, 0, -1, 1e300, '', 'x', '\u001b[31m', '2.1.0', [], {}),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(keys, tie('value'), { maxKeys: 6 }),
    ),
  })).value;
})();

function check(report: ToolReport, id: string): void {
  if (id !== 'sarif') expect(report.tool).toBe(id);
  const rules = new Map(report.rules.map((rule) => [rule.id, rule]));
  expect(rules.size).toBe(report.rules.length);
  for (const hit of report.hits) {
    if (hit.kind === 'vulnerability') expect(hit.record.id).not.toBe('');
    else expect(rules.get(hit.ruleId)?.kind).toBe(hit.kind);
  }
  for (const { title, severity, scoreSource } of report.rules)
    expect([title, severity, scoreSource].every((text) => text !== '')).toBe(true);
}

describe('the list of scanners', () => {
  it('is what policies and the command line can name', () => {
    expect(SCANNERS.map(({ id }) => id)).toEqual(SCANNER_IDS);
  });

  it('has one file per id, in kebab-case, sorted', () => {
    const ids = SCANNERS.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    for (const id of ids) {
      expect(id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      expect(existsSync(join(REPO_ROOT, 'src', 'scanners', `${id}.ts`))).toBe(true);
    }
  });

  it('has a section per tool in docs/scanners.md', () => {
    const docs = readFileSync(join(REPO_ROOT, 'docs', 'scanners.md'), 'utf8');
    for (const { id } of SCANNERS) expect(docs).toContain(`\n## ${id}\n`);
  });

  it('has recorded reports, each folder with its source and licence', () => {
    for (const tool of FOLDERS) {
      expect(SCANNERS.map(({ id }) => id)).toContain(tool);
      expect(existsSync(join(FIXTURES, tool, 'NOTICE'))).toBe(true);
    }
    expect(RECORDED.length).toBeGreaterThan(5);
  });
});

describe.each(SCANNERS.map((scanner) => [scanner.id, scanner] as const))('%s', (id, scanner: Scanner) => {
  it('reads any JSON, or says that it is no report', () => {
    fc.assert(
      fc.property(anyReport, (made) => {
        // Objects without a prototype, which fast-check makes too, are never read from a file.
        const value: unknown = JSON.parse(JSON.stringify(made));
        try {
          for (const report of scanner.read(value)) check(report, id);
        } catch (error) {
          expect(error).toBeInstanceOf(PlimsollError);
          expect((error as PlimsollError).code).toBe('parse-failed');
        }
        expect(typeof scanner.recognises(value)).toBe('boolean');
      }),
    );
  });

  it('says nothing of an empty list or object', () => {
    for (const value of [[], {}, null, 'text', 7]) expect(scanner.recognises(value)).toBe(false);
  });
});

it.each(RECORDED)('%s/%s is recognised as a report of this tool alone', async (tool, name) => {
  const path = join(FIXTURES, tool, name);
  const reports = await readReport({ path }).catch((error: unknown) => error);
  // An empty list says nothing of its tool.
  if (reports instanceof PlimsollError) {
    for (const report of await readReport({ path, tool })) check(report, tool);
    return;
  }
  for (const report of reports as ToolReport[]) check(report, tool);
  const content: unknown = name.endsWith('.jsonl') ? [] : JSON.parse(readFileSync(path, 'utf8'));
  const others = SCANNERS.filter((each) => each.id !== tool && each.recognises(content)).map(({ id }) => id);
  expect(others).toEqual([]);
});

type Json = Record<string, never[]>;
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const lengths = (each: Json, ...keys: string[]) => sum(keys.map((key) => (each[key] ?? []).length));

/** Counted in the raw JSON, without any of our reading. */
const COUNTS: Readonly<Record<string, (raw: never) => number>> = {
  'bandit-vulpy.json': (raw: { results: unknown[] }) => raw.results.length,
  'gitleaks-NodeGoat.json': (raw: unknown[]) => raw.length,
  'gitleaks-git-terragoat.json': (raw: unknown[]) => raw.length,
  'gitleaks-terragoat.json': (raw: unknown[]) => raw.length,
  'gitleaks-vulpy.json': (raw: unknown[]) => raw.length,
  'detect-secrets-vulpy.json': (raw: { results: Json }) =>
    sum(Object.values(raw.results).map((r) => r.length)),
  ...Object.fromEntries(
    ['NodeGoat', 'terragoat', 'vulpy'].map((name) => [
      `trivy-${name}.json`,
      (raw: { Results?: Json[] }) =>
        sum(
          (raw.Results ?? []).map(
            (each) =>
              lengths(each, 'Vulnerabilities', 'Secrets', 'Licenses') +
              (each.Misconfigurations ?? []).filter(({ Status }) => Status === 'FAIL').length,
          ),
        ),
    ]),
  ),
};

const recorded = HAS_SHARED_DATA
  ? readdirSync(join(SHARED_DATA, 'scanner-reports')).filter((name) => name.endsWith('.json'))
  : [];

describe.skipIf(!HAS_SHARED_DATA)(
  skipTitle('the recorded reports', !HAS_SHARED_DATA, 'the corpus ../shared/data is not there'),
  () => {
    it.each(recorded)('%s has as many hits as the report has entries', async (name) => {
      const count = COUNTS[name];
      if (count === undefined) throw new Error(`no independent count of ${name}`);
      const path = join(SHARED_DATA, 'scanner-reports', name);
      const raw = JSON.parse(readFileSync(path, 'utf8')) as never;
      const reports = await readReport({ path });
      expect(sum(reports.map(({ hits }) => hits.length))).toBe(count(raw));
    });
  },
);
