// SPDX-License-Identifier: Apache-2.0
import type { Coverage } from '../model/coverage.ts';
import type { Finding, FindingSource } from '../model/finding.ts';
import type { Component } from '../model/inventory.ts';
import { compareKeys, compareText } from '../model/order.ts';
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
 * Joins what other tools report with the findings: the same package and version in the same project, and an id or alias
 * in common, is the same problem. Where a tool that read the package does not report what was found, or reports what was
 * not, the two disagree, and that is told.
 *
 * Most tools report a problem once, under whichever of its ids, and one id is enough. Of a tool that reports every record
 * the records of a problem are compared one by one, by their own ids: an alias in the record that it reports does not
 * show that it matched the other one too.
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
  const recordwise = new Set(answer.scanned.filter(({ everyRecord }) => everyRecord).map(toolKeyOf));
  const confirmed = new Map<Finding, ReportedVulnerability[]>();
  const unmatched: ReportedVulnerability[] = [];
  const disagreements: Disagreement[] = [];
  for (const report of answer.reported) {
    const ref = refs.get(keyOf(report));
    const same = (byRef.get(ref ?? '') ?? []).find((finding) => isSame(finding, report));
    if (same !== undefined) confirmed.set(same, [...(confirmed.get(same) ?? []), report]);
    else if (ref !== undefined) unmatched.push(report);
    if (same !== undefined && hasRecord(same, report, recordwise)) continue;
    const where =
      ref === undefined ? 'a package that is not in the inventory' : 'which plimsoll does not find';
    disagreements.push({
      tool: report.tool,
      message: `${labelOf(report)}: ${report.tool} reports ${report.id}, ${where}`,
    });
  }
  const missed = answer.scanned.flatMap((scanned) =>
    (byRef.get(refs.get(keyOf(scanned)) ?? '') ?? []).flatMap((finding) =>
      missedBy(scanned, finding, confirmed.get(finding) ?? []),
    ),
  );
  return {
    findings: findings.map((finding) => withSources(finding, confirmed.get(finding) ?? [])),
    unmatched,
    coverage: disagreementRows([...disagreements, ...missed]),
  };
}

/** Whether plimsoll matched the record too, as far as it matters for this tool. */
function hasRecord(
  finding: Finding,
  report: ReportedVulnerability,
  recordwise: ReadonlySet<string>,
): boolean {
  return !recordwise.has(toolKeyOf(report)) || recordIdsOf(finding).includes(report.id);
}

/** What of a finding the tool should have reported, had it judged alike. */
function missedBy(
  scanned: ScannedPackage,
  finding: Finding,
  confirming: readonly ReportedVulnerability[],
): Disagreement[] {
  const { tool, everyRecord = false } = scanned;
  const told = new Set(confirming.filter((report) => report.tool === tool).map(({ id }) => id));
  const missing = recordIdsOf(finding).filter((id) => everyRecord && !told.has(id));
  return (told.size === 0 ? [finding.ruleId] : missing).map((id) => ({
    tool,
    message: `${labelOf(scanned)}: plimsoll finds ${id}, which ${tool} does not report`,
  }));
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
  return { ...finding, sources: [...finding.sources, ...reportingSources(reports)] };
}

/** Who reports it, in the words of that tool, sorted; once where two reports of one tool say the same. */
export function reportingSources(
  reports: readonly Pick<ReportedVulnerability, 'tool' | 'toolVersion' | 'id' | 'toolSeverity'>[],
): FindingSource[] {
  const sources = new Map<string, FindingSource>();
  for (const { tool, toolVersion: version, id, toolSeverity: severity } of reports)
    sources.set(JSON.stringify([tool, id, version, severity]), {
      tool,
      ...(version === undefined ? {} : { version }),
      ruleId: id,
      ...(severity === undefined ? {} : { severity }),
    });
  return [...sources.values()].sort((a, b) =>
    compareKeys([a.tool, a.ruleId, a.version, a.severity], [b.tool, b.ruleId, b.version, b.severity]),
  );
}

function idsOf(finding: Finding): readonly string[] {
  return [finding.ruleId, ...finding.aliases, ...recordIdsOf(finding)];
}

/** Of the records that hit. */
function recordIdsOf({ detail }: Finding): readonly string[] {
  return detail.kind === 'vulnerability' || detail.kind === 'malware'
    ? detail.records.map(({ id }) => id)
    : [];
}

type PackageInProject = Pick<ScannedPackage, 'project' | 'ecosystem' | 'name' | 'version'>;

function keyOf({ project, ecosystem, name, version }: PackageInProject): string {
  return JSON.stringify([project, ecosystem, name, version]);
}

function toolKeyOf(read: PackageInProject & Pick<ScannedPackage, 'tool'>): string {
  return JSON.stringify([read.tool, keyOf(read)]);
}

function labelOf({ project, name, version }: PackageInProject): string {
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
