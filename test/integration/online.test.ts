// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { zip } from '../advisories/mirror/support.ts';
import { startServer, TEST_CA } from '../support/https-server.ts';
import { startBucket } from '../support/osv-server/bucket.ts';
import type { WireRecord } from '../support/osv-server/fuzzy.ts';
import { type OsvServer, startOsvServer } from '../support/osv-server/server.ts';
import { plimsollOnline } from '../support/program.ts';
import { REPO_ROOT } from '../support/shared-data.ts';

/** A finding that fails the default policy, on the package that the tree has. */
function record(modified: string): WireRecord {
  return {
    id: 'GHSA-left',
    modified,
    published: '2026-01-01T00:00:00Z',
    affected: [
      {
        package: { ecosystem: 'npm', name: 'left' },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }],
      },
    ],
    database_specific: { severity: 'HIGH' },
  };
}

const NOW = '2026-03-01T00:00:00Z';
const FRESH = '2026-02-28T12:00:00Z';
let root: string;
let ca: string;
let osv: OsvServer;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-online-'));
  ca = join(root, 'ca.pem');
  writeFileSync(ca, TEST_CA);
  const packages = {
    '': { name: 'app', dependencies: { left: '1' } },
    'node_modules/left': { version: '1.0.0', resolved: 'https://registry.npm.example/left/-/left-1.0.0.tgz' },
  };
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ name: 'app', lockfileVersion: 3, packages }),
  );
  writeFileSync(join(root, 'package.json'), JSON.stringify(packages['']));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(async () => {
  osv = await startOsvServer({ records: [record(FRESH)] });
  return async () => await osv.close();
});

async function scan(cache: string, ...args: string[]) {
  const run = await plimsollOnline(
    ['scan', root, '--json', '--now', NOW, '--advisories-url', osv.url, '--ca-cert', ca, ...args],
    { XDG_CACHE_HOME: cache },
  );
  const report = run.stdout.startsWith('{') ? JSON.parse(run.stdout) : undefined;
  return { ...run, source: report?.advisoryData.source, result: report?.verdict.result };
}

function cache(): string {
  return mkdtempSync(join(root, 'cache-'));
}

async function bucketOf(records: readonly WireRecord[]) {
  const archive = (held: readonly WireRecord[]) =>
    zip(held.map((each) => ({ name: `${each.id}.json`, data: JSON.stringify(each) })));
  const python: WireRecord = {
    id: 'PYSEC-1',
    modified: FRESH,
    affected: [{ package: { ecosystem: 'PyPI', name: 'x' }, versions: ['1'] }],
  };
  return await startBucket({ records: { npm: records, PyPI: [python] }, archive });
}

async function update(home: string, url: string, ...args: string[]) {
  return await plimsollOnline(
    ['db', 'update', '--from', url, '--ca-cert', ca, '--now', NOW, '--no-epss', '--no-kev', ...args],
    {
      XDG_CACHE_HOME: home,
    },
  );
}

describe('scan', () => {
  it('without a mirror asks the API, and keeps what it answers', async () => {
    const home = cache();
    expect(await scan(home)).toMatchObject({ status: 1, source: 'osv', result: 'fail' });
    expect(osv.requests.map(({ path }) => path)).toEqual(['/v1/querybatch', '/v1/vulns/GHSA-left']);
    expect(await scan(home, '--advisories', 'osv')).toMatchObject({ status: 1, source: 'osv' });
    expect(osv.requests.map(({ path }) => path).slice(2)).toEqual(['/v1/querybatch']);
    expect(readdirSync(join(home, 'plimsoll', 'api', 'osv'))).toHaveLength(1);
  });

  it('says the same twice, but for the time', async () => {
    const home = cache();
    const [a, b] = [await scan(home), await scan(cache())];
    const same = (text: string) => text.replace(/"evaluatedAt": "[^"]*"/, '');
    expect(same(a.stdout)).toBe(same(b.stdout));
  });

  it.each([
    [['--ca-cert', 'missing.pem'], /missing\.pem: expected a file of certificates, got ENOENT/],
    [['--ca-cert', 'package.json'], /package\.json: expected certificates in PEM, got another text/],
    [
      ['--ca-cert', 'fixtures/network/broken-ca.pem'],
      /broken-ca\.pem: expected certificates in PEM, got a broken one/,
    ],
    [['--advisories-url', 'http://localhost'], /expected an https URL/],
    [['--advisories', 'osv', '--offline'], /expected a network/],
  ])('%j is a usage error', async (args, message) => {
    const { status, stderr } = await plimsollOnline(['scan', root, ...args], { XDG_CACHE_HOME: cache() });
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  it('a proxy that is no URL is a usage error, and is not shown', async () => {
    const env = { HTTPS_PROXY: 'user:secret@host', XDG_CACHE_HOME: cache() };
    const { status, stderr } = await plimsollOnline(['scan', root], env);
    expect(status).toBe(2);
    expect(stderr).not.toContain('secret');
  });
});

describe('db update', () => {
  it('fills a mirror, and a scan then needs no API', async () => {
    const home = cache();
    const bucket = await bucketOf([record(FRESH)]);
    const run = await update(home, bucket.url);
    await bucket.close();
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toMatch(/^from https:\/\/localhost:\d+:\n {2}PyPI: the whole archive, 1 records\n/);
    expect(await scan(home)).toMatchObject({ status: 1, source: 'mirror' });
    expect(osv.requests).toEqual([]);
  });

  it('a stale mirror is used where the API cannot be reached, and its age is in the verdict', async () => {
    const home = cache();
    const bucket = await bucketOf([record('2026-02-26T00:00:00Z')]);
    await update(home, bucket.url);
    await bucket.close();
    expect(await scan(home)).toMatchObject({ source: 'osv' });
    await osv.close();
    const { source, stdout } = await scan(home);
    expect(source).toBe('mirror');
    const { verdict, coverage } = JSON.parse(stdout);
    expect(verdict.notChecked).toMatchObject([{ coverage: { cause: 'advisory-data-stale', target: 'npm' } }]);
    expect(coverage).toContainEqual(
      expect.objectContaining({ cause: 'advisory-source-failed', required: false, target: 'npm' }),
    );
  }, 30_000);

  it('that would be a step back is refused, and stands in db status and in the verdict until one is taken', async () => {
    const home = cache();
    const old = await bucketOf([record('2026-02-27T12:00:00Z')]);
    const bucket = await bucketOf([record(FRESH)]);
    await update(home, bucket.url);
    const run = await update(home, old.url);
    expect([run.status, run.stderr]).toEqual([3, expect.stringContaining('expected ids of records up to')]);
    const status = await plimsollOnline(['db', 'status', '--now', NOW], { XDG_CACHE_HOME: home });
    expect(status.status).toBe(0);
    expect(status.stdout).toMatch(/^update of 2026-03-01T00:00:00\.000Z from https:\S+ was refused: /m);
    const { verdict } = JSON.parse((await scan(home)).stdout);
    expect(verdict.notChecked).toMatchObject([{ coverage: { cause: 'advisory-update-refused' } }]);
    expect(await update(home, bucket.url)).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse((await scan(home)).stdout).verdict.notChecked).toEqual([]);
    await bucket.close();
    await old.close();
  });

  it('says what failed, exits with 3, and leaves the data', async () => {
    const home = cache();
    const bucket = await bucketOf([record(FRESH)]);
    await update(home, bucket.url);
    await bucket.close();
    const run = await update(home, bucket.url);
    expect(run.status).toBe(3);
    expect(run.stderr).toMatch(
      /^error: https:\/\/localhost:\d+\/PyPI\/modified_id\.csv: expected an answer, got ECONNREFUSED/m,
    );
    expect(await scan(home)).toMatchObject({ status: 1, source: 'mirror' });
  }, 30_000);

  it('fetches EPSS and KEV from where it is told, and goes on where one fails', async () => {
    const home = cache();
    const files = new Map(
      ['epss_scores-2026-11-20.csv.gz', 'known_exploited_vulnerabilities.json'].map((name) => [
        `/${name}`,
        readFileSync(join(REPO_ROOT, 'fixtures', 'enrichment', name)),
      ]),
    );
    const publisher = await startServer((request, response) => {
      const content = files.get(request.url ?? '');
      response.writeHead(content === undefined ? 404 : 200).end(content);
    });
    const bucket = await bucketOf([record(FRESH)]);
    const from = ['--from', bucket.url, '--ca-cert', ca, '--now', '2026-11-21T00:00:00Z', '--json'];
    const epss = ['--epss', `${publisher.url}/epss_scores-2026-11-20.csv.gz`];
    const kev = ['--kev', `${publisher.url}/known_exploited_vulnerabilities.json`];
    const run = await plimsollOnline(['db', 'update', ...from, ...epss, ...kev], { XDG_CACHE_HOME: home });
    expect([run.status, run.stderr]).toEqual([0, '']);
    const result = JSON.parse(run.stdout);
    expect(result).toMatchObject({
      advisories: { changed: true },
      epss: { changed: true },
      kev: { changed: true },
    });
    const missing = await plimsollOnline(
      ['db', 'update', ...from, '--epss', `${publisher.url}/none`, ...kev],
      { XDG_CACHE_HOME: home },
    );
    await publisher.close();
    await bucket.close();
    expect(missing.status).toBe(3);
    expect(JSON.parse(missing.stdout)).toMatchObject({
      advisories: { changed: false },
      kev: { changed: false },
      failed: [
        {
          code: 'network-failed',
          message: expect.stringMatching(/\/none: expected a file, got status 404$/),
        },
      ],
    });
  });

  it('offline is a usage error, but for a directory', async () => {
    const home = cache();
    expect(await update(home, 'https://localhost:1', '--offline')).toMatchObject({ status: 2 });
    expect(await update(home, 'file:///nonexistent', '--offline')).toMatchObject({ status: 3 });
  });

  it.each([
    [['--from', 'http://localhost/'], /http:\/\/localhost\/: expected an https URL, got http:/],
    [['--from', 'nonsense'], /nonsense\/: expected a URL/],
    [['--epss', 'http://localhost/'], /expected an https URL, got http:/],
    [['--offline'], /got an offline run/],
  ])('%j is a usage error before anything is fetched', async (args, message) => {
    const home = cache();
    const bucket = await bucketOf([record(FRESH)]);
    const from = args[0] === '--from' ? [] : ['--from', bucket.url];
    const run = await plimsollOnline(['db', 'update', '--ca-cert', ca, '--now', NOW, ...from, ...args], {
      XDG_CACHE_HOME: home,
    });
    await bucket.close();
    expect(run).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(message) });
    expect([bucket.paths, readdirSync(home)]).toEqual([[], []]);
  });
});
