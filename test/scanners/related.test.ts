// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import type { CodeHit, ToolReport, ToolRule } from '../../src/model/tool-report.ts';
import { adoptReports } from '../../src/scanners/join/adopt.ts';
import { withRelated } from '../../src/scanners/join/related.ts';
import { scannedTree } from '../../src/scanners/join/tree.ts';
import { tempTree } from '../support/temp-tree.ts';

interface Drawn {
  readonly tool: string;
  readonly uri: string;
  readonly cwes: readonly string[];
  readonly from?: number;
  readonly length: number;
}

function findingOf({ tool, uri, cwes, from, length }: Drawn, i: number): Finding {
  const location = { uri, ...(from === undefined ? {} : { startLine: from, endLine: from + length }) };
  return {
    fingerprint: `f${i}`,
    cwes,
    locations: [location],
    sources: [{ tool, ruleId: 'x' }],
  } as unknown as Finding;
}

/** Every pair, looked at. */
function expected(findings: readonly Finding[]): (readonly string[] | undefined)[] {
  return findings.map((a) => {
    const related = findings.filter((b) => {
      const [at, there] = [a.locations[0], b.locations[0]];
      if (at?.startLine === undefined || there?.startLine === undefined || at.uri !== there.uri) return false;
      if (a.sources[0]?.tool === b.sources[0]?.tool || !a.cwes.some((cwe) => b.cwes.includes(cwe)))
        return false;
      return at.startLine <= (there.endLine ?? 0) && there.startLine <= (at.endLine ?? 0);
    });
    return related.length === 0 ? undefined : related.map(({ fingerprint }) => fingerprint).sort();
  });
}

describe('related findings', () => {
  it('are those of other tools with a weakness and a line in common', () => {
    const drawn = fc.record({
      tool: fc.constantFrom('a', 'b', 'c'),
      uri: fc.constantFrom('x.py', 'y.py'),
      cwes: fc.subarray(['CWE-1', 'CWE-2']),
      from: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
      length: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 9 })),
    });
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 25 }), (all) => {
        const findings = all.map((each, i) => findingOf(each as Drawn, i));
        expect(withRelated(findings).map(({ related }) => related)).toEqual(expected(findings));
      }),
    );
  });

  it('are a hundred at most, and found without looking at every pair', () => {
    const at = (tool: string) => (_: unknown, i: number) =>
      findingOf({ tool, uri: 'x.js', cwes: ['CWE-1'], from: 1, length: 0 }, i);
    const findings = ['a', 'b'].flatMap((tool) => Array.from({ length: 20_000 }, at(tool)));
    expect(withRelated(findings)[0]?.related).toHaveLength(100);
  });
});

it('a report of 150,000 results in one file is taken', { timeout: 60_000 }, async () => {
  const hits = Array.from(
    { length: 150_000 },
    (_, i): CodeHit => ({
      kind: 'code',
      ruleId: 'r',
      place: { path: 'gone.py', startLine: i + 1 },
      confidence: 'high',
    }),
  );
  const rule: ToolRule = {
    id: 'r',
    kind: 'code',
    title: 'R',
    severity: 'low',
    scoreSource: 'x',
    cwes: ['CWE-1'],
    tags: [],
  };
  const report = { tool: 't', name: 'T', rules: [rule], hits, gaps: [] } as const satisfies ToolReport;
  const { findings } = await adoptReports([report], scannedTree(tempTree({})));
  expect(findings).toHaveLength(hits.length);
});
