// SPDX-License-Identifier: Apache-2.0
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation of pip
import { describe, expect, it } from 'vitest';
import { requirements } from '../../../src/collectors/python/requirements.ts';
import { collectOne, names, only, packages, statuses } from './collect-requirements.ts';

describe('claims', () => {
  it.each([
    'requirements.txt',
    'a/requirements_dev.txt',
    'dev-requirements.in',
    'requirements/base.txt',
    'requirements/ci/x.in',
    'Requirements.TXT',
  ])('R8: %s', (path) => {
    expect(requirements.claims(path)).toBe(true);
  });

  it.each([
    'constraints.txt',
    'requirements/constraints.txt',
    'requirements-constraints.in',
    'requirements.yml',
    'readme.txt',
    'requirements.txt.bak',
    'requirements/README.md',
  ])('R8: not %s', (path) => {
    expect(requirements.claims(path)).toBe(false);
  });
});

describe('requirements, the lines of a file', () => {
  it('R1: a continued line with a URL fragment is one requirement', async () => {
    const component = await only(
      '\\\ngit+https://h.example/r.git@v1#egg=Re_po&subdirectory=sub \\\n  # why not',
    );
    expect(component).toMatchObject({
      name: 're-po',
      origin: 'git',
      pinning: 'unresolved',
      source: { url: 'https://h.example/r.git', subdirectory: 'sub' },
      locations: [{ uri: 'requirements.txt', startLine: 2 }],
    });
  });

  it('R2: options after the pin belong to it', async () => {
    const component = await only(
      'a==1 --hash=sha256:AA --hash sha384:bb --global-option=x --config-settings k=v -C k=w --no-binary :all:',
    );
    expect(component).toMatchObject({
      version: '1',
      artifacts: [
        { hashes: [{ algorithm: 'sha256', value: 'aa' }] },
        { hashes: [{ algorithm: 'sha384', value: 'bb' }] },
      ],
    });
  });

  it.each([
    ['celery[redis, pytest]==5', 'celery', '5'],
    ['name (==1.0)', 'name', '1.0'],
    ['Zope.Interface == 6.0', 'zope-interface', '6.0'],
    ['pip @ https://h.example/pip-1.0-py3-none-any.whl ; os_name == "nt"', 'pip', '1.0'],
    ['https://h.example/d/pkg_x-1.0%2Bcpu-1-py3-none-any.whl', 'pkg-x', '1.0+cpu'],
    ['./wheels/pkg_x-1.0-py3-none-any.whl', 'pkg-x', '1.0'],
    ['pkg-1.0.tar.gz', 'pkg', '1.0'],
    ['https://h.example/archive/v1.0.zip#egg=pkg', 'pkg', undefined],
    ['-e git+ssh://git@h.example/r@v1#egg=pkg[extra]', 'pkg', undefined],
    ['-e "pkg @ git+https://h.example/r ; os_name == \'nt\'"', 'pkg', undefined],
    ['-e git://h.example/r#egg=pkg', 'pkg', undefined],
    ['hg+https://h.example/r#egg=pkg', 'pkg', undefined],
    ['-e file:///srv/pkg#egg=pkg', 'pkg', undefined],
  ])('R4: reads %s', async (line, name, version) => {
    const component = await only(line);
    expect([component.name, component.version]).toEqual([name, version]);
  });

  it.each([
    ['-e .', '.', './.'],
    ['.', '.', './.'],
    ['-e ./libs/money[fast]', 'libs/money', './libs/money'],
    ['libs/money/', 'libs/money', './libs/money'],
    ['-e ../../elsewhere', '../../elsewhere', './../../elsewhere'],
    ['/opt/pkg', '/opt/pkg', './/opt/pkg'],
  ])('R4: the path %s is a component of its own, not the root', async (line, name, identity) => {
    const project = await collectOne(line);
    expect(packages(project)).toMatchObject([{ name, ref: `requirements.txt#${identity}`, origin: 'path' }]);
    expect(packages(project)[0]).not.toHaveProperty('purl');
    expect(project.components).toHaveLength(2);
  });

  it('R4: a git commit pins, a branch does not, and both say where they come from', async () => {
    const commit = 'ABCDEF0123456789abcdef0123456789abcdef01';
    const project = await collectOne(
      `a @ git+https://u:p@h.example/a@${commit}\nb @ git+https://h.example/b@main`,
    );
    expect(packages(project)).toMatchObject([
      {
        purl: `pkg:pypi/a?vcs_url=git%2Bhttps:%2F%2Fh.example%2Fa%40${commit}`,
        pinning: 'pinned',
        source: { url: 'https://h.example/a', commit: commit.toLowerCase() },
        ecosystem: 'PyPI',
      },
      { name: 'b', pinning: 'unresolved', source: { url: 'https://h.example/b' } },
    ]);
  });

  it('R4: a URL without a name is listed under its file name', async () => {
    expect(await only('https://h.example/archive/main.zip#sha256=ab')).toMatchObject({
      name: 'main.zip',
      origin: 'url',
      artifacts: [{ filename: 'main.zip', hashes: [{ algorithm: 'sha256', value: 'ab' }] }],
    });
  });

  it.each(['>=1', '~=1.0', '<=1', '>1', '!=1', '==1.*', '===1.*', '>=1,<2', '==${V}'])(
    'R5: x%s has no version and keeps its specifier',
    async (specifier) => {
      const component = await only(`x${specifier}`);
      expect(component).toMatchObject({ purl: 'pkg:pypi/x', pinning: 'unresolved', requirement: specifier });
      expect(component).not.toHaveProperty('version');
    },
  );

  it.each(['==1!2.0', '===1.0', '==2.0+cu118', '== 1.0 , != 1.1'])('R5: x%s is pinned', async (specifier) => {
    expect((await only(`x${specifier}`)).pinning).toBe('pinned');
  });

  it('R6: a name under disjoint markers is listed with every alternative', async () => {
    const project = await collectOne(
      'x==1; python_version < "3"\nx==2; python_version >= "3"\ny<2; os_name=="a"\ny>=2; os_name!="a"\n',
    );
    expect(names(project)).toEqual(['x@1', 'x@2', 'y']);
    expect(packages(project)[2]?.locations).toEqual([
      { uri: 'requirements.txt', startLine: 3, requirement: '<2', marker: 'os_name=="a"' },
      { uri: 'requirements.txt', startLine: 4, requirement: '>=2', marker: 'os_name!="a"' },
    ]);
  });

  it.each(['\r\n', '\r', '\n'])('R7: reads every encoding and line ending (%j)', async (ending) => {
    const text = ['# caf\u00e9', 'x==1', 'y==2', ''].join(ending);
    const plain = await collectOne(text);
    for (const bytes of [Buffer.from(`\ufeff${text}`), Buffer.from(`\ufeff${text}`, 'utf16le')]) {
      expect(await collectOne({ 'requirements.txt': bytes })).toEqual(plain);
    }
    expect(packages(plain).map((c) => c.locations[0]?.startLine)).toEqual([2, 3]);
  });

  it('R7: ${VAR} is never expanded: unresolved as a version, skipped as a URL, a path or a name', async () => {
    const project = await collectOne('a==${V}\nb @ https://${T}@h.example/b.zip\n-e ./${D}\n${N}==1\n');
    expect(names(project)).toEqual(['a']);
    expect(project.skipped.map((s) => s.text)).toEqual([
      'b @ https://h.example/b.zip',
      '-e ./${D}',
      '${N}==1',
    ]);
    expect(statuses(project)).toEqual(['partial unmatchable']);
    expect(project.coverage[0]).toMatchObject({ expected: 4, processed: 1 });
  });

  it('names the places packages may come from, without credentials', async () => {
    const project = await collectOne(
      '-i https://u:p@a.example/s\n--extra-index-url=https://${U}:${P}@b.example/s\n-f ./wheels\n--trusted-host c.example\nx==1 -i https://ignored.example',
    );
    expect(project.project.sources.map(({ kind, url, location }) => [kind, url, location.startLine])).toEqual(
      [
        ['index', 'https://a.example/s', 1],
        ['extra-index', 'https://b.example/s', 2],
        ['find-links', './wheels', 3],
        ['trusted-host', 'c.example', 4],
      ],
    );
  });

  it.each([
    ['requirements-dev.txt', 'dev'],
    ['requirements/tests.txt', 'dev'],
    ['lint-requirements.txt', 'dev'],
    ['ci_requirements.txt', 'dev'],
    ['build-requirements.txt', 'build'],
    ['requirements.txt', 'runtime'],
    ['docs/requirements.txt', 'runtime'],
    ['requirements-device.txt', 'runtime'],
  ])('the scope of %s is %s', async (path, scope) => {
    const project = await collectOne({ [path]: 'x==1' });
    expect(packages(project)[0]?.scopes).toEqual([scope]);
  });
});
