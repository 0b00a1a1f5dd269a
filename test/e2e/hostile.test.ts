// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import type { Log } from 'sarif';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { sarifDocument } from '../../src/reports/sarif/build.ts';
import { HOSTILE_TEXTS } from '../support/hostile.ts';
import { type HostileTree, harmless, hostile, hostileTree, type Put } from '../support/hostile-tree.ts';
import { type ProgramRun, plimsoll } from '../support/program.ts';
import { snapshot } from '../support/snapshot.ts';
import { writeTree } from '../support/temp-tree.ts';

const FORMATS = ['console', 'json', 'markdown', 'sarif', 'cyclonedx'] as const;
type Format = (typeof FORMATS)[number];

interface Scanned {
  readonly scratch: string;
  readonly tree: HostileTree;
  readonly run: ProgramRun;
  /** What the files hold, by format. */
  readonly written: Readonly<Record<Format, string>>;
  /** Everything but the outputs, before and after. */
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
  readonly report: Report;
}

const WITHHELD = /^SARIF for GitHub: no run of dependencies, so its alerts stay as they are: .*$/;

const OK_RECORD = JSON.stringify({
  id: 'OK-1',
  modified: '2026-01-01T00:00:00Z',
  affected: [{ package: { ecosystem: 'npm', name: 'a' }, versions: ['1'] }],
});

const scratches: string[] = [];
afterAll(() => {
  for (const scratch of scratches) rmSync(scratch, { recursive: true, force: true });
});

let evil: Scanned;
let plain: Scanned;
beforeAll(() => {
  evil = scanTree(hostile);
  plain = scanTree(harmless());
});

function scanTree(put: Put): Scanned {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'plimsoll-hostile-')));
  scratches.push(scratch);
  const tree = hostileTree(put);
  for (const folder of ['out', 'home', 'cwd', 'tmp', 'tree/.git']) {
    mkdirSync(join(scratch, folder), { recursive: true });
  }
  writeTree(join(scratch, 'tree'), tree.files);
  writeTree(
    join(scratch, 'records'),
    Object.fromEntries(tree.records.map((r, i) => [`${i}.json`, JSON.stringify(r)])),
  );
  const imported = invoke(scratch, 'db', 'import', '--db', join(scratch, 'db'), join(scratch, 'records'));
  expect([imported.status, imported.stderr]).toEqual([0, '']);
  const before = snapshot(scratch, ['out']);
  const outputs = FORMATS.flatMap((format) => ['-o', `${format}=${join(scratch, 'out', format)}`]);
  const run = scanning(scratch, 'tree', ...outputs);
  const written = Object.fromEntries(
    FORMATS.map((format) => [format, readFileSync(join(scratch, 'out', format), 'utf8')]),
  ) as Record<Format, string>;
  const after = snapshot(scratch, ['out']);
  return { scratch, tree, run, written, before, after, report: JSON.parse(written.json) };
}

function invoke(scratch: string, ...args: string[]): ProgramRun {
  const env = {
    HOME: join(scratch, 'home'),
    TMPDIR: join(scratch, 'tmp'),
    SOURCE_DATE_EPOCH: '1767225600',
  };
  return plimsoll(args, { cwd: join(scratch, 'cwd'), env });
}

function scanning(scratch: string, folder: string, ...options: string[]): ProgramRun {
  const where = [join(scratch, folder), '--db', join(scratch, 'db'), '--now', '2026-06-01T00:00:00Z'];
  return invoke(scratch, 'scan', ...where, ...options);
}

describe('a tree of hostile names', () => {
  it('fails the policy as its harmless twin does, with as many findings and gaps', () => {
    for (const { run } of [evil, plain]) {
      expect(run.status).toBe(1);
      // Said beside the file for GitHub, which has no run of a scan that is not complete.
      expect(run.stderr.split('\n')).toEqual([expect.stringMatching(WITHHELD), '']);
    }
    const counts = ({ report }: Scanned) => ({
      records: new Set(report.findings.map(({ ruleId }) => ruleId)).size,
      outcomes: report.verdict.decisions.map(({ outcome }) => outcome).sort(),
      gaps: report.coverage.map(({ cause, status }) => `${cause} ${status}`).sort(),
      components: report.inventory.components.length,
    });
    expect(counts(evil)).toEqual(counts(plain));
    expect(counts(evil).outcomes).toContain('suppressed');
    expect(counts(evil).outcomes).toContain('fail');
  });

  it('is left as it was, and nothing is written but the outputs', () => {
    expect(evil.after).toEqual(evil.before);
    expect(evil.before.size).toBeGreaterThan(50);
  });

  it('gives on standard output what it writes to files', () => {
    for (const format of FORMATS) {
      const { stdout, stderr, status } = scanning(evil.scratch, 'tree', '-f', format);
      expect([format, status, stdout]).toEqual([format, 1, evil.written[format]]);
      expect(format === 'sarif' ? stderr.trimEnd().replace(WITHHELD, '') : stderr).toBe('');
    }
    expect(evil.run.stdout).toBe(evil.written.console);
  });

  it('shows nowhere where on the machine it lies', () => {
    for (const format of FORMATS)
      expect([format, evil.written[format].includes(evil.scratch)]).toEqual([format, false]);
    expect(evil.run.stdout + evil.run.stderr).not.toContain('plimsoll-hostile-');
  });
});

describe('what a terminal or the log of a CI job gets', () => {
  const BAD_POLICY = JSON.stringify(
    Object.fromEntries(HOSTILE_TEXTS.map((text) => [text.toWellFormed(), text])),
  );
  it.each([
    ['scan', 1, (at: string) => ['scan', `${at}/tree`, '--db', `${at}/db`, '--verbose']],
    ['sbom', 3, (at: string) => ['sbom', `${at}/tree`, '-o', `${at}/out/bom.cdx.json`]],
    ['licenses', 3, (at: string) => ['licenses', `${at}/tree`]],
    [
      'licenses of one',
      3,
      (at: string) => ['licenses', `${at}/tree`, '--explain', evil.tree.npmNames[0] ?? ''],
    ],
    ['db import', 0, (at: string) => ['db', 'import', '--db', `${at}/out/db`, `${at}/broken`]],
    ['db status', 0, (at: string) => ['db', 'status', '--db', `${at}/db`]],
    ['policy check', 2, (at: string) => ['policy', 'check', `${at}/out/bad.yaml`]],
    ['a file that is not there', 2, () => ['scan', HOSTILE_TEXTS.join('').toWellFormed()]],
    ['an option that is not there', 2, () => ['scan', `--${HOSTILE_TEXTS.join('').toWellFormed()}`]],
    ['a command that is not there', 2, () => [HOSTILE_TEXTS.join('').toWellFormed()]],
  ])('%s holds no control characters and no workflow commands', (_, status, args) => {
    const { scratch } = evil;
    writeTree(join(scratch, 'broken'), {
      [`${evil.tree.folders[0]}.json`]: '{"id": 1}',
      'ok.json': OK_RECORD,
    });
    writeTree(join(scratch, 'out'), { 'bad.yaml': BAD_POLICY });
    const run = invoke(scratch, ...args(scratch));
    expect(run.status).toBe(status);
    const lines = `${run.stdout}${run.stderr}`.split('\n');
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) {
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
      expect(line).not.toMatch(/^\s*::|##\[|##vso/);
    }
  });

  it.each([40, 133])('stays within %i columns, the verdict aside', (columns) => {
    const where = [join(evil.scratch, 'tree'), '--db', join(evil.scratch, 'db')];
    const { stdout } = plimsoll(['scan', ...where], { env: { COLUMNS: String(columns) } });
    for (const line of stdout.trimEnd().split('\n').slice(0, -1)) {
      expect([...line].length).toBeLessThanOrEqual(columns);
      expect(line).not.toMatch(/^\s*::|##\[|##vso/);
    }
  });
});

describe('Markdown', () => {
  /** Links lead to an advisory or a rule, whose id is the only part of them that may differ. */
  function withoutId(tag: string): string {
    return tag.replace(
      /^<a href="https:\/\/(osv\.dev\/vulnerability|github\.com\/plimsoll-dev)\/[^"]*">$/,
      '<a $1>',
    );
  }

  /** The tags of each row, and of what stands around the tables; the rows may come in another order. */
  function structure(text: string): string[] {
    const html = micromark(text, {
      extensions: [gfm()],
      htmlExtensions: [gfmHtml()],
      allowDangerousHtml: true,
    });
    return html
      .split('<tr>')
      .map((part) => (part.match(/<[^>]*>/g) ?? []).map(withoutId).join(''))
      .sort();
  }

  it('has the tags that harmless names give', () => {
    expect(structure(evil.written.markdown)).toEqual(structure(plain.written.markdown));
    expect(structure(evil.written.markdown).length).toBeGreaterThan(50);
  });
});

describe('JSON', () => {
  it('holds the names, versions and licences as they are', () => {
    const { report, tree } = evil;
    const of = (project: string) =>
      report.inventory.components.filter((c) => c.project === project && c.origin === 'registry');
    const npm = of('package-lock.json');
    expect(npm.map(({ name }) => name).sort()).toEqual([...tree.npmNames].sort());
    expect(npm.flatMap(({ licenses }) => licenses.map(({ raw }) => raw)).sort()).toEqual(
      [...tree.npmLicenses].sort(),
    );
    expect(
      of('poetry.lock')
        .map(({ version }) => version)
        .sort(),
    ).toEqual([...tree.poetryVersions].sort());
    expect(
      of('requirements.txt')
        .map(({ version }) => version)
        .sort(),
    ).toEqual([...tree.requirementsVersions].sort());
    expect(
      report.inventory.projects
        .map(({ id }) => dirname(id))
        .filter((folder) => folder !== '.')
        .sort(),
    ).toEqual(tree.folders.map((folder) => folder.normalize('NFC')).sort());
  });

  it('has a finding for each record, with its id and summary', () => {
    const found = new Set(evil.report.findings.map(({ ruleId }) => ruleId));
    for (const { id } of evil.tree.records) expect(found).toContain(id);
  });
});

describe('SARIF', () => {
  /** With the runs that GitHub does not get, since the scan is not complete. */
  function archived(report: Report): Log {
    return JSON.parse([...sarifDocument(report, { profile: 'archive' }).chunks()].join(''));
  }

  /** Undoes the escapes of SARIF messages, and then those of what cannot be seen. */
  function decode(text: string): string {
    return text
      .replace(/\\([\\[\]])/g, '$1')
      .replaceAll('{{', '{')
      .replaceAll('}}', '}')
      .replace(/\\u\{([0-9a-f]+)\}/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)));
  }

  it('holds a result for each open finding, with its names in the message', () => {
    const { report } = evil;
    const results = archived(report).runs[0]?.results?.filter(({ suppressions }) => !suppressions) ?? [];
    const byIdentity = new Map(
      results.map((result) => [result.partialFingerprints?.['plimsoll/v1'], result]),
    );
    const open = report.findings.filter((_, i) => report.verdict.decisions[i]?.outcome !== 'suppressed');
    expect(byIdentity.size).toBe(new Set(open.map(({ fingerprint }) => fingerprint)).size);
    for (const finding of open) {
      const result = byIdentity.get(finding.fingerprint);
      expect(result?.ruleId).toBe(finding.ruleId);
      const component = report.inventory.components.find(({ ref }) => ref === finding.component);
      expect(decode(result?.message.text ?? '')).toContain(component?.name ?? finding.message);
      const uri = result?.locations?.[0]?.physicalLocation?.artifactLocation?.uri ?? '';
      expect(uri).toMatch(/^[\w.~%/-]+$/);
      expect(finding.locations.map((location) => location.uri)).toContain(decodeURIComponent(uri));
    }
  });

  it('names a hostile folder below the repository root in uris, and a plain slug of it in the category', () => {
    const folder = evil.tree.folders[0] ?? '';
    const { stdout, status } = scanning(evil.scratch, join('tree', folder), '--json');
    expect(status).toBe(3);
    const [run] = archived(JSON.parse(stdout)).runs;
    expect(run?.automationDetails?.id).toMatch(/^plimsoll\/dependencies\/[a-z0-9-]+\/$/);
  });
});

describe('CycloneDX', () => {
  it('holds every component of the model under its name, version and licence', () => {
    const bom = JSON.parse(evil.written.cyclonedx);
    const written = new Map(
      bom.components.map((c: { 'bom-ref': string; group?: string; name: string }) => [c['bom-ref'], c]),
    ) as Map<
      string,
      { group?: string; name: string; version?: string; licenses?: { license: { name: string } }[] }
    >;
    for (const { ref, name, version, licenses } of evil.report.inventory.components) {
      const component = written.get(ref);
      expect([component?.group, component?.name].filter((part) => part !== undefined).join('/')).toBe(name);
      expect(component?.version).toBe(version);
      const texts = licenses
        .map(({ raw }) => raw.trim())
        .filter((raw) => raw.length > 0 && raw.length <= 200);
      for (const text of texts)
        expect(component?.licenses?.map(({ license }) => license.name)).toContain(text);
    }
    expect(written.size).toBe(evil.report.inventory.components.length);
  });
});
