// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { enrichmentDirectory, readPointer } from '../../src/advisories/enrichment/store.ts';
import type { Report } from '../../src/model/report.ts';
import { plimsoll, STOREFRONT } from '../support/program.ts';
import { REPO_ROOT } from '../support/shared-data.ts';
import { tempTree } from '../support/temp-tree.ts';

const FIXTURES = join(REPO_ROOT, 'fixtures', 'enrichment');
const EPSS = join(FIXTURES, 'epss_scores-2026-11-20.csv.gz');
const KEV = join(FIXTURES, 'known_exploited_vulnerabilities.json');
const NOW = ['--now', '2026-11-20T18:00:00Z'];

function importInto(db: string, ...args: string[]) {
  return plimsoll(['db', 'import', '--db', db, ...NOW, ...args]);
}

/** A scan of the example shop in which nothing but these keys of `advisories` gates a vulnerability. */
function scan(db: string, advisories: string) {
  const policy = join(tempTree({}), 'policy.yaml');
  writeFileSync(
    policy,
    `advisories: {runtime: {fail: never}, dev: {warn: never}, unscored: ignore, maxAge: {warn: 36500d, incomplete: 36500d}, ${advisories}}\n`,
  );
  const json = join(policy, '..', 'report.json');
  const args = ['scan', STOREFRONT, '--advisories', 'bundled', '--db', db, '--policy', policy];
  const { status, stdout, stderr } = plimsoll([...args, ...NOW, '-o', json]);
  expect(stderr).toBe('');
  const { findings, verdict, advisoryData } = JSON.parse(readFileSync(json, 'utf8')) as Report;
  const failed = verdict.decisions.flatMap(({ outcome, policy: by }, i) => {
    const finding = findings[i];
    const id = [finding?.ruleId ?? '', ...(finding?.aliases ?? [])].find((each) => each.startsWith('CVE-'));
    return outcome === 'fail' ? [`${id} ${by.key}`] : [];
  });
  return { status, failed: failed.sort(), verdict, advisoryData, text: stdout };
}

describe('db import --epss --kev', () => {
  it('takes files of the publishers without any archive, and db status lists them', () => {
    const db = tempTree({});
    const { status, stdout } = importInto(db, '--epss', EPSS, '--kev', KEV);
    expect(status).toBe(0);
    expect(stdout).toBe(
      'EPSS: 12 scores of 2026-11-20T12:00:22Z, model v2025.03.14\nKEV: 3 entries of 2026-11-19T15:18:29Z, version 2026.11.19\n',
    );
    expect(importInto(db, '--kev', KEV).stdout).toContain('which is in use already');
    const shown = plimsoll(['db', 'status', '--db', db, '--now', '2026-11-22T19:00:00Z']);
    expect(shown.status).toBe(3);
    expect(shown.stdout).toContain(
      'KEV: 3 entries of 2026-11-19T15:18:29Z, version 2026.11.19, retrieved 2026-11-20T18:00:00.000Z, 2 days ago',
    );
    expect(shown.stderr).toContain('expected advisory data, got none');
  });

  it('is listed beside a mirror, with exit status 0, and with 3 where it is damaged', () => {
    const db = tempTree({});
    importInto(db, join(REPO_ROOT, 'fixtures', 'mirror', 'osv'), '--epss', EPSS);
    const status = (...args: string[]) => plimsoll(['db', 'status', '--db', db, ...NOW, ...args]);
    expect(status().status).toBe(0);
    expect(status().stdout).toMatch(/^PyPI: .*\n(?:.*\n)*EPSS: 12 scores/m);
    expect(JSON.parse(status('--json').stdout)).toMatchObject({
      ecosystems: expect.any(Array),
      enrichment: { epss: { rows: 12, source: { name: 'epss_scores-2026-11-20.csv.gz' } } },
    });
    writeFileSync(join(enrichmentDirectory(db), readPointer(db).epss?.table ?? ''), 'x');
    expect(status()).toMatchObject({ status: 3, stdout: expect.stringContaining('EPSS: damaged: ') });
  });

  it('names what could not be read, with file and line', () => {
    const odd = tempTree({
      'epss.csv': `${readFileSync(EPSS.replace('.gz', ''), 'utf8')}CVE-2024-9999,1e999,0\n`,
    });
    const { status, stdout } = importInto(tempTree({}), '--epss', join(odd, 'epss.csv'));
    expect(status).toBe(0);
    expect(stdout).toContain(
      '1 could not be read and are left out:\n    epss.csv:15: expected a CVE id and two numbers',
    );
  });

  it.each([
    ['nothing to import', [], 2, 'expected paths, --epss or --kev'],
    [
      'a file that is not there',
      ['--kev', '/nonexistent/kev.json'],
      2,
      '/nonexistent/kev.json: expected a file, got none',
    ],
    ['a directory', ['--kev', FIXTURES], 3, 'expected a regular file, got a directory'],
    ['a page of a portal', ['--kev', join(FIXTURES, 'invalid', 'html-page.json')], 3, 'got an HTML page'],
    ['scores as a catalogue', ['--kev', EPSS], 3, 'expected the KEV catalogue as JSON'],
  ])('refuses %s', (_, args, code, message) => {
    const { status, stderr, stdout } = importInto(tempTree({}), ...args);
    expect([status, stdout]).toEqual([code, '']);
    expect(stderr).toContain(message);
  });

  it('refuses an older file, and takes it with --allow-rollback', () => {
    const db = tempTree({});
    importInto(db, '--epss', EPSS);
    const older = readFileSync(EPSS.replace('.gz', ''), 'utf8').replace('2026-11-20', '2026-11-19');
    const file = join(tempTree({ 'old.csv': older }), 'old.csv');
    const { status, stderr } = importInto(db, '--epss', file);
    expect(status).toBe(3);
    expect(stderr).toContain(
      'EPSS: expected data of 2026-11-20T12:00:22Z or later, got 2026-11-19T12:00:22Z',
    );
    expect(stderr).toContain('--allow-rollback');
    expect(importInto(db, '--epss', file, '--allow-rollback').status).toBe(0);
  });
});

describe('scan', () => {
  const db = () => {
    const directory = tempTree({});
    importInto(directory, '--epss', EPSS, '--kev', KEV);
    return directory;
  };

  it('fails by KEV and by EPSS, whatever the source of the records', () => {
    const found = scan(db(), 'kev: true, epss: 0.5');
    expect(found.status).toBe(1);
    expect(found.failed).toEqual([
      'CVE-2020-14343 advisories.epss',
      'CVE-2020-1747 advisories.epss',
      'CVE-2023-49081 advisories.kev',
      'CVE-2024-23334 advisories.kev',
    ]);
    expect(found.advisoryData).toMatchObject({
      source: 'bundled',
      enrichment: { epss: { scores: 12 }, kev: { entries: 3, retrievedAt: '2026-11-20T18:00:00.000Z' } },
    });
    expect(found.text).toMatch(/^ {2}✖ high 7\.5 {6}KEV · EPSS 93\.6 % · CVE-2024-23334/m);
    expect(found.text).toMatch(/EPSS 12 scores \(2026-11-20\) ·\sKEV 3 entries \(2026-11-19\)/);
  });

  it('is incomplete where a chosen gate has no data, and says so where the default one has none', () => {
    const none = tempTree({});
    for (const [policy, target] of [
      ['kev: true', 'KEV'],
      ['epss: 0.5, kev: false', 'EPSS'],
    ] as const) {
      const { status, verdict, text } = scan(none, policy);
      expect([status, verdict.result]).toEqual([3, 'incomplete']);
      expect(
        verdict.incomplete.map(
          ({ coverage, policy: by }) => `${coverage.target} ${coverage.cause} ${by.key}`,
        ),
      ).toEqual([`${target} advisory-data-missing advisories.${target.toLowerCase()}`]);
      expect(text).toContain(`✖ ${target}: advisory data missing`);
    }
    const byDefault = scan(none, 'malware: fail');
    expect(byDefault.status).toBe(0);
    expect(byDefault.text).toContain('• KEV: advisory data missing');
    expect(byDefault.text).not.toContain('EPSS');
  });

  it('is incomplete where the data of a chosen gate are damaged, never a pass', () => {
    const directory = db();
    for (const table of Object.values(readPointer(directory)).map((note) => note.table)) {
      writeFileSync(join(enrichmentDirectory(directory), table), Buffer.alloc(300));
    }
    const { status, verdict } = scan(directory, 'kev: true, epss: 0.1');
    expect(status).toBe(3);
    expect(verdict.incomplete.map(({ coverage }) => `${coverage.target} ${coverage.cause}`)).toEqual([
      'EPSS advisory-data-damaged',
      'KEV advisory-data-damaged',
    ]);
    expect(scan(directory, 'kev: false').status).toBe(0);
  });

  it('gives the same bytes on two runs', () => {
    const directory = db();
    const names = ['r.json', 'r.md', 'r.sarif'];
    const [first, second] = [0, 1].map(() => {
      const cwd = tempTree({});
      const files = names.flatMap((name) => ['-o', name]);
      const args = ['scan', STOREFRONT, '--advisories', 'bundled', '--db', directory, ...NOW, ...files];
      const { stdout } = plimsoll(args, { cwd });
      return [stdout, ...names.map((name) => readFileSync(join(cwd, name), 'utf8'))];
    });
    expect(first).toEqual(second);
    expect(first?.join('')).not.toContain(directory);
  });
});
