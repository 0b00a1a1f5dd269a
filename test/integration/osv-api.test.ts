// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TEST_CA } from '../support/https-server.ts';
import { type OsvServerOptions, startOsvServer } from '../support/osv-server/server.ts';
import { plimsollOnline } from '../support/program.ts';
import { startProxy } from '../support/proxy.ts';
import { tempTree } from '../support/temp-tree.ts';

const HIGH = {
  id: 'PYSEC-2026-1',
  modified: '2026-01-02T00:00:00Z',
  aliases: ['CVE-2026-1'],
  summary: 'Too much is let through',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
  affected: [
    {
      package: { ecosystem: 'PyPI', name: 'left' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.0' }] }],
    },
  ],
};

/** Scans `left==1.5` with an OSV server of these options, as a user would. */
async function scanning(options: Partial<OsvServerOptions> = {}) {
  const server = await startOsvServer({ records: [HIGH], ...options });
  onTestFinished(server.close);
  const root = tempTree({ 'project/requirements.txt': 'left==1.5\n', 'ca.pem': TEST_CA, 'cache/.keep': '' });
  const common = ['scan', join(root, 'project'), '--advisories', 'osv', '--now', '2026-03-01T00:00:00Z'];
  async function run(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
    const trusted = ['--ca-cert', join(root, 'ca.pem'), '--advisories-url', server.url, '--json', ...args];
    return await plimsollOnline([...common, ...trusted], { XDG_CACHE_HOME: join(root, 'cache'), ...env });
  }
  return { server, root, common, run };
}

describe('plimsoll scan --advisories osv', () => {
  it('fails on what the API knows, and says the same from the cache, byte for byte', async () => {
    const { server, run } = await scanning();
    const first = await run();
    expect([first.status, first.stderr]).toEqual([1, '']);
    const report = JSON.parse(first.stdout);
    expect(report.advisoryData).toMatchObject({ source: 'osv', ecosystems: [{ name: 'PyPI', records: 1 }] });
    expect(report.findings).toMatchObject([{ ruleId: 'PYSEC-2026-1', severity: 'critical' }]);
    expect(await run()).toEqual(first);
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/v1/querybatch',
      '/v1/vulns/PYSEC-2026-1',
      '/v1/querybatch',
    ]);
  });

  it.each<[string, OsvServerOptions['fault']]>([
    ['turns it away', (_, response) => response.writeHead(403).end() !== undefined],
    [
      'sends it to http',
      (_, response) => response.writeHead(302, { location: 'http://localhost/' }).end() !== undefined,
    ],
  ])('ends in 3 and never in a pass where the server %s', async (_, fault) => {
    const { run } = await scanning(fault === undefined ? {} : { fault });
    const { status, stdout } = await run();
    const { verdict, findings } = JSON.parse(stdout);
    expect([status, verdict.result, findings]).toEqual([3, 'incomplete', []]);
    expect(verdict.incomplete).toContainEqual(
      expect.objectContaining({ coverage: expect.objectContaining({ cause: 'advisory-source-failed' }) }),
    );
  });

  it('ends in 3 where nobody vouches for the server, and says what to do', async () => {
    const { common, server } = await scanning();
    const { status, stdout } = await plimsollOnline([...common, '--advisories-url', server.url], {});
    expect(status).toBe(3);
    expect(stdout.replace(/\s+/g, ' ')).toContain('--ca-cert FILE');
    expect(server.requests).toEqual([]);
  });

  it('goes through the proxy of the environment', async () => {
    const proxy = await startProxy('user:secret');
    onTestFinished(proxy.close);
    const { server, run } = await scanning();
    const through = proxy.url.replace('//', '//user:secret@');
    const { status, stdout } = await run([], { HTTPS_PROXY: through });
    expect(status).toBe(1);
    expect(proxy.targets).toContain(`localhost:${server.port}`);
    expect(stdout).not.toContain('secret');
  });

  it.each(['http://localhost:1', 'localhost', 'https://user:secret@localhost'])(
    'ends in 2 for the address %s',
    async (address) => {
      const { run } = await scanning();
      const { status, stdout, stderr } = await run(['--advisories-url', address]);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toContain('help: the address of an OSV API reads as https://api.osv.dev');
      expect(stderr).not.toContain('secret');
    },
  );
});
