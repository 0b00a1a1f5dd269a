// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CollectedProject, Collector, FileSource } from '../../src/collectors/collector.ts';
import { COLLECTORS, collectorById } from '../../src/collectors/index.ts';
import { unsupportedFormat } from '../../src/collectors/unsupported.ts';
import { SCOPES } from '../../src/model/inventory.ts';
import { compareText } from '../../src/model/order.ts';
import { createFileSource } from '../../src/platform/fs.ts';
import { walkTree } from '../../src/platform/walk.ts';
import { memoryContext } from '../support/memory-files.ts';
import { REPO_ROOT } from '../support/shared-data.ts';

const ODD_NAMES = [
  '',
  '.',
  '/',
  'a',
  '__proto__',
  'constructor',
  'README.md',
  'x/',
  'lock',
  '\0',
  '\n',
  '\uFFFD',
];
const DOCS = readFileSync(join(REPO_ROOT, 'docs', 'collectors.md'), 'utf8').replace(/ +\|/g, ' |');

describe('the list of collectors', () => {
  it('has unique ids, by which each is found', () => {
    const ids = COLLECTORS.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
    for (const collector of COLLECTORS) expect(collectorById(collector.id)).toBe(collector);
    expect(collectorById('none')).toBeUndefined();
  });

  it('claims nothing that is told of as not read, and no file twice', () => {
    fc.assert(
      fc.property(anyName(), (name) => {
        const claiming = COLLECTORS.filter((collector) => collector.claims(name));
        expect(claiming.length).toBeLessThan(2);
        if (claiming.length > 0) expect(unsupportedFormat(name)).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });
});

describe.each(COLLECTORS.map((collector) => [collector.id, collector] as const))('%s', (id, collector) => {
  const folder = join(REPO_ROOT, 'fixtures', 'collectors', id);

  it('has a kebab-case id, a description, a row in the docs and fixtures', async () => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(collector.describes).not.toBe('');
    expect(DOCS).toMatch(new RegExp(`^\\| \`${id}\` +\\|`, 'm'));
    expect(existsSync(folder)).toBe(true);
    expect((await claimedFixtures(collector, folder)).length).toBeGreaterThan(0);
  });

  it('claims nothing of an odd name', () => {
    expect(ODD_NAMES.filter((name) => collector.claims(name))).toEqual([]);
  });

  it('keeps the contract on its fixtures', async () => {
    const manifests = await claimedFixtures(collector, folder);
    const projects = await collector.collect(manifests, { files: createFileSource(folder) });
    for (const project of projects) checkProject(collector, project);
    expect(manifests.filter((path) => !projects.some(({ project }) => project.files.includes(path)))).toEqual(
      [],
    );
    const ids = projects.map(({ project }) => project.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['one byte', Uint8Array.of(0x7b)],
    ['a NUL', Uint8Array.of(0)],
    ['binary', Uint8Array.from({ length: 4096 }, (_, i) => (i * 151) % 256)],
    ['a byte order mark', Uint8Array.of(0xef, 0xbb, 0xbf)],
    ['half of UTF-16', Uint8Array.of(0xff, 0xfe, 0x61)],
    ['deep nesting', Buffer.from('['.repeat(100_000))],
    ['__proto__', Buffer.from('{"__proto__": {"__proto__": 1}, "constructor": null}')],
  ])('does not throw on a file with %s in it', async (_, content) => {
    const path = `sub/${await sampleName(collector, folder)}`;
    const projects = await collector.collect([path], memoryContext({ [path]: content }));
    expect(projects).toHaveLength(1);
    for (const project of projects) checkProject(collector, project);
  });

  it('does not throw on any bytes, nor on a file that went away', async () => {
    const path = await sampleName(collector, folder);
    await fc.assert(
      fc.asyncProperty(fc.option(fc.uint8Array({ maxLength: 200 }), { nil: undefined }), async (content) => {
        const context = memoryContext(content === undefined ? {} : { [path]: content });
        for (const project of await collector.collect([path], context)) checkProject(collector, project);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['user names and passwords', '$1canary:c4n4ry@$2'],
    ['user names', '$1c4n4ry@$2'],
    ['queries', '$1$2?token=c4n4ry'],
  ])('lets no %s of a URL through', async (_, replacement) => {
    const files = createFileSource(folder);
    const planted: FileSource = {
      async read(path) {
        const bytes = await files.read(path);
        if (bytes === undefined) return undefined;
        const text = Buffer.from(bytes).toString();
        return Buffer.from(text.replace(/\b([a-z]+:\/\/)(?:\w+@)?([^\s"'#]+)/g, replacement));
      },
    };
    const projects = await collector.collect(await claimedFixtures(collector, folder), { files: planted });
    expect(projects.length).toBeGreaterThan(0);
    expect(JSON.stringify(projects)).not.toContain('c4n4ry');
  });

  it('makes a file that cannot be read a failed project', async () => {
    const files = createFileSource(folder, { limit: 0 });
    const [fixture = ''] = await claimedFixtures(collector, folder);
    const projects = await collector.collect([fixture], { files });
    expect(projects.flatMap(({ coverage }) => coverage)).toContainEqual(
      expect.objectContaining({ plugin: id, target: fixture, status: 'failed', required: true }),
    );
  });
});

/** What `collector.ts` and `inventory.ts` promise of every project. */
function checkProject(collector: Collector, collected: CollectedProject): void {
  const { project, components, dependencies, coverage, skipped } = collected;
  expect(project.collector).toBe(collector.id);
  expect(project.files).toContain(project.id);
  expect(coverage.some((row) => row.target === project.id && row.plugin === collector.id)).toBe(true);
  const refs = components.map(({ ref }) => ref);
  expect(refs).toEqual([...new Set(refs)].sort(compareText));
  expect(refs).toContain(project.root);
  expect(dependencies.map(({ ref }) => ref)).toEqual(refs);
  const known = new Set(refs);
  expect(dependencies.flatMap(({ dependsOn }) => dependsOn).filter(({ ref }) => !known.has(ref))).toEqual([]);
  for (const component of components) {
    expect(component.ref.startsWith(`${project.id}#`)).toBe(true);
    expect(component.project).toBe(project.id);
    expect(component.scopes).toEqual(SCOPES.filter((scope) => component.scopes.includes(scope)));
    expect(component.scopes.length).toBeGreaterThan(0);
    expect(component.locations.length).toBeGreaterThan(0);
    for (const { uri, startLine } of component.locations) {
      expect(uri).not.toBe('');
      // No line need declare the root.
      if (component.ref !== project.root || startLine !== undefined) expect(startLine).toBeGreaterThan(0);
    }
    if (component.pinning === 'unresolved') expect(component.version).toBeUndefined();
  }
  for (const row of coverage) {
    expect(row.cause === undefined).toBe(row.status === 'succeeded');
    expect(row.processed).toBeLessThanOrEqual(row.expected);
  }
  for (const { text, project: owner } of skipped) {
    expect(text.length).toBeLessThanOrEqual(200);
    expect(owner).toBe(project.id);
  }
}

async function claimedFixtures(collector: Collector, folder: string): Promise<readonly string[]> {
  return (await walkTree(folder, { wants: (path) => collector.claims(path) })).files;
}

/** A file name that the collector claims wherever it stands. */
async function sampleName(collector: Collector, folder: string): Promise<string> {
  const names = (await claimedFixtures(collector, folder)).map((path) =>
    path.slice(path.lastIndexOf('/') + 1),
  );
  const name = names.find((n) => collector.claims(n) && collector.claims(`sub/${n}`));
  expect(name).toBeDefined();
  return name ?? '';
}

function anyName(): fc.Arbitrary<string> {
  const known = [
    'requirements.txt',
    'requirements',
    'dev-requirements.in',
    'poetry.lock',
    'package-lock.json',
    'npm-shrinkwrap.json',
    'package.json',
    'uv.lock',
    'Pipfile.lock',
    'pylock.toml',
    'yarn.lock',
    'Dockerfile',
    'conanfile.txt',
    'go.mod',
  ];
  return fc
    .array(fc.oneof(fc.constantFrom(...known), fc.string()), { maxLength: 4 })
    .map((parts) => parts.join('/'));
}
