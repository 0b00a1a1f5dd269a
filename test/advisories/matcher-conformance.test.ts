// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { vulnerabilityFindings } from '../../src/advisories/findings.ts';
import { matchComponents } from '../../src/advisories/matcher.ts';
import { readAdvisory } from '../../src/advisories/osv-record.ts';
import type { Advisory } from '../../src/model/advisory.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Ecosystem } from '../../src/model/inventory.ts';
import { exceptionLedger } from '../../src/policy/exceptions.ts';
import { REPO_ROOT } from '../support/shared-data.ts';
import { answer, component } from './support.ts';

/** The schema is in fixtures/matcher/README.md. */
interface Case {
  readonly name: string;
  readonly trap: string;
  readonly ecosystem: Ecosystem;
  readonly package: string;
  readonly records: readonly unknown[];
  readonly queries: readonly Query[];
}

interface Query {
  readonly ecosystem?: Ecosystem;
  readonly package?: string;
  readonly version: string | null;
  readonly expect: {
    readonly hits: readonly string[];
    readonly gap?: string;
    readonly groups?: readonly Readonly<Record<string, unknown>>[];
    readonly recommended?: { readonly version: string; readonly breaking: boolean } | null;
  };
}

const FOLDER = join(REPO_ROOT, 'fixtures', 'matcher');
const cases = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => ({ file, ...(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Case) }));

describe('conformance cases', () => {
  it.each(cases)('$trap $file: $name', async (test) => {
    const records = test.records.map(readAdvisory);
    for (const query of test.queries) {
      const label = `${query.package ?? test.package} ${query.version}`;
      const forwards = await evaluate(test, query, records);
      expect(forwards, label).toEqual(query.expect);
      expect(await evaluate(test, query, records.map(reverseEvents).reverse()), label).toEqual(forwards);
    }
  });

  it('has a case for every trap', () => {
    const traps = new Set(cases.map(({ trap }) => trap));
    expect([...traps].sort()).toEqual([...Array.from({ length: 19 }, (_, i) => `T${i}`), 'identity'].sort());
  });
});

/** What we say, cut down to the keys that the query asks for. */
async function evaluate(test: Case, query: Query, records: readonly Advisory[]): Promise<Query['expect']> {
  const installed = component(
    query.ecosystem ?? test.ecosystem,
    query.package ?? test.package,
    query.version ?? undefined,
  );
  const packageRecords = answer([installed], records);
  const { matches, coverage } = matchComponents([installed], packageRecords);
  const { findings } = await vulnerabilityFindings({
    matches,
    components: new Map([[installed.ref, installed]]),
    packageRecords,
    commitRecords: new Map(),
    bodies: new Map(),
    paths: { to: () => [] },
  });
  const groups = matches.map(({ group, records: hits }) => {
    const finding = findings.find(({ ruleId }) => ruleId === group.anchor);
    return {
      ...group,
      hits: hits.map(({ id }) => id),
      kind: finding?.kind,
      leads: finding?.title.replace(/:.*$/, ''),
      fingerprint: finding?.fingerprint,
      exceptedBy: finding && group.ids.filter((id) => isExcepted(finding, id)),
      severity: finding?.severity,
      score: finding?.score ?? null,
      scoreRecord: finding?.scoreSource?.replace(/^.* \((.*)\)$/, '$1'),
      fixed:
        finding?.detail.kind === 'vulnerability' || finding?.detail.kind === 'malware'
          ? finding.detail.fixedVersions
          : [],
      lastKnownAffected: hits[0]?.lastKnownAffected,
    };
  });
  const [first] = findings;
  return {
    hits: matches.flatMap((match) => match.records.map(({ id }) => id)).sort(),
    ...(coverage[0]?.cause === undefined ? {} : { gap: coverage[0].cause }),
    ...(query.expect.groups
      ? { groups: groups.map((group, i) => pick(group, Object.keys(query.expect.groups?.[i] ?? group))) }
      : {}),
    ...(query.expect.recommended === undefined
      ? {}
      : {
          recommended:
            (first && 'recommendedVersion' in first.detail && first.detail.recommendedVersion) || null,
        }),
  };
}

function isExcepted(finding: Finding, id: string): boolean {
  const exception = { id, reason: 'accepted', location: { uri: 'plimsoll.yaml', startLine: 1 } };
  const ledger = exceptionLedger({ exceptions: [exception], base: '' }, new Date('2026-01-01T00:00:00Z'));
  return ledger.suppress(finding, undefined) === exception;
}

function pick(from: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, from[key]]));
}

function reverseEvents(record: Advisory): Advisory {
  const affected = record.affected.map((entry) => ({
    ...entry,
    ranges: entry.ranges.map((range) => ({ ...range, events: range.events.toReversed() })).reverse(),
    versions: entry.versions.toReversed(),
  }));
  return { ...record, aliases: record.aliases.toReversed(), affected: affected.reverse() };
}
