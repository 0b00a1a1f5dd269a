// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { autoSource } from '../../src/advisories/auto.ts';
import type { AdvisorySource, PackageQuery } from '../../src/advisories/source.ts';
import type { AdvisoryData } from '../../src/model/advisory.ts';
import type { Coverage } from '../../src/model/coverage.ts';
import type { Ecosystem } from '../../src/model/inventory.ts';

const NOW = new Date('2026-03-10T12:00:00Z');
const DAY = 86_400_000;

interface FakeOptions {
  /** Newest record by ecosystem. */
  readonly newest?: Readonly<Record<string, string>>;
  readonly gap?: Partial<Coverage>;
}

/** A source that writes down what it is asked. */
function fake(
  id: AdvisoryData['source'],
  log: string[],
  { newest = {}, gap }: FakeOptions = {},
): AdvisorySource {
  return {
    id,
    async query(packages) {
      log.push(`${id}: ${packages.map(({ name }) => name).join(' ')}`);
      return { records: new Map(), coverage: gap === undefined ? [] : [row(gap)] };
    },
    async commits(hashes) {
      log.push(`${id}: commits ${hashes.join(' ')}`);
      return { records: new Map(), coverage: [] };
    },
    records: async () => new Map(),
    describe: () => ({
      source: id,
      ecosystems: Object.entries(newest).map(([name, newestModified]) => ({
        name,
        records: 1,
        newestModified,
      })),
      quarantined: 0,
    }),
    close: async () => {
      log.push(`${id}: closed`);
    },
  };
}

function row(fields: Partial<Coverage>): Coverage {
  return {
    plugin: 'advisories',
    target: 'npm',
    status: 'failed',
    unit: 'records',
    expected: 0,
    processed: 0,
    required: true,
    errors: [],
    ...fields,
  };
}

function packages(...names: readonly [Ecosystem, string][]): PackageQuery[] {
  return names.map(([ecosystem, name]) => ({ ecosystem, name }));
}

const FAILED = { status: 'failed', cause: 'advisory-source-failed' } as const;
const LEFT = packages(['npm', 'left']);

async function run(
  mirror: FakeOptions,
  api: FakeOptions | undefined,
  asked = LEFT,
): Promise<{ log: string[]; source: string; coverage: readonly Coverage[] }> {
  const log: string[] = [];
  const source = autoSource({
    mirror: fake('mirror', log, mirror),
    ...(api === undefined ? {} : { api: async () => fake('osv', log, api) }),
    now: NOW,
    freshFor: DAY,
  });
  const { coverage } = await source.query(asked);
  expect(source.describe().source).toBe(source.id);
  return { log, source: source.id, coverage };
}

describe('auto', () => {
  it('asks a fresh mirror, and nobody else', async () => {
    const { log, source } = await run({ newest: { npm: '2026-03-09T12:00:00Z' } }, {});
    expect([log, source]).toEqual([['mirror: left'], 'mirror']);
  });

  it.each([
    ['older than the limit', { npm: '2026-03-09T11:59:59Z' }],
    ['without the ecosystem', { PyPI: '2026-03-10T00:00:00Z' }],
    ['without a date that can be read', { npm: 'yesterday' }],
    ['dated two days ahead', { npm: '2026-03-12T12:00:00Z' }],
  ])('asks the API where the mirror is %s', async (_, newest) => {
    const { log, source } = await run({ newest }, {});
    expect([log, source]).toEqual([['osv: left'], 'osv']);
  });

  it('wants every ecosystem of the inventory fresh', async () => {
    const newest = { npm: '2026-03-10T11:00:00Z', PyPI: '2026-03-01T00:00:00Z' };
    expect((await run({ newest }, {})).source).toBe('mirror');
    expect((await run({ newest }, {}, packages(['npm', 'left'], ['PyPI', 'right']))).source).toBe('osv');
  });

  it('falls back on a stale mirror where the API does not answer, and tells of both', async () => {
    const { log, source, coverage } = await run({ newest: { npm: '2026-01-01T00:00:00Z' } }, { gap: FAILED });
    expect([log, source]).toEqual([['osv: left', 'mirror: left'], 'mirror']);
    expect(coverage).toEqual([row({ ...FAILED, required: false })]);
  });

  it('asks the API where a fresh mirror is damaged', async () => {
    const damaged = { status: 'failed', cause: 'advisory-data-damaged' } as const;
    const { log, source, coverage } = await run(
      { newest: { npm: '2026-03-10T00:00:00Z' }, gap: damaged },
      {},
    );
    expect([log, source]).toEqual([['mirror: left', 'osv: left'], 'osv']);
    expect(coverage).toEqual([row({ ...damaged, required: false })]);
  });

  it.each(['advisory-update-refused', 'advisory-records-unreadable'] as const)(
    'stays with a mirror that has %s',
    async (cause) => {
      const gap = { status: 'partial', cause } as const;
      const { source, coverage } = await run({ newest: { npm: '2026-03-10T00:00:00Z' }, gap }, {});
      expect(source).toBe('mirror');
      expect(coverage).toEqual([row(gap)]);
    },
  );

  it('is incomplete where neither can answer', async () => {
    const missing = { status: 'failed', cause: 'advisory-data-missing' } as const;
    const { source, coverage } = await run({ gap: missing }, { gap: FAILED });
    expect(source).toBe('osv');
    expect(coverage).toEqual([row(FAILED)]);
  });

  it('has the mirror alone offline, whatever its age', async () => {
    const { log, source } = await run({ newest: { npm: '2020-01-01T00:00:00Z' } }, undefined);
    expect([log, source]).toEqual([['mirror: left'], 'mirror']);
  });

  it('asks the API for commits, the mirror where there is none', async () => {
    const log: string[] = [];
    const mirror = fake('mirror', log);
    const online = autoSource({ mirror, api: async () => fake('osv', log), now: NOW, freshFor: DAY });
    await online.commits(['abc']);
    await online.close();
    await autoSource({ mirror, now: NOW, freshFor: DAY }).commits(['abc']);
    expect(log).toEqual(['osv: commits abc', 'mirror: closed', 'osv: closed', 'mirror: commits abc']);
  });

  it('makes no client that it does not need', async () => {
    const mirror = fake('mirror', [], { newest: { npm: '2026-03-10T00:00:00Z' } });
    const source = autoSource({ mirror, api: async () => expect.unreachable(), now: NOW, freshFor: DAY });
    await source.query(LEFT);
    await source.close();
  });
});
