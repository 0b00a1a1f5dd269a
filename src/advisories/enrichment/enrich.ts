// SPDX-License-Identifier: Apache-2.0
import type { EnrichmentData, EnrichmentNeed, EnrichmentNeeds } from '../../model/advisory.ts';
import type { Coverage } from '../../model/coverage.ts';
import type { Finding, VulnerabilityDetail } from '../../model/finding.ts';
import { PlimsollError } from '../../platform/errors.ts';
import { messageInReport } from '../mirror/format.ts';
import { cveKey } from './cve.ts';
import type { EpssScore } from './epss.ts';
import { type CurrentTable, openCurrentTable } from './store.ts';
import { ENRICHMENT_KINDS, type EnrichmentKind } from './table-format.ts';

export interface EnrichOptions {
  /** Directory of the mirror, whatever source the records came from. */
  readonly dbDir?: string | undefined;
  readonly needs: EnrichmentNeeds;
}

export interface EnrichedFindings {
  /** Those given, in their order. */
  readonly findings: readonly Finding[];
  /** Rows of plugin `advisories`, target `EPSS` or `KEV`. */
  readonly coverage: readonly Coverage[];
  /** Absent where nothing could be opened. */
  readonly data?: EnrichmentData;
}

/**
 * Adds to vulnerabilities and malware how likely they are exploited (EPSS) and whether they are known to be (KEV), by
 * the CVE ids among rule id and aliases. Data that are missing or damaged are coverage, never an error.
 */
export function enrichFindings(findings: readonly Finding[], options: EnrichOptions): EnrichedFindings {
  const { dbDir, needs } = options;
  const tables = { epss: openLookup('epss', dbDir), kev: openLookup('kev', dbDir) };
  try {
    const enriched = findings.map((finding) => enrich(finding, tables));
    const data = describe(tables);
    return {
      findings: enriched,
      coverage: ENRICHMENT_KINDS.flatMap((kind) => coverageOf(kind, tables[kind], needs[kind])),
      ...(data === undefined ? {} : { data }),
    };
  } finally {
    for (const kind of ENRICHMENT_KINDS) tables[kind].current?.open.close();
  }
}

/** A table as far as it could be opened, and how the lookups in it went. */
interface Lookup {
  readonly current?: CurrentTable;
  problem?: PlimsollError;
  asked: number;
  failed: number;
}

type Lookups = Readonly<Record<EnrichmentKind, Lookup>>;

function openLookup(kind: EnrichmentKind, dbDir: string | undefined): Lookup {
  const lookup: Lookup = { asked: 0, failed: 0 };
  if (dbDir === undefined) return lookup;
  try {
    const current = openCurrentTable(dbDir, kind);
    return current === undefined ? lookup : { ...lookup, current };
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    return { ...lookup, problem: error };
  }
}

function enrich(finding: Finding, { epss, kev }: Lookups): Finding {
  const { detail } = finding;
  if (detail.kind !== 'vulnerability' && detail.kind !== 'malware') return finding;
  const ids = [finding.ruleId, ...finding.aliases].filter((id) => cveKey(id) !== undefined);
  if (ids.length === 0) return finding;
  const score = highest(ids.map((id) => ask(epss, ({ open }) => open.score(id))));
  const listed = ids.map((id) => ask(kev, ({ open }) => open.has(id)));
  const isListed = listed.includes(true) ? true : listed.includes(undefined) ? undefined : false;
  const { dependencyPaths, ...rest } = detail;
  const enriched: VulnerabilityDetail = {
    ...rest,
    ...(score === undefined ? {} : { epss: score }),
    ...(isListed === undefined ? {} : { kev: isListed }),
    dependencyPaths,
  };
  return { ...finding, detail: enriched };
}

function ask<T>(lookup: Lookup, look: (current: CurrentTable) => T): T | undefined {
  const { current } = lookup;
  if (current === undefined) return undefined;
  lookup.asked += 1;
  try {
    return look(current);
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    lookup.failed += 1;
    lookup.problem ??= error;
    return undefined;
  }
}

function highest(scores: readonly (EpssScore | undefined)[]): EpssScore | undefined {
  return scores.reduce(
    (best, each) => (each !== undefined && (best === undefined || each.score > best.score) ? each : best),
    undefined,
  );
}

const NAMES = {
  epss: { target: 'EPSS', what: 'EPSS scores' },
  kev: { target: 'KEV', what: 'the KEV catalogue' },
} as const;

function coverageOf(kind: EnrichmentKind, lookup: Lookup, need: EnrichmentNeed): Coverage[] {
  const { current, problem, asked, failed } = lookup;
  const { target, what } = NAMES[kind];
  const row = {
    plugin: 'advisories',
    target,
    unit: 'records',
    expected: asked,
    processed: asked - failed,
    required: need === 'required',
  } as const;
  const failure = (cause: 'advisory-data-missing' | 'advisory-data-damaged', message: string): Coverage[] => [
    {
      ...row,
      status: 'failed',
      cause,
      errors: [
        {
          message: `${message}; plimsoll db update fetches it, plimsoll db import --${kind} FILE imports it`,
        },
      ],
    },
  ];
  if (problem !== undefined) return failure('advisory-data-damaged', messageInReport(problem));
  if (current !== undefined) return [{ ...row, status: 'succeeded', errors: [] }];
  return need === 'none' ? [] : failure('advisory-data-missing', `expected ${what}, got none`);
}

function describe({ epss, kev }: Lookups): EnrichmentData | undefined {
  if (epss.current === undefined && kev.current === undefined) return undefined;
  return {
    ...(epss.current ? { epss: describeEpss(epss.current) } : {}),
    ...(kev.current ? { kev: describeKev(kev.current) } : {}),
  };
}

function describeEpss({ open: { facts } }: CurrentTable): NonNullable<EnrichmentData['epss']> {
  const { date, sha256, rows, version, rejected } = facts;
  return {
    date,
    sha256,
    scores: rows,
    ...(version === undefined ? {} : { model: version }),
    ...(rejected.count === 0 ? {} : { rejected: rejected.count }),
  };
}

function describeKev({ open: { facts }, retrievedAt }: CurrentTable): NonNullable<EnrichmentData['kev']> {
  const { date, sha256, rows, rejected } = facts;
  return {
    date,
    sha256,
    entries: rows,
    retrievedAt,
    ...(rejected.count === 0 ? {} : { rejected: rejected.count }),
  };
}
