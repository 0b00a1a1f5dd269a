// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Finding, Rule, Severity } from '../../src/model/finding.ts';
import type { Report } from '../../src/model/report.ts';
import { completeReport } from './sample-report.ts';

export interface ManyFindings {
  /** How many code findings of the tool there are of each severity, the worst first. */
  readonly counts: Partial<Record<Severity, number>>;
  readonly tool?: string;
  /** Of each finding by its number, over what is there otherwise. */
  readonly fields?: (number: number) => Partial<Finding>;
}

/** A report with as many findings of other tools as are asked for, and none of plimsoll's own. */
export function manyFindings(...tools: readonly ManyFindings[]): Report {
  const report = completeReport();
  const findings = tools.flatMap(({ counts, tool = 'bandit', fields = () => ({}) }) =>
    Object.entries(counts).flatMap(([severity, count]) =>
      Array.from({ length: count }, (_, i) => ({
        ...finding(tool, severity as Severity, i),
        ...fields(i),
      })),
    ),
  );
  const rules = new Map(
    findings.map((each) => [`${each.sources[0]?.tool} ${each.ruleId}`, ruleOf(each, 'medium')]),
  );
  return {
    ...report,
    scanners: tools.map(({ tool = 'bandit' }) => ({ id: tool, name: tool, version: '1.2.3' })),
    rules: [...rules.values()],
    findings,
    verdict: {
      ...report.verdict,
      decisions: findings.map(({ fingerprint }) => ({
        fingerprint,
        outcome: 'warn',
        policy: { uri: 'plimsoll.yaml', line: 1, key: 'code.warn' },
      })),
    },
  };
}

function finding(tool: string, severity: Severity, i: number): Finding {
  return {
    fingerprint: createHash('sha256').update(`${tool} ${severity} ${i}`).digest('hex'),
    ruleId: 'B1',
    kind: 'code',
    severity,
    confidence: 'high',
    title: 'a title',
    message: `message ${i}`,
    tip: 'a tip',
    aliases: [],
    cwes: [],
    locations: [{ uri: `src/${i % 50}.py`, startLine: 1 + i }],
    sources: [{ tool, ruleId: 'B1' }],
    detail: { kind: 'code' },
  };
}

/** The rule of a tool's finding, with texts that say nothing. */
export function ruleOf(
  { ruleId: id, kind, sources: [source] }: Finding,
  defaultSeverity: Rule['defaultSeverity'],
): Rule {
  return {
    id,
    tool: source?.tool ?? '',
    kind,
    name: id,
    shortDescription: 'short',
    fullDescription: 'full',
    helpMarkdown: 'help',
    helpUri: 'https://example.org/',
    tags: ['security'],
    defaultSeverity,
  };
}
