// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { AdvisoryChoice } from './advisories/choices.ts';
import { enrichFindings } from './advisories/enrichment/enrich.ts';
import { type MatchedInventory, matchInventory } from './advisories/match.ts';
import { openAdvisories } from './advisories/open.ts';
import { apiAddress } from './advisories/osv-api/address.ts';
import type { AdvisorySource } from './advisories/source.ts';
import { type CollectOptions, collect } from './collectors/collect.ts';
import { omitScopes } from './collectors/omit.ts';
import { staticRules } from './findings/rules.ts';
import { checkLicenses, licenseJudge } from './licenses/check.ts';
import type { Severity } from './model/finding.ts';
import type { Inventory } from './model/inventory.ts';
import { compareKeys } from './model/order.ts';
import { type Report, SCHEMA_VERSION, type Subject } from './model/report.ts';
import type { VerdictOptions } from './model/verdict.ts';
import { VERSION } from './model/version.ts';
import type { JoinedTools } from './other-tools.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import { throwIfAborted } from './platform/errors.ts';
import { globMatcher } from './platform/glob.ts';
import type { Http } from './platform/http.ts';
import { ignoredPaths } from './policy/coverage.ts';
import { enrichmentNeeds } from './policy/enrichment.ts';
import { judge } from './policy/evaluate.ts';
import { findPolicy } from './policy/find.ts';
import { licenseRules } from './policy/licenses.ts';
import type { LoadedPolicy } from './policy/loaded.ts';
import { policyReports, wantedScanners } from './policy/scanners.ts';
import type { ReportFile } from './scanners/import.ts';

export interface ScanOptions {
  /** Directory to scan. */
  readonly root: string;
  /** Only these files and directories below the root. */
  readonly paths?: readonly string[];
  /** Manifests whose name tells nothing of their format: collector id and path below the root. */
  readonly manifests?: CollectOptions['manifests'];
  /** Globs relative to the root, besides those of the policy. */
  readonly exclude?: readonly string[];
  readonly omit?: VerdictOptions['omit'];
  /** Policy file; otherwise `plimsoll.yaml` of the root or of a directory above it up to the repository's. */
  readonly policy?: string;
  /** Fail from this severity on; can only tighten the policy. */
  readonly failOn?: Severity;
  readonly onIncomplete?: VerdictOptions['onIncomplete'];
  /** Where advisory records come from; `auto`: a fresh mirror, else the API where there is `http`, else the mirror. */
  readonly advisories?: AdvisoryChoice;
  /** The way out; without one no socket is opened. */
  readonly http?: Http;
  /** Address of the OSV API, instead of the public one. */
  readonly advisoriesUrl?: string;
  /** Where answers of the API are kept between runs; absent: nowhere. */
  readonly cacheDir?: string;
  /** Directory of the advisory mirror, and of EPSS and KEV data whatever the source of records. */
  readonly db?: string;
  readonly subject?: Subject;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** Other scanners to run, by id, besides those of the policy. */
  readonly run?: readonly string[];
  /** Reports of other scanners to read. */
  readonly reports?: readonly ReportFile[];
  /** Directories in which their programs are looked for, as in PATH; without it none is run. */
  readonly toolPath?: string;
  /** How the tree is walked; the report does not depend on it. */
  readonly walk?: Pick<CollectOptions, 'concurrency' | 'readDirectory'>;
}

/**
 * The main job: collects what is locked, matches it with advisory records, checks licences and lets the policy
 * decide. Reads files below `root`, the policy, the mirror and the cache, and nothing else; starts no process but those
 * of `toolPath`, and opens no socket but by `http`. What could not be read is in the report's coverage and makes the verdict `incomplete`.
 *
 * @throws PlimsollError `policy-invalid`, `file-not-found` (root or policy), `usage`, `aborted`
 */
export async function scan(options: ScanOptions): Promise<Report> {
  const { signal } = options;
  const clock = options.clock ?? systemClock();
  const now = clock.now();
  throwIfAborted(signal);
  const policy = await findPolicy(options.root, options.policy);

  const collected = await collect({
    root: options.root,
    exclude: options.exclude ?? [],
    excludes: ignoredPaths(policy),
    ...(options.paths ? { paths: options.paths } : {}),
    ...(options.manifests ? { manifests: options.manifests } : {}),
    ...options.walk,
    ...(signal ? { signal } : {}),
  });
  const omitted = omitScopes(collected.inventory, options.omit ?? []);

  throwIfAborted(signal);
  const source = await openAdvisories(options.advisories ?? 'auto', {
    ...(options.db === undefined ? {} : { dbDir: options.db }),
    now,
    freshFor: policy.policy.advisories.maxAge.warn.milliseconds,
    ...(options.http === undefined ? {} : { api: apiFactory(options, options.http) }),
  });
  const matched = await matchInventory(omitted.inventory, source, signal).finally(() => source.close());
  const needs = enrichmentNeeds(policy, omitted.inventory);
  const opinion = await joinTools(matched, omitted.inventory, policy, options);
  const enriched = enrichFindings(opinion.findings, { dbDir: options.db, needs });
  const advisoryData = { ...matched.data, ...(enriched.data ? { enrichment: enriched.data } : {}) };

  throwIfAborted(signal);
  const licensed = checkLicenses({ components: omitted.inventory.components, rules: licenseRules(policy) });
  const inventory: Inventory = { ...omitted.inventory, components: licensed.components };

  const lookedAtFiles = toolsLookedAtFiles(matched, opinion);
  const judged = judge({
    findings: [...collected.findings, ...enriched.findings, ...licensed.findings],
    inventory,
    coverage: [collected, omitted, opinion, enriched, licensed].flatMap((part) => part.coverage),
    advisoryData,
    policy,
    options: verdictOptions(options),
    now,
    nothingToScan: collected.nothingToScan && !lookedAtFiles,
    nothingRead: inventory.projects.length === 0 && !lookedAtFiles,
  });

  const ids = judged.findings.map((finding) => finding.ruleId);
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'plimsoll', version: VERSION },
    subject: options.subject ?? {},
    evaluatedAt: now.toISOString(),
    inventory,
    coverage: judged.coverage,
    advisoryData,
    ...(opinion.scanners === undefined ? {} : { scanners: opinion.scanners }),
    rules: [...opinion.rules, ...staticRules(ids)].sort((a, b) =>
      compareKeys([a.id, a.tool], [b.id, b.tool]),
    ),
    findings: judged.findings,
    verdict: judged.verdict,
  };
}

/** Most runs have no other tools, and do not load what runs or reads them. */
async function joinTools(
  matched: MatchedInventory,
  inventory: Inventory,
  policy: LoadedPolicy,
  options: ScanOptions,
): Promise<JoinedTools> {
  const { root, toolPath, exclude = [], subject, http, advisoriesUrl } = options;
  const named = options.reports ?? [];
  const reports = [
    ...named,
    ...policyReports(policy)
      .filter(({ tool }) => !named.some((file) => file.tool === tool))
      .map(({ tool, path }) => ({ tool, path: join(root, path) })),
  ];
  const run = toolPath === undefined ? [] : wantedScanners(options.run ?? [], policy);
  if (run.length === 0 && reports.length === 0) return matched;
  const { withOtherTools } = await import('./other-tools.ts');
  const [excluded, ignored] = [globMatcher(exclude), ignoredPaths(policy)];
  return await withOtherTools(matched, inventory, {
    ...options,
    run,
    reports,
    toolPath: toolPath ?? '',
    excludes: (path) => excluded(path) || ignored(path),
    refusedLicense: licenseJudge(licenseRules(policy)),
    ...(http ? { network: { ...http.options, advisoriesUrl: apiAddress(advisoriesUrl).href } } : {}),
    ...(subject?.path === undefined ? {} : { prefix: subject.path }),
  });
}

/** Whether another tool looked at files, so that a tree without manifests was not scanned in vain. */
function toolsLookedAtFiles(matched: MatchedInventory, { coverage }: JoinedTools): boolean {
  const own = new Set(matched.coverage);
  return coverage.some((row) => !own.has(row) && row.unit === 'files' && row.status !== 'failed');
}

/** Loaded only when it is asked: most runs have a mirror. */
function apiFactory({ advisoriesUrl, cacheDir }: ScanOptions, http: Http): () => Promise<AdvisorySource> {
  // Even where it is not asked: a wrong address is a mistake either way.
  apiAddress(advisoriesUrl);
  return async () => {
    const { osvApiSource } = await import('./advisories/osv-api/source.ts');
    return osvApiSource({
      http,
      ...(advisoriesUrl === undefined ? {} : { url: advisoriesUrl }),
      ...(cacheDir === undefined ? {} : { cacheDir: join(cacheDir, 'osv') }),
    });
  };
}

function verdictOptions(options: ScanOptions): VerdictOptions {
  return {
    onIncomplete: options.onIncomplete ?? 'fail',
    omit: options.omit ?? [],
    exclude: options.exclude ?? [],
    ...(options.paths ? { paths: options.paths } : {}),
    ...(options.failOn ? { failOn: options.failOn } : {}),
    ...(options.clock?.replay ? { now: options.clock.replay } : {}),
  };
}
