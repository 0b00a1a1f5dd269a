// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildFinding } from '../../src/findings/build.ts';
import type { AdvisoryData, MatchedRecord } from '../../src/model/advisory.ts';
import type { Coverage } from '../../src/model/coverage.ts';
import type { Finding, FindingKind, Severity } from '../../src/model/finding.ts';
import type { Component, Inventory } from '../../src/model/inventory.ts';
import { type JudgeInput, type Judgement, judge } from '../../src/policy/evaluate.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import type { LoadedPolicy } from '../../src/policy/loaded.ts';
import { memoryContext } from '../support/memory-files.ts';
import { REPO_ROOT } from '../support/shared-data.ts';

const NOW = new Date('2026-06-15T12:00:00Z');

export const POLICY_TEXT = {
  default: readFileSync(join(REPO_ROOT, 'policies/default.yaml'), 'utf8'),
  strict: readFileSync(join(REPO_ROOT, 'policies/strict.yaml'), 'utf8'),
};

export const BUILTINS = memoryContext({
  'policies/default.yaml': POLICY_TEXT.default,
  'policies/strict.yaml': POLICY_TEXT.strict,
}).files;

/** Loads `plimsoll.yaml` from its text, with other files beside it. */
export function load(text?: string, others: Record<string, string | Uint8Array> = {}): Promise<LoadedPolicy> {
  const files = text === undefined ? others : { 'plimsoll.yaml': text, ...others };
  return loadPolicy({ root: memoryContext(files).files, builtins: BUILTINS });
}

export function inventory(...components: Component[]): Inventory {
  return { projects: [], components, dependencies: [], skipped: [] };
}

export interface FindingOptions {
  readonly component?: Component;
  readonly severity?: Severity;
  readonly id?: string;
  readonly records?: readonly Partial<MatchedRecord>[];
  readonly fixed?: readonly string[];
  readonly kev?: boolean;
  readonly epss?: number;
  readonly path?: string;
}

/** A vulnerability or malware of a component. */
export function vulnerability(
  options: FindingOptions = {},
  kind: 'vulnerability' | 'malware' = 'vulnerability',
): Finding {
  const id = options.id ?? 'GHSA-aaaa-bbbb-cccc';
  const of = options.component;
  const records = (options.records ?? [{ id }]).map((record) => ({
    id,
    modified: '2026-06-01T00:00:00Z',
    aliases: [],
    matched: { by: 'range' as const, value: '<2' },
    fixed: options.fixed ?? [],
    ...record,
  }));
  return buildFinding(
    { kind, ecosystem: 'npm', name: of?.name ?? 'x', projectId: of?.project ?? 'p', anchor: id },
    {
      ...common(id, options),
      aliases: records.flatMap((record) => record.aliases),
      ...(of ? { component: of.ref, project: of.project } : {}),
      detail: {
        kind,
        records,
        fixedVersions: options.fixed ?? [],
        dependencyPaths: [],
        ...(options.kev ? { kev: true } : {}),
        ...(options.epss === undefined ? {} : { epss: { score: options.epss, percentile: 0.5 } }),
      },
    },
  );
}

export function license(of: Component, expression: string): Finding {
  const ruleId = 'license-not-allowed';
  return buildFinding(
    { kind: 'license', ecosystem: 'npm', name: of.name, projectId: of.project, ruleId, expression },
    {
      ...common(ruleId, { component: of }),
      component: of.ref,
      detail: { kind: 'license', expression, result: 'fail', failing: [expression] },
    },
  );
}

/** A finding of a kind whose own constructors belong to other parts. */
export function other(
  kind: Exclude<FindingKind, 'vulnerability' | 'malware' | 'license'>,
  options: FindingOptions = {},
): Finding {
  const id = options.id ?? `${kind}-rule`;
  const detail =
    kind === 'secret'
      ? ({ kind, detector: 'd', mask: '***' } as const)
      : ({ kind } as Extract<Finding['detail'], { kind: typeof kind }>);
  const built = buildFinding(
    { kind: 'policy', ruleId: id, key: options.path ?? kind, uri: 'x' },
    { ...common(id, options), detail },
  );
  return { ...built, kind };
}

function common(ruleId: string, options: FindingOptions) {
  return {
    ruleId,
    severity: options.severity ?? 'high',
    confidence: 'high' as const,
    title: ruleId,
    message: ruleId,
    tip: 'Do something.',
    aliases: [],
    cwes: [],
    locations: [{ uri: options.path ?? options.component?.locations[0]?.uri ?? 'src/a.ts', startLine: 3 }],
    sources: [{ tool: 'plimsoll', ruleId }],
  };
}

export function row(cause: Coverage['cause'], more: Partial<Coverage> = {}): Coverage {
  return {
    plugin: 'discover',
    target: 'sub/yarn.lock',
    status: 'skipped',
    ...(cause === undefined ? {} : { cause }),
    unit: 'files',
    expected: 1,
    processed: 0,
    required: true,
    errors: [],
    ...more,
  };
}

const FRESH: AdvisoryData = data('2026-06-15T10:00:00Z');

export function data(newestModified: string | undefined, records = 10): AdvisoryData {
  const ecosystems = ['PyPI', 'npm'].map((name) => ({
    name,
    records,
    ...(newestModified === undefined ? {} : { newestModified }),
  }));
  return { source: 'mirror', ecosystems, quarantined: 0 };
}

export function run(policy: LoadedPolicy, input: Partial<JudgeInput> = {}): Judgement {
  return judge({
    findings: [],
    inventory: inventory(),
    coverage: [],
    advisoryData: FRESH,
    options: { onIncomplete: 'fail', omit: [], exclude: [] },
    now: NOW,
    policy,
    ...input,
  });
}
