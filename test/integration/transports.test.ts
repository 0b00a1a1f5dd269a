// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { matchInventory } from '../../src/advisories/match.ts';
import { openMirror } from '../../src/advisories/mirror/generation-source.ts';
import { importAdvisories } from '../../src/advisories/mirror/import.ts';
import { osvApiSource } from '../../src/advisories/osv-api/source.ts';
import { collect } from '../../src/collectors/collect.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Component, Ecosystem, Inventory } from '../../src/model/inventory.ts';
import { createHttp, type Http } from '../../src/platform/http.ts';
import { FIXTURES, NOW, QUICK_FS, temporaryDirectory } from '../advisories/mirror/support.ts';
import { component } from '../advisories/support.ts';
import { TEST_CA } from '../support/https-server.ts';
import type { WireRecord } from '../support/osv-server/fuzzy.ts';
import { type OsvServer, startOsvServer } from '../support/osv-server/server.ts';
import { recordsIn } from '../support/records.ts';
import { HAS_SHARED_DATA, REPO_ROOT, SHARED_DATA, SHARED_SKIP_REASON } from '../support/shared-data.ts';
import { tempTree } from '../support/temp-tree.ts';

const http = createHttp({ caCert: TEST_CA });
afterAll(() => http.close());

/** The same records in a mirror and behind the API. */
async function bothWays(
  inputs: readonly string[],
  dbDir: string,
): Promise<{ dbDir: string; server: OsvServer }> {
  await importAdvisories({ dbDir, inputs, now: NOW, writeFs: QUICK_FS });
  return { dbDir, server: await startOsvServer({ records: inputs.flatMap(recordsIn), pageSize: 3 }) };
}

async function findingsBy(
  inventory: Inventory,
  way: { dbDir: string } | { url: string; cacheDir?: string },
  by: Http = http,
): Promise<readonly Finding[]> {
  const source =
    'dbDir' in way ? await openMirror(way.dbDir) : osvApiSource({ http: by, retry: { attempts: 1 }, ...way });
  const { findings } = await matchInventory(inventory, source).finally(() => source.close());
  return findings;
}

describe('one matcher, two transports', () => {
  it('give the same findings from records of several packages, withdrawn and odd ones', async () => {
    const { dbDir, server } = await bothWays([FIXTURES], temporaryDirectory());
    const names = new Set(
      recordsIn(FIXTURES).flatMap(({ affected = [] }) =>
        affected.flatMap(({ package: p }) => (p ? [p] : [])),
      ),
    );
    const components = [...names].flatMap(({ ecosystem, name }): Component[] =>
      ecosystem === 'npm' || ecosystem === 'PyPI'
        ? ['0.1.0', '1.0', '1', '1.2.3', '2.0.0'].map((version) => component(ecosystem, name, version))
        : [],
    );
    await expectEqual(inventoryOf(components), { dbDir, server });
  });

  it('give the same findings on every conformance case of the matcher', async () => {
    const { records, components } = matcherCases();
    const folder = tempTree(
      Object.fromEntries(records.map((record) => [`${record.id}.json`, JSON.stringify(record)])),
    );
    const ways = await bothWays([folder], temporaryDirectory());
    expect(await expectEqual(inventoryOf(components), ways)).toBeGreaterThan(30);
  });

  it('would not give them if the client sent versions, since the server matches by rules of its own', async () => {
    const { records, components } = matcherCases('t07-local-version.json');
    const folder = tempTree({ 'records.json': JSON.stringify(records[0]) });
    const ways = await bothWays([folder], temporaryDirectory());
    const inventory = inventoryOf(components.filter(({ version }) => version === '2.0.0+cu118'));
    expect(await expectEqual(inventory, ways)).toBe(1);
    const again = await startOsvServer({ records });
    onTestFinished(again.close);
    expect(await findingsBy(inventory, { url: again.url }, sendingVersion('2.0.0+cu118'))).toEqual([]);
  });
});

function inventoryOf(components: readonly Component[]): Inventory {
  return { projects: [], components, dependencies: [], skipped: [] };
}

/** Compares the findings as text, and closes the server. Returns how many there are. */
async function expectEqual(
  inventory: Inventory,
  ways: { dbDir: string; server: OsvServer },
): Promise<number> {
  const byMirror = await findingsBy(inventory, ways);
  const byApi = await findingsBy(inventory, ways.server);
  await ways.server.close();
  expect(byMirror.length).toBeGreaterThan(0);
  expect(JSON.stringify(byApi)).toBe(JSON.stringify(byMirror));
  return byMirror.length;
}

interface MatcherCase {
  readonly ecosystem: Ecosystem;
  readonly package: string;
  readonly records: readonly WireRecord[];
  readonly queries: readonly {
    readonly ecosystem?: Ecosystem;
    readonly package?: string;
    readonly version: string | null;
  }[];
}

/** All of them in one, with ids that differ from case to case. */
function matcherCases(only?: string): { records: WireRecord[]; components: Component[] } {
  const folder = join(REPO_ROOT, 'fixtures', 'matcher');
  const files = readdirSync(folder).filter((name) => name.endsWith('.json') && (only ?? name) === name);
  const cases = files.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as MatcherCase);
  const components = cases.flatMap((test) =>
    test.queries.map(({ ecosystem = test.ecosystem, package: name = test.package, version }) =>
      component(ecosystem, name, version ?? undefined),
    ),
  );
  return {
    records: cases.flatMap(({ records }, i) =>
      records.map(({ id, aliases, ...record }) => ({
        ...record,
        id: `${id}-${i}`,
        ...(Array.isArray(aliases) ? { aliases: aliases.map((alias) => `${alias}-${i}`) } : {}),
      })),
    ),
    components: [...new Map(components.map((each) => [`${each.ecosystem} ${each.ref}`, each])).values()],
  };
}

/** The way out of a client that leaves the decision to the server. */
function sendingVersion(version: string): Http {
  return {
    ...http,
    async request(request) {
      if (request.body === undefined) return await http.request(request);
      const { queries } = JSON.parse(request.body) as { queries: object[] };
      const body = JSON.stringify({ queries: queries.map((query) => ({ ...query, version })) });
      return await http.request({ ...request, body });
    },
  };
}

const LOCKFILES = join(SHARED_DATA, 'lockfiles');
const FOLDERS = !existsSync(LOCKFILES)
  ? []
  : ['requirements', 'poetry.lock', 'package-lock', 'npm-shrinkwrap'].flatMap((format) =>
      readdirSync(join(LOCKFILES, format)).map((name) => join(format, name)),
    );

describe.skipIf(!HAS_SHARED_DATA)(
  `one matcher, two transports, on real locks${HAS_SHARED_DATA ? '' : ` ${SHARED_SKIP_REASON}`}`,
  () => {
    let ways: Awaited<ReturnType<typeof bothWays>>;
    let dbDir: string;
    beforeAll(async () => {
      const archives = ['PyPI', 'npm'].map((name) => join(SHARED_DATA, 'advisories', name, 'all.zip'));
      dbDir = mkdtempSync(join(tmpdir(), 'plimsoll-equality-'));
      ways = await bothWays(archives, dbDir);
    });
    afterAll(async () => {
      await ways.server.close();
      rmSync(dbDir, { recursive: true, force: true });
    });

    it('give byte-equal findings in every folder, and no version leaves the machine', async () => {
      let found = 0;
      for (const folder of FOLDERS) {
        const { inventory } = await collect({ root: join(LOCKFILES, folder) });
        const byMirror = await findingsBy(inventory, ways);
        // With a cache, so that what it gives back is held against the mirror too.
        const byApi = await findingsBy(inventory, { url: ways.server.url, cacheDir: join(dbDir, 'cache') });
        expect(JSON.stringify(byApi), folder).toBe(JSON.stringify(byMirror));
        found += byMirror.length;
      }
      expect(FOLDERS.length).toBe(40);
      expect(found).toBeGreaterThan(500);
      expect(ways.server.requests.filter(({ body }) => body.includes('"version"'))).toEqual([]);
    });
  },
);
