// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import fc from 'fast-check';
import type { Log } from 'sarif';
import { expect, it } from 'vitest';
import { sarifDocument } from '../../../src/reports/sarif/build.ts';
import { lintSarif } from '../../../src/reports/sarif/lint.ts';
import { scan } from '../../../src/scan.ts';
import { HOSTILE_TEXTS } from '../../support/hostile.ts';
import { tempTree } from '../../support/temp-tree.ts';

const CLOCK = { now: () => new Date('2026-06-01T00:00:00Z'), documentTime: () => new Date(0) };

const text = fc.oneof(
  fc.constantFrom(...HOSTILE_TEXTS, '', ' ', 'R', '\u200b', 'a'.repeat(2000)),
  fc.string(),
);
const number = fc.oneof(fc.constantFrom(-1, 0, 1, 2, 3, 1e21, Number.MAX_SAFE_INTEGER), fc.double());
const uri = fc.oneof(
  text,
  fc.constantFrom(
    'a.py',
    'a b.py',
    '../a.py',
    '/etc/passwd',
    'file:///x',
    'git://h/a',
    'a\\b.py',
    '%',
    '.',
    '//h/a',
  ),
);
const region = fc.record(
  { startLine: number, endLine: number, startColumn: number, endColumn: number },
  { requiredKeys: [] },
);
const result = fc.record(
  {
    ruleId: text,
    ruleIndex: number,
    level: text,
    kind: fc.constantFrom('fail', 'pass', 'open'),
    message: fc.record({ text }),
    locations: fc.array(
      fc.record({ physicalLocation: fc.record({ artifactLocation: fc.record({ uri }), region }) }),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: [] },
);
const rule = fc.record(
  {
    id: text,
    name: text,
    shortDescription: fc.record({ text }),
    help: fc.record({ text }),
    properties: fc.record({ 'security-severity': fc.oneof(text, number), tags: fc.array(text) }),
  },
  { requiredKeys: [] },
);
const run = fc.record({
  tool: fc.record({ driver: fc.record({ name: text, version: text, rules: fc.array(rule) }) }),
  results: fc.array(result, { minLength: 1 }),
});

it.each(['/', '/x/', '/x/.', '/x/..', 'file:///', 'C:\\'])(
  'has a place for %j, which is no file',
  async (uri) => {
    const runs = [
      {
        tool: { driver: { name: 'T' } },
        results: [{ locations: [{ physicalLocation: { artifactLocation: { uri } } }] }],
      },
    ];
    const root = tempTree({ 'x.sarif': JSON.stringify({ version: '2.1.0', runs }) });
    const report = await scan({
      root,
      reports: [{ path: join(root, 'x.sarif') }],
      advisories: 'bundled',
      clock: CLOCK,
    });
    const places = report.findings.flatMap(({ kind, locations }) => (kind === 'code' ? locations : []));
    expect(places).toMatchObject([{ uri: expect.stringMatching(/\S/), outside: true }]);
  },
);

it('is taken whole, whatever a report of another tool holds', async () => {
  const root = tempTree({ 'a.py': 'x = 1\n', 'a b.py': 'y = 1\n' });
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 3 }), async (runs) => {
      const path = join(tempTree({ 'x.sarif': JSON.stringify({ version: '2.1.0', runs }) }), 'x.sarif');
      const report = await scan({
        root,
        reports: [{ path }],
        advisories: 'bundled',
        clock: CLOCK,
      });
      // What is not in the tree has no run; here it is to be seen what would become of it.
      const complete = {
        ...report,
        coverage: report.coverage.filter(({ status }) => status === 'succeeded'),
        verdict: { ...report.verdict, incomplete: [] },
      };
      for (const profile of ['github', 'ghes', 'azure'] as const) {
        const document = sarifDocument(complete, { profile });
        const log = JSON.parse([...document.chunks()].join('')) as Log;
        expect(lintSarif(log).filter(({ level }) => level === 'error')).toEqual([]);
        seen += log.runs.flatMap(({ results }) => results ?? []).length;
        expect([document.leftOut, document.quarantined()]).toEqual([[], []]);
      }
    }),
  );
  expect(seen).toBeGreaterThan(300);
});

it('of a report that cannot be read alone has a run that says so', async () => {
  // What the policy has too much is no reason for a run that would close the alerts of packages.
  const policy = 'version: 1\nexceptions: [{ id: CVE-2020-1, package: pkg:npm/a, reason: no use }]\n';
  const root = tempTree({ 'x.json': 'no report', 'plimsoll.yaml': policy });
  const report = await scan({
    root,
    paths: [],
    reports: [{ path: join(root, 'x.json') }],
    advisories: 'mirror',
    clock: CLOCK,
  });
  expect(report.findings.map(({ ruleId }) => ruleId)).toEqual(['unused-exception']);
  const document = sarifDocument(report, { profile: 'github', ownRun: 'with-results' });
  const log = JSON.parse([...document.chunks()].join('')) as Log;
  expect(log.runs.map(({ automationDetails }) => automationDetails?.id)).toEqual(['plimsoll/status/root/']);
  expect(log.runs[0]?.invocations?.[0]).toMatchObject({
    executionSuccessful: false,
    toolExecutionNotifications: [
      { message: { text: expect.stringMatching(/^no run of import: .*x\.json/) } },
    ],
  });
  expect(lintSarif(log)).toEqual([]);
});
