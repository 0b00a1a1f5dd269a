// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CollectedProject } from '../../../src/collectors/collector.ts';
import { MAX_ALTERNATIVES } from '../../../src/collectors/python/poetry-graph.ts';
import { poetryLock } from '../../../src/collectors/python/poetry-lock.ts';
import { memoryContext } from '../../support/memory-files.ts';

async function collect(lock: string | Uint8Array, pyproject = ''): Promise<CollectedProject> {
  const context = memoryContext({ 'poetry.lock': lock, 'pyproject.toml': pyproject });
  const [project] = await poetryLock.collect(['poetry.lock'], context);
  return project!;
}

/** What every project must keep to, whatever stands in the files. */
function expectSound({ project, components, dependencies, skipped, coverage }: CollectedProject): void {
  const refs = components.map((c) => c.ref);
  expect(new Set(refs).size).toBe(refs.length);
  expect(refs).toEqual([...refs].sort());
  expect(refs).toContain(project.root);
  expect(dependencies.map((node) => node.ref)).toEqual(refs);
  const known = new Set(refs);
  for (const { dependsOn } of dependencies)
    for (const { ref } of dependsOn) expect(known.has(ref)).toBe(true);
  for (const { scopes, locations } of components) {
    expect(scopes.length).toBeGreaterThan(0);
    expect(locations.length).toBeGreaterThan(0);
  }
  expect(coverage.length).toBeGreaterThan(0);
  if (skipped.length > 0) expect(coverage[0]?.status).toBe('partial');
  for (const row of coverage) {
    if (row.status === 'partial') expect(row.processed).toBeLessThan(row.expected);
    else expect(row.processed).toBe(row.expected);
  }
}

const name = fc.constantFrom('a', 'B.b', 'b-B', 'c_c', '__proto__x', 'constructor', 'd');
const version = fc.constantFrom('1.0', '1.1', '2.0a1', 'odd version');
const dependency = fc.record({
  name,
  value: fc.constantFrom(
    '"*"',
    '">=1.1"',
    '{version = "<2", optional = true, extras = ["x"]}',
    '[{version = "1.0"}, {version = "2.0a1", optional = true}]',
    '{path = "../x"}',
  ),
});
const entry = fc
  .record({
    name,
    version,
    optional: fc.boolean(),
    extra: fc.constantFrom(
      '',
      'groups = ["main", "dev"]',
      'category = "dev"',
      'markers = {main = "m"}',
      'groups = 1',
    ),
    dependencies: fc.uniqueArray(dependency, { selector: (one) => one.name, maxLength: 4 }),
    source: fc.constantFrom(
      '',
      'type = "git"\nurl = "https://x.example/r"\nresolved_reference = "r"',
      'type = "directory"\nurl = "lib"',
      'type = "directory"\nurl = "."',
      'type = "legacy"\nurl = "https://x.example"',
    ),
  })
  .map((one) =>
    [
      '[[package]]',
      `name = "${one.name}"`,
      `version = "${one.version}"`,
      `optional = ${one.optional}`,
      one.extra,
      one.source === '' ? '' : `[package.source]\n${one.source}`,
      '[package.dependencies]',
      ...one.dependencies.map((d) => `${d.name.includes('.') ? `"${d.name}"` : d.name} = ${d.value}`),
      '[package.extras]\nx = ["c-c (>=1)", "a[x]"]\n',
    ].join('\n'),
  );
const pyproject = fc.constantFrom(
  '',
  '[tool.poetry.dependencies]\na = {version = "*", extras = ["x"]}\nd = {version = "*", optional = true}\n[tool.poetry.dev-dependencies]\nb-b = "1.0"\n',
  '[project]\nname = 1\n',
);

/** All but the lines, which say where a thing stands and move with it, and what is sorted by them. */
function withoutLines(project: CollectedProject): unknown {
  return JSON.parse(
    JSON.stringify(project, (key, value) => {
      if (key === 'startLine') return undefined;
      if (key === 'skipped')
        return value.map((one: { text: string; reason: string }) => one.text + one.reason).sort();
      if (key === 'errors') {
        return value.map((one: { message: string }) => one.message.replace(/:\d+: /, ': ')).sort();
      }
      return value;
    }),
  );
}

describe('poetry-lock, properties', () => {
  it('any generated lock: every edge has its ends, nothing is there twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 8 }), pyproject, async (entries, manifest) => {
        const project = await collect(`${entries.join('\n')}\n[metadata]\nlock-version = "2.1"\n`, manifest);
        expectSound(project);
        expect(project.coverage[0]?.expected).toBeGreaterThanOrEqual(entries.length);
      }),
    );
  });

  it('the order of the entries changes nothing but the lines', async () => {
    const shuffled = fc
      .array(entry, { maxLength: 6 })
      .chain((entries) =>
        fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })),
      );
    await fc.assert(
      fc.asyncProperty(shuffled, pyproject, async ([entries, others], manifest) => {
        const [one, other] = [
          await collect(`${entries.join('\n')}\n[metadata]\n`, manifest),
          await collect(`${others.join('\n')}\n[metadata]\n`, manifest),
        ];
        expect(withoutLines(other)).toEqual(withoutLines(one));
      }),
    );
  });

  it('any text and any bytes give a project', async () => {
    const word = fc.constantFrom(
      '[[package]]',
      '[package',
      '.dependencies]',
      '\n',
      'name',
      ' = ',
      '"a"',
      '"""',
      "'",
      '{',
      '}',
      '[',
      ']',
      '1',
      ',',
      '[metadata]',
      '__proto__',
      '#',
      '.',
      'version',
      'source',
    );
    const words = fc.array(word, { maxLength: 40 }).map((parts) => Buffer.from(parts.join('')));
    const bytes = fc.uint8Array({ maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(words, bytes), fc.oneof(words, bytes), async (lock, manifest) => {
        const context = memoryContext({ 'poetry.lock': lock, 'pyproject.toml': manifest });
        const [project] = await poetryLock.collect(['poetry.lock'], context);
        expectSound(project!);
      }),
    );
  });
});

describe('poetry-lock, hostile files', () => {
  it('__proto__ is a key like any other', async () => {
    const project = await collect(
      `[[package]]
name = "constructor"
version = "1"
dependencies = {__proto__ = "*", constructor = "*", tostring = {optional = true}}
extras = {__proto__ = ["x"]}
[package.markers]
__proto__ = "m"
[metadata.files]
__proto__ = [{file = "x.whl", hash = "sha256:00"}]
constructor = [{file = "y.whl", hash = "sha256:00"}]
[extras]
__proto__ = ["constructor"]
[__proto__]
polluted = true
`,
      '[tool.poetry.dependencies]\n__proto__ = "*"\nconstructor = "*"\n',
    );
    expectSound(project);
    expect(project.coverage).toMatchObject([{ status: 'partial', cause: 'unpinned' }]);
    expect(project.skipped.map(({ text }) => text)).toEqual(['-proto- *', '-proto- *']);
    expect(project.components[1]).toMatchObject({
      name: 'constructor',
      direct: true,
      artifacts: [{ filename: 'y.whl' }],
    });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('deep nesting is a parse error', async () => {
    for (const text of [
      `a = ${'['.repeat(100_000)}`,
      `a = ${'{b='.repeat(100_000)}`,
      `[[package]]\nx.${'y.'.repeat(100_000)}z = 1`,
    ]) {
      const project = await collect(text);
      expectSound(project);
      expect(project.coverage[0]?.status).not.toBe('succeeded');
    }
  });

  it('cycles end', async () => {
    const blocks = Array.from(
      { length: 50 },
      (_, i) =>
        `[[package]]\nname = "p${i}"\nversion = "1"\n[package.dependencies]\np${(i + 1) % 50} = {version = "*", extras = ["x"]}\np${i} = "*"\n[package.extras]\nx = ["p${i}[x]"]\n`,
    );
    const project = await collect(`${blocks.join('')}[metadata]\n`, '[project]\ndependencies = ["p7"]\n');
    expectSound(project);
    expect(project.components.filter((c) => c.scopes[0] === 'runtime').length).toBe(51);
  });

  it('one name a thousand times does not make a million edges, and that is said', async () => {
    const block = (i: number) =>
      `[[package]]\nname = "x"\nversion = "${i}"\n[package.dependencies]\nx = "*"\n`;
    const blocks = Array.from({ length: 1_000 }, (_, i) => block(i)).join('');
    const files = Array.from({ length: 1_000 }, (_, i) => `{file = "x-${i}.zip", hash = "md5:00"}`);
    const project = await collect(`${blocks}[metadata]\n[metadata.files]\nx = [${files}]\n`);
    expectSound(project);
    expect(project.components.length).toBe(1_001);
    expect(project.components.every((c) => c.artifacts.length === 0)).toBe(true);
    expect(project.coverage).toMatchObject([
      { status: 'partial', cause: 'limit-exceeded', processed: 1_000 },
    ]);
    expect(project.coverage[0]?.errors[0]?.message).toBe(
      `poetry.lock: expected at most ${MAX_ALTERNATIVES} entries named x, got more; edges to them are left out`,
    );
  });

  // Each of these takes minutes where every extra is compared with every dependency.
  it('thousands of extras of thousands of dependencies stay linear', async () => {
    const count = 5_000;
    const ids = Array.from({ length: count }, (_, i) => i);
    const lock = `[[package]]
name = "x"
version = "1"
[package.dependencies]
${ids.map((i) => `d${i} = {version = "*", optional = true}`).join('\n')}
[package.extras]
all = ["x[${ids.map((i) => `e${i}`)}]"]
${ids.map((i) => `e${i} = ["d${i}", "d0", "x[e${(i + 1) % count}]"]`).join('\n')}
[metadata]
`;
    const asked = ids.map((i) => `"x[e${i},unlisted${i},all]"`);
    const project = await collect(lock, `[project]\ndependencies = [${asked}]\n`);
    expectSound(project);
    expect(project.coverage).toMatchObject([{ status: 'succeeded' }]);
  });

  it('terminal escapes and line breaks in names are no names', async () => {
    const project = await collect(
      '[[package]]\nname = "a\\n::error::\\u001b[31m"\nversion = "1"\n[metadata]\n',
    );
    expect(project.skipped.length).toBe(1);
    expect(project.components.length).toBe(1);
  });
});
