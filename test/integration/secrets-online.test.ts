// SPDX-License-Identifier: Apache-2.0
// What goes out, and what is kept and said of it, where addresses and the environment hold secrets.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { zip } from '../advisories/mirror/support.ts';
import { TEST_CA } from '../support/https-server.ts';
import { JUDGED_AT, waveOf } from '../support/mirror-tree.ts';
import { startBucket } from '../support/osv-server/bucket.ts';
import type { WireRecord } from '../support/osv-server/fuzzy.ts';
import { type Fault, type OsvServer, startOsvServer } from '../support/osv-server/server.ts';
import { leaksIn, PLANTED } from '../support/planted-secrets.ts';
import { type ProgramRun, plimsollOnline } from '../support/program.ts';
import { startProxy } from '../support/proxy.ts';
import { writeTree } from '../support/temp-tree.ts';

const RECORDS = waveOf('first', 3);
const uri = encodeURIComponent;
const UPDATE = ['db', 'update', '--no-epss', '--no-kev', '--from'];
/** What Node and its libraries say of their own work, where somebody asks for it. */
const TRACE = 'undici,fetch,http,https,net,tls,stream';

let root: string;
let tree: string;
let ca: string;
let fault: Fault | undefined;
let osv: OsvServer;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-secrets-online-'));
  tree = join(root, 'tree');
  ca = join(root, 'ca.pem');
  writeFileSync(ca, TEST_CA);
  const resolved = PLANTED.map((secret, i) => [
    `dep${i}`,
    `https://user:${uri(secret)}@registry.example/${i}.tgz`,
  ]);
  const packages = {
    '': { name: 'app', dependencies: { left: '1', ...Object.fromEntries(resolved) } },
    'node_modules/left': { version: '1.0.0', resolved: 'https://registry.npm.example/left/-/left-1.0.0.tgz' },
    ...Object.fromEntries(
      resolved.map(([name, address]) => [`node_modules/${name}`, { version: '1.0.0', resolved: address }]),
    ),
  };
  writeTree(tree, {
    'package-lock.json': JSON.stringify({ name: 'app', lockfileVersion: 3, packages }),
    'requirements.txt': PLANTED.map(
      (secret) => `--extra-index-url https://${uri(secret)}@index.example/simple\n`,
    )
      .concat('known==1.0\n')
      .join(''),
  });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(async () => {
  fault = undefined;
  osv = await startOsvServer({ records: RECORDS, fault: (...seen) => fault?.(...seen) ?? false });
  return async () => await osv.close();
});

/** A run with all secrets in its environment, and all that it says and leaves behind. */
async function online(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const home = mkdtempSync(join(root, 'home-'));
  for (const name of ['cache', 'tmp']) mkdirSync(join(home, name));
  const run = await plimsollOnline([...args, '--ca-cert', ca, '--now', JUDGED_AT, '--verbose'], {
    ...Object.fromEntries(PLANTED.map((secret, i) => [`PLANTED_${i}`, secret])),
    ...{ GITHUB_TOKEN: PLANTED[3] ?? '', NPM_TOKEN: PLANTED[4] ?? '', NODE_DEBUG: TRACE },
    ...{ XDG_CACHE_HOME: join(home, 'cache'), TMPDIR: join(home, 'tmp'), COLUMNS: '500', ...env },
  });
  expect(readdirSync(join(home, 'tmp'))).toEqual([]);
  const kept = readdirSync(join(home, 'cache'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
  return { ...run, kept, everything: [run.stdout, run.stderr, ...kept].join('\n') };
}

async function scan(url: string, env: Readonly<Record<string, string>> = {}) {
  return await online(['scan', tree, '--json', '--advisories', 'osv', '--advisories-url', url], env);
}

function sourceOf({ stdout }: ProgramRun): string {
  return JSON.parse(stdout).advisoryData.source;
}

describe('secrets in the environment and in addresses', { timeout: 60_000 }, () => {
  it.each(PLANTED.slice(0, 5))('a proxy gets its password, and nobody else: %s', async (password) => {
    const proxy = await startProxy(`user:${password}`);
    const address = proxy.url.replace('//', `//user:${uri(password)}@`);
    const run = await scan(osv.url, { HTTPS_PROXY: address });
    await proxy.close();
    expect([run.status, sourceOf(run)]).toEqual([1, 'osv']);
    expect(proxy.targets.length).toBeGreaterThan(0);
    expect(run.kept.length).toBeGreaterThan(0);
    // The trace is there.
    expect(run.stderr).toMatch(/UNDICI|NET \d+/);
    expect(leaksIn(run.everything)).toEqual([]);
    expect(osv.requests.length).toBeGreaterThan(1);
    expect(leaksIn(JSON.stringify(osv.requests))).toEqual([]);
  });

  it('a proxy that turns us away, or is not there, is named without its password', async () => {
    const [password = ''] = PLANTED;
    const proxy = await startProxy('user:another');
    const away = await scan(osv.url, { HTTPS_PROXY: proxy.url.replace('//', `//user:${uri(password)}@`) });
    await proxy.close();
    const gone = await scan(osv.url, { HTTPS_PROXY: `http://user:${uri(password)}@127.0.0.1:9` });
    for (const run of [away, gone]) {
      expect(run.status).toBe(3);
      expect(leaksIn(run.everything)).toEqual([]);
    }
    expect(osv.requests).toEqual([]);
  });

  it.each([
    ['a proxy that is none', {}, `${PLANTED[0]}@host`],
    ['a proxy of another kind', {}, `socks5://user:${PLANTED[0]}@host`],
    ['a password that is not encoded', {}, `http://user:${PLANTED[0]}%zz@127.0.0.1:9`],
  ])('%s is refused or not reached, and not shown', async (_, env, proxy) => {
    const run = await scan(osv.url, { ...env, HTTPS_PROXY: proxy });
    expect([2, 3]).toContain(run.status);
    expect(leaksIn(run.everything)).toEqual([]);
  });

  it.each([
    ['user and password', (secret: string) => `https://user:${uri(secret)}@localhost:1/`],
    ['a user alone', (secret: string) => `https://${uri(secret)}@localhost:1/`],
    ['http', (secret: string) => `http://user:${secret}@localhost:1/?token=${secret}`],
    ['no host', (secret: string) => `https://user:${secret}@[::/?token=${secret}`],
    ['no scheme', (secret: string) => `user:${secret}@localhost:1`],
  ])('an address with %s is refused, and the secret not shown', async (_, address) => {
    for (const secret of PLANTED.slice(0, 4)) {
      const asked = await scan(address(secret));
      const updated = await online([...UPDATE, address(secret)]);
      expect([asked.status, updated.status]).toEqual([2, 2]);
      for (const run of [asked, updated]) expect(leaksIn(run.everything)).toEqual([]);
    }
  });

  it('the query of an address is neither kept nor shown, whether it answers or not', async () => {
    const [secret = ''] = PLANTED;
    for (const url of [osv.url, 'https://127.0.0.1:9']) {
      const run = await scan(`${url}/?token=${uri(secret)}#${uri(secret)}`);
      expect(run.status).toBe(url === osv.url ? 1 : 3);
      expect(leaksIn(run.everything)).toEqual([]);
    }
    const archive = (held: readonly WireRecord[]) =>
      zip(held.map((each) => ({ name: `${each.id}.json`, data: JSON.stringify(each) })));
    const python = { id: 'PYSEC-1', modified: '2026-02-28T12:00:00Z', affected: [] };
    const bucket = await startBucket({ records: { npm: RECORDS, PyPI: [python] }, archive });
    const run = await online([...UPDATE, `${bucket.url}/?X-Signature=${uri(secret)}`]);
    await bucket.close();
    expect(bucket.paths.length).toBeGreaterThan(0);
    expect(leaksIn(run.everything)).toEqual([]);
  });

  it.each([
    ['leads to an address with a password', `https://user:${PLANTED[0]}@localhost:1/`],
    ['leads to http with one', `http://user:${PLANTED[0]}@localhost:1/?token=${PLANTED[0]}`],
    ['leads to what is no address', `https://user:${PLANTED[0]}@[::/`],
    ['leads to an address with a token', `https://localhost:1/?token=${uri(PLANTED[1] ?? '')}`],
  ])('a redirect that %s is told without it', async (_, location) => {
    fault = (_seen, response) => {
      response.writeHead(302, { location }).end();
      return true;
    };
    // Node's own trace has the address that a server gives, as it is.
    const run = await scan(osv.url, { NODE_DEBUG: '' });
    expect(run.status).toBe(3);
    expect(leaksIn(run.everything)).toEqual([]);
  });
});
