// SPDX-License-Identifier: Apache-2.0
import { symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { ignoredPaths } from '../../src/policy/coverage.ts';
import { findPolicy } from '../../src/policy/find.ts';
import { sarifReporter } from '../../src/reports/sarif/build.ts';
import { scan } from '../../src/scan.ts';
import { tempTree } from '../support/temp-tree.ts';

const GIT = { '.git/HEAD': 'ref: refs/heads/main\n' };
const DEFAULT = 'plimsoll:policies/default.yaml';

const ignoring = (...globs: string[]) =>
  `coverage: {ignore: [${globs.map((path) => `{path: "${path}", reason: r}`).join(', ')}]}\n`;

async function filesOf(root: string, file?: string): Promise<readonly string[]> {
  return (await findPolicy(root, file)).files.filter((uri) => uri !== DEFAULT);
}

describe('without --policy', () => {
  it('is that of the scan root', async () => {
    const root = tempTree({ ...GIT, 'plimsoll.yaml': '', 'a/b/plimsoll.yaml': '', 'a/plimsoll.yaml': '' });
    expect(await filesOf(join(root, 'a/b'))).toEqual(['plimsoll.yaml']);
  });

  it('is else that of the nearest directory above it', async () => {
    const root = tempTree({ ...GIT, 'plimsoll.yaml': '', 'a/plimsoll.yaml': '', 'a/b/c/x': '' });
    expect(await filesOf(join(root, 'a/b/c'))).toEqual(['../../plimsoll.yaml']);
  });

  it('is not another one where it is a link to nothing, or no file', async () => {
    const dangling = tempTree({ ...GIT, 'a/x': '' });
    symlinkSync('nowhere.yaml', join(dangling, 'plimsoll.yaml'));
    await expect(findPolicy(join(dangling, 'a'))).rejects.toMatchObject({
      code: 'policy-invalid',
      message: 'plimsoll.yaml: expected a policy file, got a link to nothing',
    });
    const directory = tempTree({ ...GIT, 'plimsoll.yaml/x': '' });
    await expect(findPolicy(directory)).rejects.toMatchObject({
      code: 'policy-invalid',
      message: 'plimsoll.yaml: expected a regular file, got a directory',
    });
  });

  it('may be that of the repository root, and not one above it', async () => {
    const root = tempTree({ 'plimsoll.yaml': '', 'repo/.git/HEAD': '', 'repo/a/x': '' });
    expect(await filesOf(join(root, 'repo/a'))).toEqual([]);
    expect(await filesOf(join(root, 'repo'))).toEqual([]);
    const other = tempTree({ ...GIT, 'plimsoll.yaml': '', 'a/b/x': '' });
    expect(await filesOf(join(other, 'a/b'))).toEqual(['../../plimsoll.yaml']);
  });

  it('stops at a .git file, as a worktree or a submodule has', async () => {
    const root = tempTree({ ...GIT, 'plimsoll.yaml': '', 'sub/.git': 'gitdir: ../.git', 'sub/a/x': '' });
    expect(await filesOf(join(root, 'sub/a'))).toEqual([]);
  });

  it('is not looked for above the scan root where there is no .git', async () => {
    const root = tempTree({ 'plimsoll.yaml': '', 'a/x': '' });
    expect(await filesOf(join(root, 'a'))).toEqual([]);
    expect(await filesOf(root)).toEqual(['plimsoll.yaml']);
  });

  it('follows the directories of the target of a link, not those of the link', async () => {
    const root = tempTree({ ...GIT, 'plimsoll.yaml': ignoring('a/lib'), 'a/b/x': '' });
    const elsewhere = tempTree({ ...GIT, 'plimsoll.yaml': 'version: 1\n', x: '' });
    symlinkSync(join(root, 'a'), join(elsewhere, 'link'));
    const policy = await findPolicy(join(elsewhere, 'link'));
    expect([policy.files[0], policy.base]).toEqual(['../plimsoll.yaml', 'a']);
    expect(ignoredPaths(policy)('lib/x')).toBe(true);
    symlinkSync(root, join(elsewhere, 'whole'));
    expect(await filesOf(join(elsewhere, 'whole', 'a', 'b'))).toEqual(['../../plimsoll.yaml']);
  });

  it('is refused under a misspelt name in each directory that is looked at', async () => {
    const root = tempTree({ ...GIT, 'plimsoll.yaml': '', 'a/plimsoll.yml': '', 'a/b/x': '' });
    await expect(findPolicy(join(root, 'a/b'))).rejects.toMatchObject({
      code: 'policy-invalid',
      message: '../plimsoll.yml:1: expected the name plimsoll.yaml, got plimsoll.yml',
    });
  });

  it('names the file as seen from the scan root in its errors', async () => {
    const root = tempTree({ ...GIT, 'plimsoll.yaml': 'version: 1\nadvisory: {}\n', 'a/b/x': '' });
    await expect(findPolicy(join(root, 'a/b'))).rejects.toThrow('../../plimsoll.yaml:2: unknown key');
  });

  it('may extend any file of the repository, none outside of it, and no cycle', async () => {
    const root = tempTree({
      'outside.yaml': '',
      'repo/.git/HEAD': '',
      'repo/ci/base.yaml': 'secrets: {warn: low}\n',
      'repo/a/plimsoll.yaml': 'extends: ../ci/base.yaml\n',
      'repo/b/plimsoll.yaml': 'extends: ../../outside.yaml\n',
      'repo/c/plimsoll.yaml': 'extends: ../c/plimsoll.yaml\n',
    });
    const loaded = await findPolicy(join(root, 'repo/a'));
    expect(loaded.files.slice(0, 2)).toEqual(['plimsoll.yaml', '../ci/base.yaml']);
    expect(loaded.where('secrets.warn')).toMatchObject({ uri: '../ci/base.yaml', line: 1 });
    await expect(findPolicy(join(root, 'repo/b'))).rejects.toThrow('a path within the tree');
    await expect(findPolicy(join(root, 'repo/c'))).rejects.toThrow('plimsoll.yaml -> plimsoll.yaml');
  });
});

describe('with --policy', () => {
  it('is that file alone, wherever it lies', async () => {
    const root = tempTree({ ...GIT, 'plimsoll.yaml': '', 'ci/p.yaml': '', 'a/q.yaml': '', 'a/b/x': '' });
    const outside = tempTree({ 'p.yaml': 'extends: ./base.yaml\n', 'base.yaml': '' });
    expect(await filesOf(join(root, 'a'), join(root, 'ci/p.yaml'))).toEqual(['../ci/p.yaml']);
    expect(await filesOf(join(root, 'a/b'), join(root, 'a/q.yaml'))).toEqual(['../q.yaml']);
    expect(await filesOf(root, join(outside, 'p.yaml'))).toEqual(['p.yaml', 'base.yaml']);
    expect(await filesOf(root, relative(process.cwd(), join(root, 'ci/p.yaml')))).toEqual(['ci/p.yaml']);
  });

  it.each(['none.yaml', 'none/p.yaml'])('%s that is missing is an error', async (name) => {
    const root = tempTree({ ...GIT, 'plimsoll.yaml': '' });
    await expect(findPolicy(root, join(root, name))).rejects.toMatchObject({ code: 'file-not-found' });
  });
});

describe('the globs of a policy', () => {
  it.each([
    ['the scan root', 'plimsoll.yaml', 'a', 'a'],
    ['a directory above it', 'a/plimsoll.yaml', 'a/b', 'b'],
    ['the repository root', 'plimsoll.yaml', 'a/b', 'a/b'],
    ['a directory beside it, from the repository root on', 'ci/p.yaml', 'a/b', 'a/b'],
    ['a directory below it, from the repository root on', 'a/ci/p.yaml', 'a', 'a'],
    ['a directory whose name begins with dots', '..ci/p.yaml', '..ci/a', 'a'],
  ])('start at %s', async (_, file, scanned, base) => {
    const root = tempTree({ ...GIT, [file]: '', [`${scanned}/x`]: '' });
    expect((await findPolicy(join(root, scanned), join(root, file))).base).toBe(base);
  });

  it('start at the scan root where the policy lies in it or outside of the repository', async () => {
    const root = tempTree({ 'plimsoll.yaml': '', 'ci/p.yaml': '', 'a/x': '' });
    const outside = tempTree({ 'p.yaml': '' });
    for (const file of [undefined, join(root, 'ci/p.yaml'), join(outside, 'p.yaml')]) {
      expect((await findPolicy(root, file)).base).toBe('.');
    }
    // Nothing says that what lies above is one repository.
    expect((await findPolicy(join(root, 'a'), join(root, 'plimsoll.yaml'))).base).toBe('.');
  });

  it('hit paths of the scan root under their names in the repository', async () => {
    const policy = ignoring('services/api/lib', 'services/web', 'docs', '**/test', 'services/*/gen.lock');
    const root = tempTree({ ...GIT, 'plimsoll.yaml': policy, 'services/api/x': '' });
    const isIgnored = ignoredPaths(await findPolicy(join(root, 'services/api')));
    const paths = [
      'lib',
      'lib/a',
      'test/a',
      'gen.lock',
      'services/api/lib',
      'docs/a',
      'web/a',
      'library',
      '.',
    ];
    expect(paths.filter(isIgnored)).toEqual(['lib', 'lib/a', 'test/a', 'gen.lock']);
  });
});

describe('a scan of a part of a repository', () => {
  const EXPIRED = '{id: CVE-2000-0001, reason: r, expires: 2000-01-01}';
  const AGE = 'advisories: {maxAge: {warn: 36500d, incomplete: 36500d}}\n';
  const tree = (policy: string) =>
    tempTree({
      ...GIT,
      'plimsoll.yaml': AGE + policy,
      'services/api/requirements.txt': 'jinja2==2.10\n',
      'services/api/web/requirements.txt': 'six==1.16.0\n',
      'services/api/services/api/requirements.txt': 'six==1.16.0\n',
    });
  const scanPart = (root: string): Promise<Report> =>
    scan({
      root: join(root, 'services/api'),
      advisories: 'bundled',
      subject: { path: 'services/api' },
    });

  it('leaves out what the policy above names, and no namesake of a sibling', async () => {
    const report = await scanPart(tree(ignoring('services/api/web', 'web', 'services/web')));
    expect(report.inventory.projects.map(({ id }) => id)).toEqual([
      'requirements.txt',
      'services/api/requirements.txt',
    ]);
    expect(report.coverage.filter((row) => row.cause === 'excluded').map(({ target }) => target)).toEqual([
      'web',
    ]);
  });

  it('holds nothing to scan where the policy ignores all of it, and says so', async () => {
    const { verdict, coverage } = await scanPart(tree(ignoring('services')));
    expect([verdict.exitCode, coverage[0]?.cause]).toEqual([4, 'excluded']);
  });

  it.each([
    ['services/api/requirements.txt', 'suppressed'],
    ['services/api', 'suppressed'],
    ['requirements.txt', 'fail'],
    ['services/web', 'fail'],
  ])('an exception in %s: %s', async (path, outcome) => {
    const report = await scanPart(
      tree(`exceptions:\n  - {id: CVE-2019-10906, path: ${path}, reason: looked at}\n`),
    );
    const index = report.findings.findIndex(({ aliases }) => aliases.includes('CVE-2019-10906'));
    expect(index).toBeGreaterThanOrEqual(0);
    expect(report.verdict.decisions[index]?.outcome).toBe(outcome);
  });

  it('places lines of the policy relative to the scan root, and in SARIF to the repository root', async () => {
    const report = await scanPart(tree(`exceptions: [${EXPIRED}]\n`));
    const finding = report.findings.find(({ ruleId }) => ruleId === 'expired-exception');
    expect(finding?.locations).toEqual([{ uri: '../../plimsoll.yaml', startLine: 2 }]);
    expect(report.verdict.decisions.map(({ policy }) => policy.uri)).toContain('../../plimsoll.yaml');
    const log = JSON.parse([...sarifReporter.render(report, { columns: 80, color: false })].join(''));
    const uris = log.runs[0].results.map(
      (result: {
        ruleId: string;
        locations: { physicalLocation: { artifactLocation: { uri: string } } }[];
      }) => [
        result.ruleId === 'expired-exception',
        result.locations[0]?.physicalLocation.artifactLocation.uri,
      ],
    );
    expect(uris).toContainEqual([true, 'plimsoll.yaml']);
    expect(uris).toContainEqual([false, 'services/api/requirements.txt']);
  });
});
