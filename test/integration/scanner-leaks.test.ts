// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Inventory } from '../../src/model/inventory.ts';
import { scan } from '../../src/scan.ts';
import { adoptReports } from '../../src/scanners/join/adopt.ts';
import { scannedTree } from '../../src/scanners/join/tree.ts';
import { runScanners, type ScannersAnswer } from '../../src/scanners/run.ts';
import { expectFound } from '../support/asserted.ts';
import { writeTree } from '../support/temp-tree.ts';
import { toolDirectory } from '../support/tools.ts';

const NOTHING = { projects: [], components: [] } as unknown as Inventory;
/** Put together here, so that this repository holds nothing that looks like a secret. */
const KEY = ['AKIA', 'Q7PL3MNX2RTV2KWD'].join('');
const TOKEN = ['ghp_', 'x9Kd3Lm7Qr2Ts5Vw8Yz1Bc4Df6Gh0Jk5Np7R'].join('');
const PASSWORD = ['hunter2', 'hunter2'].join('');
const ODD = 'odd\n::error title=PWN::\u001b[31m.py';

let root: string;
let canary: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-leaks-'));
  canary = join(root, 'canary');
  const planted = `#!/bin/sh\ntouch ${canary}\n`;
  const tree = join(root, 'tree');
  writeTree(tree, {
    'app/keys.py': `# comment\naws = "${KEY}"  # gitleaks:allow\ntoken = "${TOKEN}"  # pragma: allowlist secret\n`,
    'app/run.py': `import subprocess\n\nsubprocess.call("ls", shell=True)  # nosec\npassword = "${PASSWORD}"  # nosec\n`,
    'app/broken.py': 'def broken(:\n',
    '-x.py': `key = "${KEY}"\n`,
    [ODD]: `key = "${KEY}"\n`,
    'node_modules/dep/a.py': `key = "${KEY}"\n`,
    '.gitleaks.toml': "[extend]\nuseDefault = true\n[allowlist]\npaths = ['''.*''']\n",
    '.gitleaksignore': 'app/keys.py:aws-access-token:2\n',
    '.bandit': '[bandit]\nskips = B105,B602,B404\nexclude = app\n',
    'setup.cfg': '[bandit]\nskips = B602\n',
    'pyproject.toml': '[tool.bandit]\nskips = ["B602"]\n',
    '.secrets.baseline': '{"version":"1.5.0","plugins_used":[],"results":{}}',
    'sitecustomize.py': `open(${JSON.stringify(canary)}, "w")\n`,
    'subprocess.py': `open(${JSON.stringify(canary)}, "w")\n`,
  });
  for (const name of ['git', 'gitleaks', 'bandit', 'detect-secrets']) {
    mkdirSync(join(tree, 'node_modules', '.bin'), { recursive: true });
    writeTree(tree, { [`node_modules/.bin/${name}`]: planted });
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function run(id: string): Promise<ScannersAnswer> {
  const tree = join(root, 'tree');
  return await runScanners({
    wanted: [{ id, required: false, asked: true }],
    root: tree,
    inventory: NOTHING,
    path: [join(tree, 'node_modules', '.bin'), toolDirectory(id)].join(':'),
  });
}

async function found({ reports }: ScannersAnswer): Promise<string[]> {
  const { findings } = await adoptReports(reports, scannedTree(join(root, 'tree')));
  return findings.map(({ ruleId, locations: [at] }) => `${ruleId} ${at?.uri}:${at?.startLine}`).sort();
}

describe('in a tree that wants to be left alone', { timeout: 120_000 }, () => {
  it('gitleaks finds what is planted', async () => {
    const answer = await run('gitleaks');
    expect(answer.runs).toMatchObject([
      { id: 'gitleaks', version: '8.30.1', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    expectFound(
      answer.runs,
      await found(answer),
      [
        `aws-access-token -x.py:1`,
        `aws-access-token app/keys.py:2`,
        `aws-access-token ${ODD}:1`,
        `github-pat app/keys.py:3`,
      ].sort(),
    );
    expect(answer.coverage).toMatchObject([{ plugin: 'gitleaks', status: 'succeeded' }]);
  });

  it('gitleaks on its standard input has a report that can be imported', async () => {
    const program = join(toolDirectory('gitleaks'), 'gitleaks');
    const args = ['stdin', '--no-banner', '--report-format', 'json', '--report-path', '-'];
    const { stdout } = spawnSync(program, args, { input: `a = 1\nkey = "${KEY}"\n`, encoding: 'utf8' });
    const folder = join(root, 'reports');
    writeTree(folder, { 'gitleaks.json': stdout });
    const report = await scan({
      ...{ root: join(root, 'tree'), advisories: 'bundled' },
      reports: [{ path: join(folder, 'gitleaks.json') }],
    });
    const secrets = report.findings.filter(({ kind }) => kind === 'secret');
    const found = secrets.map(({ ruleId, locations: [at] }) => `${ruleId} ${at?.uri}:${at?.startLine}`);
    expect(found).toEqual(['aws-access-token standard input:2']);
    expect(secrets[0]?.locations[0]?.outside).toBe(true);
    expect(report.coverage.filter(({ plugin }) => plugin === 'gitleaks')).toMatchObject([
      { target: 'gitleaks.json', status: 'succeeded' },
    ]);
    expect(JSON.stringify(report)).not.toContain(KEY);
  });

  it('Bandit finds what is planted, and tells of the file that it cannot parse', async () => {
    const answer = await run('bandit');
    const planted = (await found(answer)).filter((each) => each.includes('app/'));
    expectFound(answer.runs, planted, [
      'B105 app/keys.py:3',
      'B105 app/run.py:4',
      'B404 app/run.py:1',
      'B602 app/run.py:3',
      'B607 app/run.py:3',
    ]);
    expect(answer.coverage).toMatchObject([{ plugin: 'bandit', status: 'partial', cause: 'tool-failed' }]);
    const [message] = answer.coverage.flatMap(({ errors }) => errors.map((error) => error.message));
    expect(message).toBe('app/broken.py: syntax error while parsing AST from file');
  });

  it('detect-secrets finds what is planted', async () => {
    const answer = await run('detect-secrets');
    expectFound(answer.runs, await found(answer), [
      'AWS Access Key -x.py:1',
      'AWS Access Key app/keys.py:2',
      `AWS Access Key ${ODD}:1`,
      'GitHub Token app/keys.py:3',
      'Secret Keyword app/run.py:4',
    ]);
    expect(answer.coverage).toMatchObject([{ plugin: 'detect-secrets', status: 'succeeded' }]);
  });

  it('gitleaks and detect-secrets mean the same secrets', async () => {
    const reports = [...(await run('gitleaks')).reports, ...(await run('detect-secrets')).reports];
    const { findings } = await adoptReports(reports, scannedTree(join(root, 'tree')));
    const shared = findings.filter(({ sources }) => new Set(sources.map(({ tool }) => tool)).size === 2);
    expect(shared.map(({ ruleId }) => ruleId).sort()).toEqual([
      ...['aws-access-token', 'aws-access-token', 'aws-access-token', 'github-pat'],
    ]);
    const text = JSON.stringify(findings);
    for (const secret of [KEY, TOKEN, PASSWORD]) expect(text).not.toContain(secret);
  });

  it('nothing of the tree has run', () => {
    expect(existsSync(canary)).toBe(false);
  });
});
