// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ToolReport } from '../../src/model/tool-report.ts';
import { PlimsollError } from '../../src/platform/errors.ts';
import { SCANNERS } from '../../src/scanners/index.ts';
import { trivy } from '../../src/scanners/trivy.ts';
import { HOSTILE_TEXTS } from '../support/hostile.ts';
import { HAS_SHARED_DATA, SHARED_DATA } from '../support/shared-data.ts';
import { skipTitle } from '../support/skip-title.ts';
import { CHECK, CVE, FIXTURES, json, of, read } from './trivy-support.ts';

describe('recorded reports', () => {
  const shared = ['vulpy', 'terragoat', 'NodeGoat'].map((name) =>
    join(SHARED_DATA, 'scanner-reports', `trivy-${name}.json`),
  );

  /** Counted on the raw JSON, without the code that is tested. */
  function counts(path: string): Record<string, number> {
    const results = (json(path) as { Results?: Record<string, unknown[]>[] }).Results ?? [];
    const count = (key: string) => results.reduce((sum, each) => sum + (each[key]?.length ?? 0), 0);
    return {
      vulnerability: count('Vulnerabilities'),
      misconfiguration: count('Misconfigurations'),
      secret: count('Secrets'),
      license: count('Licenses'),
      suppressed: count('ExperimentalModifiedFindings'),
    };
  }

  function countsOf({ hits }: ToolReport): Record<string, number> {
    const all = { vulnerability: 0, misconfiguration: 0, secret: 0, license: 0, suppressed: 0, code: 0 };
    for (const hit of hits) all['suppression' in hit && hit.suppression ? 'suppressed' : hit.kind] += 1;
    const { code: _, ...rest } = all;
    return rest;
  }

  it.each(['planted-0.67.json', 'suppressed-0.76.json'])('%s has as many hits as the raw JSON', (name) => {
    const path = join(FIXTURES, name);
    const report = read(json(path));
    expect(countsOf(report)).toEqual(counts(path));
    expect(report.gaps).toEqual([]);
  });

  it('of an old version speaks of the same checks as one of a new version', () => {
    const idsOf = (name: string) =>
      new Set(read(json(join(FIXTURES, name))).hits.flatMap((hit) => ('ruleId' in hit ? [hit.ruleId] : [])));
    const old = idsOf('planted-0.67.json');
    // The check of S3 encryption is off since: AWS encrypts by default.
    expect([...old].filter((id) => !idsOf('suppressed-0.76.json').has(id))).toEqual(['AWS-0088']);
    expect(old.size).toBe(16);
  });

  it('keeps what an ignore file took away, with its reason', () => {
    const { hits } = read(json(join(FIXTURES, 'suppressed-0.76.json')));
    const accepted = hits.flatMap((hit) =>
      'ruleId' in hit && hit.suppression ? [[hit.ruleId, hit.suppression]] : [],
    );
    expect(accepted).toEqual([
      ['DS-0002', { kind: 'external', reason: 'the image is for training' }],
      ['AWS-0092', { kind: 'external', reason: 'ig.yaml' }],
      ['github-pat', { kind: 'external', reason: 'ig.yaml' }],
      ['github-pat', { kind: 'external', reason: 'ig.yaml' }],
      ['license-notice', { kind: 'external', reason: 'ig.yaml' }],
    ]);
  });

  it.skipIf(!HAS_SHARED_DATA).each(shared)(
    skipTitle('%s', !HAS_SHARED_DATA, 'the corpus ../shared/data is not there'),
    (path) => {
      const report = read(json(path));
      expect(countsOf(report)).toEqual(counts(path));
      expect(report.gaps).toHaveLength(path.endsWith('trivy-vulpy.json') ? 1 : 0);
      // Author and commit stand in the report, and source lines beside each hit.
      expect(JSON.stringify(report)).not.toMatch(/author@example\.org|BEGIN RSA/);
    },
  );

  it('are recognised as those of Trivy alone', () => {
    const paths = ['planted-0.67.json', 'suppressed-0.76.json'].map((name) => join(FIXTURES, name));
    for (const path of [...paths, ...shared.filter((each) => existsSync(each))])
      expect(SCANNERS.filter(({ recognises }) => recognises(json(path))).map(({ id }) => id)).toEqual([
        'trivy',
      ]);
  });
});

describe('hostile reports', () => {
  it('keep their texts out of keys, and their numbers out of lines', () => {
    for (const text of HOSTILE_TEXTS) {
      const { hits } = read(
        of({
          Target: `../../${text}`,
          Misconfigurations: [
            { ...CHECK, ID: text, Title: text, CauseMetadata: { StartLine: 1e300, EndLine: -1 } },
          ],
          Secrets: [{ RuleID: text, Title: text, StartLine: 1.5, Match: text }],
        }),
      );
      expect(hits.map((hit) => 'place' in hit && Object.keys(hit.place))).toEqual([['path'], ['path']]);
    }
  });

  it('with keys of the prototype, deep nesting or a score of another shape', () => {
    const deep = JSON.parse(`${'{"Results":['.repeat(5000)}${']}'.repeat(5000)}`);
    expect(read({ ...deep, SchemaVersion: 2 }).gaps).not.toEqual([]);
    const odd = JSON.parse('{"__proto__": {"V3Vector": "CVSS:3.1/A"}, "nvd": 7, "constructor": {}}');
    const source = { ...CVE, SeveritySource: '__proto__', CVSS: odd };
    expect(read(of({ Target: 'a', Type: '__proto__', Vulnerabilities: [source] })).hits).toMatchObject([
      { ecosystem: '__proto__' },
    ]);
  });

  it('are read or refused, and nothing else', () => {
    const entry = fc.oneof(
      fc.jsonValue(),
      ...[CVE, CHECK].map((base) =>
        fc
          .dictionary(fc.constantFrom(...Object.keys(base)), fc.jsonValue())
          .map((change) => ({ ...base, ...change })),
      ),
    );
    const result = fc.record({
      Target: fc.oneof(fc.string(), fc.jsonValue()),
      ...Object.fromEntries(
        ['Vulnerabilities', 'Misconfigurations', 'Secrets', 'Licenses', 'Packages'].map((key) => [
          key,
          fc.option(fc.array(entry, { maxLength: 3 })),
        ]),
      ),
    });
    const report = fc.oneof(
      fc.jsonValue(),
      fc.array(result, { maxLength: 3 }),
      fc.array(result, { maxLength: 3 }).map((results) => of(...results)),
      fc
        .array(fc.record({ Results: fc.array(result, { maxLength: 2 }) }))
        .map((Resources) => ({ ClusterName: 'c', Resources })),
    );
    fc.assert(
      fc.property(report, (value) => {
        trivy.recognises(value);
        try {
          const { hits, rules } = read(value);
          const ids = new Set(rules.map(({ id }) => id));
          for (const hit of hits) if ('ruleId' in hit) expect(ids).toContain(hit.ruleId);
        } catch (error) {
          if (!(error instanceof PlimsollError)) throw error;
          expect(error.code).toBe('parse-failed');
        }
      }),
    );
  });
});
