// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { declaresDependencies, readPyproject } from '../../../src/collectors/python/pyproject.ts';
import { PlimsollError } from '../../../src/platform/errors.ts';

const read = (text: string) => readPyproject(Buffer.from(text), 'app/pyproject.toml');
const declared = (text: string) =>
  read(text).dependencies.map(
    ({ name, constraint = '', extras, kind }) => `${kind} ${name}[${extras}]${constraint}`,
  );

describe('readPyproject, names', () => {
  it('takes the name of [project], normalised, with its line', () => {
    const { name, nameLine, version } = read(
      '[tool.poetry]\nname = "old"\nversion = "1"\n\n[project]\nversion = "2"\nname = "New_Name"\n',
    );
    expect([name, nameLine, version]).toEqual(['new-name', 7, '2']);
  });

  it('falls back to [tool.poetry], and to nothing', () => {
    const poetry = read(
      'tool.poetry.name = "x"\ntool.poetry.version = "1"\n[project]\ndynamic = ["version"]\n',
    );
    expect([poetry.name, poetry.nameLine, poetry.version]).toEqual(['x', 1, '1']);
    expect(read('[build-system]\nrequires = []\n')).toEqual({
      file: 'app/pyproject.toml',
      dependencies: [],
      sources: [],
    });
  });
});

describe('readPyproject, dependencies', () => {
  it('reads [project] with extras and optional dependencies', () => {
    expect(
      declared(`[project]
dependencies = ["Requests[Socks,use_chardet] (>=2,<3) ; python_version > '3'", "a", "b @ https://x.example/b.whl"]
[project.optional-dependencies]
ui = ["rich>=13"]
`),
    ).toEqual([
      'runtime requests[socks,use-chardet]>=2,<3',
      'runtime a[]',
      'runtime b[]',
      'optional rich[]>=13',
    ]);
  });

  it('reads Poetry tables: python is no dependency, alternatives, optional, groups, dev-dependencies', () => {
    expect(
      declared(`[tool.poetry.dependencies]
Python = "^3.9"
Foo_Bar = { version = "^1", extras = ["X_y"] }
opt = { version = "*", optional = true }
multi = [{ version = "1", python = "<3.8" }, { version = "2" }]
src = { git = "https://x.example/r.git" }
[tool.poetry.group.main.dependencies]
also-main = "*"
[tool.poetry.group.docs]
optional = true
[tool.poetry.group.docs.dependencies]
sphinx = { version = "*", optional = true }
[tool.poetry.dev-dependencies]
pytest = "*"
`),
    ).toEqual([
      'runtime foo-bar[x-y]^1',
      'optional opt[]*',
      'runtime multi[]1',
      'runtime multi[]2',
      'runtime src[]',
      'runtime also-main[]*',
      'dev sphinx[]*',
      'dev pytest[]*',
    ]);
  });

  it('reads PEP 735 groups; an included group is read where it stands, cycles included', () => {
    expect(
      declared(`[dependency-groups]
a = ["x", {include-group = "b"}]
b = ["y", {include-group = "a"}]
[tool.poetry.group.A.dependencies]
x = { source = "company" }
[tool.poetry.group.c.dependencies]
z = "*"
`),
    ).toEqual(['dev x[]', 'dev y[]', 'dev z[]*']);
  });

  const poetryTable =
    '[tool.poetry.dependencies]\nown = "*"\nown-optional = { version = "*", optional = true }\n';
  it.each([
    ['only adds detail where [project] lists dependencies', 'dependencies = ["std"]', ['runtime std[]']],
    [
      'is all there is where [project] lists none',
      'dependencies = []',
      ['runtime own[]*', 'optional own-optional[]*'],
    ],
    [
      'gives what is dynamic, beside optional ones of [project]',
      'dynamic = ["dependencies"]\noptional-dependencies.x = ["std"]',
      ['optional std[]', 'runtime own[]*'],
    ],
    [
      'gives optional ones, where those are dynamic',
      'dynamic = ["optional-dependencies"]\ndependencies = ["std"]',
      ['runtime std[]', 'optional own-optional[]*'],
    ],
  ])("Poetry's table %s", (_, project, expected) => {
    expect(declared(`[project]\nname = "x"\n${project}\n${poetryTable}`)).toEqual(expected);
  });
});

describe('readPyproject, sources', () => {
  it('reads kind, line and URL without credentials', () => {
    const { sources } = read(`[[tool.poetry.source]]
name = "a"
url = "https://user:s3cret@a.example/simple"
[[tool.poetry.source]]
name = "PyPI"
priority = "primary"
[[tool.poetry.source]]
url = "https://b.example/"
priority = "Supplemental"
[[tool.poetry.source]]
url = "https://c.example/"
secondary = true
[[tool.poetry.source]]
url = "https://d.example/"
default = true
`);
    expect(sources.map(({ kind, url, location }) => [kind, url, location.startLine])).toEqual([
      ['index', 'https://a.example/simple', 3],
      ['extra-index', 'https://b.example/', 8],
      ['extra-index', 'https://c.example/', 11],
      ['index', 'https://d.example/', 14],
    ]);
  });
});

describe('readPyproject, defects', () => {
  it.each([
    ['[project]\nname = 1\n', ':2: expected a string for project.name, got a number'],
    ['project = "x"\n', ':1: expected a table for project, got a string'],
    ['[project]\ndependencies = "x"\n', ':2: expected an array for project.dependencies, got a string'],
    [
      '[project]\ndependencies = [1]\n',
      ':2: expected requirement strings for project.dependencies, got a number in it',
    ],
    ['[project]\n\ndependencies = [\n"ok",\n"!x"]\n', ':3: expected a package name, got "!x"'],
    ['[project.optional-dependencies]\nx = [{}]\n', ':2: expected requirement strings for'],
    [
      '[tool.poetry.dependencies]\na = 1\n',
      ':2: expected a string, a table or an array of them for tool.poetry.dependencies.a',
    ],
    ['[tool.poetry.group]\nx = 1\n', ':2: expected a table for tool.poetry.group.x, got a number'],
    ['[dependency-groups]\nx = "y"\n', ':2: expected an array for dependency-groups.x, got a string'],
    ['[tool.poetry]\nsource = 1\n', ':2: expected an array of tables for tool.poetry.source, got a number'],
    ['[project\n', ':1: expected valid TOML'],
  ])('%j', (text, message) => {
    expect(() => read(text)).toThrow(`app/pyproject.toml${message}`);
  });
});

describe('declaresDependencies', () => {
  const declares = (text: string) => declaresDependencies(Buffer.from(text), 'pyproject.toml');

  it.each([
    '[project]\ndependencies = ["x"]',
    '[project.optional-dependencies]\ny = ["x"]',
    '[tool.poetry.dependencies]\npython = "*"\nx = "*"',
    '[tool.poetry.dev-dependencies]\nx = "*"',
    '[tool.poetry.group.y.dependencies]\nx = "*"',
    '[dependency-groups]\ny = ["x"]',
    '[tool.pdm.dev-dependencies]\ny = ["x"]',
    '[tool.uv]\ndev-dependencies = ["x"]',
  ])('%j does', (text) => expect(declares(text)).toBe(true));

  it.each([
    '',
    '[build-system]\nrequires = ["x"]',
    '[project]\nname = "x"\ndependencies = []\noptional-dependencies = {}',
    '[tool.poetry.dependencies]\nPython = "*"',
    '[dependency-groups]\ny = []',
    '[tool]\npoetry = 1\npdm = []\nuv = "x"',
    'project = 1\ndependency-groups = "x"',
  ])('%j does not', (text) => expect(declares(text)).toBe(false));

  it('throws where the file is no TOML, and nothing else', () => {
    expect(() => declares('x')).toThrow(PlimsollError);
  });
});

describe('hostile pyproject.toml', () => {
  it('throws nothing but parse errors', () => {
    const value = fc.constantFrom(
      '1',
      '"x"',
      '["a>=1"]',
      '{}',
      '[{}]',
      '{ version = "1" }',
      '[["x"]]',
      '2020-01-01',
      '{ dependencies = 1 }',
    );
    const key = fc.constantFrom(
      'project',
      'tool.poetry',
      'tool',
      'dependency-groups',
      'dependency-groups.x',
      'project.name',
      'project.dependencies',
      'project.dynamic',
      'tool.poetry.dependencies',
      'tool.poetry.group',
      'tool.poetry.group.x',
      'tool.poetry.source',
      'tool.poetry.dependencies.__proto__',
      '"__proto__"',
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { maxLength: 5 }),
        fc.array(value, { minLength: 5, maxLength: 5 }),
        (keys, values) => {
          const text = keys.map((one, i) => `${one} = ${values[i]}`).join('\n');
          try {
            read(text);
          } catch (error) {
            expect(error).toBeInstanceOf(PlimsollError);
          }
        },
      ),
    );
  });

  it('reads long lists without running out of stack', () => {
    const list = '"x",'.repeat(150_000);
    expect(
      read(`[project]\ndependencies = [${list}]\n[dependency-groups]\ny = [${list}]`).dependencies.length,
    ).toBe(300_000);
  });
});
