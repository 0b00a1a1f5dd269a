// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import type { PackageHit, ToolGap, ToolReport } from '../model/tool-report.ts';
import { cweOf, fieldOf, hasKeys, httpsUrl, isRecord, readEntries, textOf } from './fields.ts';
import type { Scanner } from './scanner.ts';

/** Of npm 7 and later: advisories stand in `via`, where a text is the name of the package that they come from. */
const advisory = z.looseObject({
  source: z.union([z.number(), z.string()]).optional(),
  name: z.string().min(1),
  title: z.string().optional(),
  url: z.string().optional(),
  severity: z.string().optional(),
  cwe: z.union([z.array(z.string()), z.string()]).optional(),
  cvss: z.unknown().optional(),
  range: z.string().optional(),
});

/** Of npm 6. */
const oldAdvisory = z.looseObject({
  id: z.union([z.number(), z.string()]),
  module_name: z.string().min(1),
  title: z.string().optional(),
  url: z.string().optional(),
  severity: z.string().optional(),
  cwe: z.union([z.array(z.string()), z.string()]).optional(),
  github_advisory_id: z.string().optional(),
  cves: z.array(z.string()).nullish(),
  patched_versions: z.string().optional(),
  findings: z.array(z.object({ version: z.string() })).optional(),
});

const NAME = 'npm audit';

/**
 * `npm audit --json`, of npm 6 and of later ones. Its exit status is 1 for findings and for failures alike, and what it
 * prints of a failure is JSON too, without `vulnerabilities`. npm 7 and later tell no installed version: the inventory
 * has it.
 * @see https://docs.npmjs.com/cli/v10/commands/npm-audit
 */
export const npmAudit: Scanner = {
  id: 'npm-audit',
  name: NAME,
  recognises: (report) =>
    (hasKeys(report, 'auditReportVersion', 'vulnerabilities') && !hasKeys(report, 'runs')) ||
    hasKeys(report, 'advisories', 'actions', 'metadata'),
  read(report) {
    if (isRecord(fieldOf(report, 'vulnerabilities'))) return [readAudit(report)];
    if (isRecord(fieldOf(report, 'advisories'))) return [readOldAudit(report)];
    const said = textOf(fieldOf(report, 'message')) ?? textOf(fieldOf(fieldOf(report, 'error'), 'summary'));
    return [{ ...EMPTY, failure: `no list of vulnerabilities${said === undefined ? '' : `: ${said}`}` }];
  },
};

const EMPTY = { tool: 'npm-audit', name: NAME, rules: [], hits: [], gaps: [] } as const;

function readAudit(report: unknown): ToolReport {
  const gaps: ToolGap[] = [];
  const vulnerable = Object.entries(fieldOf(report, 'vulnerabilities') as object);
  const via = vulnerable.flatMap(([name, each]) => {
    const list = fieldOf(each, 'via');
    if (Array.isArray(list)) return list.filter((one) => typeof one !== 'string');
    gaps.push({ message: `vulnerabilities.${name.slice(0, 100)} cannot be read: expected a list in via` });
    return [];
  });
  // The same advisory stands under each package that brings it.
  const seen = new Set<string>();
  const hits = readEntries(advisory, via, 'via', gaps).flatMap((found): PackageHit[] => {
    const record = recordOf(found.name, found);
    const key = JSON.stringify([found.name, record.id, found.range]);
    if (seen.has(key)) return [];
    seen.add(key);
    return [hit(found.name, { version: '', range: found.range }, record, found.severity)];
  });
  return { ...EMPTY, hits, gaps };
}

function readOldAudit(report: unknown): ToolReport {
  const gaps: ToolGap[] = [];
  const advisories = Object.values(fieldOf(report, 'advisories') as object) as unknown[];
  const hits = readEntries(oldAdvisory, advisories, 'advisories', gaps).flatMap((found): PackageHit[] => {
    const record = recordOf(found.module_name, {
      ...found,
      source: found.id,
      ghsa: found.github_advisory_id,
      aliases: found.cves ?? [],
    });
    const versions = [...new Set((found.findings ?? []).map(({ version }) => version))];
    return (versions.length === 0 ? [''] : versions).map((version) =>
      hit(found.module_name, { version }, record, found.severity),
    );
  });
  return { ...EMPTY, hits, gaps };
}

function hit(
  name: string,
  { version, range }: { readonly version: string; readonly range?: string | undefined },
  record: PackageHit['record'],
  severity: string | undefined,
): PackageHit {
  return {
    kind: 'vulnerability',
    path: '',
    ecosystem: 'npm',
    name,
    version,
    ...(range === undefined ? {} : { range }),
    record,
    ...(severity === undefined ? {} : { toolSeverity: severity.slice(0, 40) }),
  };
}

interface AdvisoryFields {
  readonly source?: string | number | undefined;
  readonly url?: string | undefined;
  readonly title?: string | undefined;
  readonly severity?: string | undefined;
  readonly cwe?: string | readonly string[] | undefined;
  readonly cvss?: unknown;
  readonly ghsa?: string | undefined;
  readonly aliases?: readonly string[];
}

/** The id of the GitHub advisory, which the address ends with; else npm's own number. */
function recordOf(name: string, fields: AdvisoryFields): PackageHit['record'] {
  const { source, url, title, severity, cwe, cvss, ghsa, aliases = [] } = fields;
  const id = ghsa ?? /GHSA(?:-[0-9a-z]{4}){3}/.exec(url ?? '')?.[0] ?? `npm-${source ?? name}`;
  const vector = textOf(fieldOf(cvss, 'vectorString'));
  const summary = textOf(title);
  const link = httpsUrl(url);
  const cwes = [cwe ?? []].flat().flatMap((each) => cweOf(each) ?? []);
  return {
    id,
    aliases,
    ...(summary === undefined ? {} : { summary }),
    ...(vector === undefined
      ? {}
      : { severity: [{ type: vector.startsWith('CVSS:4') ? 'CVSS_V4' : 'CVSS_V3', score: vector }] }),
    affected: [{ package: { ecosystem: 'npm', name } }],
    ...(link === undefined ? {} : { references: [{ type: 'ADVISORY', url: link }] }),
    database_specific: {
      cwe_ids: cwes,
      ...(severity === undefined ? {} : { severity: severity.toUpperCase() }),
    },
  };
}
