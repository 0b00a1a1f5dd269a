// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Component } from '../../src/model/inventory.ts';
import { iriReference } from '../../src/sbom/iri.ts';
import { claim, component, input, inventory, LOCK, project, render } from './inventory.ts';
import { cycloneDxErrors, isIriReference } from './schema.ts';

// biome-ignore lint/suspicious/noExplicitAny: what a reader of the document gets
function rendered(fields: Partial<Component>, collector = 'package-lock'): any {
  const given = inventory(
    [component(fields.name ?? 'a', fields)],
    {},
    { projects: [project(LOCK, collector)] },
  );
  const bom = render(input(given));
  expect(cycloneDxErrors(bom)).toEqual([]);
  return bom.components[0];
}

describe('identity', () => {
  it.each([
    ['@scope/name', 'npm', '@scope', 'name'],
    ['@scope/a/b', 'npm', '@scope', 'a/b'],
    ['name', 'npm', undefined, 'name'],
    ['@/name', 'npm', undefined, '@/name'],
    ['@scope', 'npm', undefined, '@scope'],
    ['@scope/name', 'PyPI', undefined, '@scope/name'],
  ] as const)('%s of %s: group %s, name %s', (full, ecosystem, group, name) => {
    expect([rendered({ name: full, ecosystem }).group, rendered({ name: full, ecosystem }).name]).toEqual([
      group,
      name,
    ]);
  });

  it('a workspace member is an application without a purl', () => {
    const member = { ...component('app'), origin: 'workspace' as const };
    const { purl: _, ...fields } = member;
    const bom = render(input({ ...inventory([]), components: [...inventory([]).components, fields] }));
    expect(bom.components[0]).toMatchObject({ type: 'application', name: 'app' });
    expect(bom.components[0]).not.toHaveProperty('purl');
    expect(bom.components[0].evidence).not.toHaveProperty('identity');
  });

  it('a version that CycloneDX refuses stands in the purl alone', () => {
    const found = rendered({ version: '1'.repeat(1025) });
    expect(found).not.toHaveProperty('version');
    expect(found.purl).toContain('1'.repeat(1025));
  });

  it('several places are several occurrences', () => {
    const { evidence } = rendered({ locations: [{ uri: 'a.txt', startLine: 3 }, { uri: 'c.txt' }] });
    expect(evidence.occurrences).toEqual([{ location: 'a.txt', line: 3 }, { location: 'c.txt' }]);
  });
});

describe('scope and properties', () => {
  it.each([
    [['runtime'], 'required'],
    [['unknown'], 'required'],
    [['runtime', 'dev'], 'required'],
    [['dev'], 'excluded'],
    [['dev', 'build'], 'excluded'],
    [['optional'], 'optional'],
    [['peer'], 'optional'],
    [['dev', 'optional'], 'optional'],
  ] as const)('%j is %s', (scopes, scope) => {
    expect(rendered({ scopes }).scope).toBe(scope);
  });

  it('npm: development and bundled', () => {
    const properties = [
      { name: 'cdx:npm:package:bundled', value: 'true' },
      { name: 'cdx:npm:package:development', value: 'true' },
    ];
    expect(rendered({ scopes: ['dev'], flags: { bundled: true } }).properties).toEqual(properties);
    expect(rendered({})).not.toHaveProperty('properties');
    expect(rendered({ scopes: ['dev'], ecosystem: 'PyPI' })).not.toHaveProperty('properties');
  });

  it('poetry: groups and the commit', () => {
    const git = { groups: ['main', 'test'], source: { url: 'https://x/y.git', commit: 'c0ffee' } };
    expect(rendered({ ecosystem: 'PyPI', ...git }, 'poetry-lock').properties).toEqual([
      { name: 'cdx:poetry:group', value: 'main' },
      { name: 'cdx:poetry:group', value: 'test' },
      { name: 'cdx:poetry:package:source:resolved_reference', value: 'c0ffee' },
    ]);
    expect(rendered({ ecosystem: 'PyPI', ...git }, 'requirements')).not.toHaveProperty('properties');
  });
});

describe('files', () => {
  const sha = (algorithm: string, digit: string, length: number) => ({
    algorithm,
    value: digit.repeat(length),
  });
  const wheel = { filename: 'a-1.0-py3-none-any.whl', hashes: [sha('sha256', 'a', 64)] };
  const sdist = { filename: 'a-1.0.tar.gz', hashes: [sha('sha256', 'b', 64)] };

  it('several files have one reference each, and the component no hash', () => {
    const found = rendered({ ecosystem: 'PyPI', artifacts: [wheel, sdist] });
    expect(found).not.toHaveProperty('hashes');
    expect(found.externalReferences).toEqual([
      {
        url: 'a-1.0-py3-none-any.whl',
        type: 'distribution',
        hashes: [{ alg: 'SHA-256', content: 'a'.repeat(64) }],
      },
      { url: 'a-1.0.tar.gz', type: 'distribution', hashes: [{ alg: 'SHA-256', content: 'b'.repeat(64) }] },
    ]);
  });

  it('one file without a place is the hash of the component alone', () => {
    const found = rendered({ artifacts: [{ hashes: [sha('sha512', 'c', 128), sha('sha1', 'd', 40)] }] });
    expect(found.hashes).toEqual([
      { alg: 'SHA-512', content: 'c'.repeat(128) },
      { alg: 'SHA-1', content: 'd'.repeat(40) },
    ]);
    expect(found).not.toHaveProperty('externalReferences');
  });

  it('two hashes of one algorithm are both kept', () => {
    const found = rendered({
      artifacts: [{ url: 'https://x/a', hashes: [sha('sha1', 'a', 40), sha('sha1', 'b', 40)] }],
    });
    expect(found).not.toHaveProperty('hashes');
    expect(
      found.externalReferences.map((r: { hashes: { content: string }[] }) => r.hashes[0]?.content),
    ).toEqual(['a'.repeat(40), 'b'.repeat(40)]);
  });

  it('hashes of files without names are those of distributions of the package', () => {
    const artifacts = [{ hashes: [sha('sha256', 'a', 64)] }, { hashes: [sha('sha256', 'b', 64)] }];
    const found = rendered({ ecosystem: 'PyPI', artifacts });
    expect(found.externalReferences.map((r: { url: string }) => r.url)).toEqual([
      'pkg:pypi/a@1.0.0',
      'pkg:pypi/a@1.0.0',
    ]);
  });

  it('leaves out what CycloneDX has no word for', () => {
    const artifacts = [{ hashes: [sha('sha224', 'a', 56), sha('sha256', 'z', 64), sha('sha512', 'a', 128)] }];
    expect(rendered({ artifacts }).hashes).toEqual([{ alg: 'SHA-512', content: 'a'.repeat(128) }]);
  });

  it('git is a reference to the repository with the commit', () => {
    const source = { url: 'git@github.com:acme/a.git', commit: 'c0ffee' };
    expect(rendered({ origin: 'git', source }).externalReferences).toEqual([
      { url: 'ssh://git@github.com/acme/a.git', type: 'vcs', comment: 'commit c0ffee' },
    ]);
  });
});

describe('iriReference', () => {
  it.each([
    ['https://x.example/a.tgz', 'https://x.example/a.tgz'],
    ['git@github.com:acme/a.git', 'ssh://git@github.com/acme/a.git'],
    ['git@github.com:/acme/a.git', 'ssh://git@github.com/acme/a.git'],
    ['git+ssh://git@github.com/acme/a.git', 'git+ssh://git@github.com/acme/a.git'],
    ['file:../a b', 'file:../a%20b'],
    ['a:b/c', 'a:b/c'],
    ['1a:b', './1a:b'],
    ['100%', '100%25'],
    ['\u001b[31m\n', '%1B%5B31m%0A'],
    ['https://x/é', 'https://x/é'],
  ])('%j is %s', (url, expected) => {
    expect(iriReference(url)).toBe(expected);
  });

  it('makes a valid reference of any text, and leaves its own result as it is', () => {
    const piece = fc.constantFrom(
      'git@h',
      ':',
      '//',
      '/',
      '%',
      '#',
      '?',
      '[',
      ' ',
      'é',
      '\ud800',
      'https:',
      '.',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (url) => {
        const reference = iriReference(url);
        expect([url, isIriReference(reference)]).toEqual([url, true]);
        expect(iriReference(reference)).toBe(reference);
      }),
      { numRuns: 500 },
    );
  });
});

describe('licences', () => {
  const concluded = { acknowledgement: 'concluded', source: 'policy:clarify' } as const;
  const id = (text: string, acknowledgement = 'declared') => ({ license: { id: text, acknowledgement } });

  it.each([
    ['an id', [claim('MIT')], [id('MIT')]],
    ['two ids', [claim('MIT'), claim('ISC', concluded)], [id('MIT'), id('ISC', 'concluded')]],
    ['an expression', [claim('MIT OR ISC')], [{ expression: 'MIT OR ISC', acknowledgement: 'declared' }]],
    ['a reference', [claim('LicenseRef-x')], [{ expression: 'LicenseRef-x', acknowledgement: 'declared' }]],
    ['its own words', [claim(undefined)], [{ license: { name: 'as written', acknowledgement: 'declared' } }]],
    ['nothing', [claim(undefined, { raw: ' ' })], undefined],
    ['the same twice', [claim('MIT'), claim('MIT', { source: 'other' })], [id('MIT')]],
    [
      'an expression beside another licence',
      [claim('MIT OR ISC'), claim('0BSD')],
      [{ license: { name: 'MIT OR ISC', acknowledgement: 'declared' } }, id('0BSD')],
    ],
  ])('%s', (_, licenses, expected) => {
    expect(rendered({ licenses }).licenses).toEqual(expected);
  });

  it('what was concluded stands in front, and the declared expression is its evidence', () => {
    const found = rendered({ licenses: [claim('MIT OR ISC'), claim('MIT', concluded)] });
    expect(found.licenses).toEqual([id('MIT', 'concluded')]);
    expect(found.evidence.licenses).toEqual([{ expression: 'MIT OR ISC', acknowledgement: 'declared' }]);
  });

  it('what was detected is evidence', () => {
    const found = rendered({ licenses: [claim('MIT', { acknowledgement: 'detected' })] });
    expect(found).not.toHaveProperty('licenses');
    expect(found.evidence.licenses).toEqual([{ license: { id: 'MIT' } }]);
  });

  it('a whole text is the text of a licence', () => {
    const raw = 'Permission is hereby granted '.repeat(20).trim();
    expect(rendered({ licenses: [claim(undefined, { raw })] }).licenses).toEqual([
      { license: { name: 'licence as declared', acknowledgement: 'declared', text: { content: raw } } },
    ]);
  });
});
