// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import type {
  LicenseHit,
  MisconfigurationHit,
  SecretHit,
  ToolGap,
  ToolHit,
  ToolPackage,
  ToolReport,
  ToolRule,
} from '../model/tool-report.ts';
import { controlOf } from './controls.ts';
import {
  fieldOf,
  hasKeys,
  httpsUrl,
  positionOf,
  readEntries,
  severityOfWord,
  textOf,
  worstRules,
} from './fields.ts';
import type { Scanner } from './scanner.ts';
import { packageHit, toolPackages, vulnerability } from './trivy-packages.ts';
import { clusterKeys, isBom, isElsewhere, type Part, partsOf, type TrivyResult } from './trivy-parts.ts';
import { LICENSE_CATEGORIES, trivyCheckId } from './trivy-rules.ts';
import { NOTHING_READ, trivyRunner } from './trivy-runner.ts';

const misconfiguration = z.object({
  ID: z.string().min(1),
  AVDID: z.string().optional(),
  Title: z.string().optional(),
  Description: z.string().optional(),
  Message: z.string().optional(),
  Resolution: z.string().optional(),
  PrimaryURL: z.string().optional(),
  Severity: z.string().optional(),
  Status: z.string().optional(),
  CauseMetadata: z
    .object({ Resource: z.string(), StartLine: z.number(), EndLine: z.number() })
    .partial()
    .nullish(),
});

const secret = z.object({
  RuleID: z.string().min(1),
  Category: z.string().optional(),
  Title: z.string().optional(),
  Severity: z.string().optional(),
  StartLine: z.number().optional(),
  EndLine: z.number().optional(),
  Match: z.string().optional(),
});

const license = z.object({
  Name: z.string().min(1),
  Category: z.string().optional(),
  Severity: z.string().optional(),
  PkgName: z.string().optional(),
  FilePath: z.string().optional(),
  Link: z.string().optional(),
});

/** What `--show-suppressed` adds: hits that an ignore file or a VEX document took away. */
const modified = z.object({
  Type: z.string(),
  Statement: z.string().optional(),
  Source: z.string().optional(),
  Finding: z.unknown().optional(),
});

/**
 * Trivy's JSON: of a tree or an image (schema version 2), the bare list of versions before 0.20, and of a cluster.
 * Findings stand under the target in which they are; a target without findings says that it was read. What Trivy could
 * not parse is in its log alone.
 * @see https://trivy.dev/docs/latest/guide/configuration/reporting/#json
 * @see https://github.com/aquasecurity/trivy/blob/v0.70.0/pkg/types/report.go
 */
export const trivy: Scanner = {
  id: 'trivy',
  name: 'Trivy',
  recognises(report) {
    if (Array.isArray(report))
      return (
        hasKeys(report[0], 'Target') &&
        ['Class', 'Type', 'Vulnerabilities'].some((key) => hasKeys(report[0], key))
      );
    const isCluster = hasKeys(report, 'ClusterName') && clusterKeys(report).length > 0;
    return isCluster || (hasKeys(report, 'SchemaVersion', 'ArtifactName') && !hasKeys(report, 'runs'));
  },
  read: (report) => [readTrivy(report)],
  runner: trivyRunner(readTrivy),
};

/** @throws PlimsollError `parse-failed` */
function readTrivy(report: unknown): ToolReport {
  const gaps: ToolGap[] = [];
  const version = textOf(fieldOf(fieldOf(report, 'Trivy'), 'Version'));
  const target = textOf(fieldOf(report, 'ArtifactName') ?? fieldOf(report, 'ClusterName'));
  const parts = partsOf(report, gaps);
  const found = parts.flatMap(({ results, inside }) => results.map((each) => readResult(each, inside, gaps)));
  const results = parts.flatMap((part) => part.results);
  if (results.length === 0 && gaps.length === 0) gaps.push({ message: NOTHING_READ });
  const packages = found.flatMap((each) => each.packages);
  // The list of packages stands in reports of other scanners too: only where some are affected were they all asked for.
  const asked = results.some(({ Vulnerabilities }) => Vulnerabilities);
  return {
    tool: 'trivy',
    name: 'Trivy',
    ...(version === undefined ? {} : { version }),
    ...(target === undefined ? {} : { target }),
    ...(isElsewhere(report) ? { elsewhere: true } : {}),
    rules: worstRules(found.flatMap((each) => each.rules)),
    hits: found.flatMap((each) => each.hits),
    files: isBom(report) ? [] : [...new Set(results.map(({ Target }) => Target))],
    ...(asked && packages.length > 0 ? { packages } : {}),
    gaps,
  };
}

interface Found {
  readonly rules: readonly ToolRule[];
  readonly hits: readonly ToolHit[];
  readonly packages: readonly ToolPackage[];
}

function readResult(from: TrivyResult, inside: Part['inside'], gaps: ToolGap[]): Found {
  const { Target, Type = '' } = from;
  const target = inside(Target);
  /** The target of installed packages is a label such as `Python`; their path stands beside the package. */
  const pathOf = (own: string | undefined) => (own === undefined || own === '' ? target : inside(own));
  const rules: ToolRule[] = [];
  const hits: ToolHit[] = [];
  const entries = <T>(schema: z.ZodType<T>, values: readonly unknown[] | null | undefined, key: string) =>
    readEntries(schema, values ?? [], `${Target}: ${key}`, gaps);
  const add = (found: readonly [ToolRule, ToolHit]) => {
    rules.push(found[0]);
    hits.push(found[1]);
  };
  for (const each of entries(vulnerability, from.Vulnerabilities, 'Vulnerabilities'))
    hits.push(packageHit(each, pathOf(each.PkgPath), Type));
  for (const each of entries(misconfiguration, from.Misconfigurations, 'Misconfigurations'))
    if (each.Status === undefined || each.Status === 'FAIL') add(misconfigurationHit(each, target));
  for (const each of entries(secret, from.Secrets, 'Secrets')) add(secretHit(each, target));
  for (const each of entries(license, from.Licenses, 'Licenses'))
    add(licenseHit(each, pathOf(each.FilePath)));
  for (const each of entries(modified, from.ExperimentalModifiedFindings, 'ExperimentalModifiedFindings')) {
    const found = suppressed(each, pathOf, gaps);
    if (found !== undefined) add(found);
  }
  return { rules, hits, packages: toolPackages(from.Packages ?? [], pathOf, Type) };
}

/** A vulnerability that was taken away is not a hit: whether a package is affected is for the policy to say. */
function suppressed(
  { Type, Statement, Source, Finding }: z.output<typeof modified>,
  pathOf: (own?: string) => string,
  gaps: ToolGap[],
): readonly [ToolRule, ToolHit] | undefined {
  const target = pathOf();
  const where = `${target}: ExperimentalModifiedFindings`;
  const one = <T>(schema: z.ZodType<T>) => readEntries(schema, [Finding], where, gaps)[0];
  const reason = textOf(Statement) ?? textOf(Source);
  const suppression = { kind: 'external', ...(reason === undefined ? {} : { reason }) } as const;
  const accept = ([rule, hit]: readonly [ToolRule, ToolHit]) => [rule, { ...hit, suppression }] as const;
  if (Type === 'misconfiguration') {
    const found = one(misconfiguration);
    return found && accept(misconfigurationHit(found, target));
  }
  if (Type === 'secret') {
    const found = one(secret);
    return found && accept(secretHit(found, target));
  }
  if (Type !== 'license') return undefined;
  const found = one(license);
  return found && accept(licenseHit(found, pathOf(found.FilePath)));
}

function misconfigurationHit(
  found: z.output<typeof misconfiguration>,
  path: string,
): readonly [ToolRule, MisconfigurationHit] {
  const { Title, Description, Message, Resolution, PrimaryURL, Severity, CauseMetadata: cause } = found;
  const id = trivyCheckId(found.ID, found.AVDID);
  const control = controlOf(id);
  const title = textOf(Title);
  const message = textOf(Message);
  const description = textOf(Description);
  const tip = textOf(Resolution);
  const helpUri = httpsUrl(PrimaryURL);
  const resourceName = textOf(cause?.Resource);
  return [
    {
      id,
      kind: 'misconfiguration',
      title: title ?? `Trivy ${id}`,
      ...(description === undefined ? {} : { description }),
      ...(tip === undefined ? {} : { tip }),
      ...(helpUri === undefined ? {} : { helpUri }),
      severity: severityOfWord(Severity),
      scoreSource: 'check of Trivy',
      cwes: [],
      tags: [],
    },
    {
      kind: 'misconfiguration',
      ruleId: id,
      place: { path, ...linesOf(cause?.StartLine, cause?.EndLine) },
      ...(message === undefined ? {} : { message }),
      confidence: 'high',
      ...(Severity === undefined ? {} : { toolSeverity: Severity }),
      ...(resourceName === undefined ? {} : { resource: resourceName }),
      ...(control === undefined ? {} : { control }),
    },
  ];
}

/** Trivy masks the secret in `Match` itself; the lines around it in `Code` are not masked, and stay behind. */
function secretHit(found: z.output<typeof secret>, path: string): readonly [ToolRule, SecretHit] {
  const { RuleID: id, Category, Title, Severity, StartLine, EndLine, Match } = found;
  return [
    {
      id,
      kind: 'secret',
      title: textOf(Title) ?? `Secret of the kind ${id}`,
      severity: severityOfWord(Severity),
      scoreSource: 'secret rule of Trivy',
      cwes: ['CWE-798'],
      tags: Category === undefined ? [] : [Category],
    },
    {
      kind: 'secret',
      ruleId: id,
      place: { path, ...linesOf(StartLine, EndLine) },
      confidence: 'high',
      ...(Severity === undefined ? {} : { toolSeverity: Severity }),
      ...(Match === undefined || Match === '' ? {} : { clue: { masked: Match } }),
    },
  ];
}

function licenseHit(found: z.output<typeof license>, path: string): readonly [ToolRule, LicenseHit] {
  const { Name, Category = 'unknown', Severity, PkgName } = found;
  const known = LICENSE_CATEGORIES.get(Category.toLowerCase()) ?? LICENSE_CATEGORIES.get('unknown');
  const id = `license-${known?.id ?? 'unknown'}`;
  return [
    {
      id,
      kind: 'license',
      title: known?.title ?? 'Licence of an unknown category',
      severity: known?.severity ?? 'unscored',
      scoreSource: 'licence categories of Trivy',
      cwes: [],
      tags: [],
    },
    {
      kind: 'license',
      ruleId: id,
      place: { path },
      confidence: 'high',
      ...(Severity === undefined ? {} : { toolSeverity: Severity }),
      license: Name,
      ...(PkgName === undefined || PkgName === '' ? {} : { package: PkgName }),
    },
  ];
}

function linesOf(start: unknown, end: unknown) {
  const startLine = positionOf(start);
  const endLine = positionOf(end);
  if (startLine === undefined) return {};
  return endLine === undefined || endLine < startLine ? { startLine } : { startLine, endLine };
}
