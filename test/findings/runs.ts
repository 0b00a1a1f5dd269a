// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { buildFinding } from '../../src/findings/build.ts';
import type { CurrentRun } from '../../src/findings/compare/no-answer.ts';
import { type CompareOptions, compareRuns } from '../../src/findings/compare.ts';
import type { Coverage } from '../../src/model/coverage.ts';
import type { Finding, FindingSource } from '../../src/model/finding.ts';
import type { Component, Project } from '../../src/model/inventory.ts';
import { compareText } from '../../src/model/order.ts';
import { component } from '../support/component.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

export interface Placed {
  readonly tool?: string;
  readonly ruleId?: string;
  readonly uri?: string;
  readonly line?: number;
  /** The text of the line, by which it is known. */
  readonly text?: string;
  readonly occurrence?: number;
  readonly sources?: readonly FindingSource[];
}

/** A finding of a tool in code. */
export function code(placed: Placed = {}, fields: Partial<Finding> = {}): Finding {
  const { tool = 'bandit', ruleId = 'B602', uri = 'app/run.py', line = 10, text = 'run(x)' } = placed;
  const { occurrence = 0, sources = [{ tool, ruleId }] } = placed;
  return buildFinding(
    { kind: 'code', tool, ruleId, uri, lineHash: digest(text), occurrence },
    {
      ruleId,
      severity: 'high',
      confidence: 'high',
      title: ruleId,
      message: `${ruleId} says so`,
      tip: 'change it',
      aliases: [],
      cwes: [],
      locations: [{ uri, startLine: line, endLine: line }],
      sources,
      lineHash: `${digest(text).slice(0, 16)}:${occurrence + 1}`,
      detail: { kind: 'code' },
      ...fields,
    },
  );
}

/** A secret; `text` is its line with the secret blanked. */
export function secret(placed: Placed = {}, fields: Partial<Finding> = {}): Finding {
  const { tool = 'gitleaks', ruleId = 'jwt', uri = 'app/settings.py', line = 3, text = 'key = ***' } = placed;
  const { occurrence = 0, sources = [{ tool, ruleId }] } = placed;
  return buildFinding(
    { kind: 'secret', ruleId, uri, lineHash: digest(text), occurrence },
    {
      ruleId,
      severity: 'high',
      confidence: 'high',
      title: ruleId,
      message: `${tool} found *** in ${uri}.`,
      tip: 'revoke it',
      aliases: [],
      cwes: [],
      locations: [{ uri, startLine: line, endLine: line, startColumn: 7, endColumn: 20 }],
      sources,
      detail: { kind: 'secret', detector: ruleId, mask: '***' },
      ...fields,
    },
  );
}

/** An advisory that hits a component; its aliases are those of the group. */
export function vulnerability(of: Component, id: string, fields: Partial<Finding> = {}): Finding {
  const { ecosystem = '', name, version = '', project } = of;
  return buildFinding(
    { kind: 'vulnerability', ecosystem, name, projectId: project, anchor: id },
    {
      ruleId: id,
      severity: 'high',
      confidence: 'high',
      title: `${id}: ${name} ${version}`,
      message: `${name} ${version} is affected by ${id}.`,
      tip: 'upgrade',
      project,
      component: of.ref,
      aliases: [],
      cwes: [],
      locations: [{ uri: project, startLine: 7 }],
      sources: [{ tool: 'plimsoll', ruleId: id }],
      detail: {
        kind: 'vulnerability',
        records: [
          {
            id,
            modified: '2026-01-01T00:00:00Z',
            aliases: fields.aliases ?? [],
            matched: { by: 'version', value: version },
            fixed: [],
          },
        ],
        fixedVersions: [],
        dependencyPaths: [],
      },
      ...fields,
    },
  );
}

/** A row of the ledger. */
export function row(plugin: string, fields: Partial<Coverage> = {}): Coverage {
  const status = fields.status ?? 'succeeded';
  return {
    plugin,
    target: '.',
    status,
    ...(status === 'succeeded' ? {} : { cause: 'tool-failed' }),
    unit: 'files',
    expected: 1,
    processed: status === 'succeeded' ? 1 : 0,
    required: true,
    errors: [],
    ...fields,
  };
}

/** A run in which the tools of the findings, and those of `tools`, did their work. */
export function runOf(
  findings: readonly Finding[],
  parts: Partial<CurrentRun> & {
    readonly components?: readonly Component[];
    readonly tools?: readonly string[];
  } = {},
): CurrentRun {
  const { components = [], tools, ...fields } = parts;
  const found = findings.flatMap(({ sources }) => sources.map(({ tool }) => tool));
  const ran = [...new Set(tools ?? found)].filter((tool) => tool !== 'plimsoll').sort(compareText);
  const ids = [...new Set(components.map(({ project }) => project))];
  return {
    findings,
    coverage: [...ran.map((tool) => row(tool)), ...ids.map((id) => row('package-lock', { target: id }))],
    inventory: { projects: ids.map(projectOf), components, dependencies: [], skipped: [] },
    advisoryData: {
      source: 'mirror',
      ecosystems: [{ name: 'npm', records: 9, newestModified: '2026-06-01T00:00:00Z' }],
      quarantined: 0,
    },
    scanners: ran.map((id) => ({ id, name: id })),
    ...fields,
  };
}

export function projectOf(id: string): Project {
  return {
    id,
    collector: 'package-lock',
    manifest: id.replace('package-lock', 'package'),
    files: [id],
    root: `${id}#.`,
    sources: [],
  };
}

export { component };

/** The states of the current findings, and what has become of the others. */
export function compare(before: readonly Finding[], now: readonly Finding[], options: CompareOptions = {}) {
  const tools = [...before, ...now].flatMap(({ sources }) => sources.map(({ tool }) => tool));
  return outcome(compareRuns(runOf(before, { tools }), runOf(now, { tools }), options));
}

export function outcome({ findings, absent, unknown, matches }: ReturnType<typeof compareRuns>) {
  return {
    states: findings.map(({ baselineState }) => baselineState),
    by: matches.map(({ by }) => by),
    absent: absent.map(({ fingerprint }) => fingerprint),
    unknown: unknown.map(({ cause }) => cause),
  };
}
