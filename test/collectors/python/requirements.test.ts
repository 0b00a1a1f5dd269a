// SPDX-License-Identifier: Apache-2.0
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation of pip
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CollectContext, CollectedProject } from '../../../src/collectors/collector.ts';
import { requirements } from '../../../src/collectors/python/requirements.ts';
import { MAX_ALTERNATIVES } from '../../../src/collectors/python/requirements-entries.ts';
import { MAX_LINES, parseRequirementsFile } from '../../../src/collectors/python/requirements-file.ts';
import { PlimsollError } from '../../../src/platform/errors.ts';
import { hostileText } from '../../support/hostile.ts';
import { memoryContext } from '../../support/memory-files.ts';

type Tree = Readonly<Record<string, string | Uint8Array>>;

function collect(files: Tree, context: CollectContext = memoryContext(files)) {
  return requirements.collect(Object.keys(files).filter(requirements.claims).sort(), context);
}

async function collectOne(files: Tree | string, context?: CollectContext): Promise<CollectedProject> {
  const projects = await collect(typeof files === 'string' ? { 'requirements.txt': files } : files, context);
  expect(projects).toHaveLength(1);
  return projects[0]!;
}

const packages = ({ components }: CollectedProject) => components.filter((c) => c.origin !== 'workspace');
const names = (project: CollectedProject) =>
  packages(project).map((c) => (c.version === undefined ? c.name : `${c.name}@${c.version}`));
const statuses = ({ coverage }: CollectedProject) =>
  coverage.map((row) => `${row.status} ${row.cause ?? ''}`.trim());
const messages = ({ coverage }: CollectedProject) =>
  coverage.flatMap((row) => row.errors.map((e) => e.message));

async function only(line: string) {
  const project = await collectOne(line);
  expect(packages(project)).toHaveLength(1);
  return packages(project)[0]!;
}

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

describe('requirements, lines that pip rejects', () => {
  it('fails the project at the line and reads the rest', async () => {
    const project = await collectOne('a==1\nb=1\n--nonsense\nc==1\n');
    expect(names(project)).toEqual(['a@1', 'c@1']);
    expect(project.coverage).toMatchObject([
      {
        status: 'failed',
        cause: 'unparsable',
        expected: 4,
        processed: 2,
        errors: [
          {
            message: 'requirements.txt:2: expected a version clause, ";" or the end of the line, got "=1"',
            location: { uri: 'requirements.txt', startLine: 2 },
          },
          { message: 'requirements.txt:3: expected an option of pip, got "--nonsense"' },
        ],
      },
    ]);
  });

  it('lists the first errors of prose and counts the others', async () => {
    const project = await collectOne('this is prose.\n'.repeat(50));
    expect(messages(project)).toHaveLength(21);
    expect(messages(project).at(-1)).toBe('and 30 more');
  });

  it.each([
    'https://h.example/not_a_wheel.whl',
    'https://h.example/a.zip#egg=a==1',
    'a @ ./local.zip',
    '-e https://h.example/a.zip',
    '-e git+https://h.example/a',
    '-e git@h.example:a/b',
    'git@h.example:a/b',
    'git+https://h.example/a@#egg=a',
    'and so on/so forth',
  ])('rejects %s', async (line) => {
    expect(statuses(await collectOne(line))).toEqual(['failed unparsable']);
  });

  it('never prints a credential', async () => {
    const project = await collectOne(
      'foo bar https://me:hunter2@h.example/x\n-r https://me:hunter2@h.example/r.txt\n',
    );
    expect(JSON.stringify(project)).not.toContain('hunter2');
    expect(messages(project)).toHaveLength(2);
  });

  it('reports bytes that are not in the declared encoding', async () => {
    const project = await collectOne({ 'requirements.txt': Buffer.from('a==1\nb==1 # \xe9\n', 'latin1') });
    expect(messages(project)).toEqual(['requirements.txt:2: expected utf-8 text, got other bytes']);
    expect(names(project)).toEqual(['a@1', 'b@1']);
  });
});

describe('requirements, includes and constraints', () => {
  it('R3: follows -r, --requirement=, -rFILE and -c relative to the including file, with the chain', async () => {
    const project = await collectOne({
      'requirements.txt': '\n-r deps/a.txt\n',
      'deps/a.txt': '--requirement=b/b.txt\n-c ../pins.txt\na==1\n',
      'deps/b/b.txt': '-rc.txt\nb==1\n',
      'deps/b/c.txt': 'c\n',
      'pins.txt': 'c==3\nunused==1\n',
    });
    expect(names(project)).toEqual(['a@1', 'b@1', 'c@3']);
    expect(project.project.files).toEqual([
      'deps/a.txt',
      'deps/b/b.txt',
      'deps/b/c.txt',
      'pins.txt',
      'requirements.txt',
    ]);
    expect(packages(project)[2]).toMatchObject({
      pinning: 'resolved',
      includedFrom: [
        { uri: 'requirements.txt', startLine: 2 },
        { uri: 'deps/a.txt', startLine: 1 },
        { uri: 'deps/b/b.txt', startLine: 1 },
      ],
      locations: [
        { uri: 'deps/b/c.txt', startLine: 1 },
        { uri: 'pins.txt', startLine: 1, requirement: '==3' },
      ],
    });
  });

  it('R3: a constraint applies only where the requirement admits it and has no version', async () => {
    const project = await collectOne({
      'requirements.txt': 'a==1\nb>=2\nc\nd\ne>=${MIN}\nf @ https://h.example/f.zip\n-c pins.txt\n',
      'pins.txt': 'a==9\nb==1\nc>=1\nD==4; os_name=="x"\nd==5; os_name!="x"\ne==1\nf==1\n',
    });
    expect(names(project)).toEqual(['a@1', 'b', 'c', 'd@4', 'd@5', 'e', 'f']);
  });

  it('tells of constraints beyond the limit of a name, once', async () => {
    const pins = Array.from({ length: MAX_ALTERNATIVES + 2 }, (_, i) => `x==${i}`);
    const files = { 'requirements.txt': '-c pins.txt\nx\ny==1', 'pins.txt': pins.join('\n') };
    const project = await collectOne(files);
    expect(names(project)).toHaveLength(MAX_ALTERNATIVES + 1);
    expect(statuses(project)).toEqual(['partial limit-exceeded']);
    expect(messages(project)).toEqual([
      'pins.txt:51: expected at most 50 constraints of x, got more; the others are left out',
    ]);
    const fitting = await collectOne({ ...files, 'pins.txt': pins.slice(2).join('\n') });
    expect(statuses(fitting)).toEqual(['succeeded']);
  });

  it('tells of versions beyond the limit of a name that have no edges', async () => {
    const lines = Array.from({ length: MAX_ALTERNATIVES + 1 }, (_, i) => `x==${i}`);
    const child = 'y==1\n    # via x';
    const project = await collectOne([...lines, child].join('\n'));
    expect(statuses(project)).toEqual(['partial limit-exceeded']);
    expect(messages(project)).toEqual([
      'requirements.txt:51: expected at most 50 versions of x with edges, got more; the others are left out',
    ]);
    expect(statuses(await collectOne([...lines.slice(1), lines[1], child].join('\n')))).toEqual([
      'succeeded',
    ]);
  });

  it.each(['-e ./x', 'x[extra]==1', './x'])('R3: pip takes no %s for a constraint', async (line) => {
    const project = await collectOne({ 'requirements.txt': '-c pins.txt\nx', 'pins.txt': line });
    expect(messages(project)).toEqual([expect.stringMatching(/^pins\.txt:1: expected a name and a version/)]);
  });

  it('R3: -r within a constraints file adds requirements again, as in pip', async () => {
    const project = await collectOne({
      'requirements.txt': '-c pins.txt',
      'pins.txt': 'a==1\n-r more.txt',
      'more.txt': 'b==1',
    });
    expect(names(project)).toEqual(['b@1']);
  });

  it.each([
    ['https://h.example/r.txt', 'a URL is never fetched'],
    ['file:///etc/r.txt', 'a URL is never fetched'],
    ['${HOME}/r.txt', 'an environment variable is never expanded'],
    ['../../r.txt', 'it lies outside the scan root'],
    ['/etc/passwd', 'it lies outside the scan root'],
    ['missing.txt', 'no such file'],
  ])('R3: -r %s is skipped and makes the project partial', async (target, reason) => {
    const project = await collectOne({ 'app/requirements.txt': `a==1\n-r ${target}\n` });
    expect(statuses(project)).toEqual(['partial include-not-followed']);
    expect(project.skipped).toEqual([
      {
        project: 'app/requirements.txt',
        location: { uri: 'app/requirements.txt', startLine: 2 },
        text: `-r ${target}`,
        reason,
      },
    ]);
    expect(names(project)).toEqual(['a@1']);
  });

  it('R3: an include that cannot be read is partial, a root that cannot be read is failed', async () => {
    const files = { 'requirements.txt': 'a==1\n-r big.txt', 'requirements/x.txt': 'x' };
    const context: CollectContext = {
      files: {
        async read(path) {
          if (path === 'requirements.txt') return Buffer.from(files[path]);
          throw new PlimsollError(path === 'big.txt' ? 'file-too-large' : 'file-unreadable', `${path}: no`);
        },
      },
    };
    const [first, second] = await collect(files, context);
    expect([statuses(first!), statuses(second!)]).toEqual([
      ['partial include-not-followed'],
      ['failed unreadable'],
    ]);
    expect(first!.project.files).toEqual(['big.txt', 'requirements.txt']);
    expect(second!.components.map((c) => c.origin)).toEqual(['workspace']);
  });

  it('an aborted scan is not a gap of the file', async () => {
    const context = { ...memoryContext({ 'requirements.txt': '' }), signal: AbortSignal.abort() };
    await expect(collectOne('', context)).rejects.toMatchObject({ code: 'aborted' });
  });

  it('R3: a circle is one project, an error where it closes, and read once', async () => {
    const project = await collectOne({
      'b-requirements.txt': '-r a-requirements.txt\nb==1',
      'a-requirements.txt': 'a==1\n-r c.txt',
      'c.txt': '-r b-requirements.txt\nc==1',
    });
    expect(project.project.id).toBe('a-requirements.txt');
    expect(names(project)).toEqual(['a@1', 'b@1', 'c@1']);
    expect(messages(project)).toEqual([
      'b-requirements.txt:1: expected an include that does not lead back to itself, got "-r a-requirements.txt"',
    ]);
  });

  it('R3: a circle that is entered from outside has no root of its own', async () => {
    const projects = await collect({
      'requirements-a.txt': '-r requirements-b.txt',
      'requirements-b.txt': '-r requirements-a.txt',
      'requirements-z.txt': '-r requirements-b.txt',
    });
    expect(projects.map(({ project }) => project.id)).toEqual(['requirements-z.txt']);
  });

  it('a file under two roots is part of both, and counts once in each', async () => {
    const projects = await collect({
      'requirements.txt': '-r requirements/base.txt\n-r requirements/base.txt',
      'requirements-dev.txt': '-r requirements/base.txt\ny==1',
      'requirements/base.txt': 'x==1',
    });
    expect(projects.map((p) => [p.project.id, ...names(p)])).toEqual([
      ['requirements-dev.txt', 'x@1', 'y@1'],
      ['requirements.txt', 'x@1'],
    ]);
    expect(projects.map((p) => packages(p)[0]?.scopes)).toEqual([['dev'], ['runtime']]);
    expect(packages(projects[1]!)[0]?.locations).toHaveLength(1);
  });

  it('a requirements file that is only a constraint elsewhere keeps its own project', async () => {
    const projects = await collect({
      'requirements.txt': 'x==1',
      'dev-requirements.txt': '-c requirements.txt\nx',
    });
    expect(projects.map((p) => [p.project.id, ...names(p)])).toEqual([
      ['dev-requirements.txt', 'x@1'],
      ['requirements.txt', 'x@1'],
    ]);
  });

  it('R8: a .in is left out where its .txt stands beside it, and mentioned there', async () => {
    const projects = await collect({
      'requirements/main.in': 'x',
      'requirements/main.txt': 'x==1\n    # via -r main.in',
      'requirements/other.in': 'y',
    });
    expect(projects.map(({ project }) => [project.id, project.manifest, project.files])).toEqual([
      ['requirements/main.txt', 'requirements/main.in', ['requirements/main.in', 'requirements/main.txt']],
      ['requirements/other.in', 'requirements/other.in', ['requirements/other.in']],
    ]);
  });

  it('follows no more than a hundred includes in one another', async () => {
    const chain = Array.from({ length: 150 }, (_, i) => [`f${i}.txt`, `p${i}==1\n-r f${i + 1}.txt`]);
    const project = await collectOne({ 'requirements.txt': '-r f0.txt', ...Object.fromEntries(chain) });
    expect(packages(project)).toHaveLength(100);
    expect(statuses(project)).toEqual(['partial include-not-followed']);
  });
});

describe('requirements, the graph', () => {
  const edges = ({ dependencies }: CollectedProject) =>
    dependencies.flatMap(({ ref, dependsOn }) =>
      dependsOn.map((edge) => `${ref.split('#')[1]} > ${edge.ref.split('#')[1]} ${edge.kind}`),
    );

  it('without annotations the root has an edge to everything', async () => {
    expect(edges(await collectOne('a==1\nb==1 # a comment\n'))).toEqual([
      '. > pkg:pypi/a@1 runtime',
      '. > pkg:pypi/b@1 runtime',
    ]);
  });

  it.each([
    ['behind the line', 'a==1 # via -r main.in\nb==1  # via a\nc==1 # via a, b\n'],
    [
      'below the line',
      'a==1\n    # via -r main.in\nb==1\n    # via a\nc==1 \\\n    --hash=sha256:aa\n    # via\n    #   A\n    #   b\n',
    ],
    [
      'of uv',
      'a==1\n    # via shop (pyproject.toml:dev)\nb==1\n    # via a\nc==1\n    # via\n    #   a[x]\n    #   b\n    # from https://pypi.example\n',
    ],
  ])('reads # via %s', async (_, text) => {
    const project = await collectOne(text);
    expect(edges(project)).toEqual([
      '. > pkg:pypi/a@1 runtime',
      'pkg:pypi/a@1 > pkg:pypi/b@1 runtime',
      'pkg:pypi/a@1 > pkg:pypi/c@1 runtime',
      'pkg:pypi/b@1 > pkg:pypi/c@1 runtime',
    ]);
    expect(packages(project).map((c) => c.direct)).toEqual([true, false, false]);
  });

  it('a constraint file is no reason, an unknown parent leaves the package under the root', async () => {
    const project = await collectOne(
      'a==1 # via -c pins.txt\nb==1 # via gone\nc==1 # via c\nd==1 # via the back door\n',
    );
    expect(edges(project).map((edge) => edge.split(' ')[0])).toEqual(['.', '.', '.', '.']);
    expect(packages(project).map((c) => c.direct)).toEqual([true, false, false, true]);
  });

  it('a parent is sought in the same file first', async () => {
    const project = await collectOne({
      'requirements.txt': '-r one.txt\n-r test.txt',
      'one.txt': 'p==1\nc==1 # via p\n',
      'test.txt': 'p==2\nd==1 # via p\ne==1 # via c\n',
    });
    expect(edges(project).filter((edge) => !edge.startsWith('. '))).toEqual([
      'pkg:pypi/c@1 > pkg:pypi/e@1 dev',
      'pkg:pypi/p@1 > pkg:pypi/c@1 runtime',
      'pkg:pypi/p@2 > pkg:pypi/d@1 dev',
    ]);
  });
});

describe('requirements, hashes', () => {
  const findings = async (files: Tree | string) =>
    (await collectOne(files)).findings.map((f) => [
      f.component?.split('#')[1],
      ...f.locations.map((l) => l.startLine),
    ]);

  it('R9: a line without hash is a finding, not an abort, as soon as another has one', async () => {
    expect(await findings('a==1\nb==1\n')).toEqual([]);
    expect(
      await findings(
        'a==1 --hash=sha256:aa\nb==1\nc\n-e .\n./d\ne @ https://h.example/e.zip#sha256=aa\nb==1',
      ),
    ).toEqual([
      ['pkg:pypi/b@1', 2, 7],
      ['pkg:pypi/c', 3],
    ]);
  });

  it('R9: --require-hashes asks for them, --no-require-hashes does not', async () => {
    expect(await findings('--require-hashes\na==1')).toEqual([['pkg:pypi/a@1', 2]]);
    expect(await findings('--no-require-hashes\na==1\nb==1 --hash=sha256:aa')).toEqual([]);
  });

  it('R9: the hash of a constraint counts', async () => {
    expect(
      await findings({ 'requirements.txt': '-c pins.txt\na\nb', 'pins.txt': 'A==1 --hash=sha256:aa' }),
    ).toEqual([['pkg:pypi/b', 3]]);
  });

  it('R9: is rule unhashed-requirement, one fingerprint per name and project', async () => {
    const [first] = (await collectOne('a==1\nb==1 --hash=sha256:aa')).findings;
    const [second] = (await collectOne('\n\na==2\nb==1 --hash=sha256:aa')).findings;
    expect(first).toMatchObject({ ruleId: 'unhashed-requirement', kind: 'dependency', severity: 'medium' });
    expect(first?.fingerprint).toBe(second?.fingerprint);
  });
});

describe('requirements, hostile and random input', () => {
  it('takes any text and any bytes', async () => {
    const content = fc.oneof(
      hostileText(),
      fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(content, content, async (one, two) => {
        for (const project of await collect({ 'requirements.txt': one, 'requirements/x.txt': two })) {
          expect(project.coverage.length).toBeGreaterThan(0);
          expect(project.components.some((c) => c.ref === project.project.root)).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('a generated line comes back as it was written', async () => {
    const name = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,8}[A-Za-z0-9])?$/);
    const version = fc.stringMatching(
      /^(\d{1,2}!)?\d{1,3}(\.\d{1,3}){0,3}((a|b|rc)\d{1,2})?(\.post\d)?(\.dev\d)?$/,
    );
    const space = fc.constantFrom('', ' ', '\t');
    const marker = fc.constantFrom(
      '',
      'os_name == "nt"',
      '(python_version<"3" and extra == \'x\') or "a" in sys_platform',
    );
    await fc.assert(
      fc.asyncProperty(
        name,
        fc.array(name, { maxLength: 3 }),
        version,
        space,
        marker,
        async (n, extras, v, s, m) => {
          fc.pre(!/\.(zip|tar|tgz|whl|tbz|txz|tlz)$/i.test(n));
          const list = extras.length === 0 ? '' : `[${extras.join(`${s},${s}`)}]`;
          const component = await only(`${n}${s}${list}${s}==${s}${v}${s}${m === '' ? '' : `;${s}${m}`}`);
          expect(component).toMatchObject({
            name: n.toLowerCase().replace(/[-_.]+/g, '-'),
            version: v,
            pinning: 'pinned',
            ...(m === '' ? {} : { marker: m }),
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ['one long word', 'a'.repeat(1_000_000)],
    ['one long URL', `https://h${'/'.repeat(1_000_000)}x`],
    ['blanks before a comment', `a==1${' '.repeat(1_000_000)}#`],
    ['backslashes', '\\'.repeat(1_000_000)],
    ['reasons in a comment', `a==1 # via ${'b,'.repeat(500_000)}`],
  ])('1 MB of %s in a line', async (_, text) => {
    const start = performance.now();
    await collectOne(text);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it.each(['# via b\n', '# via\n', '#   b\n', '-r missing.txt\n', '=\n'])('30,000 lines %j', async (line) => {
    const start = performance.now();
    const project = await collectOne(`a==1\n${line.repeat(30_000)}`);
    expect(names(project)).toEqual(['a@1']);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it('a file of more lines than any real one is cut off, and says so', () => {
    const statements = parseRequirementsFile(Buffer.from('x\n'.repeat(MAX_LINES + 2)));
    expect(statements).toHaveLength(MAX_LINES + 1);
    expect(statements.at(-1)).toMatchObject({ kind: 'error', line: MAX_LINES + 1 });
  });

  it('a file that names itself in a thousand edges stays small', async () => {
    const lines = Array.from({ length: 1000 }, (_, i) => `a==${i} # via b\nb==${i} # via a\n`);
    const { dependencies } = await collectOne(lines.join(''));
    expect(dependencies.reduce((sum, node) => sum + node.dependsOn.length, 0)).toBeLessThan(150_000);
  });

  it('names that are keys of every object are only names', async () => {
    expect(names(await collectOne('constructor==1\nhasOwnProperty==2 # via constructor\n'))).toEqual([
      'constructor@1',
      'hasownproperty@2',
    ]);
  });
});
