// SPDX-License-Identifier: Apache-2.0
import type { Coverage } from '../model/coverage.ts';
import type { Finding, FindingSource } from '../model/finding.ts';
import type { Component } from '../model/inventory.ts';
import { compareText } from '../model/order.ts';
import type { ReportedVulnerability, ScannedPackage } from '../model/scanner.ts';
import { listErrors } from './coverage-errors.ts';

export interface MergedReports {
  /** The findings given, each with the tools that report it too. */
  readonly findings: readonly Finding[];
  /** What only a tool reports, of packages that are in the inventory. */
  readonly unmatched: readonly ReportedVulnerability[];
  /** A row per tool and kind of disagreement; none where all agree. */
  readonly coverage: readonly Coverage[];
}

/**
 * Joins what other tools report with the findings: the same package and version in the same project, and an id or
 * alias in common, is the same problem. Where a tool that read a package does not report what was found, or reports
 * what was not, the two disagree, and that is told.
 */
export function mergeReported(
  findings: readonly Finding[],
  components: readonly Component[],
  answer: {
    readonly reported: readonly ReportedVulnerability[];
    readonly scanned: readonly ScannedPackage[];
  },
): MergedReports {
  const refs = refsByPackage(components);
  const byRef = findingsByRef(findings);
  const confirmed = new Map<Finding, ReportedVulnerability[]>();
  const unmatched: ReportedVulnerability[] = [];
  const disagreements: Disagreement[] = [];
  for (const report of answer.reported) {
    const ref = refs.get(keyOf(report));
    const same = (byRef.get(ref ?? '') ?? []).find((finding) => isSame(finding, report));
    if (same !== undefined) {
      confirmed.set(same, [...(confirmed.get(same) ?? []), report]);
      continue;
    }
    if (ref !== undefined) unmatched.push(report);
    const where =
      ref === undefined ? 'a package that is not in the inventory' : 'which plimsoll does not find';
    disagreements.push({
      tool: report.tool,
      message: `${labelOf(report)}: ${report.tool} reports ${report.id}, ${where}`,
    });
  }
  for (const scanned of answer.scanned) {
    for (const finding of byRef.get(refs.get(keyOf(scanned)) ?? '') ?? []) {
      if (confirmed.get(finding)?.some(({ tool }) => tool === scanned.tool)) continue;
      const message = `${labelOf(scanned)}: plimsoll finds ${finding.ruleId}, which ${scanned.tool} does not report`;
      disagreements.push({ tool: scanned.tool, message });
    }
  }
  return {
    findings: findings.map((finding) => withSources(finding, confirmed.get(finding) ?? [])),
    unmatched,
    coverage: disagreementRows(disagreements),
  };
}

interface Disagreement {
  readonly tool: string;
  readonly message: string;
}

function refsByPackage(components: readonly Component[]): Map<string, string> {
  const refs = new Map<string, string>();
  for (const { ref, project, origin, ecosystem, name, version } of components) {
    if (origin !== 'registry' || ecosystem === undefined || version === undefined) continue;
    refs.set(keyOf({ project, ecosystem, name, version }), ref);
  }
  return refs;
}

function findingsByRef(findings: readonly Finding[]): Map<string, Finding[]> {
  const byRef = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { component, detail } = finding;
    if (component === undefined || (detail.kind !== 'vulnerability' && detail.kind !== 'malware')) continue;
    byRef.set(component, [...(byRef.get(component) ?? []), finding]);
  }
  return byRef;
}

function isSame(finding: Finding, { id, aliases }: ReportedVulnerability): boolean {
  const ids = new Set([id, ...aliases]);
  return idsOf(finding).some((each) => ids.has(each));
}

function withSources(finding: Finding, reports: readonly ReportedVulnerability[]): Finding {
  if (reports.length === 0) return finding;
  const added = reports
    .map(sourceOf)
    .sort((a, b) => compareText(a.tool, b.tool) || compareText(a.ruleId, b.ruleId));
  return { ...finding, sources: [...finding.sources, ...added] };
}

/** Who reports it, in the words of that tool. */
export function sourceOf({
  tool,
  toolVersion,
  id,
}: Pick<ReportedVulnerability, 'tool' | 'toolVersion' | 'id'>): FindingSource {
  return { tool, ...(toolVersion === undefined ? {} : { version: toolVersion }), ruleId: id };
}

function idsOf({ ruleId, aliases, detail }: Finding): readonly string[] {
  const records = detail.kind === 'vulnerability' || detail.kind === 'malware' ? detail.records : [];
  return [ruleId, ...aliases, ...records.map(({ id }) => id)];
}

function keyOf({ project, ecosystem, name, version }: Omit<ScannedPackage, 'tool'>): string {
  return JSON.stringify([project, ecosystem, name, version]);
}

function labelOf({ project, name, version }: ScannedPackage): string {
  return `${project}: ${name} ${version}`;
}

/** Told, and of no weight: which of the two is right is for a person to see. */
function disagreementRows(disagreements: readonly Disagreement[]): Coverage[] {
  const tools = [...new Set(disagreements.map(({ tool }) => tool))].sort(compareText);
  return tools.map((tool): Coverage => {
    const messages = disagreements.filter((each) => each.tool === tool).map(({ message }) => message);
    const unique = [...new Set(messages)].sort(compareText);
    return {
      plugin: tool,
      target: '.',
      status: 'partial',
      cause: 'disagreement',
      unit: 'records',
      expected: unique.length,
      processed: 0,
      required: false,
      errors: listErrors(unique.map((message) => ({ message }))),
    };
  });
}
