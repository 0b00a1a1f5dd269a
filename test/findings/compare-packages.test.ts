// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { buildFinding } from '../../src/findings/build.ts';
import type { CurrentRun } from '../../src/findings/compare/no-answer.ts';
import { compareRuns } from '../../src/findings/compare.ts';
import type { Coverage } from '../../src/model/coverage.ts';
import type { Finding } from '../../src/model/finding.ts';
import { component, projectOf, row, runOf, vulnerability } from './runs.ts';

const LEFT = component('left', { version: '1.0.0' });
const FIXED = component('left', { version: '9.0.0' });
const OTHER = component('other');
const LOCK = LEFT.project;

type Parts = Parameters<typeof runOf>[1] & { readonly rows?: readonly Coverage[]; readonly paths?: string[] };

function fate(
  finding: Finding,
  { rows = [], paths, ...parts }: Parts,
  before: Parts = { components: [LEFT] },
) {
  const now = runOf([], { components: [FIXED], ...parts });
  const current: CurrentRun = { ...now, coverage: [...now.coverage, ...rows] };
  const { absent, unknown } = compareRuns(
    runOf([finding], before),
    current,
    paths === undefined ? {} : { paths },
  );
  expect([absent.length, unknown.length].sort()).toEqual([0, 1]);
  return unknown[0]?.cause ?? absent[0]?.baselineState;
}

const HIT = vulnerability(LEFT, 'GHSA-1');

describe('an advisory that no longer hits', () => {
  it('is absent where the package was looked at again, or is gone', () => {
    expect(fate(HIT, {})).toBe('absent');
    expect(fate(HIT, { components: [OTHER] })).toBe('absent');
    expect(fate(HIT, { components: [] })).toBe('absent');
  });

  const discover = (fields: Partial<Coverage>) => row('discover', { status: 'skipped', ...fields });
  it.each<[string, Parts]>([
    [
      'its project was left out',
      { components: [], rows: [discover({ target: LOCK, cause: 'excluded', required: false })] },
    ],
    ['all was left out', { components: [], rows: [discover({ target: '.', cause: 'limit-exceeded' })] }],
    [
      'its project failed',
      {
        components: [],
        rows: [row('package-lock', { target: LOCK, status: 'failed', cause: 'unparsable' })],
      },
    ],
    [
      'a part of its project was read',
      { rows: [row('package-lock', { target: LOCK, status: 'partial', cause: 'unparsable' })] },
    ],
    [
      'its manifest has no lock any more',
      { components: [], rows: [discover({ target: 'package.json', cause: 'no-lock' })] },
    ],
    [
      'another lock that is not read took its place',
      { components: [], rows: [discover({ target: 'yarn.lock', cause: 'no-collector' })] },
    ],
    [
      'other paths alone were scanned',
      { components: [OTHER].map((each) => ({ ...each, project: 'a/package-lock.json' })), paths: ['a'] },
    ],
    [
      'scopes were omitted',
      {
        components: [OTHER],
        rows: [row('omit', { target: LOCK, status: 'skipped', cause: 'omitted', required: false })],
      },
    ],
  ])('is unknown where %s', (_, parts) => {
    expect(fate(HIT, parts)).toBe('not-read');
  });

  it.each<[string, Parts]>([
    ['a tool is missing', { rows: [row('gitleaks', { status: 'failed', cause: 'tool-missing' })] }],
    ['a tool disagrees', { rows: [row('trivy', { status: 'partial', cause: 'disagreement' })] }],
    [
      'another project failed',
      {
        rows: [row('package-lock', { target: 'b/package-lock.json', status: 'failed', cause: 'unparsable' })],
      },
    ],
    [
      'something out of scope lies beside it',
      { components: [], rows: [discover({ target: 'go.mod', cause: 'out-of-scope', required: false })] },
    ],
    [
      'other packages have no version',
      {
        components: [FIXED, component('free', { pinning: 'unresolved' })],
        rows: [row('matcher', { target: LOCK, status: 'partial', cause: 'unpinned' })],
      },
    ],
    [
      'another line could not be read',
      { rows: [row('requirements', { target: LOCK, status: 'partial', cause: 'unmatchable' })] },
    ],
    [
      'the data are older than a day',
      { rows: [row('advisories', { target: 'npm', status: 'partial', cause: 'advisory-data-stale' })] },
    ],
    ['it is within the paths that were scanned', { paths: ['.'] }],
  ])('is absent although %s', (_, parts) => {
    expect(fate(HIT, parts)).toBe('absent');
  });

  it.each<[string, Parts]>([
    ['the package has no version', { components: [component('left', { pinning: 'unresolved' })] }],
    ['the package is from git', { components: [component('left', { origin: 'git' })] }],
    ['one of two is not matched', { components: [FIXED, component('left', { ref: 'x', origin: 'url' })] }],
  ])('is unknown where %s', (_, parts) => {
    expect(fate(HIT, parts)).toBe('not-judged');
  });

  it('is unknown where a line that names the package could not be read', () => {
    const skipped = [
      { project: LOCK, location: { uri: LOCK }, text: 'git+https://example.org/Left.git', reason: 'x' },
    ];
    const rows = [row('requirements', { target: LOCK, status: 'partial', cause: 'unmatchable' })];
    const inventory = { projects: [projectOf(LOCK)], components: [OTHER], dependencies: [], skipped };
    expect(fate(HIT, { inventory, rows })).toBe('not-judged');
  });

  const data = (fields: Partial<CurrentRun['advisoryData']>, newestModified = '2026-06-02T00:00:00Z') => ({
    advisoryData: {
      source: 'mirror' as const,
      ecosystems: [{ name: 'npm', records: 9, newestModified }],
      quarantined: 0,
      ...fields,
    },
  });
  it.each<[string, Parts]>([
    ['there are none', data({ source: 'none', ecosystems: [] })],
    [
      'they are damaged',
      { rows: [row('advisories', { target: 'npm', status: 'failed', cause: 'advisory-data-damaged' })] },
    ],
    [
      'they did not come',
      {
        ...data({ source: 'osv' }),
        rows: [row('advisories', { target: 'npm', status: 'partial', cause: 'advisory-source-failed' })],
      },
    ],
    ['they are older', data({}, '2026-05-31T00:00:00Z')],
    ['they have no date', data({ ecosystems: [] })],
    ['they are the few that come with the program', data({ source: 'bundled' })],
  ])('is unknown with records of which %s', (_, parts) => {
    expect(fate(HIT, parts)).toBe('advisory-data');
  });

  it('is absent with newer records, and with those of an API', () => {
    expect(fate(HIT, data({}))).toBe('absent');
    expect(fate(HIT, data({ source: 'osv', ecosystems: [] }))).toBe('absent');
  });

  it('is unknown where the records are older than the one that hit', () => {
    const { detail } = HIT;
    const records = 'records' in detail ? detail.records : [];
    const late = {
      ...HIT,
      detail: { ...detail, records: records.map((each) => ({ ...each, modified: '2026-07-01T00:00:00Z' })) },
    } as Finding;
    expect(fate(late, {})).toBe('advisory-data');
  });

  it('waits for the other tools that reported it', () => {
    const both = { ...HIT, sources: [...HIT.sources, { tool: 'osv-scanner', ruleId: 'GHSA-1' }] };
    const scanners = [{ id: 'osv-scanner', name: 'OSV-Scanner' }];
    const gap = (target: string) =>
      row('osv-scanner', { target, status: 'partial', unit: 'packages', cause: 'tool-failed' });
    const ran = { scanners, rows: [row('osv-scanner', { target: LOCK, unit: 'packages' })] };
    expect(fate(both, ran)).toBe('absent');
    expect(fate(both, {})).toBe('absent');
    expect(fate(both, { scanners, rows: [gap(LOCK)] })).toBe('tool-incomplete');
    expect(fate(both, { scanners, rows: [gap('b/package-lock.json')] })).toBe('absent');
    const theirs = { ...HIT, sources: [{ tool: 'osv-scanner', ruleId: 'GHSA-1' }] };
    expect(fate(theirs, {})).toBe('tool-did-not-run');
    expect(fate(theirs, ran)).toBe('absent');
  });
});

describe('a licence that is no longer refused', () => {
  const claim = (expression?: string) => ({
    raw: 'x',
    ...(expression === undefined ? {} : { expression }),
    acknowledgement: 'declared' as const,
    source: 'lock',
    confidence: 'high' as const,
  });
  const { fingerprint: _, kind: __, ...fields } = HIT;
  const refused = buildFinding(
    {
      kind: 'license',
      ecosystem: 'npm',
      name: 'left',
      projectId: LOCK,
      ruleId: 'license-not-allowed',
      expression: 'GPL-3.0-only',
    },
    {
      ...fields,
      ruleId: 'license-not-allowed',
      sources: [{ tool: 'plimsoll', ruleId: 'license-not-allowed' }],
      detail: { kind: 'license', expression: 'GPL-3.0-only', result: 'fail', failing: ['GPL-3.0-only'] },
    },
  );
  const judged = row('licenses', { target: LOCK, status: 'partial', cause: 'license-unknown' });

  it('is absent where it was judged, and where the package is gone', () => {
    const licenses = [claim('MIT')];
    expect(fate(refused, { components: [{ ...FIXED, licenses }], rows: [judged] })).toBe('absent');
    expect(fate(refused, { components: [OTHER] })).toBe('absent');
  });

  it('is unknown where it could not be told, or is not judged any more', () => {
    expect(fate(refused, { components: [{ ...FIXED, licenses: [claim()] }], rows: [judged] })).toBe(
      'not-judged',
    );
    expect(fate(refused, { components: [FIXED], rows: [judged] })).toBe('not-judged');
    expect(fate(refused, { components: [{ ...FIXED, licenses: [claim('MIT')] }] })).toBe('not-judged');
  });
});

it('what is unknown has its package with it, for a later run whose inventory lacks the component', () => {
  const failed = [row('package-lock', { target: LOCK, status: 'failed', cause: 'unparsable' })];
  const first = compareRuns(runOf([HIT], { components: [LEFT] }), { ...runOf([]), coverage: failed });
  expect(first.unknown[0]?.package).toEqual({ ecosystem: 'npm', name: 'left', version: '1.0.0' });
  const alias = vulnerability(LEFT, 'CVE-1', { aliases: ['GHSA-1'] });
  const second = compareRuns(runOf([]), runOf([alias], { components: [LEFT] }), { carried: first.unknown });
  expect(second.findings[0]?.baselineState).toBe('updated');
  const third = compareRuns(runOf([]), runOf([], { components: [FIXED] }), { carried: first.unknown });
  expect(third.absent.map(({ fingerprint }) => fingerprint)).toEqual([HIT.fingerprint]);
});
