// SPDX-License-Identifier: Apache-2.0
import { buildFinding } from '../../src/findings/build.ts';
import type { Coverage } from '../../src/model/coverage.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Report } from '../../src/model/report.ts';
import type { Decision } from '../../src/model/verdict.ts';
import { sampleReport } from './sample-report.ts';

/** Texts that a report of another tool could put wherever they stand. */
interface ToolTexts {
  readonly path: string;
  readonly text: string;
  readonly id: string;
}

const PLAIN: ToolTexts = { path: 'infra/main.tf', text: 'a message', id: 'B602' };

type Fields = Parameters<typeof buildFinding>[1];

/** The sample with findings of other tools, one of them suppressed, and with rows about tools that did not work. */
export function scannerReport(texts: Partial<ToolTexts> = {}): Report {
  const t = { ...PLAIN, ...texts };
  const report = sampleReport();
  const findings = [
    ...[secret(t, 3), secret(t, 9, ['f'.repeat(40)])],
    ...[code(t, 4), code(t, 4), code({ ...t, path: `${t.path}.py` }, 7)],
    ...[misconfiguration(t, 'AWS-0086'), misconfiguration(t, 'AWS-0093')],
    foreign(t),
    misconfiguration(t, 'AWS-0100'),
  ];
  const policy = { uri: 'plimsoll.yaml', line: 4, key: 'code.fail' };
  const decisions: Decision[] = findings.map(({ fingerprint, ruleId }) => ({
    fingerprint,
    policy,
    ...(ruleId === 'AWS-0100'
      ? {
          outcome: 'suppressed',
          suppression: { kind: 'inSource', reason: t.text, location: { uri: t.path, startLine: 1 } },
        }
      : { outcome: ruleId === 'AWS-0093' ? 'warn' : 'fail' }),
  }));
  const gap: Coverage = {
    ...{ plugin: 'osv-scanner', target: '.', status: 'failed', cause: 'tool-failed', unit: 'files' },
    ...{ expected: 1, processed: 0, required: true, errors: [{ message: `expected ${t.text}` }] },
  };
  return {
    ...report,
    scanners: [
      { id: 'gitleaks', name: 'gitleaks', version: '8.30.1', sha256: 'a'.repeat(64) },
      { id: 'bandit', name: 'Bandit', version: '1.9.4', report: 'build/bandit.json', target: t.text },
    ],
    coverage: [gap],
    rules: [],
    findings,
    verdict: { ...report.verdict, decisions, incomplete: [{ coverage: gap, policy }], notChecked: [] },
  };
}

function common({ text, path }: ToolTexts, startLine: number): Omit<Fields, 'ruleId' | 'detail' | 'sources'> {
  return {
    ...{ severity: 'high', scoreSource: 'a table', confidence: 'high', message: text },
    ...{ title: `A title: ${text}`, tip: `Change ${path}.`, aliases: [], cwes: [] },
    locations: [{ uri: path, startLine }],
  } as const;
}

function secret(t: ToolTexts, line: number, commits?: readonly string[]): Finding {
  return buildFinding(
    { kind: 'secret', ruleId: 'generic-api-key', uri: t.path, lineHash: `${line}`, occurrence: 0 },
    {
      ...common(t, line),
      ruleId: 'generic-api-key',
      message: `gitleaks found ghp_*** in ${t.path}.`,
      tip: 'Revoke it.',
      sources: [{ tool: 'gitleaks', version: '8.30.1', ruleId: 'generic-api-key' }],
      detail: {
        kind: 'secret',
        detector: 'generic-api-key',
        mask: 'ghp_***',
        ...(commits === undefined ? {} : { commits }),
      },
    },
  );
}

function code(t: ToolTexts, line: number): Finding {
  return buildFinding(
    { kind: 'code', tool: 'bandit', ruleId: t.id, uri: t.path, lineHash: '', occurrence: line },
    {
      ...common(t, line),
      ruleId: t.id,
      score: 7.1,
      sources: [
        { tool: 'bandit', ruleId: t.id },
        { tool: 'semgrep', ruleId: 'shell-true' },
      ],
      detail: { kind: 'code' },
    },
  );
}

function misconfiguration(t: ToolTexts, ruleId: string): Finding {
  return buildFinding(
    { kind: 'misconfiguration', control: ruleId, uri: t.path, subject: t.text, occurrence: 0 },
    {
      ...common(t, 1),
      ruleId,
      sources: [{ tool: 'trivy', ruleId }],
      detail: { kind: 'misconfiguration', resource: t.text },
    },
  );
}

function foreign(t: ToolTexts): Finding {
  return buildFinding(
    { kind: 'vulnerability', ecosystem: 'Debian', name: 'openssl', projectId: t.path, anchor: 'DEBIAN-1' },
    {
      ...common(t, 1),
      ruleId: 'DEBIAN-1',
      sources: [{ tool: 'trivy', ruleId: 'CVE-2024-1' }],
      detail: { kind: 'vulnerability', records: [], fixedVersions: [], dependencyPaths: [] },
    },
  );
}
