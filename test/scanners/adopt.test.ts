// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import type { ToolHit, ToolReport, ToolRule } from '../../src/model/tool-report.ts';
import { SCANNERS } from '../../src/scanners/index.ts';
import { adoptReports } from '../../src/scanners/join/adopt.ts';
import { scannedTree } from '../../src/scanners/join/tree.ts';
import { REPO_ROOT } from '../support/shared-data.ts';
import { tempTree } from '../support/temp-tree.ts';

const SECRET = 'correct-horse-battery';
const FILES = {
  'app/settings.py': ['import os', `password = "${SECRET}"  # dev`, 'run(shell=True)', ''].join('\n'),
  Dockerfile: 'FROM scratch\nUSER root\n',
};

function rule(id: string, kind: ToolHit['kind'], cwes: readonly string[] = []): ToolRule {
  return { id, kind, title: `About ${id}`, severity: 'high', scoreSource: 'test', cwes, tags: [] };
}

function report(tool: string, rules: readonly ToolRule[], hits: readonly ToolHit[]): ToolReport {
  return { tool, name: tool, rules, hits, gaps: [] };
}

function secret(ruleId: string, clue: object, fields: object = {}): ToolHit {
  const place = { path: 'app/settings.py', startLine: 2 };
  return { kind: 'secret', ruleId, place, confidence: 'high', clue, ...fields } as ToolHit;
}

function code(ruleId: string, startLine: number, message?: string): ToolHit {
  const place = { path: 'app/settings.py', startLine };
  return { kind: 'code', ruleId, place, confidence: 'high', ...(message === undefined ? {} : { message }) };
}

async function adopt(reports: readonly ToolReport[], files: Record<string, string> = FILES) {
  return await adoptReports(reports, scannedTree(tempTree(files)));
}

const toolsOf = ({ sources }: Finding) => sources.map(({ tool, ruleId }) => `${tool} ${ruleId}`);

const GITLEAKS = report('gitleaks', [rule('generic', 'secret')], [secret('generic', { text: SECRET })]);
const DETECT = report(
  'detect-secrets',
  [rule('Keyword', 'secret')],
  [secret('Keyword', { sha1: createHash('sha1').update(SECRET).digest('hex') })],
);
const TRIVY = report(
  'trivy',
  [rule('password', 'secret')],
  [secret('password', { masked: `password = "${'*'.repeat(SECRET.length)}"  # dev` })],
);
const BANDIT = report(
  'bandit',
  [rule('B105', 'code', ['CWE-259']), rule('B602', 'code', ['CWE-78'])],
  [code('B105', 2, `Possible hardcoded password: '${SECRET}'`), code('B602', 3)],
);

describe('secrets', () => {
  it('are one where detect-secrets hashes the prefix of a token alone', async () => {
    const token = ['ghp_', 'x9Kd3Lm7Qr2Ts5Vw8Yz1Bc4Df6Gh0Jk5Np7R'].join('');
    const files = { 'app/settings.py': `import os\ntoken = "${token}"\n` };
    const sha1 = createHash('sha1').update('ghp').digest('hex');
    const detect = report(
      'detect-secrets',
      [rule('GitHub Token', 'secret')],
      [secret('GitHub Token', { sha1 })],
    );
    const leaks = report('gitleaks', [rule('github-pat', 'secret')], [secret('github-pat', { text: token })]);
    const { findings } = await adopt([detect, leaks], files);
    expect(findings.map(toolsOf)).toEqual([['gitleaks github-pat', 'detect-secrets GitHub Token']]);
    expect(JSON.stringify(findings)).not.toContain(token);
  });

  it('are one finding for three tools that tell different things of it, with the tools in a fixed order', async () => {
    for (const reports of [
      [GITLEAKS, DETECT, TRIVY],
      [TRIVY, DETECT, GITLEAKS],
    ]) {
      const { findings } = await adopt(reports);
      expect(findings.map(toolsOf)).toEqual([
        ['gitleaks generic', 'trivy password', 'detect-secrets Keyword'],
      ]);
      expect(findings[0]?.locations).toEqual([
        { uri: 'app/settings.py', startLine: 2, endLine: 2, startColumn: 13, endColumn: 13 + SECRET.length },
      ]);
    }
  });

  it('are known again when the secret, the line or the tools change', async () => {
    const fingerprintOf = async (reports: readonly ToolReport[], files: Record<string, string>) =>
      (await adopt(reports, files)).findings[0]?.fingerprint;
    const first = await fingerprintOf([GITLEAKS], FILES);
    expect(await fingerprintOf([GITLEAKS, DETECT], FILES)).toBe(first);
    const moved = report('gitleaks', GITLEAKS.rules, [
      secret('generic', { text: 'another-one-here' }, { place: { path: 'app/settings.py', startLine: 3 } }),
    ]);
    const files = { 'app/settings.py': 'import os\n\n  password = "another-one-here" # dev\n' };
    expect(await fingerprintOf([moved], files)).toBe(first);
  });

  it('that a tool does not show are the same in a second report of it, shown or not', async () => {
    const hidden = secret('generic', { masked: '' });
    const other = secret('other', { masked: '' });
    const redacted = report(
      'gitleaks',
      [rule('generic', 'secret'), rule('other', 'secret')],
      [hidden, other],
    );
    expect((await adopt([redacted])).findings).toHaveLength(2);
    expect((await adopt([redacted, { ...redacted }])).findings).toHaveLength(2);
    const one = report('gitleaks', GITLEAKS.rules, [hidden]);
    for (const reports of [
      [GITLEAKS, one],
      [one, { ...one }, GITLEAKS],
    ])
      expect((await adopt(reports)).findings).toHaveLength(1);
  });

  it('that stand twice on alike lines are told apart by their number', async () => {
    const other = 'another-one-here';
    const files = { 'app/settings.py': `a = "${SECRET}"\na = "${other}"\n` };
    const at = (text: string, startLine: number) =>
      secret('generic', { text }, { place: { path: 'app/settings.py', startLine } });
    const { findings } = await adopt(
      [report('gitleaks', GITLEAKS.rules, [at(other, 2), at(SECRET, 1)])],
      files,
    );
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  });

  it('of the history name their commits, and are no second finding of what stands in the tree', async () => {
    const old = secret('generic', { text: 'long-gone-secret' }, { commit: 'b'.repeat(40) });
    const same = secret('generic', { text: SECRET }, { commit: 'a'.repeat(40) });
    const { findings } = await adopt([GITLEAKS, report('gitleaks', GITLEAKS.rules, [old, same])]);
    expect(findings.map(({ detail }) => detail)).toEqual([
      { kind: 'secret', detector: 'generic', mask: '***', commits: ['b'.repeat(40)] },
      { kind: 'secret', detector: 'generic', mask: '***' },
    ]);
  });

  it('that a tool has tried out are critical', async () => {
    const { findings } = await adopt([
      report('trufflehog', [rule('AWS', 'secret')], [secret('AWS', { text: SECRET }, { verified: true })]),
    ]);
    expect(findings[0]).toMatchObject({ severity: 'critical', detail: { verified: true } });
  });

  it('stand in no text and in no hash, whoever quotes them', async () => {
    const { findings, rules } = await adopt([GITLEAKS, DETECT, TRIVY, BANDIT]);
    const text = JSON.stringify([findings, rules]);
    expect(text).not.toContain(SECRET);
    expect(text).toContain("Possible hardcoded password: '***'");
    const hashes = ['sha1', 'sha256'].map((name) => createHash(name).update(SECRET).digest('hex'));
    for (const hash of hashes) expect(text).not.toContain(hash);
    const [credential] = findings.filter(({ ruleId }) => ruleId === 'B105');
    expect(credential?.lineHash).toBeUndefined();
  });
});

describe('code', () => {
  it('is found again after lines above moved, and told apart on alike lines', async () => {
    const files = { 'app/settings.py': '\n\n\nrun(shell=True)\nrun( shell = True )\n' };
    const hits = [code('B602', 5), code('B602', 4)];
    const before = await adopt([report('bandit', BANDIT.rules, [code('B602', 3)])]);
    const after = await adopt([report('bandit', BANDIT.rules, hits)], files);
    expect(after.findings.map(({ locations }) => locations[0]?.startLine)).toEqual([4, 5]);
    expect(after.findings[0]?.fingerprint).toBe(before.findings[0]?.fingerprint);
    expect(after.findings[1]?.fingerprint).not.toBe(before.findings[0]?.fingerprint);
  });

  it('that two reports of one tool tell is one finding; two of one report are two', async () => {
    const twice = report('bandit', BANDIT.rules, [code('B602', 3), code('B602', 3)]);
    expect((await adopt([BANDIT, { ...BANDIT }])).findings).toHaveLength(2);
    expect((await adopt([BANDIT, twice])).findings).toHaveLength(3);
  });

  it('that two reports of one tool tell of alike lines is two findings, in whatever order they come', async () => {
    const files = { 'app/settings.py': 'run(shell=True)\nrun(shell=True)\n' };
    const [first, second] = [1, 2].map((line) => report('bandit', BANDIT.rules, [code('B602', line)]));
    const found = await adopt([first!, second!], files);
    expect(found.findings.map(({ locations }) => locations[0]?.startLine)).toEqual([1, 2]);
    expect((await adopt([second!, first!], files)).findings).toEqual(found.findings);
    expect((await adopt([first!, second!, { ...second! }], files)).findings).toEqual(found.findings);
  });

  it('of one tool is the same in whatever order its reports come, also where they differ', async () => {
    const [low, high] = (['low', 'high'] as const).map((severity) =>
      report(
        'semgrep',
        [{ ...rule('shell-true', 'code'), severity, description: `of ${severity}` }],
        [{ ...code('shell-true', 3), toolSeverity: severity } as ToolHit],
      ),
    );
    const text = { ...high!, rules: [{ ...high!.rules[0]!, description: 'another text' }] };
    const { scrub: _, ...expected } = await adopt([low!, high!, text]);
    expect(expected.findings).toMatchObject([{ severity: 'high', sources: [{ severity: 'high' }] }]);
    expect(await adopt([text, high!, low!])).toMatchObject(expected);
  });

  it('may be more than a call takes arguments', { timeout: 20_000 }, async () => {
    const hits = new Array<ToolHit>(150_000).fill(code('B602', 3));
    const { findings } = await adopt([report('bandit', BANDIT.rules, hits)]);
    expect(findings).toHaveLength(150_000);
  });

  it('of one weakness may be many in one file, of two tools', { timeout: 20_000 }, async () => {
    const COUNT = 20_000;
    const files = { 'app/settings.py': 'run(shell=True)\n'.repeat(COUNT) };
    const many = (tool: string, id: string) => {
      const hits = Array.from({ length: COUNT }, (_, i) => code(id, i + 1));
      return report(tool, [rule(id, 'code', ['CWE-78'])], hits);
    };
    const { findings } = await adopt([many('bandit', 'B602'), many('semgrep', 'shell-true')], files);
    const lineOf = new Map(findings.map((each) => [each.fingerprint, each.locations[0]?.startLine]));
    expect(findings).toHaveLength(2 * COUNT);
    for (const { related = [], locations } of findings)
      expect(related.map((each) => lineOf.get(each))).toEqual([locations[0]?.startLine]);
  });

  it('in no file of the tree is told apart by its message', async () => {
    const image = (text: string) =>
      report(
        'grype',
        [rule('CVE-1', 'code')],
        [{ ...code('CVE-1', 1, text), place: { path: 'lib/apk/installed' } } as ToolHit],
      );
    const reports = [image('ssl in image a'), image('ssl in image b'), image('ssl in image b')];
    const { findings } = await adopt(reports);
    expect(findings.map(({ message }) => message)).toEqual(['ssl in image a', 'ssl in image b']);
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  });

  it('of one weakness in the same lines is related, and nothing is dropped', async () => {
    const other = report('semgrep', [rule('shell-true', 'code', ['CWE-78'])], [code('shell-true', 3)]);
    const { findings } = await adopt([BANDIT, other]);
    const [shell, semgrep] = ['B602', 'shell-true'].map((id) => findings.find(({ ruleId }) => ruleId === id));
    expect(findings).toHaveLength(3);
    expect(shell?.related).toEqual([semgrep?.fingerprint]);
    expect(semgrep?.related).toEqual([shell?.fingerprint]);
  });

  it('has GitHub’s line hash where the file is at hand', async () => {
    const { findings } = await adopt([report('bandit', BANDIT.rules, [code('B602', 3)])]);
    expect(findings[0]?.lineHash).toMatch(/^[0-9a-f]{1,16}:1$/);
    const gone = await adopt([report('bandit', BANDIT.rules, [code('B602', 3)])], { other: '' });
    expect(gone.findings[0]).toMatchObject({ locations: [{ uri: 'app/settings.py', outside: true }] });
    expect(gone.findings[0]?.lineHash).toBeUndefined();
  });
});

describe('misconfigurations', () => {
  const kind = 'misconfiguration';
  const hit = (
    ruleId: string,
    control: string | undefined,
    resource?: string,
    lines: { startLine?: number; endLine?: number } = { startLine: 2 },
  ): ToolHit => ({
    kind,
    ruleId,
    place: { path: 'Dockerfile', ...lines },
    confidence: 'high',
    ...(control === undefined ? {} : { control }),
    ...(resource === undefined ? {} : { resource }),
  });

  it('are one finding per resource and control, owned by the first tool of the list', async () => {
    const { findings, rules } = await adopt([
      report('hadolint', [rule('DL3002', kind)], [hit('DL3002', 'docker-root')]),
      report(
        'trivy',
        [rule('DS-0002', kind), rule('DS-1', kind)],
        [hit('DS-0002', 'docker-root'), hit('DS-1', undefined)],
      ),
    ]);
    expect(findings.map(toolsOf).sort()).toEqual([['trivy DS-0002', 'hadolint DL3002'], ['trivy DS-1']]);
    expect(rules.map(({ tool, id }) => [tool, id])).toEqual([
      ['trivy', 'DS-0002'],
      ['trivy', 'DS-1'],
    ]);
  });

  it('of a resource are one finding though the tools name other lines of it', async () => {
    const name = 'aws_s3_bucket.logs';
    const { findings } = await adopt([
      report(
        'checkov',
        [rule('CKV_AWS_20', kind)],
        [hit('CKV_AWS_20', 'acl', name, { startLine: 1, endLine: 2 })],
      ),
      report('trivy', [rule('AWS-0092', kind)], [hit('AWS-0092', 'acl', name, { startLine: 2 })]),
    ]);
    expect(findings.map(toolsOf)).toEqual([['trivy AWS-0092', 'checkov CKV_AWS_20']]);
  });

  it('without a resource are joined in the same lines alone, or where a tool names none', async () => {
    const trivy = report('trivy', [rule('DS-1', kind)], [hit('DS-1', 'tag', undefined, { startLine: 2 })]);
    const hadolint = report(
      'hadolint',
      [rule('DL-1', kind), rule('DL-2', kind)],
      [hit('DL-1', 'tag', undefined, { startLine: 1 }), hit('DL-2', 'tag', undefined, { startLine: 2 })],
    );
    const { findings } = await adopt([hadolint, trivy]);
    expect(findings.map((each) => [each.locations[0]?.startLine, ...toolsOf(each)])).toEqual([
      [2, 'trivy DS-1', 'hadolint DL-2'],
      [1, 'hadolint DL-1'],
    ]);
    const whole = report('checkov', [rule('CK', kind)], [hit('CK', 'tag', undefined, {})]);
    expect((await adopt([whole, trivy])).findings.map(toolsOf)).toEqual([['trivy DS-1', 'checkov CK']]);
  });

  it('that Trivy and Checkov were recorded to report of one tree are joined by what they ask for', async () => {
    const tree = scannedTree(join(REPO_ROOT, 'fixtures', 'planted', 'trivy'));
    const recorded = (['checkov/planted-3.3.json', 'trivy/planted-0.67.json'] as const).flatMap((path) => {
      const scanner = SCANNERS.find(({ id }) => id === path.split('/')[0]);
      return (
        scanner?.read(JSON.parse(readFileSync(join(REPO_ROOT, 'fixtures', 'scanners', path), 'utf8'))) ?? []
      );
    });
    const { findings } = await adoptReports(recorded, tree);
    const joined = findings.filter(({ sources }) => sources.length > 1).map(toolsOf);
    expect(joined.sort()).toEqual([
      ['trivy AWS-0089', 'checkov CKV_AWS_18'],
      ['trivy AWS-0090', 'checkov CKV_AWS_21'],
      ['trivy AWS-0092', 'checkov CKV_AWS_20'],
      ['trivy AWS-0094', 'checkov CKV2_AWS_6'],
      ['trivy AWS-0107', 'checkov CKV_AWS_24'],
      ['trivy DS-0001', 'checkov CKV_DOCKER_7'],
      ['trivy DS-0002', 'checkov CKV_DOCKER_8'],
      ['trivy DS-0005', 'checkov CKV_DOCKER_4'],
      ['trivy DS-0026', 'checkov CKV_DOCKER_2'],
    ]);
  });
});
