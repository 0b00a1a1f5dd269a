// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../src/model/inventory.ts';
import { renderCycloneDx } from '../../src/sbom/cyclonedx.ts';
import { bestTime } from '../support/best-time.ts';
import {
  claim,
  component,
  edge,
  input,
  inventory,
  LOCK,
  project,
  render,
  rootComponent,
} from './inventory.ts';
import { cycloneDxErrors } from './schema.ts';

const SHA512 = 'ab'.repeat(64);
const SMALL = inventory(
  [
    component('left-pad', {
      licenses: [claim('MIT')],
      artifacts: [
        { url: 'https://registry.example/left-pad.tgz', hashes: [{ algorithm: 'sha512', value: SHA512 }] },
      ],
    }),
    component('@scope/tool', {
      scopes: ['dev'],
      licenses: [claim('MIT OR ISC')],
      locations: [{ uri: LOCK }],
    }),
    component('leaf', { scopes: ['optional'] }),
  ],
  { '.': ['left-pad', '@scope/tool'], 'left-pad': ['leaf'] },
);

describe('the document', () => {
  const bom = render(input(SMALL));

  it('is valid by the official schema', () => {
    expect(cycloneDxErrors(bom)).toEqual([]);
  });

  it('says what it is and who made it when', () => {
    expect(bom).toMatchObject({
      $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      version: 1,
      serialNumber: expect.stringMatching(
        /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
      metadata: {
        timestamp: '2026-01-02T03:04:05.000Z',
        lifecycles: [{ phase: 'pre-build' }],
        tools: { components: [{ type: 'application', name: 'plimsoll', version: '9.8.7' }] },
        component: { type: 'application', name: 'shop', version: '1.0.0', 'bom-ref': `${LOCK}#.` },
      },
    });
    expect(bom.metadata.component).not.toHaveProperty('scope');
  });

  it('has every component under its ref, in code-unit order', () => {
    expect(bom.components.map((c: { 'bom-ref': string }) => c['bom-ref'])).toEqual([
      `${LOCK}#pkg:npm/%40scope/tool@1.0.0`,
      `${LOCK}#pkg:npm/leaf@1.0.0`,
      `${LOCK}#pkg:npm/left-pad@1.0.0`,
    ]);
  });

  it('has a whole component', () => {
    expect(bom.components[2]).toEqual({
      type: 'library',
      name: 'left-pad',
      version: '1.0.0',
      'bom-ref': `${LOCK}#pkg:npm/left-pad@1.0.0`,
      scope: 'required',
      hashes: [{ alg: 'SHA-512', content: SHA512 }],
      licenses: [{ license: { id: 'MIT', acknowledgement: 'declared' } }],
      purl: 'pkg:npm/left-pad@1.0.0',
      externalReferences: [
        {
          url: 'https://registry.example/left-pad.tgz',
          type: 'distribution',
          hashes: [{ alg: 'SHA-512', content: SHA512 }],
        },
      ],
      evidence: {
        identity: [
          { field: 'purl', confidence: 1, methods: [{ technique: 'manifest-analysis', confidence: 1 }] },
        ],
        occurrences: [{ location: LOCK, line: 7 }],
      },
    });
  });

  it('has a node for every component, leaves without dependsOn', () => {
    expect(bom.dependencies).toEqual([
      {
        ref: `${LOCK}#.`,
        dependsOn: [`${LOCK}#pkg:npm/%40scope/tool@1.0.0`, `${LOCK}#pkg:npm/left-pad@1.0.0`],
      },
      { ref: `${LOCK}#pkg:npm/%40scope/tool@1.0.0` },
      { ref: `${LOCK}#pkg:npm/leaf@1.0.0` },
      { ref: `${LOCK}#pkg:npm/left-pad@1.0.0`, dependsOn: [`${LOCK}#pkg:npm/leaf@1.0.0`] },
    ]);
  });

  it('names an edge of two kinds once, and adds the node that the model lacks', () => {
    const [a, b] = [component('a'), component('b')];
    const dependencies = [{ ref: a.ref, dependsOn: [edge(b.ref, 'peer'), edge(b.ref), edge(a.ref)] }];
    const graph = render(input(inventory([a, b], {}, { dependencies }))).dependencies;
    expect(graph).toEqual([{ ref: `${LOCK}#.` }, { ref: a.ref, dependsOn: [a.ref, b.ref] }, { ref: b.ref }]);
  });

  it('never leads an edge to nowhere', () => {
    const broken = inventory([component('a')], { a: ['nobody'] });
    expect(() => render(input(broken))).toThrow(/edge from .* to nobody, which is no component/);
  });
});

describe('the subject', () => {
  const other = 'api/poetry.lock';
  const both = inventory(
    [component('a'), rootComponent(other), component('a', { project: other })],
    {},
    {
      projects: [project(), project(other, 'poetry-lock')],
    },
  );

  it('of several projects is a root above their roots, and the same package of two has two refs', () => {
    const bom = render(input(both, { subject: { name: 'acme/shop' } }));
    expect(cycloneDxErrors(bom)).toEqual([]);
    expect(bom.metadata.component).toEqual({ type: 'application', name: 'acme/shop', 'bom-ref': '#.' });
    expect(bom.dependencies[0]).toEqual({ ref: '#.', dependsOn: [`${other}#.`, `${LOCK}#.`] });
    const refs = bom.components.map((c: { 'bom-ref': string }) => c['bom-ref']);
    expect(refs).toHaveLength(4);
    expect(new Set(refs).size).toBe(4);
    expect(bom.components.filter((c: { type: string }) => c.type === 'application')).toHaveLength(2);
  });

  it('of no project is a root alone', () => {
    const empty: Inventory = { projects: [], components: [], dependencies: [], skipped: [] };
    const bom = render(input(empty));
    expect(cycloneDxErrors(bom)).toEqual([]);
    expect([bom.metadata.component.name, bom.components, bom.dependencies]).toEqual([
      'root',
      [],
      [{ ref: '#.' }],
    ]);
  });
});

describe('same input, same bytes', () => {
  const text = (given: Inventory, fields = {}) => [...renderCycloneDx(input(given, fields))].join('');
  const serial = (given: Inventory, fields = {}) => render(input(given, fields)).serialNumber;

  it('in whatever order components, nodes, edges and projects come', () => {
    const many = inventory(
      Array.from({ length: 12 }, (_, i) => component(`p${i}`, { licenses: [claim(i % 2 ? 'MIT' : 'ISC')] })),
      { '.': ['p3', 'p1', 'p2'], p1: ['p11', 'p10', 'p9'] },
    );
    const shuffled = fc
      .tuple(
        fc.shuffledSubarray([...many.components], { minLength: many.components.length }),
        fc.shuffledSubarray([...many.dependencies], { minLength: many.dependencies.length }),
      )
      .map(([components, dependencies]) => ({
        ...many,
        components,
        dependencies: dependencies.map((node) => ({ ...node, dependsOn: [...node.dependsOn].reverse() })),
      }));
    fc.assert(
      fc.property(shuffled, (other) => {
        expect(text(other)).toBe(text(many));
      }),
      { numRuns: 30 },
    );
  });

  it('the time of writing changes the timestamp and nothing else', () => {
    const later = text(SMALL, { timestamp: new Date('2030-01-01T00:00:00Z') });
    expect(later).not.toBe(text(SMALL));
    expect(later.replace('2030-01-01T00:00:00.000Z', '2026-01-02T03:04:05.000Z')).toBe(text(SMALL));
  });

  it('any other change changes the serial number', () => {
    const changed = [
      serial(SMALL),
      serial(SMALL, { tool: { name: 'plimsoll', version: '9.8.8' } }),
      serial({ ...SMALL, components: SMALL.components.map((c) => ({ ...c, licenses: [] })) }),
      serial({ ...SMALL, dependencies: [] }),
      serial({ ...SMALL, skipped: [{ project: LOCK, location: { uri: LOCK }, text: 'x', reason: 'y' }] }),
    ];
    expect(new Set(changed).size).toBe(changed.length);
  });
});

describe('hostile names', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.constantFrom(
      '\n::error::x',
      '\u001b[31m',
      '"}],',
      '</script>',
      '__proto__',
      '@/x',
      '@a/',
      '\ud800',
      'a\u2028b',
    ),
  );

  it('come back as they went in, in a valid document', () => {
    fc.assert(
      fc.property(fc.uniqueArray(hostile, { minLength: 1, maxLength: 5 }), hostile, (names, text) => {
        const components = names.map((name) =>
          component(name, {
            ref: `${LOCK}#${name}`,
            purl: `pkg:npm/${name}`,
            ecosystem: 'PyPI',
            version: text,
            licenses: [claim(undefined, { raw: `x${text}` })],
            artifacts: [{ url: text, filename: text, hashes: [] }],
            source: { url: text, commit: text },
            origin: 'git',
            locations: [{ uri: text, startLine: 1 }],
          }),
        );
        const bom = render(input(inventory(components), { subject: { name: text } }));
        expect(cycloneDxErrors(bom)).toEqual([]);
        expect(bom.components.map((c: { name: string }) => c.name).sort()).toEqual([...names].sort());
        for (const found of bom.components) {
          expect([found.version, found.evidence.occurrences[0].location]).toEqual([text, text]);
          expect(found.licenses[0].license.name).toBe(`x${text}`.trim());
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('counted against the model', () => {
  const name = fc.integer({ min: 0, max: 40 }).map((n) => `p${n}`);
  const licenses = fc.subarray([claim('MIT'), claim('ISC'), claim(undefined, { raw: 'BSD' })]);
  const graph = fc.record({
    components: fc.uniqueArray(fc.tuple(name, licenses), { selector: ([id]) => id, minLength: 1 }),
    edges: fc.array(fc.tuple(fc.nat(), fc.nat())),
  });

  it('components, edges and licences are those of the inventory', () => {
    fc.assert(
      fc.property(graph, ({ components, edges }) => {
        const all = components.map(([id, claims]) => component(id, { licenses: claims }));
        const at = (n: number) => all[n % all.length]?.ref ?? '';
        const dependencies = all.map(({ ref }) => ({
          ref,
          dependsOn: edges.filter(([from]) => at(from) === ref).map(([, to]) => edge(at(to))),
        }));
        const bom = render(input(inventory(all, {}, { dependencies })));
        const pairs = new Set(edges.map(([from, to]) => `${at(from)} ${at(to)}`));
        const found = bom.dependencies.flatMap((node: { ref: string; dependsOn?: string[] }) =>
          (node.dependsOn ?? []).map((to) => `${node.ref} ${to}`),
        );
        expect(found.sort()).toEqual([...pairs].sort());
        expect(bom.components).toHaveLength(all.length);
        expect(bom.dependencies).toHaveLength(all.length + 1);
        const stated = bom.components.flatMap((c: { licenses?: unknown[] }) => c.licenses ?? []);
        expect(stated).toHaveLength(components.reduce((sum, [, claims]) => sum + claims.length, 0));
      }),
    );
  });
});

describe('streaming', () => {
  it('holds one piece of about 64 KiB at a time', () => {
    const many = inventory(Array.from({ length: 2000 }, (_, i) => component(`package-${i}`)));
    const chunks = [...renderCycloneDx(input(many))];
    expect(chunks.length).toBeGreaterThan(5);
    expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThan(70_000);
    expect(JSON.parse(chunks.join('')).components).toHaveLength(2000);
  });

  it('takes time in proportion to the size', () => {
    const time = (n: number) => {
      const given = input(inventory(Array.from({ length: n }, (_, i) => component(`package-${i}`))));
      return bestTime(() => Array.from(renderCycloneDx(given)), 4);
    };
    time(500);
    const [small, large] = [time(1000), time(8000)];
    // Eight times the components; a quadratic renderer takes 64 times as long.
    expect(large / small).toBeLessThan(30);
  });
});
