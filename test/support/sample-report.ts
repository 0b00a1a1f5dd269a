// SPDX-License-Identifier: Apache-2.0
import { buildFinding } from '../../src/findings/build.ts';
import { staticRules } from '../../src/findings/rules.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Component } from '../../src/model/inventory.ts';
import type { Report } from '../../src/model/report.ts';
import type { Decision } from '../../src/model/verdict.ts';

/** Texts that a sample report uses wherever a scanned file or a record could put some. */
export interface SampleTexts {
  readonly name: string;
  readonly version: string;
  readonly path: string;
  readonly text: string;
}

const PLAIN: SampleTexts = { name: 'jinja2', version: '3.0.3', path: 'api/poetry.lock', text: 'a sentence' };

/** The sample as if nothing had been left unread: SARIF has no run of a tool that has read a part. */
export function completeReport(texts: Partial<SampleTexts> = {}): Report {
  const report = sampleReport(texts);
  return { ...report, verdict: { ...report.verdict, incomplete: [] } };
}

/** A small report with one of everything, each text of which can be made hostile. */
export function sampleReport(texts: Partial<SampleTexts> = {}): Report {
  const t = { ...PLAIN, ...texts };
  const root = component(t, 'storefront-api', { ref: `${t.path}#.`, origin: 'workspace' });
  const direct = component(t, t.name, { ref: `${t.path}#pkg:pypi/x@1`, version: t.version, direct: true });
  const deep = component(t, 'werkzeug', { ref: `${t.path}#pkg:pypi/y@2`, version: '2.2.3', scopes: ['dev'] });
  const findings = [
    vulnerability(t, deep, 'critical'),
    vulnerability(t, direct, 'high'),
    license(t, direct),
    expired(t),
  ];
  const policy = { uri: 'plimsoll.yaml', line: 4, key: 'advisories.runtime.fail' };
  const decisions: Decision[] = findings.map((finding, i) => ({
    fingerprint: finding.fingerprint,
    ...(finding.component === undefined ? {} : { component: finding.component }),
    outcome: (['suppressed', 'fail', 'fail', 'warn'] as const)[i] ?? 'note',
    policy,
    ...(i === 0
      ? {
          suppression: {
            kind: 'exception',
            reason: t.text,
            owner: t.text,
            expires: 'when-fixed',
            location: { uri: t.path, startLine: 9 },
          },
        }
      : {}),
  }));
  const gap = {
    plugin: 'discover',
    target: t.path,
    status: 'skipped',
    cause: 'no-collector',
    unit: 'files',
    expected: 1,
    processed: 0,
    required: true,
    errors: [{ message: `no collector for ${t.text}`, location: { uri: t.path } }],
  } as const;
  return {
    schemaVersion: '1.0',
    tool: { name: 'plimsoll', version: '0.1.0' },
    subject: { path: '.' },
    evaluatedAt: '2026-11-21T00:00:00.000Z',
    inventory: {
      projects: [
        {
          id: t.path,
          collector: 'poetry-lock',
          manifest: t.path,
          files: [t.path],
          root: root.ref,
          sources: [],
        },
      ],
      components: [root, direct, deep],
      dependencies: [
        { ref: root.ref, dependsOn: [{ ref: direct.ref, kind: 'runtime' }] },
        { ref: direct.ref, dependsOn: [{ ref: deep.ref, kind: 'runtime' }] },
        { ref: deep.ref, dependsOn: [] },
      ],
      skipped: [],
    },
    coverage: [gap],
    advisoryData: {
      source: 'mirror',
      generation: 'a'.repeat(64),
      ecosystems: [{ name: 'PyPI', records: 2661, newestModified: '2026-11-20T12:00:00Z' }],
      quarantined: 0,
      enrichment: {
        epss: {
          date: '2026-11-20T12:00:22Z',
          sha256: 'b'.repeat(64),
          scores: 301_234,
          model: 'v2025.03.14',
          rejected: 2,
        },
        kev: {
          date: '2026-11-19T15:18:29Z',
          sha256: 'c'.repeat(64),
          entries: 1450,
          retrievedAt: '2026-11-20T18:00:00.000Z',
        },
      },
    },
    rules: [
      ...staticRules(['license-not-allowed', 'expired-exception']),
      {
        id: 'PYSEC-1',
        kind: 'vulnerability',
        name: 'PYSEC-1',
        shortDescription: t.text,
        fullDescription: t.text,
        helpMarkdown: '[PYSEC-1](https://osv.dev/vulnerability/PYSEC-1)',
        helpUri: 'https://osv.dev/vulnerability/PYSEC-1',
        tags: ['security', 'vulnerability'],
        defaultSeverity: 'high',
      },
    ],
    findings,
    verdict: {
      result: 'fail',
      exitCode: 1,
      decisions,
      incomplete: [{ coverage: gap, policy: { ...policy, key: 'coverage' } }],
      notChecked: [
        {
          coverage: { ...gap, cause: 'unpinned', unit: 'packages', expected: 3 },
          policy: { ...policy, key: 'dependencies.unpinned' },
        },
      ],
      weakenings: [],
      unusedExceptions: [],
      expiredExceptions: [],
      options: { onIncomplete: 'fail', omit: [], exclude: [] },
    },
  };
}

/** A report of a tree in which there is nothing to scan. */
export function emptyReport(): Report {
  const { inventory, verdict, ...rest } = sampleReport();
  return {
    ...rest,
    inventory: { projects: [], components: [], dependencies: [], skipped: [] },
    coverage: [],
    rules: [],
    findings: [],
    verdict: { ...verdict, result: 'incomplete', exitCode: 4, decisions: [], incomplete: [], notChecked: [] },
  };
}

function component(
  t: SampleTexts,
  name: string,
  fields: Partial<Component> & Pick<Component, 'ref'>,
): Component {
  return {
    project: t.path,
    name,
    origin: 'registry',
    pinning: 'resolved',
    scopes: ['runtime'],
    direct: false,
    artifacts: [],
    licenses: [],
    flags: {},
    locations: [{ uri: t.path, startLine: 12 }],
    ...fields,
  };
}

function vulnerability(t: SampleTexts, component: Component, severity: 'critical' | 'high'): Finding {
  return buildFinding(
    { kind: 'vulnerability', ecosystem: 'PyPI', name: component.name, projectId: t.path, anchor: 'PYSEC-1' },
    {
      ruleId: 'PYSEC-1',
      severity,
      score: severity === 'critical' ? 9.8 : 7.5,
      scoreSource: 'CVSS:3.1/AV:N PYSEC-1',
      confidence: 'high',
      title: `CVE-2024-1 in ${component.name} ${component.version}: ${t.text}`,
      message: `${component.name} ${component.version} is affected: ${t.text}`,
      tip: `Upgrade ${component.name} to 3.1.3`,
      project: t.path,
      component: component.ref,
      aliases: ['CVE-2024-1'],
      cwes: ['CWE-79'],
      locations: component.locations,
      sources: [{ tool: 'plimsoll', ruleId: 'PYSEC-1' }],
      detail: {
        kind: 'vulnerability',
        records: [],
        fixedVersions: ['3.1.3'],
        ...(severity === 'high' ? { epss: { score: 0.12399, percentile: 0.95432 }, kev: true } : {}),
        dependencyPaths: [[`${t.path}#.`, `${t.path}#pkg:pypi/x@1`, component.ref]],
      },
    },
  );
}

function license(t: SampleTexts, component: Component): Finding {
  return buildFinding(
    {
      kind: 'license',
      ecosystem: 'PyPI',
      name: component.name,
      projectId: t.path,
      ruleId: 'license-not-allowed',
      expression: t.text,
    },
    {
      ruleId: 'license-not-allowed',
      severity: 'high',
      confidence: 'high',
      title: `${t.text} is not allowed`,
      message: `${component.name} has the licence ${t.text}, which is not on the allow list`,
      tip: 'Replace the package, or add an exception',
      project: t.path,
      component: component.ref,
      aliases: [],
      cwes: [],
      locations: component.locations,
      sources: [{ tool: 'plimsoll', ruleId: 'license-not-allowed' }],
      detail: { kind: 'license', expression: t.text, result: 'fail', failing: [t.text] },
    },
  );
}

function expired(t: SampleTexts): Finding {
  return buildFinding(
    { kind: 'policy', ruleId: 'expired-exception', key: 'exceptions.0', uri: 'plimsoll.yaml' },
    {
      ruleId: 'expired-exception',
      severity: 'low',
      confidence: 'high',
      title: 'An exception has expired',
      message: `The exception for CVE-2024-2 expired: ${t.text}`,
      tip: 'Renew or remove it',
      aliases: [],
      cwes: [],
      locations: [{ uri: 'plimsoll.yaml', startLine: 20 }],
      sources: [{ tool: 'plimsoll', ruleId: 'expired-exception' }],
      detail: { kind: 'policy' },
    },
  );
}
