// SPDX-License-Identifier: Apache-2.0
import { onTestFinished } from 'vitest';
import { type MatchedInventory, matchInventory } from '../../../src/advisories/match.ts';
import { type OsvApiOptions, osvApiSource } from '../../../src/advisories/osv-api/source.ts';
import type { AdvisorySource } from '../../../src/advisories/source.ts';
import type { Component, Inventory } from '../../../src/model/inventory.ts';
import type { Verdict } from '../../../src/model/verdict.ts';
import { createHttp } from '../../../src/platform/http.ts';
import { defaultPolicy } from '../../../src/policy/default.ts';
import { judge } from '../../../src/policy/evaluate.ts';
import { TEST_CA } from '../../support/https-server.ts';
import type { WireRecord } from '../../support/osv-server/fuzzy.ts';
import { type OsvServer, type OsvServerOptions, startOsvServer } from '../../support/osv-server/server.ts';

export async function serve(options: OsvServerOptions): Promise<OsvServer> {
  const server = await startOsvServer(options);
  onTestFinished(server.close);
  return server;
}

/** The client, with waits that take no time; `waits` gets what it would have waited. */
export function client(
  url: string,
  options: Partial<OsvApiOptions> = {},
  waits: number[] = [],
): AdvisorySource {
  const http = createHttp({ caCert: TEST_CA });
  onTestFinished(http.close);
  const wait = async (milliseconds: number) => {
    waits.push(milliseconds);
  };
  return osvApiSource({ http, url, retry: { base: 100, random: () => 0.5, wait }, ...options });
}

/** An npm record that affects version 1.x of a package, with a severity that fails no policy. */
export function lowRecord(id: string, name: string, fields: object = {}): WireRecord {
  return {
    id,
    modified: '2026-01-02T00:00:00Z',
    published: '2026-01-01T00:00:00Z',
    affected: [
      {
        package: { ecosystem: 'npm', name },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '1.0.0' }, { fixed: '2.0.0' }] }],
      },
    ],
    database_specific: { severity: 'LOW' },
    ...fields,
  };
}

function inventoryOf(components: readonly Component[]): Inventory {
  return {
    projects: [],
    components,
    dependencies: components.map(({ ref }) => ({ ref, dependsOn: [] })),
    skipped: [],
  };
}

/** What a scan of these components comes to by the default policy. */
export async function verdictOf(
  components: readonly Component[],
  source: AdvisorySource,
): Promise<{ matched: MatchedInventory; verdict: Verdict }> {
  const inventory = inventoryOf(components);
  const matched = await matchInventory(inventory, source);
  const { verdict } = judge({
    findings: matched.findings,
    inventory,
    coverage: matched.coverage,
    advisoryData: matched.data,
    policy: defaultPolicy(''),
    options: { onIncomplete: 'fail', omit: [], exclude: [] },
    now: new Date('2026-03-01T00:00:00Z'),
  });
  return { matched, verdict };
}
