// SPDX-License-Identifier: Apache-2.0
// The real scanners on the planted secrets of all kinds: they are found, and stand in no output and in nothing left behind.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { leaksIn, PLANTED } from '../support/planted-secrets.ts';
import { plimsoll } from '../support/program.ts';
import { tempTree } from '../support/temp-tree.ts';
import { toolDirectory } from '../support/tools.ts';

const FORMATS = ['console', 'json', 'markdown', 'sarif', 'cyclonedx'];
const TOOLS = ['bandit', 'detect-secrets', 'gitleaks', 'trivy'];

it('secrets that the scanners themselves find stand in no output', { timeout: 120_000 }, () => {
  const root = tempTree({
    'tree/app/keys.py': PLANTED.map((secret, i) => `password_${i} = "${secret}"\n`).join(''),
    'tree/app/.env': PLANTED.map((secret, i) => `TOKEN_${i}=${secret}\n`).join(''),
    'tree/app/broken.py': PLANTED.map((secret) => `def broken(: "${secret}"\n`).join(''),
    'tree/Dockerfile': `FROM debian:12\n${PLANTED.map((secret, i) => `ENV PASSWORD_${i}="${secret}"\n`).join('')}`,
    'tree/bad/Dockerfile': PLANTED.map((secret) => `BOGUS password=${secret}\n`).join(''),
    'tree/a.tf': PLANTED.map((secret) => `resource "x" { password = "${secret}"\n`).join(''),
  });
  for (const name of ['out', 'cache', 'tmp']) mkdirSync(join(root, name));
  const path = TOOLS.map(toolDirectory);
  const env = {
    PATH: path.join(':'),
    XDG_CACHE_HOME: join(root, 'cache'),
    TMPDIR: join(root, 'tmp'),
    COLUMNS: '500',
  };
  const outputs = FORMATS.flatMap((format) => ['-o', `${format}=${join(root, 'out', format)}`]);
  const runs = TOOLS.flatMap((name) => ['--run', name]);
  const run = plimsoll(['scan', 'tree', '--verbose', ...runs, ...outputs], { cwd: root, env });
  expect(run.status).toBe(1);
  const written = (format: string) => readFileSync(join(root, 'out', format), 'utf8');
  const { findings, scanners } = JSON.parse(written('json')) as Report;
  expect(scanners?.map(({ id }) => id).sort()).toEqual(TOOLS);
  for (const tool of TOOLS) {
    const found = findings.filter(({ sources }) => sources.some((source) => source.tool === tool));
    expect([tool, found.length > 5]).toEqual([tool, true]);
  }
  expect((JSON.parse(written('sarif')) as Log).runs.length).toBeGreaterThan(1);
  expect(leaksIn([run.stdout, run.stderr, ...FORMATS.map(written)].join('\n'))).toEqual([]);
  expect([readdirSync(join(root, 'tmp')), readdirSync(join(root, 'cache'))]).toEqual([[], []]);
});
