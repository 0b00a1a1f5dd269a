// SPDX-License-Identifier: Apache-2.0
// Every scanner that plimsoll runs, on real repositories that somebody made to run programs or to hide what is there.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importAdvisories } from '../../src/advisories/mirror/import.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Report } from '../../src/model/report.ts';
import { scan } from '../../src/scan.ts';
import { zip } from '../advisories/mirror/support.ts';
import {
  HOSTILE_CASES,
  type HostileCase,
  hasRun,
  plantedRepository,
  type Repository,
  SECRETS,
} from '../support/hostile-repositories.ts';
import { JUDGED_AT, waveOf, writeBucket } from '../support/mirror-tree.ts';
import { PROGRAM, plimsoll } from '../support/program.ts';
import { writeTree } from '../support/temp-tree.ts';
import { toolDirectory } from '../support/tools.ts';

const TOOLS = ['bandit', 'detect-secrets', 'gitleaks', 'osv-scanner', 'trivy'];

let root: string;
let db: string;
/** Each tool, with a trace of the programs that it starts; and git, which one that is careless would start. */
let bin: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-repositories-'));
  db = join(root, 'db');
  writeBucket(join(root, 'bucket'), waveOf('first', 3), (records) =>
    zip(records.map((each) => ({ name: `${each.id}.json`, data: JSON.stringify(each) }))),
  );
  const inputs = ['npm', 'PyPI'].map((name) => join(root, 'bucket', name, 'all.zip'));
  await importAdvisories({ dbDir: db, inputs, now: new Date(JUDGED_AT) });
  bin = join(root, 'bin');
  mkdirSync(join(root, 'traces'));
  const strace = which('strace');
  writeTree(
    bin,
    Object.fromEntries(
      TOOLS.map((name) => [
        name,
        `#!/bin/sh\nexec ${strace} -f -e trace=execve -o ${root}/traces/${name}.$$ ${programOf(name)} "$@"\n`,
      ]),
    ),
  );
  for (const name of TOOLS) chmodSync(join(bin, name), 0o755);
  symlinkSync(which('git'), join(bin, 'git'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function which(name: string): string {
  return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
}

function programOf(name: string): string {
  return join(toolDirectory(name), name);
}

let made = 0;
function repositoryOf({ spoil }: HostileCase): Repository {
  made += 1;
  const repository = plantedRepository(join(root, 'repositories', String(made)));
  spoil(repository);
  return repository;
}

/** The tree's own programs come first, as under npx. */
function pathOf({ tree }: Repository): string {
  return [join(tree, 'node_modules', '.bin'), join(tree, 'bin'), '.', '', bin].join(':');
}

async function runAll(repository: Repository): Promise<Report> {
  return await scan({
    root: repository.tree,
    db,
    advisories: 'mirror',
    run: TOOLS,
    toolPath: pathOf(repository),
  });
}

/** `RULE PATH:LINE` and who says so. */
function lineOf({ ruleId, locations: [at], sources }: Finding): string {
  return `${ruleId} ${at?.uri}:${at?.startLine} ${[...new Set(sources.map(({ tool }) => tool))].sort()}`;
}

/** The programs that the tools have started since they were last asked for, tool by tool. */
function startedPrograms(): string[] {
  const folder = join(root, 'traces');
  const started = readdirSync(folder).flatMap((name) => {
    const log = readFileSync(join(folder, name), 'utf8');
    rmSync(join(folder, name));
    return [...log.matchAll(/\bexecve\("([^"]*)"/g)].map(
      ([, program]) => `${name.split('.')[0]}: ${program}`,
    );
  });
  return [...new Set(started)].sort();
}

const itself = (name: string) => `${name}: ${programOf(name)}`;

const PLANTED = [
  'B105 app/keys.py:3 bandit',
  'B105 app/run.py:4 bandit',
  'B404 app/run.py:1 bandit',
  'B602 app/run.py:3 bandit',
  'B607 app/run.py:3 bandit',
  'DS-0001 Dockerfile:1 trivy',
  'GHSA-first package-lock.json:1 osv-scanner,plimsoll',
  'Secret Keyword app/run.py:4 detect-secrets',
  'aws-access-token app/keys.py:2 detect-secrets,gitleaks,trivy',
  'github-pat app/keys.py:3 detect-secrets,gitleaks,trivy',
];

describe.each(HOSTILE_CASES)('a repository with $name', { timeout: 120_000 }, (each) => {
  const more = each.more ?? [];

  it('is a trap for whoever is careless', () => {
    expect(each.isSet(repositoryOf(each))).toBe(true);
  });

  it('hides no finding from any scanner, and starts no program but them', async () => {
    const repository = repositoryOf(each);
    const { findings, coverage, scanners } = await runAll(repository);
    expect(scanners?.map(({ id }) => id).sort()).toEqual(TOOLS);
    const found = findings.map(lineOf);
    expect(found.filter((line) => PLANTED.includes(line)).sort()).toEqual(PLANTED);
    const inMore = found.filter(
      (line) => line.startsWith('aws-access-token ') && !line.includes('app/keys.py'),
    );
    expect(inMore.sort()).toEqual(
      more.map((name) => `aws-access-token ${name}:1 detect-secrets,gitleaks,trivy`).sort(),
    );
    expect(found.length).toBe(PLANTED.length + inMore.length);
    const rows = coverage.filter(({ plugin }) => TOOLS.includes(plugin));
    expect(rows.map(({ plugin, status }) => `${plugin} ${status}`).sort()).toEqual(
      TOOLS.map((name) => `${name} succeeded`),
    );
    expect(startedPrograms()).toEqual(TOOLS.map(itself));
    expect(hasRun(repository)).toBe(false);
  });

  it('fails the gate, and its alerts reach GitHub', () => {
    const repository = repositoryOf(each);
    const sarif = join(repository.beside, 'out.sarif');
    const run = plimsoll(
      ['scan', '.', '--run', 'gitleaks', '--db', db, '--now', JUDGED_AT, '-o', `sarif=${sarif}`],
      { cwd: repository.tree, env: { PATH: pathOf(repository) } },
    );
    expect([run.status, run.stderr]).toEqual([1, '']);
    expect(run.stdout).not.toMatch(/^\s*::|##\[/m);
    expect(run.stdout).not.toContain('\u001b');
    const { runs } = JSON.parse(readFileSync(sarif, 'utf8')) as Log;
    const gitleaks = runs.find(({ tool }) => tool.driver.name === 'gitleaks');
    expect(gitleaks?.invocations).toEqual([{ executionSuccessful: true }]);
    expect(gitleaks?.results).toHaveLength(2 + more.length);
    const outputs = run.stdout + run.stderr + JSON.stringify(runs);
    for (const secret of Object.values(SECRETS)) expect(outputs).not.toContain(secret);
    expect(startedPrograms()).toEqual([itself('gitleaks')]);
    expect(hasRun(repository)).toBe(false);
  });
});

it.each(TOOLS)('%s that is in the tree alone is missing, and the gate says so', (name) => {
  const planted = HOSTILE_CASES.find((each) => each.name.startsWith('programs'));
  const repository = repositoryOf(planted as HostileCase);
  // Whose finding would fail the gate.
  for (const file of ['package.json', 'package-lock.json']) rmSync(join(repository.tree, file));
  const path = pathOf(repository).replace(`:${bin}`, '');
  const run = plimsoll(['scan', '.', '--run', name, '--db', db, '--now', JUDGED_AT, '--json'], {
    cwd: repository.tree,
    env: { PATH: path },
  });
  const { verdict } = JSON.parse(run.stdout) as Report;
  expect([run.status, verdict.incomplete.map(({ coverage }) => [coverage.plugin, coverage.cause])]).toEqual([
    3,
    [[name, 'tool-missing']],
  ]);
  expect(hasRun(repository)).toBe(false);
});

it.each(HOSTILE_CASES)('plimsoll itself neither starts a program nor opens .git: $name', (each) => {
  const repository = repositoryOf(each);
  const log = join(repository.beside, 'strace');
  const tracing = ['-f', '-e', 'trace=execve,open,openat', '-o', log];
  const args = [process.execPath, PROGRAM, 'scan', '.', '--offline', '--db', db, '--now', JUDGED_AT];
  const { status, stderr } = spawnSync(which('strace'), [...tracing, ...args], {
    cwd: repository.tree,
    env: { PATH: pathOf(repository), HOME: '/nonexistent' },
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([1, '']);
  const calls = readFileSync(log, 'utf8').split('\n');
  expect(calls.filter((line) => line.includes('execve('))).toHaveLength(1);
  expect(calls.filter((line) => line.includes('package-lock.json')).length).toBeGreaterThan(0);
  expect(calls.filter((line) => /\/\.git[/"]/.test(line))).toEqual([]);
  expect(hasRun(repository)).toBe(false);
});

describe('a repository of another owner, parts of which may not be read', { timeout: 120_000 }, () => {
  /** The program as one whom permissions bind, even as root. */
  function scanBound(repository: Repository, name: string) {
    const bound = ['--bounding-set=-dac_override,-dac_read_search', process.execPath, PROGRAM];
    const args = ['scan', '.', '--run', name, '--offline', '--db', db, '--now', JUDGED_AT, '--json'];
    const { status, stdout, error } = spawnSync(which('setpriv'), [...bound, ...args], {
      cwd: repository.tree,
      env: { PATH: pathOf(repository), HOME: '/nonexistent' },
      encoding: 'utf8',
    });
    if (error) throw error;
    return { status, report: JSON.parse(stdout) as Report };
  }

  function foreignRepository(path: string, mode: number): Repository {
    const repository = plantedRepository(join(root, 'foreign', String(made++)));
    for (const file of ['package.json', 'package-lock.json']) rmSync(join(repository.tree, file));
    writeTree(repository.tree, { 'app/plain.py': 'x = 1\n' });
    chownSync(join(repository.tree, path), 12_345, 12_345);
    chmodSync(join(repository.tree, path), mode);
    return repository;
  }

  it.each([
    ['bandit', 'app/keys.py: Permission denied'],
    ['detect-secrets', 'app/keys.py: detect-secrets may not read it'],
    ['gitleaks', 'app/keys.py: skipping file: permission denied'],
    ['trivy', 'app/keys.py: Trivy may not read it'],
  ])('%s names the file, and the gate is not passed', (name, message) => {
    const { status, report } = scanBound(foreignRepository('app/keys.py', 0o600), name);
    const row = report.coverage.find(({ plugin }) => plugin === name);
    expect(row).toMatchObject({ status: 'partial', cause: 'tool-failed', required: true });
    expect(row?.errors.map((each) => each.message)).toContain(message);
    expect(report.verdict.incomplete.map(({ coverage }) => coverage.plugin)).toContain(name);
    expect([1, 3]).toContain(status);
  });

  it.each(['bandit', 'detect-secrets', 'gitleaks', 'trivy'])('a folder: %s', (name) => {
    const { status, report } = scanBound(foreignRepository('app', 0o700), name);
    expect([1, 3]).toContain(status);
    expect(report.verdict.incomplete.map(({ coverage }) => coverage.target)).toContain('app');
  });
});
